// The logs of an invented company, of which the truth is known.
#include <algorithm>
#include <map>
#include <set>

#include "identity/span.h"
#include "ingest/mapping/log_mappings.h"
#include "ingest/mapping/mapping_folder.h"
#include "simulate/endpoint_traffic.h"
#include "tests/support/support.h"

namespace winnow::identity {
namespace {

struct Told {
  simulate::Company company;
  std::vector<Span> spans;
};

Told told_by_a_week_of(std::uint64_t seed) {
  Told told{simulate::Company::build({.seed = seed, .people = 12}), {}};
  auto traffic = simulate::endpoint_traffic(told.company, {.span = {.seed = seed, .days = 7}});
  const auto all = read_log_mappings(winnow::testing::source_folder() / "content/mappings").value();
  std::map<std::string, Domain> domains;
  for (const auto& mapping : all) domains.emplace(mapping.name(), mapping.domain());
  LogMappings mappings(all);
  std::vector<Sighting> sightings;
  std::uint64_t number = 0;
  for (simulate::SimulatedRecord next; traffic.next(next);) {
    ++number;
    const auto mapped = mappings.read(RecordForm::LogJson, next.raw, sha256(next.raw));
    if (!mapped) continue;
    for (auto& sighting : sightings_of(mapped->event, domains.at(mapped->mapping))) {
      sighting.event = number;
      sightings.push_back(std::move(sighting));
    }
  }
  told.spans = spans_of(std::move(sightings));
  note_contradictions(told.spans);
  return told;
}

TEST(IdentitySimulated, AddressesAreThoseOfTheCompanysMachines) {
  for (const std::uint64_t seed : {3, 7}) {
    const auto told = told_by_a_week_of(seed);
    std::map<std::string, std::string> truth;
    for (const auto& host : told.company.hosts) truth[host.address] = host.name;
    std::set<std::string> seen;
    for (const auto& span : told.spans) {
      if (span.relation != Relation::AddressHost) continue;
      if (span.one.starts_with("10.0.9.")) continue;  // tools that are no part of the company
      ASSERT_TRUE(truth.contains(span.one)) << span.one;
      EXPECT_EQ(span.other, truth.at(span.one));
      EXPECT_TRUE(span.contradicted_by.empty()) << span.one;
      seen.insert(span.one);
    }
    EXPECT_GE(seen.size(), told.company.people.size());  // every workstation
  }
}

// Who is told to be on a workstation is who it belongs to, or administers; sessions are bounded.
TEST(IdentitySimulated, WorkstationsAreUsedByTheirPeople) {
  const auto told = told_by_a_week_of(7);
  std::map<std::string, std::set<std::string>> accounts;  // of each machine's person
  std::set<std::string> privileged;
  for (const auto& host : told.company.hosts) {
    for (const auto& account : told.company.accounts) {
      if (account.person == host.person && !host.is_server)
        accounts[host.name].insert(user_key(account.name));
    }
  }
  for (const auto& account : told.company.accounts) {
    if (account.privileged) privileged.insert(user_key(account.name));
  }
  std::size_t own = 0, others = 0;
  for (const auto& span : told.spans) {
    if (span.relation != Relation::UserHost || !accounts.contains(span.other)) continue;
    if (facts_of(span.witness).strength != Strength::Strong) continue;
    const bool is_own = accounts.at(span.other).contains(span.one);
    own += is_own ? 1 : 0;
    others += !is_own && !privileged.contains(span.one) ? 1 : 0;
    EXPECT_LT(span.until - span.from, std::chrono::hours(24 * 8));
  }
  EXPECT_GT(own, 50U);
  EXPECT_LT(others * 20, own);  // what intruders do with what they stole
}

}  // namespace
}  // namespace winnow::identity
