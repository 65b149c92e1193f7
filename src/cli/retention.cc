#include "retention/retention.h"

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/case_policy.h"
#include "cli/detail/nouns.h"
#include "cli/detail/retention_policy.h"
#include "cli/detail/session.h"
#include "retention/only_writer.h"
#include "retention/run.h"

namespace winnow::cli {
namespace {

std::string time_text(const std::optional<Timestamp>& at) {
  return at ? short_time(*at) : std::string("-");
}

Json print_plans(Console& console, std::span<const RetentionPlan> plans) {
  Json all = Json::array();
  Table table({{"rule"},
               {"to go", true},
               {"size", true},
               {"from"},
               {"to"},
               {"held", true},
               {"open", true}});
  for (const auto& plan : plans) {
    all.push(plan_json(plan));
    table.add({plan.rule, human_count(plan.ids.size()) + (plan.more ? "+" : ""),
               plan.bytes == 0 ? "-" : human_bytes(plan.bytes), time_text(plan.first),
               time_text(plan.last), human_count(plan.held), human_count(plan.open)});
  }
  table.print_or(console, "everything is kept for ever: retention.* in winnow.yaml says otherwise");
  return all;
}

Result<int> show_plan(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  WINNOW_TRY(const auto retained, open_retained(retained_files(*workspace)));
  WINNOW_TRY(auto holds, active_holds(workspace->database_file()));
  WINNOW_TRY(const auto plans, plan_all(retained, retention_policy(settings), std::move(holds),
                                        system_clock().now()));
  console.document("retention.plan", Json::object({{"plans", print_plans(console, plans)}}));
  return 0;
}

Result<int> apply(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  WINNOW_TRY(const auto case_policy, case_policy_of(*workspace));
  auto& registry = workspace->registry();
  const auto files = retained_files(*workspace);
  WINNOW_TRY(auto writer, OnlyWriter::open(files, registry, case_policy, system_clock()));
  WINNOW_TRY(auto holds, Holds::open(registry, workspace->database_file()));
  WINNOW_TRY(const auto report,
             run_retention(files, retention_policy(settings), writer,
                           {registry.audit(), holds, system_clock()}, actor, console.progress()));
  console.end_progress();
  print_plans(console, report.planned);
  Json applied = Json::array();
  for (const auto& [plan, done] : report.applied)
    applied.push(plan_json(plan).set("audit_entry", done.audit_entry));
  const auto& erased = report.erased;
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
           "needs the event log to itself: winnow serve, which applies retention once a day at "
           "retention.at, does it by POST /v1/retention/apply.",
           "winnow retention apply",
           {actor_option(), workspace_option()},
           apply}};
}

}  // namespace winnow::cli
