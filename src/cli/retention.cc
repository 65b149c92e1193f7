#include "retention/retention.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.h"
#include "cases/case_labels.h"
#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/retained.h"
#include "cli/detail/session.h"
#include "pipeline/serving_states.h"
#include "retention/erase.h"
#include "store/lmdb.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kDecisionsATime = 1000;

std::string time_text(const std::optional<Timestamp>& at) {
  return at ? short_time(*at) : std::string("-");
}

Json plan_json(const RetentionPlan& plan) {
  return Json::object({{"rule", plan.rule},
                       {"before", plan.before.text()},
                       {"rows", plan.ids.size()},
                       {"bytes", bytes_json(plan)},
                       {"first", json_text(plan.first)},
                       {"last", json_text(plan.last)},
                       {"held", plan.held},
                       {"open", plan.open},
                       {"more", plan.more}});
}

Json print_plans(Console& console, const RetentionPlans& plans) {
  Json all = Json::array();
  Table table({{"rule"},
               {"to go", true},
               {"size", true},
               {"from"},
               {"to"},
               {"held", true},
               {"open", true}});
  for (const auto& [kind, plan] : plans.rules) {
    all.push(plan_json(plan));
    table.add({plan.rule, human_count(plan.ids.size()) + (plan.more ? "+" : ""),
               plan.bytes == 0 ? "-" : human_bytes(plan.bytes), time_text(plan.first),
               time_text(plan.last), human_count(plan.held), human_count(plan.open)});
  }
  if (table.empty()) {
    console.line("everything is kept for ever: retention.* in winnow.yaml says otherwise");
  } else {
    table.print(console);
  }
  return all;
}

Result<std::vector<Hold>> active_holds(const Path& database) {
  auto reader = HoldReader::open(database);
  if (!reader && reader.error().code() == Code::NotFound) return std::vector<Hold>();
  if (!reader) return reader.error();
  return reader->active();
}

Result<int> show_plan(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  WINNOW_TRY(const auto retained, open_retained(*workspace, Access::ReadOnly));
  WINNOW_TRY(auto holds, active_holds(workspace->database_file()));
  WINNOW_TRY(const auto plans,
             plan_all(retained, settings, std::move(holds), system_clock().now()));
  console.document("retention.plan", Json::object({{"plans", print_plans(console, plans)}}));
  return 0;
}

// What was decided and is in no case yet might belong to an open one.
Status make_cases(cases::CaseBook& book, Progress& progress) {
  progress.stage("making cases", 0);
  for (;;) {
    WINNOW_TRY(const auto done, book.catch_up(kDecisionsATime));
    progress.advance(done);
    if (done < kDecisionsATime) return {};
  }
}

// What people judged counts as labelled, also where no mail was decided since.
Status give_labels(const Workspace& workspace, EventLog& events) {
  WINNOW_TRY(auto labels, cases::CaseLabels::open(workspace.database_file()));
  for (;;) {
    WINNOW_TRY(const auto done, labels.hand_over(events, system_clock(), kDecisionsATime));
    if (done < kDecisionsATime) return {};
  }
}

// What was applied, each with its entry of the audit log; whether a hold cut it short.
struct Applied {
  Json entries = Json::array();
  bool stopped = false;
};

Result<Applied> apply_all(const RetentionPlans& plans, const std::optional<std::uint64_t>& known,
                          const RetentionStores& stores, std::string_view actor,
                          Progress& progress) {
  Applied applied;
  for (const auto& [kind, plan] : plans.rules) {
    if (plan.ids.empty()) continue;
    WINNOW_TRY(const auto done, apply_retention(plan, kind, known, stores, actor, progress));
    applied.entries.push(plan_json(plan).set("audit_entry", done.audit_entry));
    applied.stopped = done.stopped;
    if (done.stopped) return applied;
  }
  return applied;
}

// Makes what went, now or before, go from the files as well.
Result<ErasedBytes> erase_all(const Workspace& workspace, Retained& retained, Progress& progress) {
  WINNOW_TRY(const auto erased,
             erase_removed(*retained.events, events_folder(workspace), progress));
  progress.stage("erasing rows", 0);
  WINNOW_TRY(retained.book->forget_words());
  WINNOW_TRY(erase_deleted(workspace.database_file()));
  WINNOW_TRY(erase_deleted(quarantine_file(workspace)));
  std::error_code ignored;
  if (std::filesystem::exists(states_folder(workspace) / "data.mdb", ignored))
    WINNOW_TRY(Lmdb::compact(states_folder(workspace)));
  return erased;
}

Result<int> apply(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  WINNOW_TRY(auto retained, open_retained(*workspace, Access::ReadWrite));
  // What is on its way to the store would come back behind the removal.
  WINNOW_TRY(ServingStates::empty_outbox(states_folder(*workspace), *retained.decisions));
  WINNOW_TRY(make_cases(*retained.book, console.progress()));
  WINNOW_TRY(give_labels(*workspace, *retained.events));
  auto& registry = workspace->registry();
  WINNOW_TRY(auto holds, Holds::open(registry, workspace->database_file()));
  const RetentionStores stores{registry.audit(), holds, system_clock()};
  Json applied = Json::array();
  RetentionPlans plans;
  for (bool again = true; again;) {  // a hold that is placed meanwhile changes the plan
    WINNOW_TRY(const auto known, holds.newest());
    WINNOW_TRY(auto active, holds.active());
    WINNOW_TRY(plans, plan_all(retained, settings, std::move(active), system_clock().now()));
    WINNOW_TRY(auto done, apply_all(plans, known, stores, actor, console.progress()));
    for (const auto& entry : done.entries.items()) applied.push(entry);
    again = done.stopped;
  }
  // Also what an application that was cut short left behind.
  WINNOW_TRY(const auto erased, erase_all(*workspace, retained, console.progress()));
  console.end_progress();
  print_plans(console, plans);
  console.document(
      "retention.apply",
      Json::object(
          {{"applied", std::move(applied)},
           {"erased", Json::object({{"mails", erased.events}, {"bytes", erased.bytes}})}}));
  console.line(fmt::format("erased {} mails, {} on disk", human_count(erased.events),
                           human_bytes(erased.bytes)));
  return 0;
}

}  // namespace

std::vector<Command> retention_commands() {
  return {{"retention plan",
           "Shows what has been kept for as long as winnow.yaml says, and would go",
           "Mails by retention.mails and retention.labelled_mails, counted from when they came; "
           "resolved cases with their findings by retention.cases; decisions that closed a mail by "
           "retention.decisions; the quarantine by retention.quarantine. What is under a hold or "
           "part of an open case stays. Changes nothing.",
           "winnow retention plan",
           {workspace_option()},
           show_plan},
          {"retention apply",
           "Removes it: the bytes go, that it was there and why it went stays on record",
           "Not to be undone. The audit log stays, and verifies; asking for what went tells when "
           "and by which rule. Killed at any moment, the same command does what is left to do. It "
           "needs the event log to itself: beside winnow serve it is refused.",
           "winnow retention apply",
           {actor_option(), workspace_option()},
           apply}};
}

}  // namespace winnow::cli
