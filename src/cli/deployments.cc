#include "rollout/deployments.h"

#include <fmt/format.h>

#include "base/json_text.h"
#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

void print(Console& console, const std::vector<Promotion>& promotions) {
  Table table(
      {{"domain"}, {"champion"}, {"before"}, {"since"}, {"by"}, {"audit", true}, {"reason"}});
  for (const auto& p : promotions) {
    table.add({p.domain, short_text(p.champion), p.before ? short_text(*p.before) : "-",
               short_time(p.at), p.actor, std::to_string(p.audit_entry),
               (p.rollback ? "rollback: " : "") + p.reason});
  }
  table.print_or(console, "nothing is deployed yet");
}

Result<int> show(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto deployments, Deployments::open(workspace->registry(), workspace->database_file(),
                                                 Access::ReadWrite));
  WINNOW_TRY(const auto promotions,
             arguments.flag("history") ? deployments.history("") : deployments.champions());
  Json all = Json::array();
  for (const auto& promotion : promotions) all.push(to_json(promotion));
  console.document("deployments.show", Json::object({{"deployments", std::move(all)}}));
  print(console, promotions);
  return 0;
}

void print(Console& console, const PromotionCheck& check) {
  using Tone = Console::Tone;
  const auto verdict = !check.holds     ? console.tinted("breaks ", Tone::Bad)
                       : check.doubtful ? console.tinted("WARNING", Tone::Warning)
                                        : console.tinted("holds  ", Tone::Good);
  console.line(verdict + fmt::format("  {:<16} {}", check.name, printable(check.detail)));
}

Json to_json(const PromotionPlan& plan) {
  Json checks = Json::array();
  for (const auto& check : plan.checks) {
    checks.push(Json::object({{"name", check.name},
                              {"holds", check.holds},
                              {"doubtful", check.doubtful},
                              {"detail", check.detail}}));
  }
  return Json::object({{"domain", plan.domain},
                       {"champion", plan.champion.text()},
                       {"before", json_text(plan.before)},
                       {"holds", plan.holds()},
                       {"checks", std::move(checks)}});
}

int answer_plan(Console& console, const PromotionPlan& plan) {
  console.document("deployments.plan", to_json(plan));
  for (const auto& check : plan.checks) print(console, check);
  console.line(fmt::format("would make {} champion of {} (now {}); nothing changed",
                           short_text(plan.champion), plan.domain,
                           plan.before ? short_text(*plan.before) : "none"));
  return plan.holds() ? 0 : kAnswerIsNo;
}

void answer_promotion(Console& console, const Promotion& p) {
  console.document("deployments.promotion", to_json(p));
  console.line(fmt::format("{} is champion of {} (audit entry {})", short_text(p.champion),
                           p.domain, p.audit_entry));
  if (p.before && !p.rollback)
    console.note(fmt::format("winnow deployments rollback {} goes back to {}", p.domain,
                             short_text(*p.before)));
}

Result<int> promote(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto deployments, Deployments::open(workspace->registry(), workspace->database_file(),
                                                 Access::ReadWrite));
  WINNOW_TRY(const auto listed, bundle_named(workspace->registry(), arguments.text("bundle")));
  WINNOW_TRY(const auto plan, deployments.plan(listed.id.text()));
  if (arguments.flag("dry-run")) return answer_plan(console, plan);
  for (const auto& check : plan.checks) {
    if (check.doubtful) print(console, check);
  }
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  WINNOW_TRY(const auto promotion,
             deployments.promote(listed.id.text(), actor, arguments.text("reason")));
  answer_promotion(console, promotion);
  return 0;
}

Result<int> rollback(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto deployments, Deployments::open(workspace->registry(), workspace->database_file(),
                                                 Access::ReadWrite));
  const auto& domain = arguments.text("domain");
  if (arguments.flag("dry-run")) {
    WINNOW_TRY(const auto plan, deployments.plan_rollback(domain));
    return answer_plan(console, plan);
  }
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  WINNOW_TRY(const auto promotion, deployments.rollback(domain, actor, arguments.text("reason")));
  answer_promotion(console, promotion);
  return 0;
}

}  // namespace

std::vector<Command> deployments_commands() {
  using Kind = Option::Kind;
  const Option reason{Kind::Text, "reason", "why, for the audit log"};
  const Option dry_run{Kind::Flag, "dry-run",
                       "show what would change and whether every check holds; change nothing"};
  return {
      {"deployments show",
       "Shows which bundle decides for each domain, and since when",
       "",
       "winnow deployments show --history",
       {{Kind::Flag, "history", "every change, newest first"}, workspace_option()},
       show},
      {"deployments promote",
       "Makes a bundle the champion of its domain",
       "First every check, then the audit log, then the change. `winnow deployments rollback` "
       "undoes it.",
       "winnow deployments promote latest --dry-run",
       {{Kind::Positional, "bundle", "its id, a unique prefix of it, or latest", "", true},
        reason,
        dry_run,
        actor_option(),
        workspace_option()},
       promote},
      {"deployments rollback",
       "Goes back to the champion from before the present one was promoted",
       "The bundle that goes stays in the registry; promoting it again undoes the rollback.",
       "winnow deployments rollback mail --dry-run",
       {{Kind::Positional, "domain", "for instance mail", "", true},
        reason,
        dry_run,
        actor_option(),
        workspace_option()},
       rollback},
  };
}

}  // namespace winnow::cli
