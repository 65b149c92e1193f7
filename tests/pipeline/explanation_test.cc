// How a decision came to its route, in words: of every stage, of closed ones too.
#include "pipeline/explanation.h"

#include <cmath>
#include <limits>

#include "tests/pipeline/small_bundle.h"

namespace winnow::testing {
namespace {

struct Decided {
  std::shared_ptr<const BundleRuntime> bundle;
  ocsf::Event event;
  Decision decision;
};

Decided decided(SmallBundle parts, const SmallMail& mail, ModelState state = ModelState::Available,
                int earlier = 0) {
  const auto bundle = compiled(std::move(parts));
  const auto raw = raw_of(mail);
  auto event = RecordMapping().apply(RecordForm::Mail, raw).value();
  MemoryEntityStates states;
  const auto& features = bundle->pipeline.features();
  for (int i = 0; i < earlier; ++i) EXPECT_OK(features.observe(event, event.time(), states));
  const auto before = features.slice(event, states).value();
  auto decision = bundle->pipeline.decide(event, before, state);
  return {bundle, std::move(event), std::move(decision)};
}

Explanation explanation_of(const Decided& it) {
  return explain(it.bundle->pipeline, it.decision, &it.event).value();
}

using Says = std::vector<std::string>;

TEST(Explanation, OfAClosedDecisionTellsHowFarItWasFromTheThresholds) {
  const auto explanation = explanation_of(decided({}, {.links = 0}));
  EXPECT_EQ(explanation.says,
            (Says{"the model decided: it gave 5.0 %",
                  "thresholds of the probability: escalate from 90 % (85 points below), queue from "
                  "60 % (55 points below)"}));
  EXPECT_FALSE(explanation.rule_applied);
}

TEST(Explanation, SaysWhereNoRuleIsAsked) {
  EXPECT_EQ(explanation_of(decided({.raises = true}, {.links = 0})).says[0],
            "the model decided: it gave 5.0 %, and below 50 % no rule is asked");
  EXPECT_EQ(explanation_of(decided({.raises = true}, {.links = 2})).says[0],
            "the model decided: it gave 70 %");
}

TEST(Explanation, OfTheSecondStageNamesBandAndRule) {
  const auto it = decided({}, {.links = 1}, ModelState::Available, 2);
  ASSERT_EQ(it.decision.stage, Stage::SecondStage);
  const auto explanation = explanation_of(it);
  EXPECT_EQ(explanation.says[0],
            "the second stage decided: the model gave 45 %, inside the band from 40 % to 50 % in "
            "which the policy's rules decide");
  EXPECT_EQ(explanation.says[1], "rule 'known-sender' says close: the sender wrote before");
  EXPECT_TRUE(explanation.rule_applied);
  ASSERT_EQ(explanation.rules.size(), 1U);
  EXPECT_EQ(explanation.rules[0].when,
            (std::vector<RuleReading::Condition>{{"mails >= 2", "2", true}}));
}

TEST(Explanation, OfTheSecondStageWithoutARuleSaysWhatHoldsThen) {
  const auto explanation = explanation_of(decided({}, {.links = 1}));
  EXPECT_EQ(explanation.says[1],
            "none of the policy's 2 rules applied, and without one the route is queue");
  EXPECT_FALSE(explanation.rule_applied);
}

TEST(Explanation, OfTheFallbackSaysWhyNoModelAnswered) {
  EXPECT_EQ(explanation_of(decided({.has_model = false}, {})).says[0],
            "the fallback decided: the bundle has no model, so the policy's rules did");
  const auto late = explanation_of(decided({}, {}, ModelState::Late));
  EXPECT_EQ(late.says[0],
            "the fallback decided: the model did not answer in time, so the policy's rules did");
  EXPECT_TRUE(late.model_saw.empty());
}

TEST(Explanation, TellsWhatTheModelSawAsADecisionThatIsExplainedWould) {
  const auto it = decided({}, {.links = 3});
  ASSERT_FALSE(it.decision.reasons.empty());
  EXPECT_EQ(explanation_of(it).model_saw, it.decision.reasons);
  EXPECT_TRUE(explain(it.bundle->pipeline, it.decision, nullptr).value().model_saw.empty())
      << "the record is gone";
}

TEST(Explanation, OfAnotherBundleIsRefused) {
  const auto it = decided({}, {});
  const auto other = compiled({.name = "other"});
  EXPECT_EQ(code_of(explain(other->pipeline, it.decision, &it.event)), Code::Conflict);
}

TEST(Explanation, LeavesOutWhatReasonsQuoteOfAMail) {
  const auto explanation = explanation_of(decided({}, {.links = 3}));
  const auto shown = to_text(explanation_json(explanation, MailContent::Shown));
  const auto redacted = to_text(explanation_json(explanation, MailContent::Redacted));
  EXPECT_NE(shown, redacted);
  EXPECT_NE(redacted.find("\u2026"), std::string::npos);
}

}  // namespace
}  // namespace winnow::testing
