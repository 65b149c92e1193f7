#include "ingest/mail/mail.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "ingest/mail/mail_date.h"
#include "ingest/mail/mail_event.h"
#include "ingest/mail/mime_header.h"
#include "ocsf/mail_attributes.h"

namespace winnow {
namespace {

namespace m = ocsf::mail;
using ocsf::EventBuilder;

// The hops of the Received fields, the first ones only; `count` is that of all.
std::vector<PlacedHop> read_hops(std::span<const HeaderField> headers, std::size_t limit,
                                 std::uint64_t& count) {
  std::vector<PlacedHop> hops;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!equal_ignoring_ascii_case(headers[i].name, "Received")) continue;
    ++count;
    if (hops.size() < limit) hops.push_back({i, read_received(headers[i].value)});
  }
  return hops;
}

struct MailTime {
  Timestamp event;
  bool date_present = false;
  std::optional<Duration> skew;  // Date minus the time of the nearest receiver
};

// The event's time is what the sender wrote as long as it fits what the nearest receiver saw: a
// Date far off is a mistake or a lie, and time-ordered training must not believe it.
MailTime time_of(std::span<const HeaderField> headers, std::span<const PlacedHop> hops,
                 MailProblems& problems) {
  constexpr Duration kLatest = std::chrono::hours(24);        // after it was received
  constexpr Duration kEarliest = std::chrono::hours(24 * 7);  // before it was received
  MailTime time;
  std::optional<Timestamp> date;
  if (const auto* field = find_header(headers, "Date")) date = read_mail_date(field->value);
  std::optional<Timestamp> received;
  for (const auto& placed : hops) {
    if (!received) received = placed.hop.time;
  }
  time.date_present = date.has_value();
  if (date && received) time.skew = *date - *received;
  const bool plausible =
      date && (!time.skew || (*time.skew <= kLatest && *time.skew >= -kEarliest));
  if (plausible) {
    time.event = *date;
  } else if (received) {
    time.event = *received;
    if (date) problems.note("date far from the time of receipt");
  } else {
    problems.note("no readable date");
  }
  return time;
}

std::size_t references_in(std::string_view value) {
  return static_cast<std::size_t>(std::ranges::count(value, '<'));
}

// Header fields of a generic kind: facts that any mail may have, no marks of one program.
void set_header_facts(std::span<const HeaderField> headers, EventBuilder& event) {
  // Once at most, by RFC 5322 section 3.6; several are a way to show one thing and sign another.
  constexpr auto kOnce = std::to_array<std::string_view>(
      {"Date", "From", "Sender", "Reply-To", "To", "Cc", "Message-ID", "In-Reply-To", "References",
       "Subject", "Content-Type", "MIME-Version"});
  std::array<std::uint32_t, kOnce.size()> seen{};
  std::int64_t arc_seals = 0;
  std::int64_t dkim_signatures = 0;
  for (const auto& field : headers) {
    for (std::size_t i = 0; i < kOnce.size(); ++i) {
      if (equal_ignoring_ascii_case(field.name, kOnce[i])) ++seen[i];
    }
    if (equal_ignoring_ascii_case(field.name, "ARC-Seal")) ++arc_seals;
    if (equal_ignoring_ascii_case(field.name, "DKIM-Signature")) ++dkim_signatures;
  }
  std::int64_t duplicates = 0;
  for (const auto count : seen) duplicates += count > 1 ? count - 1 : 0;
  event.set(m::kDuplicateHeaders, duplicates);
  event.set(m::kArcSets, arc_seals).set(m::kDkimSignatures, dkim_signatures);

  const auto* references = find_header(headers, "References");
  const auto* automatic = find_header(headers, "Auto-Submitted");
  event.set(m::kListId, find_header(headers, "List-Id") != nullptr);
  event.set(m::kListUnsubscribe, find_header(headers, "List-Unsubscribe") != nullptr);
  event.set(m::kInReplyTo, find_header(headers, "In-Reply-To") != nullptr);
  event.set(m::kReferences,
            std::int64_t(references == nullptr ? 0 : references_in(references->value)));
  event.set(m::kAutoSubmitted, automatic != nullptr &&
                                   !equal_ignoring_ascii_case(automatic->value.substr(0, 2), "no"));
  event.set(m::kMessageIdPresent, find_header(headers, "Message-ID") != nullptr);
  if (const auto* precedence = find_header(headers, "Precedence")) {
    const auto word = ascii_lower(trim_ascii(precedence->value));
    if (word == "bulk" || word == "list" || word == "junk")
      event.set(m::kPrecedence, std::string_view(word));
  }
}

