#include "ingest/mail/mail_received.h"

#include <algorithm>
#include <array>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "ingest/mail/mail_date.h"
#include "names/domain.h"

namespace winnow {
namespace {

constexpr std::size_t kLongestName = 255;

constexpr ByteSet kNotInHostName("[]<>:=/");

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// A word, or a comment with its parentheses (RFC 5322 section 3.2.2; comments nest).
struct Piece {
  std::string_view text;
  bool is_comment = false;
};

class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  Piece next() {  // empty text at the end
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    std::size_t end = 0;
    const bool comment = rest_.starts_with('(');
    if (comment) {
      int depth = 0;
      for (; end < rest_.size(); ++end) {
        depth += rest_[end] == '(' ? 1 : rest_[end] == ')' ? -1 : 0;
        if (depth == 0) {
          ++end;
          break;
        }
      }
    } else {
      while (end < rest_.size() && !is_blank(rest_[end]) && rest_[end] != '(') ++end;
    }
    const Piece piece{rest_.substr(0, end), comment};
    rest_.remove_prefix(end);
    return piece;
  }

 private:
  std::string_view rest_;
};

std::string host_name(std::string_view text) {
  while (!text.empty() && (text.back() == ';' || text.back() == ',' || text.back() == '.')) {
    text.remove_suffix(1);
  }
  text = text.substr(0, kLongestName);
  auto lower = ascii_lower(text);
  return is_valid_utf8(lower) ? lower : to_valid_utf8(lower);
}

// "192.0.2.1", "[192.0.2.1]", "[IPv6:2001:db8::1]", also with a port after a colon.
std::optional<IpAddress> read_ip(std::string_view text) {
  if (const auto open = text.find('['); open != std::string_view::npos) {
    const auto close = text.find(']', open);
    if (close == std::string_view::npos) return std::nullopt;
    text = text.substr(open + 1, close - open - 1);
  }
  if (text.size() > 5 && equal_ignoring_ascii_case(text.substr(0, 5), "IPv6:"))
    text.remove_prefix(5);
  if (const auto ip = IpAddress::read(text)) return ip->unmapped();
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon != text.rfind(':')) return std::nullopt;
  return IpAddress::read(text.substr(0, colon));
}

// The comment after the client's name: "(host.example [192.0.2.1])", "([192.0.2.1])",
// "(HELO name) (192.0.2.1)", "(envelope-from <...>)".
void read_client_comment(std::string_view comment, ReceivedHop& hop) {
  comment.remove_prefix(1);
  if (comment.ends_with(')')) comment.remove_suffix(1);
  bool after_helo = false;
  Pieces pieces(comment);
  for (auto piece = pieces.next(); !piece.text.empty(); piece = pieces.next()) {
    if (piece.is_comment) continue;
    auto word = piece.text;
    if (const auto at = word.rfind('@'); at != std::string_view::npos) word.remove_prefix(at + 1);
    if (const auto equals = word.find('='); equals != std::string_view::npos) {
      after_helo = equal_ignoring_ascii_case(word.substr(0, equals), "helo");
      word.remove_prefix(equals + 1);
    }
    if (!hop.ip) {
      if (const auto ip = read_ip(word)) {
        hop.ip = ip;
        // "host.example[192.0.2.1]" of old servers
        word = word.substr(0, word.find('['));
      }
    }
    const bool keyword =
        equal_ignoring_ascii_case(word, "HELO") || equal_ignoring_ascii_case(word, "EHLO");
    if (keyword) {
      after_helo = true;
      continue;
    }
    const bool named = !after_helo && hop.host.empty() &&
                       word.find('.') != std::string_view::npos &&
                       !kNotInHostName.holds_any_of(word) && !is_ip_literal(word);
    if (named) hop.host = host_name(word);
    after_helo = false;
  }
}

// https://www.iana.org/assignments/mail-parameters, "mail transmission types", and what else is
// in use; other words after "with" are product names, which say more of the server than of the
// mail.
std::string_view known_protocol(std::string_view word) {
  constexpr auto kProtocols = std::to_array<std::string_view>(
      {"asmtp", "esmtp",  "esmtpa",   "esmtps",    "esmtpsa",   "http",       "https", "lmtp",
       "lmtpa", "lmtps",  "lmtpsa",   "local",     "mapi",      "mms",        "smtp",  "smtpa",
       "smtps", "smtpsa", "utf8smtp", "utf8smtpa", "utf8smtps", "utf8smtpsa", "imap",  "pop3"});
  const auto found = std::ranges::find_if(
      kProtocols, [&](std::string_view name) { return equal_ignoring_ascii_case(name, word); });
  return found == kProtocols.end() ? std::string_view() : *found;
}

bool names_tls(std::string_view comment) {
  const auto lower = ascii_lower(comment.substr(0, 200));
  return lower.find("tls") != std::string::npos || lower.find("ssl") != std::string::npos;
}

}  // namespace

ReceivedHop read_received(std::string_view value) {
  ReceivedHop hop;
  // The date is what follows the last ';' (one may stand in a comment).
  if (const auto semicolon = value.rfind(';'); semicolon != std::string_view::npos) {
    hop.time = read_mail_date(value.substr(semicolon + 1));
    if (hop.time) value = value.substr(0, semicolon);
  }
  enum class Clause { None, From, By, With, Other } clause = Clause::None;
  bool first = false;  // the next word is the clause's value
  std::optional<IpAddress>
      claimed_ip;  // of the client's own greeting: counts if nothing better does
  Pieces pieces(value);
  for (auto piece = pieces.next(); !piece.text.empty(); piece = pieces.next()) {
    if (piece.is_comment) {
      if (clause == Clause::From) read_client_comment(piece.text, hop);
      if (clause == Clause::With && names_tls(piece.text)) hop.encrypted = true;
      continue;
    }
    const auto is = [&](std::string_view word) {
      return equal_ignoring_ascii_case(piece.text, word);
    };
    // A keyword where a value stands is a value: "by with" never is, "from from" might be.
    const auto begin = [&](Clause which) {
      clause = which;
      first = true;
    };
    if (is("from") && clause == Clause::None) {
      begin(Clause::From);
    } else if (is("by") && !first) {
      begin(Clause::By);
    } else if (is("with") && !first) {
      begin(Clause::With);
    } else if ((is("id") || is("for") || is("via")) && !first) {
      begin(Clause::Other);
    } else if (clause == Clause::From && first) {
      hop.helo = host_name(piece.text);
      claimed_ip = read_ip(piece.text);
      first = false;
    } else if (clause == Clause::From && !hop.ip && piece.text.starts_with('[')) {
      hop.ip = read_ip(piece.text);
    } else if (clause == Clause::By && first) {
      hop.by = host_name(piece.text);
      first = false;
    } else if (clause == Clause::With) {
      first = false;
      if (hop.protocol.empty()) hop.protocol = known_protocol(piece.text);
    } else {
      first = false;
    }
  }
  if (!hop.ip) hop.ip = claimed_ip;
  const auto& name = hop.protocol;
  if (name == "https" || (name.find("mtps") != std::string::npos)) hop.encrypted = true;
  return hop;
}

}  // namespace winnow
