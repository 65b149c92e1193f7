#include <algorithm>

#include <fmt/format.h>

#include "cases/case_reader.h"
#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/doctor_content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "ingest/event_log.h"
#include "pipeline/kept_mapping.h"
#include "pipeline/serving_states.h"
#include "rollout/deployments.h"
#include "server/mapping_drift.h"
#include "store/lmdb.h"
#include "store/spool.h"
#include "store/sqlite.h"

namespace winnow::cli {
namespace {

Check check_of(std::string name, const Status& status, std::string detail) {
  if (status) return {std::move(name), Check::State::Ok, std::move(detail), ""};
  const auto& error = status.error();
  return {std::move(name), Check::State::Fail, error.message(),
          error.hint().empty() ? "restore it from a backup (winnow restore)" : error.hint()};
}

// What registry/ does not know of: the folders above it that keep data in the workspace.
std::vector<Check> examine_intake(const Path& data) {
  std::vector<Check> checks;
  std::error_code error;
  if (std::filesystem::exists(data / "events", error)) {
    const auto events = EventLog::open(data / "events", Access::ReadOnly);
    const auto verified = events ? events->verify() : Result<std::uint64_t>(events.error());
    checks.push_back(
        check_of("events", verified ? Status() : Status(verified.error()),
                 fmt::format("{} events are as they came", human_count(verified ? *verified : 0))));
  }
  if (std::filesystem::exists(data / "spool", error)) {
    const auto waiting = verify_spool(data / "spool");
    auto check = check_of(
        "spool", waiting ? Status() : Status(waiting.error()),
        fmt::format("{} deliveries wait to be decided", human_count(waiting ? *waiting : 0)));
    if (!waiting)
      check.advice = "winnow serve decides what stands before and behind, and keeps the file";
    checks.push_back(std::move(check));
  }
  for (const auto domain : kDomains) {
    const auto folder = ServingStates::folder_of(data / "states", domain);
    if (!std::filesystem::exists(folder / "data.mdb", error)) continue;
    const auto states = Lmdb::verify(folder);
    auto check = check_of(fmt::format("entity states of {}", name_of(domain)),
                          states ? Status() : Status(states.error()),
                          fmt::format("{} values are intact", human_count(states ? *states : 0)));
    if (!states)
      check.advice =
          fmt::format("remove '{}': they are made again from the events", folder.string());
    checks.push_back(std::move(check));
  }
  if (auto reader = cases::CaseReader::open(data / "winnow.db")) {
    const auto verified = reader->verify();
    auto check = check_of(
        "cases", verified ? Status() : Status(verified.error()),
        fmt::format("{} findings, each in one case", human_count(verified ? *verified : 0)));
    if (!verified) check.advice = "winnow cases rebuild makes them again";
    checks.push_back(std::move(check));
  }
  if (std::filesystem::exists(data / "quarantine.db", error)) {
    auto quarantine = Sqlite::open(data / "quarantine.db", Access::ReadOnly);
    checks.push_back(check_of(
        "quarantine", quarantine ? quarantine->check_integrity() : Status(quarantine.error()),
        "every page is intact"));
  }
  return checks;
}

// Whether decisions know the mappings of today. How many records wait for that, the service says.
Result<std::vector<Check>> examine_mappings(const Arguments& arguments) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(auto deployments, Deployments::open(workspace->registry(), workspace->database_file(),
                                                 Access::ReadOnly));
  WINNOW_TRY(const auto champions, server::deployed_champions(workspace->registry(), deployments));
  // One that does not compile is told by the checks of content.
  WINNOW_TRY(const auto today, read_usable_mappings(mappings_folder(*workspace),
                                                    last_kept_in(workspace->registry())));
  std::vector<Check> checks;
  for (const auto& drift : server::drift_of(champions, today.mappings, {})) {
    const bool is_missing = drift.state == server::MappingDrift::State::Missing;
    checks.push_back(
        {"mappings", Check::State::Warn,
         is_missing ? fmt::format("the champion of {} has no mapping '{}': what it reads is kept, "
                                  "and not decided",
                                  name_of(drift.domain), drift.mapping)
                    : fmt::format("the champion of {} has another mapping '{}' than content/: it "
                                  "decides as that one reads",
                                  name_of(drift.domain), drift.mapping),
         server::advice_on(drift) + "; GET /v1/status says how many records wait"});
  }
  return checks;
}

Result<int> doctor(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto folder, workspace_folder(arguments));
  bool well = true;
  Json checks = Json::array();
  auto found = examine(folder, system_clock(), console.progress());
  for (auto& check : examine_intake(folder / "data")) found.push_back(std::move(check));
  // What keeps them from being compared is told by the checks above.
  if (auto drifts = examine_mappings(arguments))
    std::ranges::move(*drifts, std::back_inserter(found));
  for (auto& check : examine_content(folder / "content")) found.push_back(std::move(check));
  for (const auto& check : found) {
    const auto tone = check.state == Check::State::Ok     ? Console::Tone::Good
                      : check.state == Check::State::Warn ? Console::Tone::Warning
                                                          : Console::Tone::Bad;
    console.line(console.tinted(fmt::format("{:<5}", name_of(check.state)), tone) +
                 fmt::format(" {:<18} {}", check.name, printable(check.detail)));
    if (!check.advice.empty())
      console.line(fmt::format("      {:<18} {}", "", printable(check.advice)));
    checks.push(Json::object({{"name", check.name},
                              {"state", name_of(check.state)},
                              {"detail", check.detail},
                              {"advice", check.advice}}));
    well = well && check.state != Check::State::Fail;
  }
  console.document("doctor", Json::object({{"well", well}, {"checks", std::move(checks)}}));
  return well ? 0 : kAnswerIsNo;
}

}  // namespace

std::vector<Command> doctor_commands() {
  return {
      {"doctor",
       "Checks everything that can be checked, changes nothing, and says what to do",
       "Objects against their digests, database pages, audit log and signatures, keys, disk "
       "space; whether mappings, features, policies and the rest of content/ compile. Exit code "
       "3 when something is broken.",
       "winnow doctor",
       {workspace_option()},
       doctor}};
}

}  // namespace winnow::cli
