#include "server/access/tokens.h"

#include <charconv>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

using server::Token;
using server::Tokens;

constexpr std::int64_t kMostDays = 3650;

// "90d", "12h", "30m"; nothing for "never".
Result<std::optional<Duration>> lifetime_of(std::string_view text) {
  if (text == "never") return std::optional<Duration>();
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  std::chrono::minutes each{0};
  if (error == std::errc() && end - unit == 1) {
    each = *unit == 'd'   ? std::chrono::hours(24)
           : *unit == 'h' ? std::chrono::hours(1)
           : *unit == 'm' ? std::chrono::minutes(1)
                          : std::chrono::minutes(0);
  }
  if (each.count() > 0 && number > 0 && number <= std::chrono::hours(24 * kMostDays) / each)
    return std::optional<Duration>(number * each);
  return Error(Code::InvalidArgument, fmt::format("'{}' is no span of time", text))
      .with_hint("such as 90d, 12h or 30m, at most 10 years; or never");
}

std::string state_of(const Token& token, Timestamp now) {
  if (token.revoked) return fmt::format("revoked {}", short_time(*token.revoked));
  if (!token.is_valid_at(now)) return "expired";
  return "valid";
}

struct OpenTokens {
  std::unique_ptr<Workspace> workspace;
  Tokens tokens;
};
Result<OpenTokens> open_tokens(const Arguments& arguments) {
  WINNOW_TRY(auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto tokens, Tokens::open(workspace->registry(), workspace->database_file()));
  return OpenTokens{std::move(workspace), std::move(tokens)};
}

Result<int> create(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto role, server::role_named(arguments.text("role")));
  WINNOW_TRY(const auto lifetime, lifetime_of(arguments.text("expires")));
  WINNOW_TRY(auto open, open_tokens(arguments));
  WINNOW_TRY(const auto actor, actor_of(arguments, *open.workspace));
  WINNOW_TRY(const auto made, open.tokens.create(arguments.text("name"), role, lifetime, actor));
  auto document = token_json(made.token);
  document.set("token", made.text);
  console.document("tokens.create", document);
  console.line(made.text);
  console.note(
      fmt::format("{} is shown this once; it {}. winnow tokens revoke {} ends it", made.token.id,
                  made.token.expires ? fmt::format("expires on {}", made.token.expires->date())
                                     : std::string("never expires"),
                  made.token.name));
  return 0;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(auto open, open_tokens(arguments));
  WINNOW_TRY(const auto tokens, open.tokens.list());
  const auto now = system_clock().now();
  Json all = Json::array();
  Table table({{"id"}, {"name"}, {"role"}, {"created"}, {"by"}, {"expires"}, {"state"}});
  for (const auto& token : tokens) {
    all.push(token_json(token));
    table.add({token.id, token.name, std::string(name_of(token.role)), short_time(token.created),
               token.actor, token.expires ? short_time(*token.expires) : "never",
               state_of(token, now)});
  }
  console.document("tokens.list", Json::object({{"tokens", std::move(all)}}));
  table.print_or(console, "there are no tokens yet");
  return 0;
}

Result<int> revoke(const Arguments& arguments, Console& console) {
  WINNOW_TRY(auto open, open_tokens(arguments));
  WINNOW_TRY(const auto actor, actor_of(arguments, *open.workspace));
  WINNOW_TRY(const auto token, open.tokens.revoke(arguments.text("token"), actor));
  console.document("tokens.revoke", token_json(token));
  console.line(fmt::format("{} ({}) is refused from now on", token.id, token.name));
  return 0;
}

}  // namespace

std::vector<Command> tokens_commands() {
  using Kind = Option::Kind;
  return {
      {"tokens create",
       "Makes a token for a program, and shows it once",
       "The token says who a program is and, by its role, what it may do. Only a digest of it is "
       "kept. Creating and revoking go on record in the audit log.",
       "winnow tokens create mail-gateway --role sensor --expires 90d",
       {{Kind::Positional, "name", "whose token it is", "", true},
        {Kind::Text,
         "role",
         "what it may do",
         "",
         true,
         {"analyst", "senior", "engineer", "admin", "auditor", "sensor"}},
        {Kind::Text, "expires", "90d, 12h, 30m, or never", "90d"},
        actor_option(),
        workspace_option()},
       create},
      {"tokens list",
       "Lists tokens, never their secrets",
       "",
       "winnow tokens list",
       {workspace_option()},
       list},
      {"tokens revoke",
       "Refuses a token from now on",
       "It stays on record. A revoked token cannot be made valid again: create another.",
       "winnow tokens revoke mail-gateway",
       {{Kind::Positional, "token", "its id, or its name", "", true},
        actor_option(),
        workspace_option()},
       revoke},
  };
}

}  // namespace winnow::cli
