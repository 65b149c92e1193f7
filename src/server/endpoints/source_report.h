// Sources as people look at them: how each does, and what becomes of its records' fields.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "ingest/mapping/coverage.h"
#include "server/endpoints/record_view.h"
#include "server/source_health.h"

namespace winnow::server {

// As `sources` of /v1/status.
Json source_json(std::string_view name, const SourceHealth& source);
// Besides, which mappings read it and how much came in each of the last minutes and hours.
Json source_detail(std::string_view name, const SourceHealth& source,
                   const StoredRecordReader& reader);

// {source, records, examined, mappings: [...]}: the newest records of the source, at most
// kCoverageRecords of them, by the mappings that read them: which classes they became, and which
// fields reached OCSF, are kept beside it, are read by nobody or say nonsense. Looks at
// kEventsAPage places of the log at most. Errors: of the log.
inline constexpr std::size_t kCoverageRecords = 500;
Result<Json> coverage_json(const EventLog& events, const StoredRecordReader& reader,
                           std::string_view source);

}  // namespace winnow::server
