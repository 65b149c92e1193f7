// Cases as programs see them: of the command line and of the API, the same.
#pragma once

#include "base/json.h"
#include "cases/case_reader.h"

namespace winnow::cases {

Json case_json(const Case& subject, Timestamp now);
Json case_json(const CaseDetail& detail, Timestamp now);
Json counts_json(const QueueCounts& counts);
Json suppression_json(const Suppression& suppression);

}  // namespace winnow::cases
