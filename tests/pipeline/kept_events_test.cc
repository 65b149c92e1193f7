// What a bundle cannot read waits for one that can, and is then decided once, behind what is
// stored, whatever crashes in between.
#include <map>

#include <fmt/format.h>

#include "tests/pipeline/small_network.h"

namespace winnow::testing {
namespace {

TEST(KeptEvents, AreDecidedBehindWhatIsStoredAsIfTheyCameThen) {
  for_each_seed(4, [&](Rng& rng) {
    SmallNetwork soc;
    soc.use(narrow());
    std::vector<Arrival> kept;
    std::vector<std::vector<Arrival>> readable;
    int number = 0;
    for (int i = 0; i < 12; ++i) {
      auto old = some_of(rng, number, "old", 6);
      auto fresh = some_of(rng, number, "fresh", 6);
      std::vector<Arrival> batch = old;
      batch.insert(batch.end(), fresh.begin(), fresh.end());
      kept.insert(kept.end(), fresh.begin(), fresh.end());
      readable.push_back(std::move(old));
      soc.append(batch);
      EXPECT_EQ(soc.decide(batch), readable.back().size());
      // A kill forgets nothing: who was not answered asks again, about what is known now.
      if (rng.chance(0.3)) {
        soc.crash();
        EXPECT_EQ(soc.decide(batch), readable.back().size());
      }
    }
    EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", kept.size()}}));
    const auto before = soc.all().size();
    soc.decide_kept();
    EXPECT_EQ(soc.all().size(), before) << "this bundle reads none of them";

    soc.promote(wide());
    for (bool more = true; more;) {
      const auto turn = soc.decider().decide_kept(1 + rng.below(7), [](const DecisionRecord&) {});
      ASSERT_OK(turn);
      more = *turn;
      if (!rng.chance(0.3)) continue;
      soc.crash();
      more = true;
    }
    EXPECT_TRUE(soc.states().kept().empty());
    readable.push_back(kept);
    auto after = some_of(rng, number, "fresh", 9);
    soc.append(after);
    EXPECT_EQ(soc.decide(after), after.size());
    readable.push_back(std::move(after));
    // What the narrow bundle decided bears its name; whatever came behind is the same in each bit.
    const auto expected = reference(readable);
    const auto all = soc.all();
    EXPECT_EQ(all.size(), expected.size());
    for (std::size_t i = readable.size() - 2; i < readable.size(); ++i) {
      for (const auto& arrival : readable[i])
        EXPECT_EQ(all.at(arrival.digest.hex()), expected.at(arrival.digest.hex()));
    }
  });
}

TEST(KeptEvents, OfOtherStatesAreDecidedAtTheirOwnPlace) {
  Rng rng(3);
  SmallNetwork soc;
  soc.use(narrow());
  int number = 0;
  std::vector<std::vector<Arrival>> batches;
  for (int i = 0; i < 9; ++i) {
    batches.push_back(some_of(rng, number, i % 2 == 0 ? "old" : "fresh", 9));
    soc.append(batches.back());
    (void)soc.decide(batches.back());
  }
  ASSERT_OK(soc.states().checkpoint());
  const auto before = soc.all();
  soc.use(wide(7));
  soc.decide_kept();
  const auto expected = reference(batches, 7);
  const auto all = soc.all();
  EXPECT_EQ(all.size(), expected.size());
  for (const auto& [event, decision] : all) {
    if (before.contains(event)) continue;
    EXPECT_EQ(decision, expected.at(event));
  }
}

// A promotion may decide as many as a log holds: they do not pile up until somebody hands them
// over.
TEST(KeptEvents, OfALongPastAreHandedOverOnTheWay) {
  SmallNetwork soc;
  soc.use(narrow());
  std::vector<Arrival> past;
  for (int i = 0; i < static_cast<int>(4 * Decider::kBatch); ++i)
    past.push_back(arrival_of("fresh", i, i % 4));
  soc.append(past);
  EXPECT_EQ(soc.decide(past), 0U);
  soc.use(wide(7));
  soc.decider().hand_over_later();
  NoProgress progress;
  ASSERT_OK(soc.decider().decide_each({}, progress, [](const DecisionRecord&) {}));
  EXPECT_GE(soc.all().size(), 3 * Decider::kBatch);
  ASSERT_OK(soc.decider().hand_over());
  EXPECT_EQ(soc.all().size(), past.size());
}

// The states fall back to their checkpoint, and find what was kept at its place again.
TEST(KeptEvents, ThatNoCheckpointKnowsAreDecidedOnceToo) {
  for_each_seed(4, [&](Rng& rng) {
    SmallNetwork soc;
    soc.use(narrow());
    int number = 0;
    std::size_t came = 0;
    for (int i = 0; i < 9; ++i) {
      auto batch = some_of(rng, number, "old", 5);
      for (auto& one : some_of(rng, number, "fresh", 5)) batch.push_back(std::move(one));
      soc.append(batch);
      (void)soc.decide(batch);
      came += batch.size();
      if (rng.chance(0.2)) ASSERT_OK(soc.states().checkpoint());
    }
    soc.use(wide());
    soc.decide_kept(3);
    if (rng.chance(0.5)) soc.crash();
    EXPECT_EQ(soc.all().size(), came);
    EXPECT_TRUE(soc.states().kept().empty());
    // Four targets were reached by all that came: nothing counts twice, nothing is missing.
    double reached = 0;
    for (int target = 0; target < 4; ++target) {
      const std::vector probe{arrival_of("old", number++, target)};
      soc.append(probe);
      EXPECT_EQ(soc.decide(probe), 1U);
      const auto features = wide()->pipeline.features();
      const auto found =
          soc.decisions().find(probe.front().digest, wide()->pipeline.bundle()).value();
      ASSERT_TRUE(found);
      reached += found->decision.features.at(0);
    }
    EXPECT_EQ(reached, static_cast<double>(came));
  });
}

TEST(KeptEvents, OfAChangedMappingWait) {
  SmallNetwork soc;
  soc.use(bundle_of("narrow", {mapping_of("old"), mapping_of("fresh")}));
  const std::vector renamed{arrival_of("fresh", 1, 1, "source"), arrival_of("old", 2, 1)};
  soc.append(renamed);
  EXPECT_EQ(soc.decide(renamed), 1U);
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.promote(bundle_of("mended", {mapping_of("old"), mapping_of("fresh", "source")}));
  soc.decide_kept();
  EXPECT_TRUE(soc.states().kept().empty());
  EXPECT_EQ(soc.all().size(), 2U);
}

// Asked about while they wait, they are decided then and there, and become part of the states.
TEST(KeptEvents, ThatSomebodyAsksAboutAreDecidedFirst) {
  SmallNetwork soc;
  soc.use(narrow());
  const std::vector kept{arrival_of("fresh", 1, 1), arrival_of("fresh", 2, 1)};
  soc.append(kept);
  EXPECT_EQ(soc.decide(kept), 0U);
  soc.promote(wide());
  EXPECT_EQ(soc.decide(std::span(kept).last(1)), 1U);
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.decide_kept();
  EXPECT_EQ(soc.decide(kept), 2U);
  EXPECT_EQ(soc.all().size(), 2U);
}

// What came as history, and is asked about later, may be part of the states already.
TEST(KeptEvents, OfWhichNobodyKnowsAreNotCounted) {
  SmallNetwork soc;
  soc.use(narrow());
  const std::vector history{arrival_of("fresh", 1, 1)};
  soc.append(history);
  EXPECT_EQ(soc.decide({}), 0U);
  EXPECT_EQ(soc.decide(history), 0U);
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.promote(wide());
  soc.decide_kept();
  const std::vector next{arrival_of("fresh", 2, 1)};
  soc.append(next);
  EXPECT_EQ(soc.decide(next), 1U);
  const auto found = soc.decisions().find(next.front().digest, wide()->pipeline.bundle()).value();
  EXPECT_EQ(found->decision.features.at(0), 0.0);
}

TEST(KeptEvents, BringTheVerdictThatWasGivenMeanwhileOnce) {
  for (const bool with_the_event : {true, false}) {
    for (const bool behind_the_promotion : {false, true}) {
      SCOPED_TRACE(fmt::format("{} {}", with_the_event, behind_the_promotion));
      SmallNetwork soc;
      soc.use(narrow());
      const std::vector kept{arrival_of("fresh", 1, 1)};
      soc.append(kept, with_the_event ? Label::Phish : Label::None);
      EXPECT_EQ(soc.decide(kept), 0U);
      if (behind_the_promotion) soc.promote(wide());
      if (!with_the_event) soc.append(kept, Label::Phish);
      EXPECT_EQ(soc.decide({}), 0U);
      soc.promote(wide());
      soc.decide_kept();
      const std::vector next{arrival_of("fresh", 2, 1)};
      soc.append(next);
      EXPECT_EQ(soc.decide(next), 1U);
      const auto bundle = wide()->pipeline.bundle();
      EXPECT_EQ(soc.decisions().find(kept.front().digest, bundle).value()->decision.features.at(1),
                0.0);
      EXPECT_EQ(soc.decisions().find(next.front().digest, bundle).value()->decision.features.at(1),
                1.0);
    }
  }
}

TEST(KeptEvents, WhoseBytesWereRemovedWaitNoLonger) {
  SmallNetwork soc;
  soc.use(narrow());
  const std::vector kept{arrival_of("fresh", 1, 1), arrival_of("fresh", 2, 1)};
  soc.append(kept);
  EXPECT_EQ(soc.decide(kept), 0U);
  ASSERT_OK(soc.log.remove({&kept.front().digest, 1}, {.at = kNow, .rule = "a test"}));
  soc.crash();
  soc.decide_kept();
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.promote(wide());
  soc.decide_kept();
  EXPECT_TRUE(soc.states().kept().empty());
  EXPECT_EQ(soc.all().size(), 1U);
}

}  // namespace
}  // namespace winnow::testing
