// What is asked about closed decisions has one answer, whether they stand alone or in packs.
#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "pipeline/decision_store.h"
#include "pipeline/detail/key_runs.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::for_each_seed;

DecisionRecord random_record(Rng& rng, int number) {
  DecisionRecord record;
  record.decision.event = sha256(fmt::format("event {}", rng.below(2) == 0 ? number : number / 2));
  record.decision.bundle = sha256(rng.chance(0.8) ? "bundle" : "another");
  record.decision.event_time = Timestamp::from_micros(static_cast<std::int64_t>(rng.below(50)));
  record.decision.route = rng.chance(0.8) ? Route::Close : Route::Queue;
  record.decision.probability = rng.chance(0.2) ? std::numeric_limits<double>::quiet_NaN()
                                                : static_cast<double>(rng.below(8)) / 8;
  record.decision.state_slice = fmt::format("slice {}", number);
  record.decided_at = Timestamp::from_micros(static_cast<std::int64_t>(number / 3 + rng.below(9)));
  constexpr std::array kSenders = {"10.0.0.1", "ann@corp.example", "bob@corp.example",
                                   "",         "corp.example",     "a\nb"};
  record.sender = kSenders[rng.below(kSenders.size())];
  record.subject = fmt::format("subject {}", number);
  return record;
}

struct BothWays {
  DecisionStore rows, packs;
  std::vector<DecisionRecord> records;
};

BothWays both_ways(const testing::TemporaryFolder& folder, Rng& rng) {
  BothWays both{DecisionStore::open(folder / "rows.db", Access::ReadWrite).value(),
                DecisionStore::open(folder / "packs.db", Access::ReadWrite).value(),
                {}};
  for (int number = 0; number < 300;) {
    std::vector<DecisionRecord> step, alone;
    for (auto size = 1 + rng.below(30); size > 0; --size)
      step.push_back(random_record(rng, number++));
    // A pack is of one bundle.
    std::map<Digest, std::vector<DecisionRecord>> closed;
    for (const auto& record : step) {
      (record.decision.route == Route::Close ? closed[record.decision.bundle] : alone)
          .push_back(record);
    }
    std::vector<PackedDecisions> packed;
    for (const auto& [bundle, records] : closed) packed.push_back(pack(records));
    EXPECT_EQ(both.rows.add(step).value(), step.size());
    EXPECT_EQ(both.packs.add(alone, packed).value(), step.size());
    EXPECT_EQ(both.packs.add(alone, packed).value(), 0U) << "the same again";
    std::ranges::move(step, std::back_inserter(both.records));
  }
  return both;
}

std::string text_of(const DecisionRecord& record) {
  return fmt::format("{} {} {} {}", record.decision.id_text(), record.decided_at.micros(),
                     record.sender, record.subject);
}
std::vector<std::string> texts_of(std::span<const DecisionRecord> records) {
  std::vector<std::string> texts;
  for (const auto& record : records) texts.push_back(text_of(record));
  return texts;
}

DecisionFilter random_filter(Rng& rng) {
  DecisionFilter filter;
  if (rng.chance(0.4)) filter.route = rng.chance(0.8) ? Route::Close : Route::Queue;
  const auto moment = [&] {
    return Timestamp::from_micros(static_cast<std::int64_t>(rng.below(110)));
  };
  if (rng.chance(0.3)) filter.since = moment();
  if (rng.chance(0.3)) filter.until = moment();
  constexpr std::array kSenders = {"10.0.0.1", "ann@corp.example", "corp.example", "a\nb", "b"};
  if (rng.chance(0.4)) filter.sender = kSenders[rng.below(kSenders.size())];
  if (rng.chance(0.3)) filter.bundle = sha256("bundle");
  if (rng.chance(0.5)) filter.order = DecisionFilter::Order::NewestFirst;
  filter.limit = rng.below(60);
  return filter;
}

std::vector<std::string> all_pages(DecisionStore& store, DecisionFilter filter) {
  filter.limit = std::max<std::uint64_t>(filter.limit, 1);
  std::vector<std::string> texts;
  std::string after;
  do {
    const auto page = store.page(filter, after).value();
    EXPECT_LE(page.records.size(), filter.limit);
    std::ranges::move(texts_of(page.records), std::back_inserter(texts));
    after = page.next;
  } while (!after.empty());
  return texts;
}

TEST(ClosedDecisions, AreListedAsIfEachStoodAlone) {
  for_each_seed(6, [](Rng& rng) {
    const testing::TemporaryFolder folder;
    auto both = both_ways(folder, rng);
    for (int i = 0; i < 60; ++i) {
      const auto filter = random_filter(rng);
      EXPECT_EQ(texts_of(*both.packs.list(filter)), texts_of(*both.rows.list(filter)));
      EXPECT_EQ(all_pages(both.packs, filter), all_pages(both.rows, filter));
    }
  });
}

