#include "identity/identity_reader.h"

#include <fmt/format.h>

#include "identity/detail/schema.h"
#include "identity/detail/sighting_table.h"
#include "tests/support/support.h"

namespace winnow::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using winnow::testing::code_of;

const Timestamp kMorning = Timestamp::from_civil(2026, 3, 3, 8);
Timestamp at(int minute) { return kMorning + minutes(minute); }

struct Known {
  winnow::testing::TemporaryFolder folder;
  Path file = folder / "identities.db";
  Sqlite database = Sqlite::open(file, Access::ReadWrite).value();
  std::uint64_t event = 0;
  Known() { EXPECT_OK(migrate(database)); }

  Known& say(Relation relation, const std::string& one, const std::string& other, Witness witness,
             int minute, int known = 0, Phase phase = Phase::Begins) {
    EXPECT_OK(SightingTable(database).put({Sighting{.relation = relation,
                                                    .one = one,
                                                    .other = other,
                                                    .witness = witness,
                                                    .phase = phase,
                                                    .at = at(minute),
                                                    .holds = facts_of(witness).holds,
                                                    .told = other,
                                                    .known_at = at(known == 0 ? minute : known),
                                                    .event = ++event}}));
    return *this;
  }
  Answer who(Question question) { return IdentityReader::open(file).value().who(question).value(); }
};

std::vector<std::string> texts(const std::vector<Span>& spans) {
  std::vector<std::string> all;
  for (const auto& span : spans) {
    all.push_back(fmt::format("{} {} {} {}", span.one, span.other, facts_of(span.witness).name,
                              (span.from - kMorning) / minutes(1)));
  }
  return all;
}
using Texts = std::vector<std::string>;

struct Office : Known {
  Office() {
    say(Relation::AddressHost, "10.0.0.5", "ws-0042", Witness::DhcpLease, -2)
        .say(Relation::UserHost, "ana", "ws-0042", Witness::Logon, 2)
        .say(Relation::UserHost, "bo", "ws-0042", Witness::NetworkLogon, 200)
        .say(Relation::UserHost, "cy", "ws-0007", Witness::Logon, 0)
        .say(Relation::AddressHost, "10.0.0.6", "ws-0007", Witness::DhcpLease, 0)
        .say(Relation::UserAddress, "ana@example.org", "10.0.0.5", Witness::SignIn, 30);
  }
};

TEST(IdentityReader, TellsWhoseAnAddressWasAndWhoUsedIt) {
  Office known;
  const auto answer = known.who({{PartyKind::Address, "10.0.0.5"}, at(60)});
  EXPECT_EQ(texts(answer.direct),
            (Texts{"10.0.0.5 ws-0042 DHCP lease -2", "ana@example.org 10.0.0.5 sign-in 30"}));
  EXPECT_EQ(texts(answer.through), Texts{"ana ws-0042 logon 2"});
  EXPECT_FALSE(answer.more);
  // Before anything of it was, and long after.
  EXPECT_TRUE(known.who({{PartyKind::Address, "10.0.0.5"}, at(-60)}).direct.empty());
  EXPECT_TRUE(known.who({{PartyKind::Address, "10.0.0.5"}, at(6000)}).direct.empty());
}

TEST(IdentityReader, TellsWhereAUserWasAndByWhichAddress) {
  Office known;
  const auto user = known.who({{PartyKind::User, "ana"}, at(60)});
  EXPECT_EQ(texts(user.direct), Texts{"ana ws-0042 logon 2"});
  EXPECT_EQ(texts(user.through), Texts{"10.0.0.5 ws-0042 DHCP lease -2"});
  const auto host = known.who({{PartyKind::Host, "ws-0042"}, at(205)});
  EXPECT_EQ(texts(host.direct), (Texts{"ana ws-0042 logon 2", "10.0.0.5 ws-0042 DHCP lease -2",
                                       "bo ws-0042 network logon 200"}));
}

TEST(IdentityReader, WithoutAMomentTellsAllLatestFirst) {
  Office known;
  known.say(Relation::UserHost, "ana", "ws-0007", Witness::RemoteLogon, 5000);
  const auto answer = known.who({{PartyKind::User, "ana"}});
  EXPECT_EQ(texts(answer.direct), (Texts{"ana ws-0007 remote logon 5000", "ana ws-0042 logon 2"}));
  const auto first = known.who({.party = {PartyKind::User, "ana"}, .limit = 1});
  EXPECT_EQ(texts(first.direct), Texts{"ana ws-0007 remote logon 5000"});
  EXPECT_TRUE(first.more);
}

TEST(IdentityReader, AHostLosesItsAddressToTheNextLease) {
  Office known;
  known.say(Relation::AddressHost, "10.0.0.5", "ws-0099", Witness::DhcpLease, 100, 500);
  const Question question{{PartyKind::Host, "ws-0042"}, at(120)};
  EXPECT_EQ(texts(known.who(question).direct), Texts{"ana ws-0042 logon 2"});
  // Before that was known.
  auto then = question;
  then.known_by = at(499);
  EXPECT_EQ(texts(known.who(then).direct),
            (Texts{"ana ws-0042 logon 2", "10.0.0.5 ws-0042 DHCP lease -2"}));
  then.known_by = at(500);
  EXPECT_EQ(texts(known.who(then).direct), Texts{"ana ws-0042 logon 2"});
}

TEST(IdentityReader, TellsContradictionsToWhoAsksAboutEither) {
  Office known;
  known.say(Relation::AddressHost, "10.0.0.5", "kiosk", Witness::Ntlm, 58, 0, Phase::Seen);
  const auto address = known.who({{PartyKind::Address, "10.0.0.5"}, at(60)});
  ASSERT_EQ(address.direct.size(), 3U);
  EXPECT_EQ(address.direct[0].contradicted_by, Texts{"kiosk"});
  EXPECT_EQ(address.direct[2].contradicted_by, Texts{"ws-0042"});
  const auto host = known.who({{PartyKind::Host, "kiosk"}, at(60)});
  ASSERT_EQ(host.direct.size(), 1U);
  EXPECT_EQ(host.direct[0].contradicted_by, Texts{"ws-0042"});
}

TEST(IdentityReader, IsBounded) {
  Known known;
  {
    auto transaction = known.database.begin().value();
    for (int i = 0; i < 2500; ++i) {
      known.say(Relation::UserHost, fmt::format("user{}", i), "dc1", Witness::NetworkLogon, 1);
    }
    ASSERT_OK(transaction.commit());
  }
  const auto answer = known.who({{PartyKind::Host, "dc1"}, at(5)});
  EXPECT_EQ(answer.direct.size(), 50U);
  EXPECT_TRUE(answer.more);
}

TEST(IdentityReader, SaysThatNothingWasEverTakenIn) {
  const winnow::testing::TemporaryFolder folder;
  EXPECT_EQ(code_of(IdentityReader::open(folder / "identities.db")), Code::NotFound);
}

}  // namespace
}  // namespace winnow::identity
