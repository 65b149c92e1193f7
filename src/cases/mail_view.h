// A mail as an analyst may look at it: text only, nothing that loads or runs, no link that works.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "ingest/record_mapping.h"
#include "pipeline/mail_content.h"

namespace winnow::cases {

inline constexpr std::size_t kShownTextBytes = 64UL << 10, kShownHeaders = 200, kShownLinks = 200,
                             kShownAttachments = 100;

// What a mail shows, in bounded size whatever the mail's: who, when, its path, authentication,
// header fields, visible text, links (defanged), attachments and what is odd about them. Of a row
// of a mail log what it has. Redacted, its text, the texts and targets of its links and the names
// of its attachments are null, and of its header fields only those are there that say who sent it,
// when and by which way. `raw` is what the log's read_raw() gave; the mapping is that of the bundle
// that decided. Errors: InvalidArgument (the mapping cannot read it).
Result<Json> mail_view(const StoredEvent& stored, std::string_view raw,
                       const RecordMapping& mapping, MailContent content);

// Text that is safe to show and to copy: UTF-8, no control or direction characters, schemes of web
// links written as hxxp; at most `most` bytes, `cut` tells whether more was there.
std::string safe_text(std::string_view text, std::size_t most, bool& cut);

}  // namespace winnow::cases
