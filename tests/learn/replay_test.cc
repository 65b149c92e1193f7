#include "learn/replay.h"

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using winnow::testing::code_of;
constexpr Duration kDay = std::chrono::hours(24);

// Two features of a sender's history and a little text.
constexpr std::string_view kSenderFeatures = R"yaml(schema: winnow.feature_set/1
name: replay
attributes: {from: text unmapped.mail.from, body: text unmapped.mail.own_text, to: texts unmapped.mail.recipients}
history:
  sender:
    key: [from]
    keep: {mails: {count: 1, bucket: 1d, buckets: 30}, bad: {verdict: phishing, bucket: 1d, buckets: 30}}
define: {body_words: "words(body, to)"}
text:
  - {name: words, grams: words, least: 1, most: 1, of: [body_words], first: 1000, bits: 10, weight: 1}
groups: {history: {title: History, view: history, missing: nothing is known}}
features:
  - {name: mails, group: history, unit: count, meaning: Mails before., value: total(sender.mails), high: many, low: few}
  - {name: bad, group: history, unit: count, meaning: Bad ones., value: total(sender.bad), monotone: rising, high: bad, low: fine}
)yaml";

FeatureSet sender_features() {
  const winnow::testing::TemporaryFolder folder;
  EXPECT_OK(write_atomically(folder / "set.yaml", kSenderFeatures));
  auto features = FeatureSet::compile(folder / "set.yaml");
  EXPECT_OK(features);
  return std::move(features).value();
}

struct Sent {
  int day;
  std::string from;
  std::optional<Label> label;
};

Timestamp on_day(int day) { return Timestamp::from_civil(2026, 1, 1) + kDay * day; }

ocsf::Event event_of(const Sent& mail, std::size_t number) {
  ocsf::EventBuilder builder(ocsf::ClassUid::EmailActivity, on_day(mail.day),
                             sha256("mail " + std::to_string(number)));
  builder.set(ocsf::Attribute::of("unmapped.mail.from"), std::string_view(mail.from));
  const std::array<std::string_view, 1> to = {"us@here.example"};
  builder.set(ocsf::Attribute::of("unmapped.mail.recipients"), to);
  builder.set(ocsf::Attribute::of("unmapped.mail.own_text"), "hello there, your parcel waits");
  return std::move(builder).finish();
}

EventStream stream_of(std::vector<Sent> sent) {
  auto at = std::make_shared<std::size_t>(0);
  return [sent = std::move(sent), at]() -> Result<std::optional<HistoricEvent>> {
    if (*at == sent.size()) return std::optional<HistoricEvent>();
    const auto& mail = sent[*at];
    return std::optional(
        HistoricEvent{event_of(mail, (*at)++), on_day(mail.day), "here", mail.label, 1});
  };
}

// A verdict on the mail `on`, given on a day.
struct Judged {
  int day;
  Sent on;
};

VerdictStream verdicts_of(std::vector<Judged> judged) {
  auto at = std::make_shared<std::size_t>(0);
  return
      [judged = std::move(judged), at](Timestamp time) -> Result<std::optional<HistoricVerdict>> {
        if (*at == judged.size() || on_day(judged[*at].day) >= time)
          return std::optional<HistoricVerdict>();
        const auto& verdict = judged[(*at)++];
        return std::optional(
            HistoricVerdict{event_of(verdict.on, 1000 + *at), "phishing", on_day(verdict.day)});
      };
}

Result<DataSet> replayed(const std::vector<Sent>& sent, const std::vector<Judged>& judged = {}) {
  const auto features = sender_features();
  MemoryEntityStates states;
  NoProgress quiet;
  return replay(stream_of(sent), verdicts_of(judged), features, NoIntelligence(), states, quiet);
}

TEST(Replay, ARowKnowsWhatCameBeforeItsEvent) {
  const auto data = replayed({{0, "ann", Label::Benign},
                              {1, "ann", std::nullopt},
                              {2, "bob", Label::Malicious},
                              {3, "ann", Label::Benign}});
  ASSERT_OK(data);
  ASSERT_EQ(data->size(), 3U) << "an event without a label gives no row";
  EXPECT_EQ(data->values(2)[0], 2) << "but its sender remembers it";
  // A sender never seen has no history: nothing, or nothing known.
  for (const std::size_t row : {0, 1}) {
    EXPECT_TRUE(data->values(row)[0] == 0 || std::isnan(data->values(row)[0]));
  }
}

TEST(Replay, AVerdictIsKnownToTheRowsBehindIt) {
  const std::vector<Sent> sent = {
      {0, "eve", Label::Malicious}, {1, "eve", Label::Malicious}, {4, "eve", Label::Malicious}};
  const auto data = replayed(sent, {{1, sent[0]}, {3, sent[1]}});
  ASSERT_OK(data);
  EXPECT_TRUE(data->values(0)[1] == 0 || std::isnan(data->values(0)[1]));
  EXPECT_EQ(data->values(1)[1], 0) << "given in the moment of the mail, it is not known to it";
  EXPECT_EQ(data->values(2)[1], 2);
}

TEST(Replay, CarriesTheShapeOfTheFeatureSet) {
  const auto data = replayed({{0, "ann", Label::Benign}, {1, "bob", Label::Benign}});
  ASSERT_OK(data);
  const auto& shape = data->shape();
  EXPECT_EQ(shape.feature_set, sender_features().digest());
  ASSERT_EQ(shape.columns.size(), 2U);
  EXPECT_EQ(shape.columns[1], (Column{"bad", "history", 1}));
  EXPECT_EQ(shape.term_space, sender_features().term_buckets());
  EXPECT_FALSE(data->term_indices(0).empty());
  EXPECT_EQ(data->group(0), data->group(1)) << "equal texts are one group";
}

TEST(Replay, RefusesAStreamThatGoesBack) {
  EXPECT_EQ(code_of(replayed({{1, "ann", Label::Benign}, {0, "ann", Label::Benign}})),
            Code::InvalidArgument);
  EXPECT_EQ(code_of(replayed({{0, "ann", std::nullopt}})), Code::InvalidArgument)
      << "no labels, no data set";
}

}  // namespace
}  // namespace winnow::learn