std::vector<MailAttachment> read_attachments(const MimeMessage& message, const MailBody& body,
                                             const MailLimits& limits, MailProblems& problems) {
  std::vector<MailAttachment> attachments;
  std::string buffer;
  for (const auto position : body.attachments) {
    if (attachments.size() >= limits.attachments) {
      problems.note("too many attachments");
      break;
    }
    attachments.push_back(read_attachment(message.parts[position], limits.archive_entries, buffer));
    if (attachments.back().damaged) problems.note("damaged attachment");
    if (attachments.back().archive.cut) problems.note("archive listed in part");
  }
  return attachments;
}

std::string header_text(std::span<const HeaderField> headers, std::string_view name,
                        MailProblems& problems) {
  const auto* field = find_header(headers, name);
  if (field == nullptr) return {};
  CharsetFlaws flaws;
  auto text = decode_header_text(field->value, flaws);
  if (flaws.unknown) problems.note("unknown character set");
  if (flaws.ill_formed) problems.note("text that its character set does not allow");
  return text;
}

}  // namespace

MailMapping::MailMapping(MailOptions options) : options_(std::move(options)) {}

Result<ocsf::Event> MailMapping::apply(std::string_view raw) const {
  const auto& limits = options_.limits;
  MailProblems problems;
  const auto read = raw.substr(0, limits.bytes);
  if (read.size() < raw.size()) problems.note("mail larger than is read");
  const auto message = read_mime(read, {.depth = limits.depth,
                                        .parts = limits.parts,
                                        .headers = limits.headers,
                                        .header_bytes = limits.header_bytes});
  for (const auto problem : message.problems) problems.note(text_of(problem));
  const auto& root = message.parts.front();
  const auto headers = message.headers_of(root);
  if (headers.empty() && trim_ascii(root.body).empty()) {
    return Error(Code::InvalidArgument, "no mail: neither a header field nor a body");
  }

  std::uint64_t hop_count = 0;
  const auto hops = read_hops(headers, limits.received, hop_count);
  const auto time = time_of(headers, hops, problems);
  EventBuilder event(ocsf::ClassUid::EmailActivity, time.event, sha256(raw));
  set_class_facts(raw.size(), event);
  set_people(read_people(headers, limits.recipients, problems), event);
  if (find_header(headers, "Subject") != nullptr) {
    set_subject(header_text(headers, "Subject", problems), event);
  }
  set_message_id(header_text(headers, "Message-ID", problems), event);
  event.set(m::kDatePresent, time.date_present);
  if (time.skew) {
    event.set(m::kDateSkew,
              std::int64_t{std::chrono::floor<std::chrono::seconds>(*time.skew).count()});
  }
  set_header_facts(headers, event);
  set_received(hops, hop_count, event);
  set_auth(judge_auth(headers, hops, options_.trusted_authserv_ids), event);

  const auto body = read_body(message, limits, problems);
  set_body(body, limits, problems, event);
  set_links(body, event);
  set_attachments(read_attachments(message, body, limits, problems), body.attachments.size(),
                  event);
  set_problems(problems, event);
  return std::move(event).finish();
}

}  // namespace winnow
