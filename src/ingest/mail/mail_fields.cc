// The second way in: rows of mail logs, which hold a few fields instead of a mail.
#include "base/utf8.h"
#include "ingest/mail/charset.h"
#include "ingest/mail/mail.h"
#include "ingest/mail/mail_date.h"
#include "ingest/mail/mail_event.h"
#include "ingest/mail/mime_header.h"
#include "ocsf/mail_attributes.h"

namespace winnow {
namespace {

std::string text_of(std::string_view value, MailProblems& problems) {
  CharsetFlaws flaws;
  auto text = decode_header_text(value, flaws);
  if (flaws.unknown) problems.note("unknown character set");
  return text;
}

MailPeople people_of(const MailFields& fields, const MailLimits& limits, MailProblems& problems) {
  std::vector<HeaderField> headers;
  if (fields.sender) headers.push_back({"From", *fields.sender});
  if (fields.receiver) headers.push_back({"To", *fields.receiver});
  if (fields.reply_to) headers.push_back({"Reply-To", *fields.reply_to});
  return read_people(headers, limits.recipients, problems);
}

// A column of URLs beside the body: those that are URLs, unless the body names them already.
void add_listed_urls(std::string_view column, const MailLimits& limits, MailBody& body) {
  std::string text;
  CharsetFlaws ignored;
  append_as_utf8(column.substr(0, limits.text_part_bytes), "", text, ignored);
  for (char& c : text) c = c == ',' || c == ';' || c == '[' || c == ']' || c == '\'' ? ' ' : c;
  for (auto& link : find_links(text, limits.links)) {
    const bool known = std::ranges::any_of(
        body.links, [&](const MailLink& l) { return l.url && link.url && *l.url == *link.url; });
    if (known) continue;
    ++body.link_count;
    if (body.links.size() < limits.links) body.links.push_back(std::move(link));
  }
}

}  // namespace

Result<ocsf::Event> event_from_fields(const MailFields& fields, const MailOptions& options) {
  if (!fields.sender && !fields.subject && !fields.body) {
    return Error(Code::InvalidArgument, "no mail: neither a sender, a subject nor a body");
  }
  const auto& limits = options.limits;
  MailProblems problems;
  const auto date = fields.date ? read_mail_date(*fields.date) : std::nullopt;
  if (!date) problems.note("no readable date");
  ocsf::EventBuilder event(ocsf::ClassUid::EmailActivity, date.value_or(Timestamp()),
                           sha256(fields.raw));
  set_class_facts(fields.raw.size(), event);
  if (fields.sender || fields.receiver || fields.reply_to) {
    set_people(people_of(fields, limits, problems), event);
  }
  if (fields.subject) set_subject(text_of(*fields.subject, problems), event);
  if (fields.message_id) set_message_id(text_of(*fields.message_id, problems), event);
  if (fields.date) event.set(ocsf::mail::kDatePresent, date.has_value());
  MailBody body;
  if (fields.body) body = read_bare_body(*fields.body, limits, problems);
  if (fields.urls) add_listed_urls(*fields.urls, limits, body);
  if (fields.body) set_body(body, limits, problems, event);
  if (fields.body || !body.links.empty()) set_links(body, event);
  set_problems(problems, event);
  return std::move(event).finish();
}

}  // namespace winnow
