// Cases as programs see them: of the command line and of the API, the same.
#pragma once

#include "base/json.h"
#include "cases/case_reader.h"
#include "pipeline/mail_content.h"

namespace winnow::cases {

// Redacted, its reasons do not quote the mail.
Json case_json(const Case& subject, Timestamp now, MailContent content);
Json findings_json(const std::vector<ListedFinding>& findings);
Json case_json(const CaseDetail& detail, Timestamp now, MailContent content);
Json counts_json(const QueueCounts& counts);
Json suppression_json(const Suppression& suppression);

}  // namespace winnow::cases
