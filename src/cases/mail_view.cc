#include "cases/mail_view.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/mail/mime.h"
#include "ingest/mail/mime_header.h"
#include "names/url.h"
#include "ocsf/mail_attributes.h"

namespace winnow::cases {
namespace {

namespace m = ocsf::mail;
using ocsf::Attribute;
using ocsf::Event;
using ocsf::Record;

constexpr std::size_t kValueBytes = 2000;  // of anything but the text
constexpr std::size_t kShownPeople = 100;

// Characters that change the direction of what follows: U+202A to U+202E, U+2066 to U+2069.
bool turns_direction(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
}

void defang_schemes(std::string& text) {
  const auto lower = ascii_lower(text);
  for (std::size_t at = lower.find("http"); at != std::string::npos;
       at = lower.find("http", at + 4)) {
    const auto rest = std::string_view(lower).substr(at + 4);
    if (rest.starts_with("://") || rest.starts_with("s://")) text[at + 1] = text[at + 2] = 'x';
  }
}

std::string safe(std::string_view text, std::size_t most = kValueBytes) {
  bool cut = false;
  return safe_text(text, most, cut);
}

Json safe_list(std::span<const std::string_view> texts) {
  Json json = Json::array();
  for (const auto text : texts.first(std::min(texts.size(), kShownPeople))) json.push(safe(text));
  return json;
}

Json received_json(const Event& event) {
  Json json = Json::array();
  for (const auto& hop : event.get(m::kReceived).as_records()) {
    const auto host = hop.get(m::received::kHost).as_text();
    const auto helo = hop.get(m::received::kHelo).as_text();
    const auto ip = hop.get(m::received::kIp).as_text();
    auto from = std::string(host.empty() ? helo : host);
    if (!ip.empty()) from += fmt::format("{}[{}]", from.empty() ? "" : " ", ip);
    const auto time = hop.get(m::received::kTime);
    json.push(Json::object(
        {{"from", safe(from)},
         {"by", safe(hop.get(m::received::kBy).as_text())},
         {"at", time.is_absent() ? Json() : Json(Timestamp::from_micros(time.as_int()).text())}}));
  }
  return json;
}

Json authentication_json(const Event& event) {
  Json json = Json::array();
  const auto add = [&](std::string_view method, Attribute result, std::string_view detail) {
    const auto said = event.get(result).as_text();
    if (said.empty()) return;
    json.push(Json::object({{"method", method}, {"result", safe(said)}, {"detail", safe(detail)}}));
  };
  add("spf", m::kSpf, event.get(m::kSpfDomain).as_text());
  add("dkim", m::kDkim, fmt::format("{}", fmt::join(event.get(m::kDkimDomains).as_texts(), ", ")));
  add("dmarc", m::kDmarc, event.get(m::kDmarcPolicy).as_text());
  add("arc", m::kArc, "");
  return json;
}

// Those that say who sent a mail, when, and by which way: no other may be shown beside a redacted
// text, because fields such as Content-Type name attachments and anybody may add one with a
// preview.
bool tells_the_way(std::string_view field) {
  static constexpr std::array<std::string_view, 19> kFields = {"arc-authentication-results",
                                                               "arc-message-signature",
                                                               "arc-seal",
                                                               "authentication-results",
                                                               "cc",
                                                               "date",
                                                               "delivered-to",
                                                               "dkim-signature",
                                                               "from",
                                                               "in-reply-to",
                                                               "message-id",
                                                               "mime-version",
                                                               "received",
                                                               "received-spf",
                                                               "reply-to",
                                                               "return-path",
                                                               "sender",
                                                               "subject",
                                                               "to"};
  return std::ranges::binary_search(kFields, ascii_lower(field));
}

// Of the mail itself; a row of a mail log has none.
Json headers_json(const StoredEvent& stored, std::string_view raw, MailContent content) {
  Json json = Json::array();
  if (stored.form != RecordForm::Mail) return json;
  const auto message = read_mime(raw, {.depth = 1, .parts = 1, .headers = kShownHeaders});
  for (const auto& field : message.headers_of(message.parts.front())) {
    if (content == MailContent::Redacted && !tells_the_way(field.name)) continue;
    CharsetFlaws flaws;
    json.push(Json::object({{"name", safe(field.name, 100)},
                            {"value", safe(decode_header_text(field.value, flaws))}}));
  }
  return json;
}

Json content_json(std::string_view text, MailContent content) {
  return content == MailContent::Shown ? Json(safe(text)) : Json();
}

Json links_json(const Event& event, MailContent content) {
  Json json = Json::array();
  const auto links = event.get(m::kLinks).as_records();
  for (const auto& link : links.first(std::min(links.size(), kShownLinks))) {
    const auto target = link.get(m::link::kUrl).as_text();
    const auto url = Url::parse(target);
    const auto registrable = link.get(m::link::kRegistrable).as_text();
    json.push(Json::object(
        {{"text", content_json(link.get(m::link::kText).as_text(), content)},
         {"target", content_json(url ? defang(*url) : defang(target), content)},
         {"domain", safe(registrable.empty() ? link.get(m::link::kHost).as_text() : registrable)},
         {"hidden", link.get(m::link::kHidden).as_bool()}}));
  }
  return json;
}

struct Oddity {
  Attribute attribute;
  std::string_view text;
};

Json attachment_json(const Record& attachment, MailContent content) {
  static const std::array kOddities = {
      Oddity{m::attachment::kTypeMismatch, "its content is of another kind than its name"},
      Oddity{m::attachment::kDoubleExtension, "its name has two extensions"},
      Oddity{m::attachment::kDirectionOverride, "its name is written to be misread"},
      Oddity{m::attachment::kExecutable, "it can run code"},
      Oddity{m::attachment::kHtml, "it opens in a browser"},
      Oddity{m::attachment::kMacro, "it carries macros"},
      Oddity{m::attachment::kEncrypted, "it needs a password, so nothing could look inside"},
      Oddity{m::attachment::kNested, "it is in a mail within the mail"},
      Oddity{m::attachment::kDamaged, "it is damaged"}};
  Json problems = Json::array();
  for (const auto& oddity : kOddities) {
    if (attachment.get(oddity.attribute).as_bool()) problems.push(oddity.text);
  }
  if (attachment.get(m::attachment::kArchiveExecutables).as_int() > 0)
    problems.push("it is an archive with programs inside");
  const auto detected = attachment.get(m::attachment::kDetectedType).as_text();
  const auto declared = attachment.get(m::attachment::kDeclaredType).as_text();
  return Json::object(
      {{"name", content_json(attachment.get(m::attachment::kName).as_text(), content)},
       {"type", safe(detected.empty() ? declared : detected)},
       {"size", attachment.get(m::attachment::kSize).as_int()},
       {"sha256", safe(attachment.get(m::attachment::kSha256).as_text())},
       {"problems", std::move(problems)}});
}

Json attachments_json(const Event& event, MailContent content) {
  Json json = Json::array();
  const auto attachments = event.get(m::kAttachments).as_records();
  for (const auto& one : attachments.first(std::min(attachments.size(), kShownAttachments)))
    json.push(attachment_json(one, content));
  return json;
}

}  // namespace

std::string safe_text(std::string_view text, std::size_t most, bool& cut) {
  const auto head = utf8_prefix(text, most);
  cut = cut || head.size() < text.size();
  std::string safe;
  safe.reserve(head.size());
  for (std::size_t at = 0; at < head.size();) {
    const char32_t c = next_code_point(head, at);
    if (c == '\r') continue;
    append_utf8(safe, is_control(c) || turns_direction(c) ? 0xFFFD : c);
  }
  defang_schemes(safe);
  return safe;
}

Result<Json> mail_view(const StoredEvent& stored, std::string_view raw,
                       const RecordMapping& mapping, MailContent content) {
  const bool redacted = content == MailContent::Redacted;
  WINNOW_TRY(const auto event, mapping.apply(stored, raw));
  bool cut = event.get(m::kTextCut).as_bool();
  auto text = safe_text(event.get(m::kText).as_text(), kShownTextBytes, cut);
  auto to = event.get(m::kEmailTo).as_texts();
  if (to.empty()) to = event.get(m::kRecipients).as_texts();
  Json problems = Json::array();
  for (const auto problem : event.get(m::kProblems).as_texts()) problems.push(safe(problem));
  const auto from = Json::object({{"name", safe(event.get(m::kFromDisplayName).as_text())},
                                  {"mailbox", safe(event.get(m::kFrom).as_text())}});
  return Json::object({{"subject", safe(event.get(m::kSubject).as_text())},
                       {"from", from},
                       {"reply_to", safe_list(event.get(m::kEmailReplyToList).as_texts())},
                       {"to", safe_list(to)},
                       {"cc", safe_list(event.get(m::kEmailCc).as_texts())},
                       {"date", event.time().text()},
                       {"received", received_json(event)},
                       {"authentication", authentication_json(event)},
                       {"headers", headers_json(stored, raw, content)},
                       {"redacted", redacted},
                       {"text", redacted ? Json() : Json(std::move(text))},
                       {"truncated", cut && !redacted},
                       {"links", links_json(event, content)},
                       {"attachments", attachments_json(event, content)},
                       {"problems", std::move(problems)}});
}

}  // namespace winnow::cases
