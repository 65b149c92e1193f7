#include <algorithm>

#include <fmt/format.h>

#include "cases/case_book.h"
#include "cases/case_json.h"
#include "cases/case_reader.h"
#include "cli/console.h"
#include "cli/detail/case_policy.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kDecisionsATime = 1000;

struct OpenCases {
  std::unique_ptr<Workspace> workspace;
  std::unique_ptr<EventLog> events;
  cases::CaseBook book;
};
Result<OpenCases> open_cases(const Arguments& arguments) {
  WINNOW_TRY(auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto log, EventLog::open(events_folder(*workspace), Access::ReadWrite));
  auto events = std::make_unique<EventLog>(std::move(log));
  WINNOW_TRY(const auto policy, case_policy_of(*workspace));
  WINNOW_TRY(auto book, cases::CaseBook::open(workspace->registry(), *events,
                                              workspace->database_file(), policy));
  return OpenCases{std::move(workspace), std::move(events), std::move(book)};
}

Status catch_up(cases::CaseBook& book, Progress& progress) {
  progress.stage("making cases", 0);
  for (;;) {
    WINNOW_TRY(const auto done, book.catch_up(kDecisionsATime));
    progress.advance(done);
    if (done < kDecisionsATime) return {};
  }
}

// Beside a service, which has the event log to itself, the cases are as it makes them.
Result<Path> database_with_cases(const Arguments& arguments, Progress& progress) {
  auto open = open_cases(arguments);
  if (!open && open.error().code() == Code::Conflict) {
    WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
    return workspace->database_file();
  }
  if (!open) return open.error();
  WINNOW_TRY(catch_up(open->book, progress));
  return open->workspace->database_file();
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto database, database_with_cases(arguments, console.progress()));
  WINNOW_TRY(auto reader, cases::CaseReader::open(database));
  cases::QueueFilter filter;
  WINNOW_TRY(filter.states, cases::states_named(arguments.text("state")));
  filter.text = arguments.text("words");
  filter.limit = static_cast<std::uint64_t>(std::max<std::int64_t>(arguments.integer("limit"), 1));
  WINNOW_TRY(const auto page, reader.queue(filter, ""));
  const auto now = system_clock().now();
  Json all = Json::array();
  Table table(
      {{"case"}, {"severity"}, {"state"}, {"owner"}, {"due"}, {"findings", true}, {"title"}});
  for (const auto& one : page.cases) {
    all.push(cases::case_json(one, now, MailContent::Shown));
    table.add({one.id, std::string(name_of(one.severity)), std::string(name_of(one.state)),
               one.owner.value_or("nobody"), short_time(one.due_at), human_count(one.findings),
               one.title});
  }
  console.document("cases.list", Json::object({{"cases", std::move(all)}, {"total", page.total}}));
  table.print_or(console, "there are no such cases");
  if (page.cases.size() < page.total)
    console.note(fmt::format("{} of {} cases; --limit shows more", page.cases.size(), page.total));
  return 0;
}

Result<int> rebuild(const Arguments& arguments, Console& console) {
  WINNOW_TRY(auto open, open_cases(arguments));
  WINNOW_TRY(open.book.forget());
  WINNOW_TRY(catch_up(open.book, console.progress()));
  WINNOW_TRY(auto reader, cases::CaseReader::open(open.workspace->database_file()));
  WINNOW_TRY(const auto findings, reader.verify());
  console.document("cases.rebuild", Json::object({{"findings", findings}}));
  console.line(fmt::format("{} findings, each in one case", human_count(findings)));
  return 0;
}

}  // namespace

Result<cases::CasePolicy> case_policy_of(const Workspace& workspace) {
  const auto file = workspace.content() / "policies" / "cases.yaml";
  const auto yaml = Yaml::read(file.string());
  if (!yaml && yaml.error().code() == Code::NotFound) return cases::CasePolicy();
  if (!yaml) return yaml.error();
  return cases::CasePolicy::compile(*yaml);
}

std::vector<Command> cases_commands() {
  using Kind = Option::Kind;
  return {{"cases list",
           "Lists cases, the findings that belong together, most urgent first",
           "Takes in what was decided since, unless winnow serve does. People change cases in its "
           "console and by its API.",
           "winnow cases list --state all",
           {{Kind::Text,
             "state",
             "open is new and in progress",
             "open",
             false,
             {"open", "new", "in_progress", "snoozed", "resolved", "all"}},
            {Kind::Text, "words",
             "only cases with these words in mail, reasons, notes, or what events name: hosts, "
             "users, addresses, techniques"},
            {Kind::Integer, "limit", "at most so many", "20"},
            workspace_option()},
           list},
          {"cases rebuild",
           "Makes all cases again from the decisions and the audit log",
           "Nothing is lost by it: what people did stands in the audit log.",
           "winnow cases rebuild",
           {workspace_option()},
           rebuild}};
}

}  // namespace winnow::cli
