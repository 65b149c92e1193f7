// Decisions made one after the other, and explained as blocks, have the bytes that each would have
// alone: what was served replays bit for bit.
#include "pipeline/decision_batch.h"

#include <algorithm>

#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"

namespace winnow {
namespace {

using testing::compiled;
using testing::SmallMail;

ocsf::Event random_event(Rng& rng, std::size_t n) {
  const SmallMail mail{.from = fmt::format("s{}@a.example", rng.below(4)),
                       .links = static_cast<int>(rng.below(5)),
                       .link_host = rng.chance(0.3) ? "bad.example" : "good.example",
                       .subject = fmt::format("mail {}", n)};
  return RecordMapping().apply(RecordForm::Mail, testing::raw_of(mail)).value();
}

struct Served {
  std::vector<ocsf::Event> events;
  std::vector<Decision> decisions;  // of the batch
  std::vector<std::string> alone;   // by slice(), decide() and observe()
};

// Some of the events are only observed.
Served serve(Rng& rng, const Pipeline& pipeline, std::size_t events) {
  Served served;
  for (std::size_t n = 0; n < events; ++n) served.events.push_back(random_event(rng, n));
  MemoryEntityStates states, expected_states;
  DecisionBatch batch(pipeline);
  for (const auto& event : served.events) {
    const auto at = event.time();
    if (rng.chance(0.1)) {
      EXPECT_OK(batch.observe(event, at, states));
    } else {
      const auto slice = pipeline.features().slice(event, expected_states).value();
      served.alone.push_back(pipeline.decide(event, slice, ModelState::Available).bytes());
      EXPECT_OK(batch.decide(event, states));
      EXPECT_OK(batch.observe_decided(at, states));
    }
    EXPECT_OK(pipeline.features().observe(event, at, expected_states));
  }
  served.decisions = batch.take();
  return served;
}

void expect_equal(const Served& served) {
  ASSERT_EQ(served.decisions.size(), served.alone.size());
  for (std::size_t i = 0; i < served.alone.size(); ++i)
    EXPECT_EQ(served.decisions[i].bytes(), served.alone[i]) << "decision " << i;
}

// As many as end within a block, at its end, and with one, two or more left over.
class BatchOf : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Sizes, BatchOf, ::testing::Values(0, 1, 3, 5, 31, 40, 80, 150),
                         ::testing::PrintToStringParamName());

TEST_P(BatchOf, IsEqualToDecisionsAlone) {
  testing::for_each_seed(5, [](Rng& rng) {
    const auto plain = compiled({.intel = testing::bad_domain_known_since(Timestamp())});
    expect_equal(serve(rng, plain->pipeline, GetParam()));
    const auto novel = compiled({.has_novelty = true});
    expect_equal(serve(rng, novel->pipeline, GetParam()));
    const auto by_rules = compiled({.has_model = false, .has_novelty = true});
    expect_equal(serve(rng, by_rules->pipeline, GetParam()));
  });
}

TEST(DecisionBatch, ReplaysFromTheDecisionsAlone) {
  testing::for_each_seed(5, [](Rng& rng) {
    const auto bundle = compiled({.has_novelty = true});
    const auto served = serve(rng, bundle->pipeline, 80);
    std::size_t explained = 0;
    for (const auto& decision : served.decisions) {
      const auto event = std::ranges::find(served.events, decision.event, &ocsf::Event::raw_digest);
      const auto stored = Decision::from_bytes(decision.bytes()).value();
      const auto replayed = bundle->pipeline.replay(*event, stored);
      ASSERT_OK(replayed);
      EXPECT_EQ(replayed->bytes(), decision.bytes());
      explained += decision.reasons.empty() ? 0 : 1;
    }
    EXPECT_GT(explained, DecisionBatch::kExplained) << "more than one block";
  });
}

TEST(DecisionBatch, ForgetsWhatNobodyTakes) {
  Rng rng(1);
  const auto bundle = compiled();
  const auto event = random_event(rng, 0);
  const MemoryEntityStates states;
  DecisionBatch batch(bundle->pipeline);
  ASSERT_OK(batch.decide(event, states));
  EXPECT_EQ(batch.waiting(), 1U);
  batch.forget();
  EXPECT_EQ(batch.waiting(), 0U);
  ASSERT_OK(batch.decide(event, states));
  EXPECT_EQ(batch.take().size(), 1U);
  EXPECT_TRUE(batch.take().empty());
}

}  // namespace
}  // namespace winnow
