#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "ingest/ingest.h"

namespace winnow::cli {
namespace {

QuarantineFilter filter_of(const Arguments& arguments) {
  QuarantineFilter filter;
  if (arguments.has("mapping")) filter.mapping = arguments.text("mapping");
  if (arguments.has("source")) filter.source = arguments.text("source");
  return filter;
}

std::vector<Option> with_filter(std::vector<Option> options) {
  using Kind = Option::Kind;
  options.push_back({Kind::Text, "mapping", "only what this mapping refused"});
  options.push_back({Kind::Text, "source", "only what this source brought"});
  options.push_back(workspace_option());
  return options;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  const auto file = quarantine_file(*workspace);
  std::error_code error;
  std::vector<QuarantinedRecord> records;
  const auto filter = filter_of(arguments);
  if (std::filesystem::exists(file, error)) {
    WINNOW_TRY(const auto quarantine, Quarantine::open(file, Access::ReadOnly));
    WINNOW_TRY(records, quarantine.list(filter, 0,
                                        static_cast<std::size_t>(std::max<std::int64_t>(
                                            arguments.integer("limit"), 0))));
  }
  Json all = Json::array();
  Table table({{"record"},
               {"mapping"},
               {"reason"},
               {"size", true},
               {"tries", true},
               {"first seen"},
               {"where"}});
  for (const auto& record : records) {
    all.push(Json::object({{"digest", record.digest.hex()},
                           {"kind", name_of(record.problem.kind)},
                           {"reason", record.problem.message},
                           {"source", record.source},
                           {"mapping", record.mapping.empty() ? Json() : Json(record.mapping)},
                           {"position", record.position.text()},
                           {"size", record.size},
                           {"tries", record.tries},
                           {"first_seen", record.first_seen.text()}}));
    table.add({record.digest.short_hex(), record.mapping, record.problem.message,
               human_bytes(record.size), std::to_string(record.tries),
               short_time(record.first_seen), record.position.text()});
  }
  console.document("quarantine.list", Json::object({{"records", std::move(all)}}));
  table.print_or(console, "quarantine is empty");
  return 0;
}

Result<int> retry(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto mapping, read_mapping(*workspace));
  WINNOW_TRY(auto in_use, log_mappings_in_use(*workspace, console));
  LogMappings logs(std::move(in_use.mappings), in_use.broken());
  RecordReader reader(&mapping.mapping, &logs);
  WINNOW_TRY(auto events, EventLog::open(events_folder(*workspace), Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(quarantine_file(*workspace), Access::ReadWrite));
  const auto now = system_clock().now();
  const auto use = [&](const QuarantinedRecord& record, std::string_view raw) -> Status {
    WINNOW_TRY(store_quarantined(record, raw, reader, events, Label::None));
    return Status();
  };
  Quarantine::RetryCounts counts;
  const auto filter = filter_of(arguments);
  if (arguments.has("record")) {
    WINNOW_TRY(const auto record, quarantine.find(arguments.text("record")));
    WINNOW_TRY(quarantine.retry_one(record, now, use));
    counts = {1, 1};
  } else {
    WINNOW_TRY(counts, quarantine.retry(filter, now, use));
  }
  console.document("quarantine.retry",
                   Json::object({{"tried", counts.tried}, {"released", counts.released}}));
  console.line(fmt::format("{} of {} records could be used now", human_count(counts.released),
                           human_count(counts.tried)));
  if (counts.released > 0)
    console.note("they are history now: what is retried while winnow serve runs is decided, too");
  return 0;
}

}  // namespace

std::vector<Command> quarantine_commands() {
  using Kind = Option::Kind;
  return {
      {"quarantine list",
       "Lists records that could not be used, with the reason and where they stood",
       "Nothing is ever dropped: their bytes are kept.", "winnow quarantine list",
       with_filter({{Kind::Integer, "limit", "at most so many", "100"}}), list},
      {"quarantine retry", "Tries to use quarantined records again, after a mapping was mended",
       "All of them, those of a mapping or a source, or the one named. The mapping that refused a "
       "record is asked first, then whichever recognises it. What still cannot be used stays, with "
       "its new reason. What is released here is history, and is not decided. While winnow serve "
       "runs it does this itself, and decides: POST /v1/quarantine/retry.",
       "winnow quarantine retry --mapping suricata",
       with_filter({{Kind::Positional, "record", "the first digits of its digest (default: all)"}}),
       retry},
  };
}

}  // namespace winnow::cli
