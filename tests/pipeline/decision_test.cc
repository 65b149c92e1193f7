#include "pipeline/decision.h"

#include <limits>

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

Decision random_decision(Rng& rng) {
  Decision d;
  d.event = sha256(std::to_string(rng.next()));
  d.bundle = sha256(std::to_string(rng.next()));
  d.event_time = Timestamp::from_micros(rng.between(0, 2'000'000'000'000'000));
  d.model_state = static_cast<ModelState>(rng.below(3));
  for (auto left = rng.below(20); left > 0; --left) {
    d.features.push_back(rng.chance(0.2) ? std::numeric_limits<float>::quiet_NaN()
                                         : static_cast<float>(rng.normal()));
  }
  d.text_log_odds = static_cast<float>(rng.normal());
  d.margin = rng.normal();
  d.probability = rng.unit();
  if (rng.chance(0.5)) d.novelty = rng.unit();
  d.stage = static_cast<Stage>(rng.below(3));
  d.route = static_cast<Route>(rng.below(4));
  d.stage_says = rng.chance(0.5) ? "a rule" : "";
  for (auto left = rng.below(4); left > 0; --left)
    d.reasons.push_back({"links.count", "many links", static_cast<float>(rng.normal())});
  if (rng.chance(0.5)) d.techniques.emplace_back("T1566.002");
  d.state_slice = std::string(rng.below(50), 's');
  return d;
}

TEST(Decision, ReadsBackBitForBit) {
  testing::for_each_seed(200, [](Rng& rng) {
    const auto decision = random_decision(rng);
    const auto back = Decision::from_bytes(decision.bytes());
    ASSERT_OK(back);
    EXPECT_EQ(back->bytes(), decision.bytes());
    EXPECT_TRUE(differences(decision, *back).empty());
  });
}

TEST(Decision, WithoutNoveltyItHasTheBytesOfBeforeNoveltyWasAsked) {
  Rng rng(5);
  auto decision = random_decision(rng);
  decision.novelty = 0.25;
  const auto with = decision.bytes();
  decision.novelty = std::numeric_limits<double>::quiet_NaN();
  const auto without = decision.bytes();
  EXPECT_TRUE(with.starts_with("WDC2"));
  EXPECT_TRUE(without.starts_with("WDC1"));
  EXPECT_EQ(with.size(), without.size() + sizeof(double));
}

TEST(Decision, AReasonWithoutAWeightIsNoDifference) {
  Decision decision;
  decision.reasons = {{"links.count", "many links", std::numeric_limits<float>::quiet_NaN()}};
  EXPECT_TRUE(differences(decision, decision).empty());
}

TEST(Decision, EveryTruncationIsCorrupt) {
  Rng rng(3);
  const auto bytes = random_decision(rng).bytes();
  for (std::size_t size = 4; size < bytes.size(); ++size) {
    EXPECT_EQ(code_of(Decision::from_bytes(std::string_view(bytes).substr(0, size))), Code::Corrupt)
        << size;
  }
  EXPECT_EQ(code_of(Decision::from_bytes("nothing of ours")), Code::Unsupported);
}

TEST(Decision, EveryChangedByteHasADifferenceWithAName) {
  testing::for_each_seed(60, [](Rng& rng) {
    const auto decision = random_decision(rng);
    auto bytes = decision.bytes();
    bytes[4 + rng.below(bytes.size() - 4)] ^= static_cast<char>(1 << rng.below(8));
    const auto changed = Decision::from_bytes(bytes);
    if (!changed || changed->bytes() == decision.bytes())
      return;  // refused, or another way to write a NaN
    EXPECT_FALSE(differences(decision, *changed).empty());
  });
}

TEST(Decision, IsNamedByWhatWentIn) {
  Rng rng(5);
  auto decision = random_decision(rng);
  const auto id = decision.id();
  decision.probability = 0.5;
  EXPECT_EQ(decision.id(), id);
  decision.state_slice += "more";
  EXPECT_NE(decision.id(), id);
}

}  // namespace
}  // namespace winnow
