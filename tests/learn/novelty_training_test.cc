// What is ordinary, learned from a log of events: without labels, without the malicious,
// repeatable.
#include "learn/novelty_training.h"

#include <fmt/format.h>

#include "base/yaml.h"
#include "learn/detail/novelty.h"
#include "tests/pipeline/small_bundle.h"

namespace winnow::learn {
namespace {

using winnow::testing::code_of;
using winnow::testing::kMorning;
using winnow::testing::TemporaryFolder;
using EventLabel = winnow::Label;

Result<NoveltyTraining> from_content(const std::string& novelty) {
  const auto yaml = Yaml::parse("plan: {seed: 7}\nevents: {source: ids}\nnovelty: " + novelty, "t");
  return NoveltyTraining::from_content(yaml.value().json());
}

TEST(NoveltyTraining, ContentAndRecordSayTheSame) {
  const auto training = from_content("{trees: 50, samples: 128, rows: 5000, held_out_share: 0.2}");
  ASSERT_OK(training);
  EXPECT_EQ(training->seed, 7U);
  EXPECT_EQ(training->events.source, "ids");
  EXPECT_EQ(training->forest.samples, 128U);
  const auto again = NoveltyTraining::from_record(training->json());
  ASSERT_OK(again);
  EXPECT_EQ(to_text(again->json()), to_text(training->json()));
}

TEST(NoveltyTraining, RefusesWhatIsOutOfRangeOrUnknown) {
  for (const auto* wrong :
       {"{trees: 0, samples: 128, rows: 5000, held_out_share: 0.2}",
        "{trees: 50, samples: 128, rows: 99, held_out_share: 0.2}",
        "{trees: 50, samples: 128, rows: 2000000, held_out_share: 0.2}",
        "{trees: 50, samples: 128, rows: 5000, held_out_share: 0.9}",
        "{trees: 50, samples: 128, rows: 5000, held_out_share: 0.2, contamination: 0.1}",
        "{samples: 128, rows: 5000, held_out_share: 0.2}", "none"}) {
    EXPECT_EQ(code_of(from_content(wrong)), Code::InvalidArgument) << wrong;
  }
}

class NoveltyHistory : public ::testing::Test {
 protected:
  // Mails of strangers with a link, seldom two, and, marked as said, one in ten with ten. Nobody
  // writes twice: what grows with time would make the newest ordinary mails novel too.
  EventLog log_of(int mails, EventLabel ordinary, EventLabel odd) {
    auto log = EventLog::open(folder_ / std::to_string(opened_++), Access::ReadWrite).value();
    for (int i = 0; i < mails; ++i) {
      const bool is_odd = i % 10 == 9;
      const auto raw = winnow::testing::raw_of({.from = fmt::format("p{}@shop.example", i),
                                                .links = is_odd        ? 10
                                                         : i % 30 == 0 ? 2
                                                                       : 1,
                                                .date = "",
                                                .subject = fmt::format("mail {}", i)});
      const auto event = winnow::testing::event_of(raw, kMorning + std::chrono::minutes(i),
                                                   is_odd ? odd : ordinary);
      EXPECT_OK(log.append({&event, 1}));
    }
    return log;
  }
  static Result<MadeNovelty> made(const EventLog& log, const NoveltyTraining& training,
                                  unsigned threads = 1) {
    const Material material{DomainMapping(RecordMapping()), winnow::testing::small_features(),
                            std::nullopt};
    NoProgress progress;
    return make_novelty(log, material, training, threads, progress);
  }
  // The novelty of a mail with so many links, other values being missing.
  static double novelty_of(const NoveltyModel& model, float links) {
    std::vector<float> row(model.features().size(), NAN);
    row[0] = links;
    return model.novelty(row);
  }

  TemporaryFolder folder_;
  int opened_ = 0;
};

TEST_F(NoveltyHistory, WhatWasNeverSeenIsNovelAndWhatWasFoundMaliciousIsNotOrdinary) {
  const auto log = log_of(600, EventLabel::None, EventLabel::Phish);
  const auto model = made(log, {});
  ASSERT_OK(model);
  EXPECT_EQ(model->events, 600U);
  EXPECT_EQ(model->train_rows + model->held_out_rows, 540U);
  EXPECT_GT(novelty_of(model->model, 10), novelty_of(model->model, 1));
  EXPECT_GT(novelty_of(model->model, 10), 0.9);
}

TEST_F(NoveltyHistory, TheNewestRowsAreHeldOutAndTheDrawIsBounded) {
  const auto log = log_of(600, EventLabel::None, EventLabel::None);
  const auto model = made(log, {.rows = 200, .held_out_share = 0.25});
  ASSERT_OK(model);
  EXPECT_EQ(model->train_rows, 150U);
  EXPECT_EQ(model->model.ordinary().size(), 50U);
}

TEST_F(NoveltyHistory, TheSameSeedGivesTheSameBytesOnAnyNumberOfThreads) {
  const auto log = log_of(400, EventLabel::None, EventLabel::None);
  const NoveltyTraining training{.seed = 3, .rows = 300};
  const auto bytes = made(log, training, 1)->model.to_bytes();
  EXPECT_TRUE(made(log, training, 3)->model.to_bytes() == bytes);
  EXPECT_FALSE(made(log, {.seed = 4, .rows = 300}, 1)->model.to_bytes() == bytes);
}

TEST_F(NoveltyHistory, TooFewOrdinaryEventsAreRefused) {
  EXPECT_EQ(code_of(made(log_of(90, EventLabel::Benign, EventLabel::Phish), {})),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::learn
