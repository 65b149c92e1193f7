// Mail in: the bytes of one mail, or one row of a mail log, become an Email Activity event (OCSF
// class 4009). What the event says: docs/formats/mail-event.md, ocsf/mail_attributes.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "ocsf/event.h"

namespace winnow {

// Bounds of what is read of one mail. They count bytes and things, never time, so that the same
// mail gives the same event on any machine; the work they allow is linear in the mail's size.
// What lies beyond is left out, and the event's `problems` say so.
struct MailLimits {
  std::size_t bytes = 64UL << 20;            // of the mail
  std::size_t depth = 32;                    // of multiparts and mails within the mail
  std::size_t parts = 1000;                  // leaves and containers
  std::size_t headers = 1000;                // header fields a part
  std::size_t header_bytes = 64UL << 10;     // a header field
  std::size_t text_part_bytes = 4UL << 20;   // decoded text or HTML that is looked at, a part
  std::size_t text_head_bytes = 64UL << 10;  // of each text in the event: its beginning ...
  std::size_t text_tail_bytes = 16UL << 10;  // ... and its end
  std::size_t links = 500;
  std::size_t attachments = 200;
  std::size_t recipients = 500;
  std::size_t received = 64;
  std::size_t archive_entries = 1000;  // names listed of one archive
};

struct MailOptions {
  // Receivers whose Authentication-Results are believed, by their authserv-id (RFC 8601 section
  // 2.5). Empty: the receiver that the topmost Received headers name (docs/formats/mail-event.md
  // tells how far that can be trusted).
  std::vector<std::string> trusted_authserv_ids;
  MailLimits limits;

  // From the content of a mapping artifact (content/mappings/mail.yaml). Errors: InvalidArgument,
  // with file and line.
  static Result<MailOptions> compile(const Yaml& yaml);
};

// Reads mails (RFC 5322 and MIME, with the damage seen in the wild). Immutable; thread-safe.
class MailMapping {
 public:
  explicit MailMapping(MailOptions options = {});

  // The event of one mail. Damaged mail is read as far as it goes and says so in its `problems`.
  // Never executes, fetches or writes what it reads; takes time linear in the mail's size.
  // Errors: InvalidArgument (no header field and no body: nothing that could be a mail).
  Result<ocsf::Event> apply(std::string_view raw) const;

 private:
  MailOptions options_;
};

// One row of a mail log. What the log has no column for stays absent in the event.
struct MailFields {
  std::string_view raw;  // the row as it was received: its digest identifies the event
  std::optional<std::string_view> sender;    // an address with or without a display name
  std::optional<std::string_view> receiver;  // an address list
  std::optional<std::string_view> reply_to;
  std::optional<std::string_view> date;  // RFC 5322 or RFC 3339
  std::optional<std::string_view> subject;
  std::optional<std::string_view> message_id;
  std::optional<std::string_view> body;  // text, or HTML when it has HTML tags
  std::optional<std::string_view>
      urls;  // separated by blanks or commas; a bare number tells nothing
};

// The event of one row. Errors: InvalidArgument (neither sender, subject nor body).
Result<ocsf::Event> event_from_fields(const MailFields& fields, const MailOptions& options = {});

}  // namespace winnow
