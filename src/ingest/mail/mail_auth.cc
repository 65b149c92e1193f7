#include "ingest/mail/mail_auth.h"

#include <algorithm>
#include <optional>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "ingest/mail/mime_header.h"
#include "names/domain.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxMethods = 64;
constexpr std::size_t kMaxProperties = 32;
constexpr std::size_t kMaxComment = 512;

constexpr ByteSet kSpfWordEnd(" \t\r\n(");

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string valid_lower(std::string_view text) { return to_valid_utf8(ascii_lower(text)); }

// Words, quoted strings, comments and the signs '=' and ';' of RFC 8601 section 2.2.
struct AuthToken {
  enum class Kind { Word, Comment, Equals, Semicolon, End } kind = Kind::End;
  std::string text;
};

class AuthLexer {
 public:
  explicit AuthLexer(std::string_view text) : text_(text) {}

  AuthToken next() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ >= text_.size()) return {};
    switch (text_[at_]) {
      case '=':
        ++at_;
        return {AuthToken::Kind::Equals, {}};
      case ';':
        ++at_;
        return {AuthToken::Kind::Semicolon, {}};
      case '(':
        return comment();
      case '"':
        return quoted();
      default:
        return word();
    }
  }

 private:
  AuthToken comment() {
    int depth = 0;
    const auto begin = at_ + 1;
    for (; at_ < text_.size(); ++at_) {
      depth += text_[at_] == '(' ? 1 : text_[at_] == ')' ? -1 : 0;
      if (depth == 0) break;
    }
    const auto inner = text_.substr(begin, at_ - begin);
    at_ = std::min(at_ + 1, text_.size());
    return {AuthToken::Kind::Comment, std::string(inner)};
  }

  AuthToken quoted() {
    AuthToken token{AuthToken::Kind::Word, {}};
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      token.text.push_back(text_[at_]);
    }
    at_ = std::min(at_ + 1, text_.size());
    return token;
  }

  AuthToken word() {
    const auto begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '=' && text_[at_] != ';' &&
           text_[at_] != '(' && text_[at_] != '"') {
      ++at_;
    }
    return {AuthToken::Kind::Word, std::string(text_.substr(begin, at_ - begin))};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// The RFC's words, and older or provider-made ones in their terms.
std::string normal_result(std::string_view word) {
  auto lower = ascii_lower(word);
  if (lower == "hardfail" || lower == "reject") return "fail";
  if (lower == "bestguesspass" || lower == "bestguess")
    return "none";  // the domain published nothing
  if (lower == "error" || lower == "timeout") return "temperror";
  if (lower == "unknown") return "permerror";
  const bool plain = !lower.empty() && lower.size() <= 16 &&
                     std::ranges::all_of(lower, [](char c) { return c >= 'a' && c <= 'z'; });
  return plain ? lower : std::string();
}

void add_pair(AuthResults& results, bool fresh, std::string_view name, std::string_view value) {
  if (fresh) {
    if (results.methods.size() >= kMaxMethods) return;
    const auto version = name.find('/');  // "dkim/1" (RFC 8601 section 2.2)
    AuthMethod method;
    method.method = valid_lower(name.substr(0, version));
    method.result = normal_result(value);
    results.methods.push_back(std::move(method));
  } else if (!results.methods.empty()) {
    auto& properties = results.methods.back().properties;
    if (properties.size() < kMaxProperties) {
      properties.push_back({valid_lower(name), to_valid_utf8(value)});
    }
  }
}

// The domain of "user@example.com", "@example.com" or "example.com".
std::string domain_in(std::string_view text) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  auto lower = valid_lower(trim_ascii(text));
  while (lower.ends_with('.')) lower.pop_back();
  return lower.size() <= 253 ? lower : std::string();
}

// "reject" of Gmail's "(p=REJECT sp=NONE dis=NONE)".
std::string policy_in(std::string_view comment) {
  const auto lower = ascii_lower(comment);
  auto at = lower.find("p=");
  while (at != std::string::npos && at > 0 && !is_blank(lower[at - 1]))
    at = lower.find("p=", at + 1);
  if (at == std::string::npos) return {};
  const auto value = std::string_view(lower).substr(at + 2);
  for (const std::string_view policy : {"none", "quarantine", "reject"}) {
    if (value.starts_with(policy)) return std::string(policy);
  }
  return {};
}

}  // namespace

std::string_view AuthMethod::property(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &AuthProperty::name);
  return found == properties.end() ? std::string_view() : std::string_view(found->value);
}

