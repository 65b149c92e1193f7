#include "pipeline/serving_states.h"

#include "base/bytes.h"
#include "tests/pipeline/small_bundle.h"

namespace winnow {
namespace {

using testing::code_of;

const Digest kHistory = sha256("history");
const StateKey kAnn{"sender", "ann@shop.example"};

EntityState seen_at(Timestamp at) {
  SeenSpan span;
  span.add(at);
  return EntityState({span});
}

DecisionRecord record_of(int n) {
  DecisionRecord record;
  record.decision.event = sha256(std::to_string(n));
  record.decided_at = testing::kMorning;
  record.subject = "subject";
  return record;
}

class ServingStatesTest : public ::testing::Test {
 protected:
  ServingStates open(const Digest& history = kHistory) {
    return ServingStates::open(folder_ / "states", history).value();
  }
  DecisionStore decisions() {
    return DecisionStore::open(folder_ / "d.db", Access::ReadWrite).value();
  }
  // One step that sees Ann and decides the mails `from` to before `until`.
  static Status step(ServingStates& states, LogPlace through, int until = 0, int from = 0) {
    const auto work = [&](EntityStates& open) -> Result<ServingStates::Step> {
      WINNOW_TRY(open.put(kAnn, seen_at(testing::kMorning)));
      ServingStates::Step step{through, {}};
      for (int i = from; i < until; ++i) step.decided.push_back(record_of(i));
      return step;
    };
    WINNOW_TRY(states.advance(work));
    return {};
  }
  static bool knows_ann(const ServingStates& states) {
    bool known = false;
    EXPECT_OK(states.look([&](const EntityStates& open) -> Status {
      WINNOW_TRY(const auto state, open.get(kAnn));
      known = state.has_value();
      return {};
    }));
    return known;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(ServingStatesTest, StatesAndPlaceOutliveTheProcess) {
  {
    auto states = open();
    EXPECT_EQ(states.observed_through(), (LogPlace{0, 0}));
    EXPECT_FALSE(knows_ann(states));
    ASSERT_OK(step(states, {7, 1}));
    EXPECT_EQ(states.observed_through(), (LogPlace{7, 1}));
  }
  const auto states = open();
  EXPECT_EQ(states.observed_through(), (LogPlace{7, 1}));
  EXPECT_TRUE(knows_ann(states));
}

TEST_F(ServingStatesTest, AtLeisureIsWrittenWhatIsWorthIt) {
  const auto fold = [](ServingStates& states, std::uint64_t event, std::size_t changed) {
    return states.advance([&](EntityStates& open) -> Result<ServingStates::Step> {
      for (std::size_t i = 0; i < changed; ++i) {
        WINNOW_TRY(open.put({"sender", std::to_string(i)}, seen_at(testing::kMorning)));
      }
      return ServingStates::Step{.observed_through = {event, 0}, .decided = {}, .is_bulk = true};
    });
  };
  {
    auto states = open();
    ASSERT_OK(fold(states, 1, ServingStates::kWorthStates - 1));
    ASSERT_OK(states.checkpoint_at_leisure());
  }
  {
    auto states = open();
    EXPECT_EQ(states.observed_through().events, 0U) << "a few wait";
    ASSERT_OK(fold(states, 1, ServingStates::kWorthStates));
    ASSERT_OK(states.checkpoint_at_leisure());
  }
  EXPECT_EQ(open().observed_through().events, 1U);
}

TEST_F(ServingStatesTest, AStepThatFailsLeavesNothingOfItself) {
  auto states = open();
  const auto failed = states.advance([&](EntityStates& open) -> Result<ServingStates::Step> {
    WINNOW_TRY(open.put(kAnn, seen_at(testing::kMorning)));
    return Error(Code::Unavailable, "half way");
  });
  EXPECT_EQ(code_of(failed), Code::Unavailable);
  EXPECT_EQ(states.observed_through(), (LogPlace{0, 0}));
  EXPECT_FALSE(knows_ann(states));
}

TEST_F(ServingStatesTest, AnotherHistoryHasStatesOfItsOwn) {
  {
    auto states = open();
    ASSERT_OK(step(states, {7, 1}));
  }
  {
    const auto other = open(sha256("another history"));
    EXPECT_EQ(other.observed_through(), (LogPlace{0, 0}));
    EXPECT_FALSE(knows_ann(other));
  }
  EXPECT_EQ(open().observed_through(), (LogPlace{7, 1})) << "and the first ones are still there";
}

TEST_F(ServingStatesTest, LateAndMisdatedEventsAreCountedOnceAlsoAfterACrash) {
  const auto with_counts = [](LogPlace through, bool fails) {
    return [=](EntityStates&) -> Result<ServingStates::Step> {
      if (fails) return Error(Code::Unavailable, "half way");
      return ServingStates::Step{through, {}, 2, 1};
    };
  };
  {
    auto states = open();
    ASSERT_OK(states.advance(with_counts({7, 0}, false)));
    EXPECT_EQ(code_of(states.advance(with_counts({9, 0}, true))), Code::Unavailable);
    EXPECT_EQ(states.late(), 2U);
  }
  auto states = open();
  ASSERT_OK(states.advance(with_counts({9, 0}, false)));
  EXPECT_EQ(states.late(), 4U);
  EXPECT_EQ(states.ahead(), 2U);
}

TEST_F(ServingStatesTest, StatesOfBeforeLateEventsWereCountedGoOn) {
  {
    auto states = open();
    ASSERT_OK(step(states, {7, 1}));
  }
  {
    auto lmdb = Lmdb::open(folder_ / "states", {}).value();
    const auto places = lmdb.table("places").value();
    ASSERT_OK(lmdb.update([&](LmdbWriter& writer) {
      return writer.put(places, kHistory.as_text(),
                        ByteWriter().put(std::uint64_t{7}).put(std::uint64_t{1}).bytes());
    }));
  }
  const auto states = open();
  EXPECT_EQ(states.observed_through(), (LogPlace{7, 1}));
  EXPECT_EQ(states.late(), 0U);
  EXPECT_TRUE(knows_ann(states));
}

TEST_F(ServingStatesTest, DecisionsAreHandedOverOnceAlsoAfterACrash) {
  auto store = decisions();
  {
    auto states = open();
    ASSERT_OK(step(states, {3, 1}, 2));
  }  // a crash before the decisions reached their store
  EXPECT_TRUE(store.list({})->empty());
  auto states = open();
  ASSERT_OK(states.hand_over(store));
  EXPECT_EQ(store.list({})->size(), 2U);
  ASSERT_OK(states.hand_over(store));
  EXPECT_EQ(store.list({})->size(), 2U);
  // A crash between the store's commit and forgetting: the same ones come again.
  ASSERT_OK(step(states, {4, 1}, 2));
  ASSERT_OK(states.hand_over(store));
  EXPECT_EQ(store.list({})->size(), 2U);
}

TEST_F(ServingStatesTest, WhatTheMachinesFailureTakesFromTheStoreIsHandedOverAgain) {
  auto store = decisions();
  {
    auto states = open();
    ASSERT_OK(step(states, {3, 1}, 2));
    ASSERT_OK(states.hand_over(store));
    ASSERT_OK(step(states, {4, 1}, 3, 2));
    ASSERT_OK(states.hand_over(store));
  }
  auto set_back = DecisionStore::open(folder_ / "set_back.db", Access::ReadWrite).value();
  ASSERT_OK(open().hand_over(set_back));
  EXPECT_EQ(set_back.list({})->size(), 3U);
}

TEST_F(ServingStatesTest, WhatTheStoreHasForGoodIsForgottenWithTheNextStep) {
  constexpr int kMany = ServingStates::kForgetAt;
  auto store = decisions();
  {
    auto states = open();
    ASSERT_OK(step(states, {3, 1}, kMany - 1));
    ASSERT_OK(states.hand_over(store));
    ASSERT_OK(step(states, {4, 1}, kMany, kMany - 1));
    ASSERT_OK(states.hand_over(store));
    ASSERT_OK(step(states, {5, 1}, kMany + 2, kMany));
  }
  EXPECT_EQ(store.list({.limit = 1000})->size(), std::size_t{kMany});
  auto another = DecisionStore::open(folder_ / "another.db", Access::ReadWrite).value();
  ASSERT_OK(open().hand_over(another));
  EXPECT_EQ(another.list({})->size(), 2U) << "of the step that was not handed over";
}

TEST_F(ServingStatesTest, WhatIsPackedIsHandedOverOnceAlsoAfterACrash) {
  const auto packed_step = [](ServingStates& states, int from, int until) -> Status {
    const auto work = [&](EntityStates&) -> Result<ServingStates::Step> {
      ServingStates::Step step{.observed_through = {}, .decided = {}, .is_bulk = true};
      for (int i = from; i < until; ++i) {
        step.decided.push_back(record_of(i));
        if (i % 4 != 0) step.decided.back().decision.route = Route::Close;
      }
      return step;
    };
    WINNOW_TRY(const auto told, states.advance(work));
    EXPECT_EQ(told.size(), static_cast<std::size_t>(until - from));
    return {};
  };
  auto store = decisions();
  {
    auto states = open();
    ASSERT_OK(packed_step(states, 0, 10));
  }  // a crash before the decisions reached their store
  EXPECT_TRUE(store.list({})->empty());
  {
    auto states = open();
    ASSERT_OK(states.hand_over(store));
    ASSERT_OK(packed_step(states, 10, 20));
    ASSERT_OK(states.hand_over(store));
  }  // one before the outbox forgot them
  ASSERT_OK(open().hand_over(store));
  EXPECT_EQ(store.list({.limit = 100})->size(), 20U);
  EXPECT_EQ(store.arrivals(0, 100, 100)->size(), 5U) << "those that close nothing";
  ASSERT_OK(ServingStates::empty_outbox(folder_ / "states", store));
  auto another = DecisionStore::open(folder_ / "another.db", Access::ReadWrite).value();
  ASSERT_OK(open().hand_over(another));
  EXPECT_TRUE(another.list({})->empty());
}

TEST_F(ServingStatesTest, APackIsNeverLargerThanMemoryTakesAtOnce) {
  auto states = open();
  auto store = decisions();
  const auto work = [](EntityStates&) -> Result<ServingStates::Step> {
    ServingStates::Step step{.observed_through = {5, 0}, .decided = {}, .is_bulk = true};
    for (int i = 0; i < 5; ++i) {
      auto& record = step.decided.emplace_back(record_of(i));
      record.decision.route = Route::Close;
      record.decision.state_slice.assign(5UL << 20, 'x');
    }
    return step;
  };
  ASSERT_OK(states.hand_over(store));
  ASSERT_OK(states.advance(work));
  ASSERT_OK(states.hand_over(store));
  EXPECT_EQ(store.list({})->size(), 5U);
  auto database = Sqlite::open(folder_ / "d.db", Access::ReadOnly).value();
  auto count = database.prepare("SELECT count(*), max(decisions) FROM closed_decisions").value();
  ASSERT_OK(count.bind());
  ASSERT_TRUE(count.next().value());
  int packs = 0, most = 0;
  ASSERT_OK(count.read(packs, most));
  EXPECT_EQ(packs, 3);
  EXPECT_EQ(most, 2);
}

TEST_F(ServingStatesTest, AStepThatFailsFallsBackToTheLastCheckpoint) {
  const auto bulk = [](LogPlace through, Timestamp seen, bool fails) {
    return [=](EntityStates& open) -> Result<ServingStates::Step> {
      WINNOW_TRY(open.put(kAnn, seen_at(seen)));
      if (fails) return Error(Code::Unavailable, "half way");
      return ServingStates::Step{
          .observed_through = through, .decided = {}, .late = 1, .is_bulk = true};
    };
  };
  const auto sees = [](const ServingStates& states, Timestamp at) {
    bool same = false;
    EXPECT_OK(states.look([&](const EntityStates& open) -> Status {
      WINNOW_TRY(const auto state, open.get(kAnn));
      same = state == seen_at(at);
      return {};
    }));
    return same;
  };
  const auto first = testing::kMorning, second = first + std::chrono::hours(1);
  auto states = open();
  ASSERT_OK(states.advance(bulk({5, 0}, first, false)));
  ASSERT_OK(states.checkpoint());
  ASSERT_OK(states.advance(bulk({9, 0}, second, false)));
  EXPECT_TRUE(sees(states, second)) << "what waits is there for the next steps";
  EXPECT_EQ(code_of(states.advance(bulk({12, 0}, second, true))), Code::Unavailable);
  EXPECT_TRUE(sees(states, first));
  EXPECT_EQ(states.observed_through(), (LogPlace{5, 0}));
  EXPECT_EQ(states.late(), 1U);
}

TEST_F(ServingStatesTest, WhatWaitsForACheckpointIsBounded) {
  auto states = open();
  const auto step = [&](std::uint64_t through) {
    ASSERT_OK(states.advance([&](EntityStates& open) -> Result<ServingStates::Step> {
      WINNOW_TRY(open.put(kAnn, seen_at(testing::kMorning)));
      return ServingStates::Step{.observed_through = {through, 0}, .decided = {}, .is_bulk = true};
    }));
  };
  step(ServingStates::kWaitingEvents - 1);
  const auto kept = [&] {
    auto lmdb = Lmdb::open(folder_ / "copy", {}).value();
    const auto places = lmdb.table("places").value();
    const auto reader = lmdb.read().value();
    return reader.get(places, kHistory.as_text())->has_value();
  };
  std::filesystem::copy(folder_ / "states", folder_ / "copy");
  EXPECT_FALSE(kept());
  step(ServingStates::kWaitingEvents);
  std::filesystem::remove_all(folder_ / "copy");
  std::filesystem::copy(folder_ / "states", folder_ / "copy");
  EXPECT_TRUE(kept());
}

TEST_F(ServingStatesTest, AStoreThatFailsIsOfferedTheSameAgain) {
  auto states = open();
  ASSERT_OK(step(states, {3, 1}, 2));
  {
    auto read_only = decisions();
    read_only = DecisionStore::open(folder_ / "d.db", Access::ReadOnly).value();
    EXPECT_FALSE(states.hand_over(read_only));
  }
  ASSERT_OK(step(states, {4, 1}));
  auto store = decisions();
  ASSERT_OK(states.hand_over(store));
  EXPECT_EQ(store.list({})->size(), 2U);
}

}  // namespace
}  // namespace winnow
