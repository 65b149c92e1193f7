#include <algorithm>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "server/access/session_table.h"
#include "server/access/tokens.h"

namespace winnow::cli {
namespace {

using server::Sessions;
using server::SessionTable;
using server::Token;

struct Signed {  // in, and as whom
  Sessions::Kept session;
  std::string name, role;
};

// Of those that have not ended; by name.
Result<std::vector<Signed>> signed_in(Workspace& workspace, SessionTable& table) {
  WINNOW_TRY(auto tokens, server::Tokens::open(workspace.registry(), workspace.database_file()));
  WINNOW_TRY(const auto known, tokens.list());
  WINNOW_TRY(auto kept, table.list());
  const auto now = system_clock().now();
  const Sessions rules{Sessions::Config()};
  std::vector<Signed> found;
  for (auto& session : kept) {
    if (rules.end_of(session) <= now) continue;
    const auto& owner = session.owner;
    Signed one{session, owner.name, std::string(name_of(owner.role))};
    if (owner.name.empty()) {
      const auto token = std::ranges::find(known, owner.id, &Token::id);
      if (token == known.end() || !token->is_valid_at(now)) continue;
      one.name = token->name;
      one.role = name_of(token->role);
    }
    found.push_back(std::move(one));
  }
  std::ranges::sort(found, {}, [](const Signed& one) {
    return std::pair(one.name, one.session.opened.micros());
  });
  return found;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto sessions, SessionTable::open(sessions_file(*workspace)));
  WINNOW_TRY(const auto found, signed_in(*workspace, sessions));
  const Sessions rules{Sessions::Config()};
  Json all = Json::array();
  Table table({{"who"}, {"role"}, {"signed in"}, {"last used"}, {"ends unless used"}});
  for (const auto& [session, name, role] : found) {
    const auto ends = rules.end_of(session);
    all.push(Json::object({{"owner", session.owner.id},
                           {"name", name},
                           {"role", role},
                           {"opened", session.opened.text()},
                           {"used", session.used.text()},
                           {"expires", ends.text()}}));
    table.add({printable(name), role, short_time(session.opened), short_time(session.used),
               short_time(ends)});
  }
  console.document("sessions.list", Json::object({{"sessions", std::move(all)}}));
  table.print_or(console, "nobody is signed in");
  return 0;
}

Result<int> end(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto sessions, SessionTable::open(sessions_file(*workspace)));
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  const auto& who = arguments.text("who");
  WINNOW_TRY(const auto found, signed_in(*workspace, sessions));
  std::vector<server::SessionOwner> owners;
  for (const auto& one : found) owners.push_back({one.session.owner.id, one.name});
  const auto meant = server::owner_called(owners, who);
  if (!meant && meant.error().code() != Code::NotFound) return meant.error();
  if (!meant) {
    console.document("sessions.end",
                     Json::object({{"owner", Json()}, {"name", who}, {"ended", 0}}));
    console.line(fmt::format("nobody is signed in as {}", printable(who)));
    console.note("winnow sessions list shows who is");
    return 0;
  }
  const auto& owner = meant->id;
  // First record, then act.
  WINNOW_TRY(workspace->registry().audit().append({system_clock().now(), actor, "session.ended",
                                                   owner, Json::object({{"name", meant->name}})}));
  WINNOW_TRY(const auto ended, sessions.end_all_of(owner));
  console.document("sessions.end",
                   Json::object({{"owner", owner}, {"name", meant->name}, {"ended", ended}}));
  console.line(fmt::format("{} {} of {} ended", human_count(ended),
                           ended == 1 ? "session" : "sessions", printable(meant->name)));
  const auto session =
      std::ranges::find(found, owner, [](const Signed& one) { return one.session.owner.id; });
  console.note(session->session.owner.name.empty()
                   ? fmt::format("the token opens another: winnow tokens revoke {}", meant->name)
                   : std::string("the identity provider may let them in again: see to it there"));
  return 0;
}

}  // namespace

std::vector<Command> sessions_commands() {
  return {
      {"sessions list",
       "Lists who is signed in to the console",
       "Uses are written once a minute.",
       "winnow sessions list",
       {workspace_option()},
       list},
      {"sessions end",
       "Signs somebody out everywhere",
       "A server that runs follows within a second. It goes on record in the audit log.",
       "winnow sessions end oidc:ann@example.com",
       {{Option::Kind::Positional, "who", "a name, or an id, as winnow sessions list shows it", "",
         true},
        actor_option(),
        workspace_option()},
       end},
  };
}

}  // namespace winnow::cli
