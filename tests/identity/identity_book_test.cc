// Sightings follow the event log: rebuilt is as followed, whatever happens in between.
#include "identity/identity_book.h"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "identity/detail/schema.h"
#include "identity/detail/sighting_table.h"
#include "identity/identity_reader.h"
#include "tests/ingest/office_log.h"

namespace winnow::identity {
namespace {

using std::chrono::minutes;
using winnow::testing::for_each_seed;
using winnow::testing::kOfficeOpens;
using winnow::testing::OfficeLog;

std::string lease_line(Timestamp at, int address, const std::string& host) {
  return fmt::format(
      R"({{"_path":"dhcp","ts":{}.5,"uids":["C{}"],"server_addr":"10.0.0.1","mac":"08:00:27:00:00:{:02x}","host_name":"{}","assigned_addr":"10.0.0.{}","lease_time":7200.0,"msg_types":["REQUEST","ACK"]}})",
      at.seconds(), at.seconds(), address, host, address);
}

// Its log arrives out of order; and what is known from it.
struct Office : OfficeLog {
  Path database = folder / "identities.db";

  void fill(Rng& rng, int batches = 6) {
    for (int i = 0; i < batches; ++i) {
      clock.advance(minutes(rng.below(40)));
      std::vector<std::string> leases, logons;
      for (int k = 0; k < 30; ++k) {
        const auto at = kOfficeOpens + minutes(rng.below(240));
        leases.push_back(
            lease_line(at, static_cast<int>(1 + rng.below(4)), fmt::format("ws{}", rng.below(3))));
        logons.push_back(
            logon(at, fmt::format("user{}", rng.below(3)), fmt::format("ws{}", rng.below(3))));
      }
      arrive(leases, "zeek");
      arrive(logons, "windows");
    }
  }
  IdentityBook book(const Path& at) { return IdentityBook::open(log, at, mappings()).value(); }
  IdentityBook book() { return book(database); }
  void catch_up(IdentityBook& book) {
    for (std::size_t done = 100; done == 100;) done = book.catch_up(100).value();
  }
  Answer who(const Question& question) {
    return IdentityReader::open(database).value().who(question).value();
  }
};

// Every row, in a fixed order.
std::vector<Sighting> rows(const Path& database) {
  auto opened = Sqlite::open(database, Access::ReadOnly).value();
  std::vector<Sighting> all;
  for (int relation = 0; relation < kRelations; ++relation) {
    for (const auto& facts : witnesses()) {
      std::vector<std::string> keys;
      auto select = opened.prepare("SELECT DISTINCT one FROM sightings ORDER BY one").value();
      EXPECT_OK(select.bind());
      while (select.next().value()) EXPECT_OK(select.read(keys.emplace_back()));
      for (const auto& key : keys) {
        const auto found = read_sightings(opened, {.relation = static_cast<Relation>(relation),
                                                   .key = key,
                                                   .witness = facts.witness,
                                                   .from = Timestamp::from_micros(INT64_MIN),
                                                   .until = Timestamp::from_micros(INT64_MAX),
                                                   .known_by = Timestamp::from_micros(INT64_MAX),
                                                   .limit = 100'000});
        all.insert(all.end(), found->begin(), found->end());
      }
    }
  }
  std::ranges::sort(all);
  return all;
}

TEST(IdentityBook, RebuiltIsAsFollowed) {
  for_each_seed(3, [](Rng& rng) {
    Office office;
    auto book = office.book();
    for (int i = 0; i < 3; ++i) {
      office.fill(rng, 2);
      while (book.catch_up(1 + rng.below(50)).value() > 0) {
        if (rng.chance(0.1)) book = office.book();  // a restart
      }
    }
    const auto followed = rows(office.database);
    EXPECT_GT(followed.size(), 50U);
    auto fresh = office.book(office.folder / "fresh.db");
    office.catch_up(fresh);
    EXPECT_EQ(rows(office.folder / "fresh.db"), followed);
    ASSERT_OK(book.forget());
    EXPECT_TRUE(rows(office.database).empty());
    office.catch_up(book);
    EXPECT_EQ(rows(office.database), followed);
  });
}

TEST(IdentityBook, TwoThatWorkOnOneFileDoTheWorkOnce) {
  Rng rng(7);
  Office office;
  office.fill(rng);
  auto one = office.book(), other = office.book();
  while (one.catch_up(20).value() + other.catch_up(30).value() > 0) {
  }
  auto fresh = office.book(office.folder / "fresh.db");
  office.catch_up(fresh);
  EXPECT_EQ(rows(office.database), rows(office.folder / "fresh.db"));
}

TEST(IdentityBook, AKillRepeatsAndForgetsNothing) {
  Rng rng(11);
  Office office;
  office.fill(rng);
  for (int i = 0; i < 20; ++i) {
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto log = EventLog::open(office.folder / "events", Access::ReadOnly).value();
      auto book = IdentityBook::open(log, office.database, OfficeLog::mappings()).value();
      while (book.catch_up(5).value_or(0) > 0) {
      }
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(20'000 + rng.below(60'000)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
  }
  auto book = office.book();
  office.catch_up(book);
  auto fresh = office.book(office.folder / "fresh.db");
  office.catch_up(fresh);
  EXPECT_EQ(rows(office.database), rows(office.folder / "fresh.db"));
}

TEST(IdentityBook, WhatItHoldsDoesNotDependOnTheOrderOfWriting) {
  Rng rng(13);
  Office office;
  office.fill(rng);
  auto book = office.book();
  office.catch_up(book);
  auto sightings = rows(office.database);
  // More of the same slots, which have to give way or not.
  const auto known = sightings.size();
  for (std::size_t i = 0; i < known; ++i) {
    auto later = sightings[i];
    later.event += 1000 + rng.below(1000);
    later.known_at = later.known_at + minutes(rng.below(3));
    sightings.push_back(later);
  }
  std::vector<Sighting> want;
  for (int round = 0; round < 4; ++round) {
    const Path file = office.folder / fmt::format("shuffled{}.db", round);
    auto database = Sqlite::open(file, Access::ReadWrite).value();
    ASSERT_OK(migrate(database));
    rng.shuffle(std::span(sightings));
    {
      auto transaction = database.begin().value();
      SightingTable table(database);
      for (const auto& sighting : sightings) ASSERT_OK(table.put({sighting}));
      ASSERT_OK(transaction.commit());
    }
    if (round == 0) want = rows(file);
    EXPECT_EQ(rows(file), want);
  }
}

TEST(IdentityBook, WhatIsRemovedFromTheLogIsForgottenAndTheRestStays) {
  for_each_seed(4, [](Rng& rng) {
    Office office;
    office.fill(rng);
    auto book = office.book();
    office.catch_up(book);
    std::vector<Digest> gone;
    for (const auto& stored : office.log.arrivals(0, 10'000).value()) {
      if (rng.chance(0.4)) gone.push_back(stored.digest);
    }
    const auto before = rows(office.database);
    ASSERT_OK(book.expect_removal(gone));
    ASSERT_OK(office.log.remove(gone, {.at = office.clock.now(), .rule = "test"}));
    EXPECT_EQ(rows(office.database), before);
    book = office.book();  // a crash: the next run finishes what was begun
    ASSERT_OK(book.finish_removals());
    const auto left = rows(office.database);
    EXPECT_NE(left, before);
    for (const auto& sighting : left) {
      const auto stored = office.log.arrivals(sighting.event - 1, 1).value();
      EXPECT_FALSE(stored.at(0).removed) << sighting.one;
    }
    auto fresh = office.book(office.folder / "fresh.db");
    office.catch_up(fresh);
    EXPECT_EQ(left, rows(office.folder / "fresh.db"));
  });
}

TEST(IdentityBook, ARebuildForgetsNoRemovalThatWaits) {
  Rng rng(11);
  Office office;
  office.fill(rng);
  auto book = office.book();
  office.catch_up(book);
  std::vector<Digest> gone;
  for (const auto& stored : office.log.arrivals(0, 10'000).value()) {
    if (rng.chance(0.4)) gone.push_back(stored.digest);
  }
  ASSERT_OK(book.expect_removal(gone));
  ASSERT_OK(book.forget());
  office.catch_up(book);  // with what is about to go
  ASSERT_OK(office.log.remove(gone, {.at = office.clock.now(), .rule = "test"}));
  ASSERT_OK(book.finish_removals());
  auto fresh = office.book(office.folder / "fresh.db");
  office.catch_up(fresh);
  EXPECT_EQ(rows(office.database), rows(office.folder / "fresh.db"));
}

// Two clocks: what was known at a moment is told the same whatever came later.
TEST(IdentityBook, WhatWasKnownThenDoesNotChangeWithWhatComesLater) {
  for_each_seed(5, [](Rng& rng) {
    Office office;
    office.fill(rng, 3);
    auto book = office.book();
    office.catch_up(book);
    const auto then = office.clock.now();
    std::vector<Question> questions;
    for (int minute = 0; minute < 300; minute += 11) {
      for (const auto& party : {Party{PartyKind::Address, "10.0.0.1"},
                                Party{PartyKind::Host, "ws1"}, Party{PartyKind::User, "user2"}}) {
        questions.push_back({party, kOfficeOpens + minutes(minute)});
      }
    }
    std::vector<Answer> told;
    for (const auto& question : questions) told.push_back(office.who(question));
    office.clock.advance(minutes(1));
    office.fill(rng, 3);  // late events about the same morning
    office.catch_up(book);
    bool amended = false;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      amended = amended || office.who(questions[i]).direct != told[i].direct;
      questions[i].known_by = then;
      const auto again = office.who(questions[i]);
      EXPECT_EQ(again.direct, told[i].direct) << questions[i].at->text();
      EXPECT_EQ(again.through, told[i].through) << questions[i].at->text();
    }
    EXPECT_TRUE(amended);  // late logs amend the past
  });
}

TEST(IdentityBook, RecordsOfMappingsThatAreGoneTellNothing) {
  Rng rng(17);
  Office office;
  office.fill(rng, 1);
  auto book = IdentityBook::open(office.log, office.database, {}).value();
  office.catch_up(book);
  EXPECT_TRUE(rows(office.database).empty());
  book.set_mappings(OfficeLog::mappings(), {});
  EXPECT_EQ(book.catch_up(10).value(), 0U);  // what was passed over is behind
  ASSERT_OK(book.forget());
  office.catch_up(book);
  EXPECT_FALSE(rows(office.database).empty());
}

TEST(IdentityBook, RecordsOfABrokenMappingAreWaitedFor) {
  Rng rng(17);
  Office office;
  office.fill(rng, 1);
  auto whole = IdentityBook::open(office.log, office.database, OfficeLog::mappings()).value();
  office.catch_up(whole);
  const auto expected = rows(office.database);
  ASSERT_OK(whole.forget());

  std::vector<std::string> broken;
  for (const auto& mapping : OfficeLog::mappings()) broken.push_back(mapping.name());
  auto book = IdentityBook::open(office.log, office.database, {}).value();
  book.set_mappings({}, broken);
  office.catch_up(book);
  EXPECT_TRUE(rows(office.database).empty());
  book.set_mappings(OfficeLog::mappings(), {});
  office.catch_up(book);
  EXPECT_EQ(rows(office.database), expected) << "nothing was passed over";
}

}  // namespace
}  // namespace winnow::identity
