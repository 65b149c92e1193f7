#include "pipeline/pipeline.h"

#include <cmath>
#include <thread>

#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::compiled;
using testing::kMorning;
using testing::SmallMail;

ocsf::Event event_of(const SmallMail& mail) {
  return RecordMapping().apply(RecordForm::Mail, testing::raw_of(mail)).value();
}

// What is known of the sender after `mails` of its mails.
StateSlice after_mails(const Pipeline& pipeline, const ocsf::Event& event, int mails) {
  MemoryEntityStates states;
  for (int i = 0; i < mails; ++i)
    EXPECT_OK(pipeline.features().observe(event, event.time(), states));
  return pipeline.features().slice(event, states).value();
}

// Who decides, and what is said about it.
struct Case {
  const char* name;
  int links;
  bool listed;
  int mails_before;
  bool has_model;
  ModelState model_state;
  Stage stage;
  Route route;
  const char* says;
};
class WhoDecides : public ::testing::TestWithParam<Case> {};

TEST_P(WhoDecides, AndSaysSo) {
  const auto& c = GetParam();
  const auto bundle =
      compiled({.has_model = c.has_model, .intel = testing::bad_domain_known_since(Timestamp())});
  const auto event =
      event_of({.links = c.links, .link_host = c.listed ? "bad.example" : "good.example"});
  const auto decision = bundle->pipeline.decide(
      event, after_mails(bundle->pipeline, event, c.mails_before), c.model_state);
  EXPECT_EQ(name_of(decision.stage), name_of(c.stage));
  EXPECT_EQ(name_of(decision.route), name_of(c.route));
  EXPECT_EQ(decision.stage_says, c.says);
  const bool scored = c.has_model && c.model_state == ModelState::Available;
  EXPECT_EQ(std::isnan(decision.probability), !scored) << "no score, no number";
  EXPECT_EQ(name_of(decision.model_state),
            name_of(c.has_model ? c.model_state : ModelState::Absent));
  const bool ruled = std::string_view(c.says).find("rule '") != std::string_view::npos;
  if (ruled) {
    ASSERT_FALSE(decision.reasons.empty());
    EXPECT_EQ(decision.reasons.front().weight, 0) << "a rule speaks first, without a weight";
  }
  EXPECT_EQ(decision.techniques.empty(), c.route == Route::Close || c.links == 0);
}

constexpr auto kAvailable = ModelState::Available;
constexpr auto kLate = ModelState::Late;
INSTANTIATE_TEST_SUITE_P(
    Pipeline, WhoDecides,
    ::testing::Values(
        Case{"Close", 0, false, 0, true, kAvailable, Stage::Model, Route::Close, ""},
        Case{"Queue", 2, false, 0, true, kAvailable, Stage::Model, Route::Queue, ""},
        Case{"Escalate", 3, false, 0, true, kAvailable, Stage::Model, Route::Escalate, ""},
        Case{"SureModelOverListedLink", 2, true, 0, true, kAvailable, Stage::Model, Route::Queue,
             ""},
        Case{"AbstainsNoRule", 1, false, 0, true, kAvailable, Stage::SecondStage, Route::Queue,
             "the model abstained; no rule applied"},
        Case{"AbstainsListedLink", 1, true, 0, true, kAvailable, Stage::SecondStage,
             Route::Escalate, "the model abstained; rule 'known-bad-link' decided"},
        Case{"AbstainsKnownSender", 1, false, 2, true, kAvailable, Stage::SecondStage, Route::Close,
             "the model abstained; rule 'known-sender' decided"},
        Case{"TheFirstRuleThatHolds", 1, true, 2, true, kAvailable, Stage::SecondStage,
             Route::Escalate, "the model abstained; rule 'known-bad-link' decided"},
        Case{"LateNoRule", 3, false, 0, true, kLate, Stage::Fallback, Route::Queue,
             "the model did not answer in time; no rule applied"},
        Case{"LateKnownSender", 0, false, 2, true, kLate, Stage::Fallback, Route::Close,
             "the model did not answer in time; rule 'known-sender' decided"},
        Case{"AbsentNoRule", 3, false, 1, false, kAvailable, Stage::Fallback, Route::Queue,
             "there is no model; no rule applied"},
        Case{"AbsentListedLink", 1, true, 0, false, kAvailable, Stage::Fallback, Route::Escalate,
             "there is no model; rule 'known-bad-link' decided"}),
    [](const auto& one) { return one.param.name; });

