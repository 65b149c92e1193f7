#include "server/endpoints/identity_endpoints.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "identity/identity_json.h"
#include "names/ip_address.h"
#include "pipeline/asset_import.h"
#include "server/endpoints/finding_event.h"
#include "server/problem.h"
#include "server/query.h"
#include "server/threads/identity_follower.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMostParties = 8;
constexpr std::size_t kSpansOfFinding = 10;
constexpr std::size_t kMostAssetsShown = 20;

Result<identity::Party> party_in(const Query& query) {
  std::optional<identity::Party> found;
  for (const auto kind :
       {identity::PartyKind::Address, identity::PartyKind::Host, identity::PartyKind::User}) {
    if (!query.has(name_of(kind))) continue;
    if (found)
      return Error(Code::InvalidArgument, "only one of 'address', 'host' and 'user' can be asked");
    WINNOW_TRY(found, identity::party_named(kind, query.text(name_of(kind))));
  }
  if (found) return *found;
  return Error(Code::InvalidArgument, "'address', 'host' or 'user' says who is asked about");
}

Result<identity::Question> question_in(const http::Request& request, const Route& route) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  identity::Question question;
  WINNOW_TRY(question.party, party_in(query));
  WINNOW_TRY(question.at, query.time("at"));
  WINNOW_TRY(question.known_by, query.time("known_by"));
  WINNOW_TRY(question.limit, query.number("limit", 50, 1, identity::kMostSpans));
  return question;
}

// Who looked, about whom: in the log, as for what mails say (docs/privacy.md).
void note_reader(const Identity& who, const identity::Party& party) {
  log::info("it was asked who was where", {{"actor", who.name},
                                           {"role", name_of(who.role)},
                                           {"kind", name_of(party.kind)},
                                           {"about", party.key}});
}

// What is asked with. Opened for each request: such questions are rare, and cost more than opening.
Result<identity::IdentityReader> reader_in(const Path& data) {
  return identity::IdentityReader::open(identities_in(data));
}

Result<Json> answer_to(identity::IdentityReader& reader, const EventLog& events,
                       const identity::Question& question) {
  WINNOW_TRY(const auto answer, reader.who(question));
  return identity::answer_json(answer, events);
}

std::optional<identity::PartyKind> kind_of(ocsf::EntityKind kind) {
  switch (kind) {
    case ocsf::EntityKind::User:
      return identity::PartyKind::User;
    case ocsf::EntityKind::Host:
      return identity::PartyKind::Host;
    case ocsf::EntityKind::Ip:
      return identity::PartyKind::Address;
    default:
      return std::nullopt;
  }
}

std::vector<identity::Party> parties_of(const ocsf::Event& event) {
  std::vector<identity::Party> parties;
  for (const auto& entity : event.entities()) {
    const auto kind = kind_of(entity.kind);
    if (!kind || parties.size() == kMostParties) continue;
    auto party = identity::party_named(*kind, entity.key);
    if (party && std::ranges::find(parties, *party) == parties.end())
      parties.push_back(std::move(*party));
  }
  return parties;
}

Result<std::vector<identity::Party>> parties_of(const EventLog& events, const Digest& digest,
                                                const Champions& now) {
  WINNOW_TRY(const auto stored, events.look_up(digest));
  if (!stored || stored->removed || stored->mapping.empty()) return std::vector<identity::Party>();
  WINNOW_TRY(const auto raw, events.read_raw(*stored));
  const auto event = event_as_read_now(*stored, raw, now);
  if (event) return parties_of(*event);
  if (event.error().code() != Code::InvalidArgument) return event.error();
  return std::vector<identity::Party>();
}

// All whom the answers name.
void add_named(const std::vector<identity::Span>& spans, std::vector<identity::Party>& named) {
  for (const auto& span : spans) {
    for (auto& party : {identity::Party{first_kind(span.relation), span.one},
                        identity::Party{second_kind(span.relation), span.other}}) {
      if (std::ranges::find(named, party) == named.end()) named.push_back(party);
    }
  }
}

// Whom a list of assets is searched for, as its names are looked up.
class Wanted {
 public:
  explicit Wanted(const std::vector<identity::Party>& named) {
    for (const auto& party : named) {
      if (party.kind == identity::PartyKind::Address) {
        if (const auto address = IpAddress::read(party.key)) addresses_.push_back(*address);
      } else {
        (party.kind == identity::PartyKind::User ? users_ : hosts_).insert(party.key);
      }
    }
  }

