#include "retention/retention.h"

#include <fmt/format.h>

#include "cases/case_book.h"
#include "cases/case_reader.h"
#include "cli/console.h"
#include "cli/detail/case_policy.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "retention/apply.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kDecisionsATime = 1000;

RetentionPolicy policy_of(const Settings& settings) {
  return {settings.days("retention.mails"), settings.days("retention.labelled_mails")};
}

// Which mails are part of open cases. Where there were never any cases, none is.
Result<IsOpen> open_mails(const Path& database) {
  auto reader = cases::CaseReader::open(database);
  if (!reader && reader.error().code() == Code::NotFound)
    return IsOpen([](const Digest&) -> Result<bool> { return false; });
  if (!reader) return reader.error();
  const auto cases = std::make_shared<cases::CaseReader>(std::move(*reader));
  return IsOpen([cases](const Digest& event) { return cases->is_open(event); });
}

Json plan_json(const RetentionPlan& plan) {
  const auto time = [](const auto& at) { return at ? Json(at->text()) : Json(); };
  return Json::object({{"rule", plan.rule},
                       {"before", plan.before.text()},
                       {"mails", plan.events.size()},
                       {"bytes", plan.bytes},
                       {"first", time(plan.first)},
                       {"last", time(plan.last)},
                       {"open", plan.open},
                       {"more", plan.more}});
}

Json print_plans(Console& console, const std::vector<RetentionPlan>& plans) {
  Json all = Json::array();
  Table table({{"rule"}, {"mails", true}, {"size", true}, {"came from"}, {"to"}, {"open", true}});
  const auto time = [](const auto& at) { return at ? short_time(*at) : std::string("-"); };
  for (const auto& plan : plans) {
    all.push(plan_json(plan));
    table.add({plan.rule, human_count(plan.events.size()) + (plan.more ? "+" : ""),
               human_bytes(plan.bytes), time(plan.first), time(plan.last), human_count(plan.open)});
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
  WINNOW_TRY(const auto is_open, open_mails(workspace->database_file()));
  WINNOW_TRY(const auto plans,
             plan_retention(events, policy_of(settings), is_open, system_clock().now()));
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

Result<int> apply(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  const auto folder = events_folder(*workspace);
  WINNOW_TRY(auto events, EventLog::open(folder, Access::ReadWrite));
  WINNOW_TRY(make_cases(*workspace, events, console.progress()));
  WINNOW_TRY(const auto is_open, open_mails(workspace->database_file()));
  const auto& clock = system_clock();
  WINNOW_TRY(const auto plans, plan_retention(events, policy_of(settings), is_open, clock.now()));
  Json applied = Json::array();
  for (const auto& plan : plans) {
    if (plan.events.empty()) continue;
    WINNOW_TRY(const auto done, apply_retention(plan, events, workspace->registry().audit(), actor,
                                                clock, console.progress()));
    applied.push(plan_json(plan).set("audit_entry", done.audit_entry));
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
           "of open cases stay. Changes nothing.",
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