// What a rule makes of a mail at each probability, where rules may raise.
TEST(Pipeline, WhatIsMoreSuspiciousIsNotLessUrgent) {
  const auto bundle =
      compiled({.intel = testing::bad_domain_known_since(Timestamp()), .raises = true});
  const auto decided = [&](int links, const char* host) {
    const auto event = event_of({.links = links, .link_host = host});
    const auto decision =
        bundle->pipeline.decide(event, after_mails(bundle->pipeline, event, 0), kAvailable);
    const auto replayed =
        bundle->pipeline.replay(event, Decision::from_bytes(decision.bytes()).value());
    EXPECT_EQ(replayed->bytes(), decision.bytes());
    return decision;
  };
  const auto in_band = decided(1, "bad.example"), raised = decided(2, "bad.example");
  EXPECT_LT(in_band.probability, raised.probability);
  EXPECT_EQ(in_band.route, Route::Escalate);
  EXPECT_EQ(raised.route, Route::Escalate);
  EXPECT_EQ(raised.stage, Stage::SecondStage);
  EXPECT_EQ(raised.stage_says, "the probability alone says queue; rule 'known-bad-link' decided");
  EXPECT_EQ(raised.reasons.front().feature, "known-bad-link");
  EXPECT_GT(raised.reasons.size(), 1U) << "the model's reasons stay";

  const auto not_listed = decided(2, "good.example"), sure = decided(3, "bad.example");
  EXPECT_EQ(not_listed.stage, Stage::Model) << "no rule holds";
  EXPECT_EQ(sure.stage, Stage::Model) << "no rule is more urgent";
  EXPECT_EQ(sure.stage_says, "");
}

TEST(Pipeline, WhatIsNovelIsNotClosedByTheModelAndSaysWhy) {
  const auto bundle = compiled({.has_novelty = true});
  const auto& pipeline = bundle->pipeline;
  const auto event = event_of({.links = 0});
  const auto usual = pipeline.decide(event, after_mails(pipeline, event, 1), kAvailable);
  EXPECT_EQ(usual.novelty, 0);
  EXPECT_EQ(usual.stage, Stage::Model);
  const auto novel = pipeline.decide(event, after_mails(pipeline, event, 10), kAvailable);
  EXPECT_EQ(novel.novelty, 0.999);
  EXPECT_EQ(novel.stage, Stage::SecondStage);
  EXPECT_EQ(novel.stage_says, "it is unlike what the model has seen; rule 'known-sender' decided");
  ASSERT_GE(novel.reasons.size(), 2U);
  EXPECT_EQ(novel.reasons[1].feature, "novelty");
  EXPECT_EQ(novel.reasons[1].text, "unlike 99.90 % of what was seen before: wrote before");
  // What the model finds malicious needs no rule.
  const auto malicious = event_of({.links = 3});
  const auto both = pipeline.decide(malicious, after_mails(pipeline, malicious, 10), kAvailable);
  EXPECT_EQ(both.stage, Stage::Model);
  EXPECT_EQ(both.reasons.front().feature, "novelty");
}

TEST(Pipeline, NoveltyReplaysBitForBit) {
  const auto bundle = compiled({.has_novelty = true});
  for (const int mails : {0, 9, 10, 30}) {
    const auto event = event_of({.links = mails % 4});
    const auto decision =
        bundle->pipeline.decide(event, after_mails(bundle->pipeline, event, mails), kAvailable);
    const auto stored = Decision::from_bytes(decision.bytes()).value();
    const auto replayed = bundle->pipeline.replay(event, stored);
    ASSERT_OK(replayed);
    EXPECT_EQ(replayed->bytes(), decision.bytes());
  }
}

TEST(Pipeline, WithoutAModelNoveltyIsToldAllTheSame) {
  const auto bundle = compiled({.has_model = false, .has_novelty = true});
  const auto event = event_of({.links = 0});
  const auto decision =
      bundle->pipeline.decide(event, after_mails(bundle->pipeline, event, 10), kAvailable);
  EXPECT_EQ(decision.novelty, 0.999);
  EXPECT_EQ(decision.stage, Stage::Fallback);
}

TEST(Pipeline, JudgesStoredValuesAsItDecidedOnTheEvent) {
  for (const bool has_model : {true, false}) {
    const auto bundle = compiled({.has_model = has_model,
                                  .intel = testing::bad_domain_known_since(Timestamp()),
                                  .raises = true});
    const auto& pipeline = bundle->pipeline;
    std::vector<float> row;
    for (int i = 0; i < 24; ++i) {
      const auto event =
          event_of({.links = i % 5, .link_host = i % 3 == 0 ? "bad.example" : "good.example"});
      const auto decision = pipeline.decide(event, after_mails(pipeline, event, i % 4), kAvailable);
      const auto judged = pipeline.judge(decision.features, decision.text_log_odds, row);
      EXPECT_EQ(judged.stage, decision.stage);
      EXPECT_EQ(judged.route, decision.route);
      EXPECT_EQ(judged.rule != nullptr, decision.stage_says.find("rule '") != std::string::npos);
      if (!has_model) continue;
      EXPECT_EQ(judged.margin, decision.margin);
      EXPECT_EQ(judged.probability, decision.probability);
    }
  }
}