  bool concerns(const Asset& asset) const {
    const auto is_one = [&](const std::string& name) { return is_named(asset.kind, name); };
    return is_one(asset.name) || std::ranges::any_of(asset.aliases, is_one);
  }

 private:
  bool is_named(AssetKind kind, const std::string& name) const {
    switch (kind) {
      case AssetKind::User:
        return users_.contains(identity::user_key(name));
      case AssetKind::Host:
        return hosts_.contains(identity::host_key(name));
      case AssetKind::Network:
        break;
    }
    if (addresses_.empty()) return false;
    const auto block = IpBlock::parse(name);
    return block && std::ranges::any_of(addresses_, [&](const IpAddress& address) {
             return block->contains(address);
           });
  }

  std::set<std::string> users_, hosts_;
  std::vector<IpAddress> addresses_;
};

// What the newest list of assets says of them at that moment.
Result<Json> assets_about(Registry& registry, const std::vector<identity::Party>& named,
                          Timestamp at) {
  WINNOW_TRY(const auto known, known_assets(registry));
  const Wanted wanted(named);
  Json assets = Json::array();
  for (const auto& asset : known.assets) {
    if ((asset.since && at < *asset.since) || (asset.until && *asset.until <= at)) continue;
    if (assets.size() == kMostAssetsShown) break;
    if (wanted.concerns(asset)) assets.push(to_json(asset));
  }
  return assets;
}

Result<Json> identities_of(RecordStores& stores, const Path& data, const Decision& decision,
                           const Champions& now, const std::optional<Timestamp>& known_by) {
  WINNOW_TRY(const auto events, EventLog::open(data / "events", Access::ReadOnly));
  WINNOW_TRY(auto reader, reader_in(data));
  WINNOW_TRY(const auto parties, parties_of(events, decision.event, now));
  auto named = parties;
  Json answers = Json::array();
  for (const auto& party : parties) {
    WINNOW_TRY(const auto answer, reader.who({.party = party,
                                              .at = decision.event_time,
                                              .known_by = known_by,
                                              .limit = kSpansOfFinding}));
    if (answer.direct.empty()) continue;
    add_named(answer.direct, named);
    add_named(answer.through, named);
    WINNOW_TRY(auto json, identity::answer_json(answer, events));
    answers.push(std::move(json));
  }
  WINNOW_TRY(auto assets, assets_about(*stores.registry, named, decision.event_time));
  return Json::object({{"at", decision.event_time.text()},
                       {"answers", std::move(answers)},
                       {"assets", std::move(assets)}});
}

}  // namespace

void get_identities(Call& call) {
  const auto question = question_in(call.request(), call.route());
  if (!question) return write_problem(question.error(), call.response());
  note_reader(call.who(), question->party);
  call.read_later([question = *question, &data = call.backing().records.data()](
                      ReaderStores& stores, http::Response& response) {
    auto reader = reader_in(data);
    if (!reader) return write_problem(reader.error(), response);
    const auto answer = answer_to(*reader, stores.events, question);
    if (!answer) return write_problem(answer.error(), response);
    response.set(200, kJsonType, to_text(*answer) + "\n");
  });
}

void get_finding_identities(Call& call) {
  const auto query = Query::parse(call.request().query, call.route());
  if (!query) return write_problem(query.error(), call.response());
  const auto known_by = query->time("known_by");
  if (!known_by) return write_problem(known_by.error(), call.response());
  call.look_up_later([id = call.variable(), known_by = *known_by,
                      now = call.backing().scorer.champions(), actor = call.who().name,
                      role = call.who().role, &data = call.backing().records.data()](
                         RecordStores& stores, http::Response& response) {
    const auto record = stores.decisions.get(id);
    if (!record) return write_problem(record.error(), response);
    const auto answer = identities_of(stores, data, record->decision, now, known_by);
    if (!answer) return write_problem(answer.error(), response);
    if ((*answer)["answers"].size() > 0)
      log::info("it was asked who was where", {{"actor", actor},
                                               {"role", name_of(role)},
                                               {"finding", "d-" + record->decision.id().hex()}});
    response.set(200, kJsonType, to_text(*answer) + "\n");
  });
}

}  // namespace winnow::server
