#include "retention/retention.h"

#include <fmt/format.h>

#include "cases/case_book.h"
#include "cases/case_labels.h"
#include "cases/case_reader.h"
#include "cli/console.h"
#include "cli/detail/case_policy.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "retention/apply.h"
#include "retention/hold_check.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kDecisionsATime = 1000;

RetentionPolicy policy_of(const Settings& settings) {
  return {settings.days("retention.mails"), settings.days("retention.labelled_mails")};
}

// What keeps a mail that is old enough: holds, and open cases. Where there were never any cases,
// none is open.
Result<WhyItStays> why_it_stays(const Path& database, const EventLog& events,
                                std::vector<Hold> holds) {
  auto reader = cases::CaseReader::open(database);
  if (!reader && reader.error().code() != Code::NotFound) return reader.error();
  const auto cases = reader ? std::make_shared<cases::CaseReader>(std::move(*reader)) : nullptr;
  auto cases_of = [cases](const Digest& event) -> Result<std::vector<std::string>> {
    if (!cases) return std::vector<std::string>();
    return cases->cases_of(event);
  };
  const auto held = std::make_shared<HoldCheck>(std::move(holds), events, std::move(cases_of));
  return WhyItStays([cases, held](const StoredEvent& event) -> Result<Stays> {
    WINNOW_TRY(const bool covered, held->covers(event));
    if (covered) return Stays::Held;
    if (!cases) return Stays::No;
    WINNOW_TRY(const bool open, cases->is_open(event.digest));
    return open ? Stays::Open : Stays::No;
  });
}

Result<std::vector<Hold>> active_holds(const Path& database) {
  auto reader = HoldReader::open(database);
  if (!reader && reader.error().code() == Code::NotFound) return std::vector<Hold>();
  if (!reader) return reader.error();
  return reader->active();
}

Json plan_json(const RetentionPlan& plan) {
  const auto time = [](const auto& at) { return at ? Json(at->text()) : Json(); };
  return Json::object({{"rule", plan.rule},
                       {"before", plan.before.text()},
                       {"mails", plan.events.size()},
                       {"bytes", plan.bytes},
                       {"first", time(plan.first)},
                       {"last", time(plan.last)},
                       {"held", plan.held},
                       {"open", plan.open},
                       {"more", plan.more}});
}

Json print_plans(Console& console, const std::vector<RetentionPlan>& plans) {
  Json all = Json::array();
  Table table({{"rule"},
               {"mails", true},
               {"size", true},
               {"came from"},
               {"to"},
               {"held", true},
               {"open", true}});
  const auto time = [](const auto& at) { return at ? short_time(*at) : std::string("-"); };
  for (const auto& plan : plans) {
    all.push(plan_json(plan));
    table.add({plan.rule, human_count(plan.events.size()) + (plan.more ? "+" : ""),
               human_bytes(plan.bytes), time(plan.first), time(plan.last), human_count(plan.held),
               human_count(plan.open)});
  }
  if (plans.empty()) {
    console.line(
        "everything is kept for ever: retention.mails and retention.labelled_mails in "
        "winnow.yaml say otherwise");
  } else {
    table.print(console);
  }
  return all;
}

Result<int> show_plan(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  WINNOW_TRY(auto holds, active_holds(workspace->database_file()));
  WINNOW_TRY(const auto stays, why_it_stays(workspace->database_file(), events, std::move(holds)));
  WINNOW_TRY(const auto plans,
             plan_retention(events, policy_of(settings), stays, system_clock().now()));
  console.document("retention.plan", Json::object({{"plans", print_plans(console, plans)}}));
  return 0;
}

// What was decided and is in no case yet might belong to an open one.
Status make_cases(Workspace& workspace, const EventLog& events, Progress& progress) {
  WINNOW_TRY(const auto policy, case_policy_of(workspace));
  WINNOW_TRY(auto book, cases::CaseBook::open(workspace.registry(), events,
                                              workspace.database_file(), policy));
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

Result<int> apply(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  const auto folder = events_folder(*workspace);
  WINNOW_TRY(auto events, EventLog::open(folder, Access::ReadWrite));
  WINNOW_TRY(make_cases(*workspace, events, console.progress()));
  WINNOW_TRY(give_labels(*workspace, events));
  auto& registry = workspace->registry();
  WINNOW_TRY(auto holds, Holds::open(registry, workspace->database_file()));
  const RetentionStores stores{events, registry.audit(), holds, system_clock()};
  Json applied = Json::array();
  std::vector<RetentionPlan> plans;
  for (bool again = true; again;) {  // a hold that is placed meanwhile changes the plan
    again = false;
    WINNOW_TRY(const auto known, holds.newest());
    WINNOW_TRY(auto active, holds.active());
    WINNOW_TRY(const auto stays,
               why_it_stays(workspace->database_file(), events, std::move(active)));
    WINNOW_TRY(plans, plan_retention(events, policy_of(settings), stays, system_clock().now()));
    for (const auto& plan : plans) {
      if (plan.events.empty()) continue;
      WINNOW_TRY(const auto done, apply_retention(plan, known, stores, actor, console.progress()));
      applied.push(plan_json(plan).set("audit_entry", done.audit_entry));
      again = done.stopped;
      if (again) break;
    }
  }
  // Also what an application that was cut short left behind.
  WINNOW_TRY(const auto erased, erase_removed(events, folder, console.progress()));
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
           "Shows which mails have been kept for as long as winnow.yaml says, and would go",
           "By retention.mails and retention.labelled_mails, counted from when a mail came. Mails "
           "under a hold and those of open cases stay. Changes nothing.",
           "winnow retention plan",
           {workspace_option()},
           show_plan},
          {"retention apply",
           "Removes them: the bytes go, that they were there and why they went stays on record",
           "Not to be undone. Decisions, cases and the audit log stay, and verify; replaying a "
           "decision says that its mail is gone. Killed at any moment, the same command does what "
           "is left to do. It needs the event log to itself: beside winnow serve it is refused.",
           "winnow retention apply",
           {actor_option(), workspace_option()},
           apply}};
}

}  // namespace winnow::cli