AuthResults read_auth_results(std::string_view value) {
  AuthResults results;
  AuthLexer lexer(value);
  std::string pending;  // a word that may turn out to be a name
  bool has_pending = false;
  bool fresh = true;      // a ';' or the beginning: the next pair is a method
  bool at_server = true;  // the authserv-id comes first
  for (auto token = lexer.next(); token.kind != AuthToken::Kind::End; token = lexer.next()) {
    switch (token.kind) {
      case AuthToken::Kind::Word:
        if (has_pending && at_server && results.server.empty())
          results.server = valid_lower(pending);
        pending = token.text;
        has_pending = true;
        break;
      case AuthToken::Kind::Equals: {
        auto next = lexer.next();
        while (next.kind == AuthToken::Kind::Comment) next = lexer.next();
        if (next.kind == AuthToken::Kind::Word && has_pending) {
          add_pair(results, fresh, pending, next.text);
          fresh = false;
        }
        has_pending = false;
        at_server = false;  // some servers leave their name out and begin with a method
        if (next.kind == AuthToken::Kind::Semicolon) fresh = true;
        break;
      }
      case AuthToken::Kind::Semicolon:
        if (has_pending && at_server && results.server.empty())
          results.server = valid_lower(pending);
        has_pending = false;
        at_server = false;
        fresh = true;
        break;
      case AuthToken::Kind::Comment:
        if (!results.methods.empty()) {
          auto& comment = results.methods.back().comment;
          if (!comment.empty()) comment.push_back(' ');
          comment += to_valid_utf8(std::string_view(token.text).substr(0, kMaxComment));
          comment.resize(utf8_prefix(comment, kMaxComment).size());
        }
        break;
      case AuthToken::Kind::End:
        break;
    }
  }
  if (has_pending && at_server && results.server.empty()) results.server = valid_lower(pending);
  return results;
}

