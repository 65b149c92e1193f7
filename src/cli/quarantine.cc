#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "ingest/ingest.h"

namespace winnow::cli {
namespace {

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  const auto file = quarantine_file(*workspace);
  std::error_code error;
  std::vector<QuarantinedRecord> records;
  if (std::filesystem::exists(file, error)) {
    WINNOW_TRY(const auto quarantine, Quarantine::open(file, Access::ReadOnly));
    WINNOW_TRY(records, quarantine.list({}, 0,
                                        static_cast<std::size_t>(std::max<std::int64_t>(
                                            arguments.integer("limit"), 0))));
  }
  Json all = Json::array();
  Table table({{"record"}, {"reason"}, {"size", true}, {"tries", true}, {"first seen"}, {"where"}});
  for (const auto& record : records) {
    all.push(Json::object({{"digest", record.digest.hex()},
                           {"kind", name_of(record.problem.kind)},
                           {"reason", record.problem.message},
                           {"source", record.source},
                           {"position", record.position.text()},
                           {"size", record.size},
                           {"tries", record.tries},
                           {"first_seen", record.first_seen.text()}}));
    table.add({record.digest.short_hex(), record.problem.message, human_bytes(record.size),
               std::to_string(record.tries), short_time(record.first_seen),
               record.position.text()});
  }
  console.document("quarantine.list", Json::object({{"records", std::move(all)}}));
  if (table.empty()) {
    console.line("quarantine is empty");
  } else {
    table.print(console);
  }
  return 0;
}

Result<int> retry(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto mapping, read_mapping(*workspace));
  WINNOW_TRY(auto log_mappings, read_log_mappings(*workspace));
  LogMappings logs(std::move(log_mappings));
  WINNOW_TRY(auto events, EventLog::open(events_folder(*workspace), Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(quarantine_file(*workspace), Access::ReadWrite));
  const auto now = system_clock().now();
  const auto use = [&](const QuarantinedRecord& record, std::string_view raw) {
    return store_quarantined(record, raw, mapping.mapping, logs, events, Label::None);
  };
  Quarantine::RetryCounts counts;
  if (arguments.has("record")) {
    WINNOW_TRY(const auto record, quarantine.find(arguments.text("record")));
    WINNOW_TRY(quarantine.retry_one(record, now, use));
    counts = {1, 1};
  } else {
    WINNOW_TRY(counts, quarantine.retry({}, now, use));
  }
  console.document("quarantine.retry",
                   Json::object({{"tried", counts.tried}, {"released", counts.released}}));
  console.line(fmt::format("{} of {} records could be used now", human_count(counts.released),
                           human_count(counts.tried)));
  return 0;
}

}  // namespace

std::vector<Command> quarantine_commands() {
  using Kind = Option::Kind;
  return {
      {"quarantine list",
       "Lists records that could not be used, with the reason and where they stood",
       "Nothing is ever dropped: their bytes are kept.",
       "winnow quarantine list",
       {{Kind::Integer, "limit", "at most so many", "100"}, workspace_option()},
       list},
      {"quarantine retry",
       "Tries to use quarantined records again, after a mapping was mended",
       "All of them, or the one named. What still cannot be used stays, with its new reason.",
       "winnow quarantine retry",
       {{Kind::Positional, "record", "the first digits of its digest (default: all)"},
        workspace_option()},
       retry},
  };
}

}  // namespace winnow::cli
