#include <algorithm>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "identity/identity_book.h"
#include "identity/identity_json.h"
#include "identity/identity_reader.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kEventsATime = 4096;

// Beside a service it is the same: each takes in what the other has not.
struct OpenIdentities {
  std::unique_ptr<Workspace> workspace;
  std::unique_ptr<EventLog> events;
  identity::IdentityBook book;
  // Why it may not go on: what a mapping that is left out reads would be passed over for good.
  std::optional<std::string> stands_still;
};
Result<OpenIdentities> open_identities(const Arguments& arguments, Console& console) {
  WINNOW_TRY(auto workspace, open_workspace(arguments, Access::ReadWrite));
  auto log = EventLog::open(events_folder(*workspace), Access::ReadOnly);
  if (!log && log.error().code() == Code::NotFound)
    return Error(Code::NotFound, "nothing was taken in yet")
        .with_hint("winnow ingest takes logs in");
  if (!log) return log.error();
  auto events = std::make_unique<EventLog>(std::move(*log));
  WINNOW_TRY(auto in_use, log_mappings_in_use(*workspace, console));
  const auto left_out = std::ranges::find(in_use.refused, false, &RefusedMapping::is_held);
  const bool is_whole = left_out == in_use.refused.end();
  WINNOW_TRY(auto book, identity::IdentityBook::open(*events, identities_file(*workspace),
                                                     std::move(in_use.mappings)));
  return OpenIdentities{std::move(workspace), std::move(events), std::move(book),
                        is_whole ? std::nullopt : std::optional(left_out->why)};
}

Result<std::uint64_t> catch_up(identity::IdentityBook& book, Progress& progress) {
  progress.stage("reading who was where", 0);
  std::uint64_t all = 0;
  for (std::size_t done = kEventsATime; done == kEventsATime; all += done) {
    WINNOW_TRY(done, book.catch_up(kEventsATime));
    progress.advance(done);
  }
  return all;
}

Result<std::optional<Timestamp>> time_in(const Arguments& arguments, std::string_view option) {
  if (!arguments.has(option)) return std::optional<Timestamp>();
  WINNOW_TRY(const auto time, Timestamp::parse(arguments.text(option)));
  return std::optional(time);
}

Result<std::vector<identity::Party>> asked_for(const Arguments& arguments) {
  const auto& name = arguments.text("name");
  if (!arguments.has("kind")) return identity::parties_named(name);
  WINNOW_TRY(const auto kind, identity::party_kind_named(arguments.text("kind")));
  WINNOW_TRY(auto party, identity::party_named(kind, name));
  return std::vector<identity::Party>{std::move(party)};
}

std::string ending_text(const identity::Span& span) {
  const auto until = short_time(span.until);
  return span.ending == identity::Ending::Assumed ? fmt::format("({})", until) : until;
}

// "ws-0042", and "had 10.0.0.5" where it is about another than the one that was asked for.
std::string whom_text(const identity::Span& span, const identity::Party& party) {
  if (span.one == party.key) return span.other;
  if (span.other == party.key) return span.one;
  return fmt::format("{}: {}", span.other, span.one);
}

void add_rows(Table& table, const Json& json, std::span<const identity::Span> spans,
              const identity::Party& party) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const auto& span = spans[i];
    const auto& facts = identity::facts_of(span.witness);
    const auto& first = json[i]["evidence"][0]["event"].as_string();
    std::string against;
    for (const auto& host : span.contradicted_by) against += against.empty() ? host : ", " + host;
    table.add({std::string(name_of(span.relation)), printable(whom_text(span, party)),
               short_time(span.from), ending_text(span), std::string(facts.name),
               std::string(name_of(facts.strength)), first.substr(0, 12), printable(against)});
  }
}

Result<int> who(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto parties, asked_for(arguments));
  identity::Question question;
  WINNOW_TRY(question.at, time_in(arguments, "at"));
  WINNOW_TRY(question.known_by, time_in(arguments, "known-by"));
  const auto limit = arguments.integer("limit");
  if (limit < 1 || limit > std::int64_t{identity::kMostSpans})
    return Error(Code::InvalidArgument,
                 fmt::format("--limit is from 1 to {}", identity::kMostSpans));
  question.limit = static_cast<std::size_t>(limit);
  WINNOW_TRY(auto open, open_identities(arguments, console));
  if (open.stands_still) {
    console.note("  what arrived since is not taken in until it compiles");
  } else {
    WINNOW_TRY(catch_up(open.book, console.progress()));
  }
  WINNOW_TRY(auto reader, identity::IdentityReader::open(identities_file(*open.workspace)));
  Json answers = Json::array();
  Table table(
      {{"what"}, {"who"}, {"from"}, {"until"}, {"witness"}, {"strength"}, {"event"}, {"but also"}});
  bool more = false;
  for (const auto& party : parties) {
    question.party = party;
    WINNOW_TRY(const auto answer, reader.who(question));
    WINNOW_TRY(auto json, identity::answer_json(answer, *open.events));
    add_rows(table, json["direct"], answer.direct, party);
    add_rows(table, json["through"], answer.through, party);
    more = more || answer.more;
    answers.push(std::move(json));
  }
  console.document("identities.who", Json::object({{"answers", std::move(answers)}}));
  if (table.empty()) {
    console.line(question.at ? "nothing is known of that at that moment"
                             : "nothing is known of that");
  } else {
    table.print(console);
    console.note("a time in parentheses is assumed: no event tells the end");
  }
  if (more) console.note("there is more than is shown: --limit, or --at another moment");
  return 0;
}

Result<int> rebuild(const Arguments& arguments, Console& console) {
  WINNOW_TRY(auto open, open_identities(arguments, console));
  if (open.stands_still) {
    return Error(Code::InvalidArgument, *open.stands_still)
        .with_hint("what that mapping reads would be missing: mend it, or remove the file");
  }
  WINNOW_TRY(open.book.forget());
  WINNOW_TRY(const auto events, catch_up(open.book, console.progress()));
  console.document("identities.rebuild", Json::object({{"events", events}}));
  console.line(fmt::format("{} events read", human_count(events)));
  return 0;
}

}  // namespace

std::vector<Command> identities_commands() {
  using Kind = Option::Kind;
  return {
      {"identities who",
       "Tells who was where: whose an address was, who was on a host, where a user was",
       "From the events that tell it: DHCP leases, logons, tickets, sign-ins, processes. With "
       "--at, "
       "at that moment, and through hosts also who used an address. With --known-by, only from "
       "what "
       "had arrived by then. Takes in what arrived since.",
       "winnow identities who 10.0.0.5 --at 2026-03-03T14:05:06Z",
       {{Kind::Positional, "name", "an address, or the name of a host or a user", "", true},
        {Kind::Text, "at", "at this moment (RFC 3339); without it: whenever, latest first"},
        {Kind::Text, "known-by", "as it was known at this moment (RFC 3339)"},
        {Kind::Text,
         "kind",
         "what the name is, where it could be several",
         "",
         false,
         {"user", "host", "address"}},
        {Kind::Integer, "limit", "at most so many of each", "50"},
        workspace_option()},
       who},
      {"identities rebuild",
       "Makes all that is known of who was where again, from the event log",
       "After a mapping was changed: what it reads differently now counts for the past as well.",
       "winnow identities rebuild",
       {workspace_option()},
       rebuild}};
}

}  // namespace winnow::cli
