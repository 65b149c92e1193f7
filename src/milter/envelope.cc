#include "milter/envelope.h"

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "ingest/mail/mail_date.h"

namespace winnow::milter {
namespace {

constexpr std::size_t kLongestWord = 320;  // RFC 5321 section 4.5.3.1: a mailbox has 64 + 1 + 255

// A word of a trace field: what the client sends cannot end it, nor begin a comment or a clause.
std::string word(std::string_view text) {
  text = utf8_prefix(text, kLongestWord);
  std::string clean = is_valid_utf8(text) ? std::string(text) : to_valid_utf8(text);
  for (char& c : clean) {
    const bool plain = static_cast<std::uint8_t>(c) > 0x20 && c != 0x7F;
    if (!plain || std::string_view("()<>[];,\\\"").find(c) != std::string_view::npos) c = '?';
  }
  return clean;
}

std::string_view without_brackets(std::string_view path) {
  if (path.starts_with('<')) path.remove_prefix(1);
  if (path.ends_with('>')) path.remove_suffix(1);
  return path;
}

// RFC 5321 section 4.4: the client's name by reverse DNS is said where there is one.
std::string client_of(const Envelope& envelope) {
  const bool named = !envelope.client_name.empty() && envelope.client_name != "unknown" &&
                     !envelope.client_name.starts_with('[');
  const auto name = named ? word(envelope.client_name) : std::string("unknown");
  if (envelope.client_address.empty()) return named ? fmt::format(" ({})", name) : std::string();
  return fmt::format(" ({} [{}])", name, word(envelope.client_address));
}

}  // namespace

void Envelope::begin_mail() {
  sender.clear();
  recipient.clear();
  queue_id.clear();
  recipients = 0;
  authenticated = false;
}

void Envelope::macro(std::string_view name, std::string_view value) {
  if (name == "j") server = value.substr(0, kLongestWord);
  if (name == "i") queue_id = value.substr(0, kLongestWord);
  if (name == "{tls_version}") encrypted = !value.empty();
  if (name == "{auth_authen}") authenticated = !value.empty();
}

std::string trace_of(const Envelope& envelope, Timestamp now) {
  const auto helo = word(envelope.helo.empty() ? "unknown" : std::string_view(envelope.helo));
  std::string trace =
      fmt::format("Return-Path: <{}>\r\nReceived: from {}{}\r\n\tby {} with ESMTP{}{}",
                  word(without_brackets(envelope.sender)), helo, client_of(envelope),
                  word(envelope.server.empty() ? "unknown" : envelope.server),
                  envelope.encrypted ? "S" : "", envelope.authenticated ? "A" : "");
  if (!envelope.queue_id.empty()) trace += fmt::format(" id {}", word(envelope.queue_id));
  if (envelope.recipients == 1)
    trace += fmt::format("\r\n\tfor <{}>", word(without_brackets(envelope.recipient)));
  return trace + fmt::format("; {}\r\n", mail_date(now));
}

}  // namespace winnow::milter
