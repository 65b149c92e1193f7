#include "retention/holds.h"

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

struct OpenHolds {
  std::unique_ptr<Workspace> workspace;
  Holds holds;
};
Result<OpenHolds> open_holds(const Arguments& arguments) {
  WINNOW_TRY(auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto holds, Holds::open(workspace->registry(), workspace->database_file()));
  return OpenHolds{std::move(workspace), std::move(holds)};
}

Result<NewHold> wish_of(const Arguments& arguments) {
  NewHold wish;
  wish.reason = arguments.text("reason");
  if (arguments.has("case")) wish.scope.case_id = arguments.text("case");
  if (arguments.has("mailbox")) wish.scope.mailbox = arguments.text("mailbox");
  if (arguments.has("from")) {
    WINNOW_TRY(wish.scope.from, Timestamp::parse(arguments.text("from")));
  }
  if (arguments.has("until")) {
    WINNOW_TRY(wish.scope.until, Timestamp::parse(arguments.text("until")));
  }
  return wish;
}

// "mail from or to ann@soc.example, come from 2026-03-01 00:00"
std::string scope_text(const HoldScope& scope) {
  std::vector<std::string> parts;
  if (scope.case_id) parts.push_back(*scope.case_id);
  if (scope.mailbox) parts.push_back(fmt::format("from or to {}", *scope.mailbox));
  if (scope.from) parts.push_back(fmt::format("come from {}", short_time(*scope.from)));
  if (scope.until) parts.push_back(fmt::format("before {}", short_time(*scope.until)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string state_text(const Hold& hold) {
  return hold.released_at ? fmt::format("released {}", short_time(*hold.released_at)) : "holds";
}

Result<int> add(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto wish, wish_of(arguments));
  WINNOW_TRY(auto open, open_holds(arguments));
  WINNOW_TRY(const auto actor, actor_of(arguments, *open.workspace));
  WINNOW_TRY(const auto hold, open.holds.place(wish, actor));
  console.document("holds.add", hold_json(hold));
  console.line(fmt::format("{} holds {} from now on", hold.id, scope_text(hold.scope)));
  console.note(fmt::format("winnow holds release {} ends it", hold.id));
  return 0;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(auto open, open_holds(arguments));
  WINNOW_TRY(auto reader, HoldReader::open(open.workspace->database_file()));
  WINNOW_TRY(const auto holds, reader.all());
  Json all = Json::array();
  Table table({{"id"}, {"what"}, {"placed"}, {"by"}, {"state"}, {"reason"}});
  for (const auto& hold : holds) {
    all.push(hold_json(hold));
    table.add({hold.id, scope_text(hold.scope), short_time(hold.placed_at), hold.author,
               state_text(hold), hold.reason});
  }
  console.document("holds.list", Json::object({{"holds", std::move(all)}}));
  table.print_or(console, "nothing is held");
  return 0;
}

Result<int> release(const Arguments& arguments, Console& console) {
  WINNOW_TRY(auto open, open_holds(arguments));
  WINNOW_TRY(const auto actor, actor_of(arguments, *open.workspace));
  auto id = arguments.text("hold");
  if (id == "latest") {
    WINNOW_TRY(const auto active, open.holds.active());
    if (active.empty()) return Error(Code::NotFound, "nothing is held");
    id = active.back().id;
  }
  WINNOW_TRY(const auto hold, open.holds.release(id, actor));
  console.document("holds.release", hold_json(hold));
  console.line(fmt::format("{} is released: what it held goes when its time is over", hold.id));
  return 0;
}

}  // namespace

std::vector<Command> holds_commands() {
  using Kind = Option::Kind;
  return {
      {"holds add",
       "Keeps mails whatever their age: a legal hold",
       "On a case, on the mails from or to a mailbox, on a time of arrival, or on what fits all "
       "that is given. From the moment that it is placed nothing of it is removed, also by a "
       "winnow retention apply that runs. It goes on record in the audit log, with its reason.",
       "winnow holds add --mailbox ann@soc.example --reason matter-2026-17",
       {{Kind::Text, "case", "mails of this case: its whole id"},
        {Kind::Text, "mailbox", "mails from or to it"},
        {Kind::Text, "from", "mails that came at or after this time (RFC 3339)"},
        {Kind::Text, "until", "mails that came before this time (RFC 3339)"},
        {Kind::Text, "reason", "why, for those who ask later", "", true},
        actor_option(),
        workspace_option()},
       add},
      {"holds list",
       "Lists holds, newest first, the released ones too",
       "",
       "winnow holds list",
       {workspace_option()},
       list},
      {"holds release",
       "Ends a hold: what it held goes when its time is over",
       "The hold stays on record, with who released it and when.",
       "winnow holds release latest",
       {{Kind::Positional, "hold", "its id, or latest", "", true},
        actor_option(),
        workspace_option()},
       release}};
}

}  // namespace winnow::cli