namespace {

// What tells an organisation's servers from others: the registrable domain, or the bare name.
std::string_view organisation_of(std::string_view host) {
  if (is_ip_literal(host)) return {};
  const auto registrable = registrable_domain(host);
  return registrable.empty() ? host : registrable;
}

// The header fields that the receiving organisation itself wrote.
struct Zone {
  std::string organisation;  // empty: not known
  std::size_t boundary = 0;  // position of the Received field with which the mail came in
  std::size_t end = 0;       // first position that is no longer in the zone
};

// Whether the server calls itself what the hop above called its client: large providers write
// "from am7pr02.prod.outlook.com" above "by am7pr02.outlook.office365.com".
bool continues(const ReceivedHop& above, const ReceivedHop& hop) {
  if (above.helo.empty() || hop.by.empty()) return false;
  const auto label = [](std::string_view name) { return name.substr(0, name.find('.')); };
  return label(hop.by) == label(above.helo) || hop.by == above.host;
}

// Networks that no outside client connects from. Unlike IpAddress::is_special_purpose() without the
// documentation blocks, which stand for outside addresses wherever mail was made anonymous.
bool is_private(const IpAddress& ip) {
  static const std::vector<IpBlock> blocks = [] {
    std::vector<IpBlock> made;
    for (const auto text : {"10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                            "192.168.0.0/16", "100.64.0.0/10", "::1", "fc00::/7", "fe80::/10"}) {
      made.push_back(IpBlock::parse(text).value());
    }
    return made;
  }();
  return std::ranges::any_of(blocks, [&](const IpBlock& block) { return block.contains(ip); });
}

// The client of this hop is a server of the organisation, as far as the hop itself tells.
bool is_inside(const ReceivedHop& hop, std::string_view organisation) {
  if (hop.helo.empty() && !hop.ip) return true;  // handed over within one server
  if (hop.helo == "localhost" || (hop.ip && is_private(*hop.ip))) return true;
  return organisation_of(hop.helo) == organisation ||
         (!hop.host.empty() && organisation_of(hop.host) == organisation);
}

// Servers put their fields on top. So from the top down: hops within one organisation, then the hop
// by which the mail entered it, then what the outside wrote, forged or not.
Zone zone_of(std::span<const PlacedHop> hops, std::size_t header_count) {
  Zone zone;
  zone.end = header_count;
  zone.boundary = header_count;
  for (std::size_t i = 0; i < hops.size(); ++i) {
    const auto& hop = hops[i].hop;
    const auto by = organisation_of(hop.by);
    const bool named = by.find('.') != std::string_view::npos;
    if (zone.organisation.empty() && named) zone.organisation = by;
    if (zone.organisation.empty()) continue;
    if (named && by != zone.organisation && !continues(hops[i - 1].hop, hop)) {
      zone.boundary = zone.end = hops[i].position;  // it came in without a hop that says so
      return zone;
    }
    if (is_inside(hop, zone.organisation)) continue;
    zone.boundary = hops[i].position;
    zone.end = i + 1 < hops.size() ? hops[i + 1].position : header_count;
    return zone;
  }
  return zone;
}

class AuthJudge {
 public:
  AuthJudge(std::span<const std::string> trusted_ids, Zone zone)
      : trusted_ids_(trusted_ids), zone_(std::move(zone)) {}

  void see_results(std::size_t position, std::string_view value) {
    const auto results = read_auth_results(value);
    if (!believes(position, results.server)) {
      ++auth_.ignored;
      return;
    }
    auth_.trusted = true;
    server_ = results.server;
    above_ = position < zone_.boundary;
    auth_.server = results.server.empty() ? zone_.organisation : results.server;
    const bool dkim_open = auth_.dkim.empty();  // a field lists all signatures, a second one none
    for (const auto& method : results.methods) {
      if (method.method != "dkim" || dkim_open) take(method);
    }
  }

  void see_received_spf(std::size_t position, std::string_view value) {
    if (position >= zone_.end) {
      ++auth_.ignored;
      return;
    }
    if (!received_spf_.empty()) return;
    const auto word = value.substr(0, kSpfWordEnd.find_in(value));
    received_spf_ = normal_result(word);
    // "envelope-from=...": RFC 7208 section 9.1; Gmail and others name the domain in the comment.
    const auto results = read_auth_results("x; spf=" + std::string(value));
    if (results.methods.empty()) return;
    const auto sender = results.methods.front().property("envelope-from");
    received_spf_domain_ = domain_in(sender);
  }

  MailAuth finish() {
    if (auth_.spf.empty() && !received_spf_.empty()) {
      auth_.spf = received_spf_;
      auth_.spf_domain = received_spf_domain_;
    }
    return std::move(auth_);
  }

 private:
  bool believes(std::size_t position, std::string_view server) {
    if (!trusted_ids_.empty()) {
      return std::ranges::any_of(trusted_ids_, [&](const std::string& id) {
        return equal_ignoring_ascii_case(id, server);
      });
    }
    if (position >= zone_.end) return false;
    // Once a server was believed, only its further fields on the same side are: it writes them
    // together, and what stands below the boundary may be the sender's.
    if (auth_.trusted) return server == *server_ && (position < zone_.boundary) == above_;
    const bool own = organisation_of(server) == zone_.organisation;
    // Above the boundary only the organisation can have written; below it, its name must be on it.
    return position < zone_.boundary || (own && !server.empty());
  }

  // The first field that speaks of a method counts: a forged one stands below.
  void take(const AuthMethod& method) {
    if (method.result.empty()) return;
    if (method.method == "spf" && auth_.spf.empty()) {
      auth_.spf = method.result;
      const auto sender = method.property("smtp.mailfrom");
      auth_.spf_domain = domain_in(sender.empty() ? method.property("smtp.helo") : sender);
    } else if (method.method == "dkim") {
      take_dkim(method);
    } else if (method.method == "dmarc" && auth_.dmarc.empty()) {
      auth_.dmarc = method.result;
      auth_.dmarc_policy = policy_in(method.comment);
    } else if (method.method == "arc" && auth_.arc.empty()) {
      auth_.arc = method.result;
    }
  }

  void take_dkim(const AuthMethod& method) {
    const bool passed = method.result == "pass";
    if (auth_.dkim.empty() || passed) auth_.dkim = method.result;
    if (!passed) return;
    auto signer = method.property("header.d");
    if (signer.empty()) signer = method.property("header.i");
    auto domain = domain_in(signer);
    auto& known = auth_.dkim_domains;
    if (!domain.empty() && std::ranges::find(known, domain) == known.end()) {
      known.push_back(std::move(domain));
    }
  }

  std::span<const std::string> trusted_ids_;
  Zone zone_;
  MailAuth auth_;
  std::optional<std::string> server_;  // that was believed
  bool above_ = false;                 // its fields stand above the boundary
  std::string received_spf_, received_spf_domain_;
};

}  // namespace

MailAuth judge_auth(std::span<const HeaderField> headers, std::span<const PlacedHop> hops,
                    std::span<const std::string> trusted_ids) {
  AuthJudge judge(trusted_ids, zone_of(hops, headers.size()));
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto& [name, value] = headers[i];
    if (equal_ignoring_ascii_case(name, "Authentication-Results")) judge.see_results(i, value);
    if (equal_ignoring_ascii_case(name, "Received-SPF")) judge.see_received_spf(i, value);
  }
  return judge.finish();
}

}  // namespace winnow