TEST(Pipeline, DecidesTheSameBytesOnEveryThread) {
  const auto bundle = compiled({.intel = testing::bad_domain_known_since(Timestamp())});
  std::vector<ocsf::Event> events;
  std::vector<StateSlice> slices;
  std::vector<std::string> expected;
  for (int i = 0; i < 24; ++i) {
    events.push_back(event_of({.links = i % 5,
                               .link_host = i % 3 == 0 ? "bad.example" : "good.example",
                               .subject = fmt::format("mail {}", i)}));
    slices.push_back(after_mails(bundle->pipeline, events.back(), i % 4));
    expected.push_back(bundle->pipeline.decide(events.back(), slices.back(), kAvailable).bytes());
  }
  std::vector<int> differing(4, 0);
  {
    std::vector<std::jthread> threads;
    for (auto& count : differing) {
      threads.emplace_back([&, out = &count] {
        for (int round = 0; round < 20; ++round) {
          for (std::size_t i = 0; i < events.size(); ++i)
            *out +=
                bundle->pipeline.decide(events[i], slices[i], kAvailable).bytes() != expected[i];
        }
      });
    }
  }
  EXPECT_EQ(differing, std::vector<int>(4, 0));
}

TEST(Pipeline, ReplaysWhatItDecidedFromTheDecisionAlone) {
  const auto bundle = compiled();
  for (const auto state : {kAvailable, kLate}) {
    const auto event = event_of({.links = 3});
    const auto stored = Decision::from_bytes(
        bundle->pipeline.decide(event, after_mails(bundle->pipeline, event, 3), state).bytes());
    ASSERT_OK(stored);
    const auto replayed = bundle->pipeline.replay(event, *stored);
    ASSERT_OK(replayed);
    EXPECT_EQ(replayed->bytes(), stored->bytes());
  }
}

TEST(Pipeline, RefusesToReplayWhatItDidNotDecide) {
  const auto event = event_of({});
  const auto bundle = compiled();
  auto stored = bundle->pipeline.decide(event, {}, kAvailable);
  EXPECT_EQ(code_of(compiled({.name = "other"})->pipeline.replay(event, stored)), Code::Conflict);
  stored.state_slice = "not a slice";
  EXPECT_EQ(code_of(bundle->pipeline.replay(event, stored)), Code::Corrupt);
}

TEST(Pipeline, LooksIntelligenceUpAsOfTheEvent) {
  const auto bundle = compiled({.intel = testing::bad_domain_known_since(kMorning)});
  const auto decide_at = [&](Timestamp time) {
    auto event = event_of({.links = 1, .link_host = "bad.example"});
    return bundle->pipeline.decide(std::move(event).at(time), {}, kAvailable).route;
  };
  EXPECT_EQ(decide_at(kMorning - std::chrono::hours(1)), Route::Queue) << "not known yet";
  EXPECT_EQ(decide_at(kMorning), Route::Escalate);
}

TEST(Pipeline, RefusesAModelOfAnotherFeatureSet) {
  const auto with = [](Classifier model) {
    auto features = testing::small_features();
    std::vector<std::string> names;
    for (const auto& feature : features.features()) names.push_back(feature.name);
    auto policy = Policy::compile(Yaml::parse(testing::small_policy(), "p").value(), names).value();
    return Pipeline::create({Digest(), std::move(features),
                             std::make_shared<const Classifier>(std::move(model)), nullptr,
                             std::move(policy)});
  };
  Forest leaf;
  leaf.base_scores = {0};
  leaf.features = 1;
  const auto unknown =
      with(Classifier::create({{"no_such"}, leaf, std::nullopt, "", 1, 0, {}}).value());
  ASSERT_EQ(code_of(unknown), Code::InvalidArgument);
  EXPECT_NE(unknown.error().message().find("'no_such'"), std::string::npos);
  const auto narrow = with(
      Classifier::create({{"text"}, leaf, LinearModel::create({1, 2}, 0).value(), "text", 1, 1, {}})
          .value());
  ASSERT_EQ(code_of(narrow), Code::InvalidArgument);
  EXPECT_NE(narrow.error().message().find("2 text terms"), std::string::npos);
}

}  // namespace
}  // namespace winnow