TEST(ClosedDecisions, OfBeforeTheLatestEventWasToldAreListedAllTheSame) {
  const testing::TemporaryFolder folder;
  Rng rng(5);
  std::optional both(both_ways(folder, rng));
  const auto wanted = texts_of(*both->rows.list({.route = Route::Close}));
  both.reset();
  {
    auto database = Sqlite::open(folder / "packs.db", Access::ReadWrite).value();
    ASSERT_OK(database.run("ALTER TABLE closed_decisions DROP COLUMN latest_event"));
    ASSERT_OK(database.run("UPDATE winnow_schema SET steps = 6 WHERE component = 'decisions'"));
  }
  auto packs = DecisionStore::open(folder / "packs.db", Access::ReadWrite).value();
  EXPECT_EQ(texts_of(*packs.list({.route = Route::Close})), wanted);
  auto one = random_record(rng, 1'000);
  one.decision.route = Route::Close;
  EXPECT_EQ(packs.add({}, std::vector{pack(std::vector{one})}).value(), 1U);
}

// What is not unpacked may be damaged.
TEST(ClosedDecisions, AreNotUnpackedForAListThatOthersFill) {
  const testing::TemporaryFolder folder;
  auto store = DecisionStore::open(folder / "d.db", Access::ReadWrite).value();
  Rng rng(3);
  const auto closed_at = [&](int event_time) {
    auto record = random_record(rng, event_time);
    record.decision.bundle = sha256("bundle");
    record.decision.route = Route::Close;
    record.decision.probability = std::numeric_limits<double>::quiet_NaN();
    record.decision.event_time = Timestamp::from_micros(event_time);
    return record;
  };
  auto found = closed_at(1);
  found.decision.route = Route::Queue;
  ASSERT_OK(store.add(std::vector{found}, std::vector{pack(std::vector{closed_at(1'000)})}));
  ASSERT_OK(store.add({}, std::vector{pack(std::vector{closed_at(2'000)})}));
  auto database = Sqlite::open(folder / "d.db", Access::ReadWrite).value();
  const auto damage = [&](int pack) {
    ASSERT_OK(database.run("UPDATE closed_decisions SET body = x'00' WHERE pack = ?1", pack));
  };
  damage(1);
  EXPECT_EQ(texts_of(*store.list({.limit = 2})).size(), 2U) << "the older pack is not needed";
  damage(2);
  EXPECT_EQ(texts_of(*store.list({.limit = 1})), std::vector{text_of(found)});
  EXPECT_FALSE(store.list({.limit = 2}));
}

TEST(ClosedDecisions, ACursorBehindAllTimeIsRefused) {
  const testing::TemporaryFolder folder;
  auto store = DecisionStore::open(folder / "d.db", Access::ReadWrite).value();
  const auto cursor =
      fmt::format("{}-{}", std::numeric_limits<std::int64_t>::max(), sha256("x").hex());
  EXPECT_EQ(testing::code_of(store.page({.limit = 5}, cursor)), Code::InvalidArgument);
}

TEST(ClosedDecisions, AreFoundByIdByPrefixAndByEvent) {
  for_each_seed(4, [](Rng& rng) {
    const testing::TemporaryFolder folder;
    auto both = both_ways(folder, rng);
    for (const auto& record : both.records) {
      const auto id = record.decision.id().hex();
      EXPECT_EQ(text_of(*both.packs.get(id)), text_of(record));
      for (const std::size_t digits : {1U, 2U, 12U, 17U}) {
        const auto prefix = id.substr(0, digits);
        EXPECT_EQ(code_of(both.packs.get(prefix)), code_of(both.rows.get(prefix))) << prefix;
      }
      const auto& decision = record.decision;
      const auto found = both.packs.find(decision.event, decision.bundle).value();
      ASSERT_TRUE(found);
      EXPECT_EQ(text_of(*found), text_of(**both.rows.find(decision.event, decision.bundle)));
    }
    EXPECT_FALSE(both.packs.find(sha256("another event"), sha256("bundle"))->has_value());
    EXPECT_EQ(code_of(both.packs.get(sha256("no id").hex())), Code::NotFound);
  });
}

TEST(ClosedDecisions, AreRemovedOldestFirstAndTheRestStays) {
  for_each_seed(4, [](Rng& rng) {
    const testing::TemporaryFolder folder;
    auto both = both_ways(folder, rng);
    const auto before = Timestamp::from_micros(70);
    std::optional<OldDecision> after;
    for (;;) {
      const auto page = both.packs.closed_before(before, after, 13).value();
      const auto same = both.rows.closed_before(before, after, 13).value();
      ASSERT_EQ(page.size(), same.size());
      if (page.empty()) break;
      std::vector<Digest> ids;
      for (std::size_t i = 0; i < page.size(); ++i) {
        EXPECT_EQ(page[i].id, same[i].id);
        EXPECT_EQ(page[i].event, same[i].event);
        if (rng.chance(0.7)) ids.push_back(page[i].id);
      }
      const Removal removal{before, "retention.decisions: 1d"};
      EXPECT_EQ(both.packs.remove(ids, removal).value(), ids.size());
      EXPECT_EQ(both.packs.remove(ids, removal).value(), 0U) << "they went already";
      EXPECT_EQ(both.rows.remove(ids, removal).value(), ids.size());
      for (const auto& id : ids) {
        const auto gone = both.packs.get(id.hex());
        EXPECT_EQ(code_of(gone), Code::NotFound);
        EXPECT_THAT(gone.error().message(), ::testing::HasSubstr("retention.decisions"));
      }
      after = page.back();
    }
    const DecisionFilter all{.order = DecisionFilter::Order::NewestFirst, .limit = 1000};
    EXPECT_EQ(texts_of(*both.packs.list(all)), texts_of(*both.rows.list(all)));
  });
}

TEST(ClosedDecisions, HaveNoPlaceInTheOrderOfArrival) {
  const testing::TemporaryFolder folder;
  auto store = DecisionStore::open(folder / "d.db", Access::ReadWrite).value();
  Rng rng(1);
  auto alone = random_record(rng, 1), closed = random_record(rng, 2);
  alone.decision.route = Route::Queue;
  closed.decision.route = Route::Close;
  const auto packed = pack({&closed, 1});
  ASSERT_OK(store.add({&alone, 1}, {&packed, 1}));
  const auto arrivals = store.arrivals(0, 100, 100).value();
  ASSERT_EQ(arrivals.size(), 1U);
  EXPECT_EQ(text_of(*arrivals[0].record), text_of(alone));
}

TEST(PackedDecisions, ComeBackAsTheyWere) {
  Rng rng(1);
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 40; ++i) {
    records.push_back(random_record(rng, i));
    records.back().decision.bundle = sha256("bundle");
  }
  records[3].subject = std::string(600, 'x') + "\xff";
  const auto packed = pack(records);
  const auto again = packed_from(packed.body).value();
  EXPECT_EQ(again.first, packed.first);
  EXPECT_EQ(again.keys, packed.keys);
  EXPECT_EQ(again.senders, packed.senders);
  EXPECT_EQ(again.most_probable, packed.most_probable);
  EXPECT_EQ(again.latest_event, packed.latest_event);
  const auto back = unpack(packed.body).value();
  ASSERT_EQ(back.size(), records.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_EQ(back[i].decision.bytes(), records[i].decision.bytes());
    EXPECT_EQ(back[i].subject, records[i].kept_subject());
  }
}

TEST(PackedDecisions, DamageIsFound) {
  Rng rng(1);
  const auto record = random_record(rng, 1);
  const auto body = pack({&record, 1}).body;
  for (std::size_t i = 0; i < body.size(); ++i) {
    auto damaged = body;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    const auto read = unpack(damaged);
    // Some bits of a frame's head mean nothing; what is read then is what was packed.
    if (read) {
      EXPECT_EQ(text_of(read->at(0)), text_of(record)) << i;
    }
    EXPECT_FALSE(unpack(body.substr(0, i))) << i;
  }
}

TEST(KeyRuns, FindEveryKeyHoweverOftenRunsAreJoined) {
  const testing::TemporaryFolder folder;
  auto database = Sqlite::open(folder / "k.db", Access::ReadWrite).value();
  ASSERT_OK(database.execute(std::string(KeyRuns::kSchema)));
  KeyRuns runs(database);
  Rng rng(7);
  std::map<std::uint64_t, std::set<std::uint64_t>> packs;
  constexpr std::uint64_t kPacks = 16 * 16 + 20;
  for (std::uint64_t pack = 1; pack <= kPacks; ++pack) {
    std::vector<std::uint64_t> keys = {0, ~std::uint64_t{0}, 1UL << 63, pack};
    for (int i = 0; i < 40; ++i) keys.push_back(rng.next());
    auto transaction = database.begin().value();
    ASSERT_OK(runs.add(keys, pack, 1));
    ASSERT_OK(transaction.commit());
    for (const auto key : keys) packs[key].insert(pack);
  }
  for (const auto& [key, wanted] : packs) {
    const auto found = runs.packs(key, key).value();
    EXPECT_TRUE(std::ranges::equal(found, wanted)) << key;
  }
  EXPECT_TRUE(runs.packs(1UL << 40, 1UL << 40)->empty());
  // A range across rows and runs.
  const std::uint64_t from = 1UL << 62, to = 3UL << 61;
  std::set<std::uint64_t> within;
  for (const auto& [key, of_key] : packs) {
    if (key >= from && key <= to) within.insert(of_key.begin(), of_key.end());
  }
  EXPECT_TRUE(std::ranges::equal(runs.packs(from, to).value(), within));
}

TEST(KeyRuns, ForgetWhatIsGoneWhenRunsAreJoined) {
  const testing::TemporaryFolder folder;
  auto database = Sqlite::open(folder / "k.db", Access::ReadWrite).value();
  ASSERT_OK(database.execute(std::string(KeyRuns::kSchema)));
  KeyRuns runs(database);
  for (std::uint64_t pack = 1; pack <= 16; ++pack)
    ASSERT_OK(runs.add(std::vector{100 + pack}, pack, pack == 16 ? 10 : 1));
  EXPECT_TRUE(runs.packs(105, 105)->empty());
  EXPECT_EQ(runs.packs(101, 200).value(), (std::vector<std::uint64_t>{10, 11, 12, 13, 14, 15, 16}));
}

}  // namespace
}  // namespace winnow
