// A domain's log, as a detection engineer lives it: history with labels in, a model of its own,
// decisions on new records, and the proof. Each domain tells the same story.
#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

struct Telemetry {
  std::string_view domain;
  std::string_view mapping;            // that reads it
  std::string_view extension;          // of what the simulation writes
  std::vector<std::string> simulated;  // how much of it
};

const Telemetry kNetwork = {
    "network",
    "suricata",
    "eve.json",
    {"--people", "12", "--visits-per-day", "4", "--intrusions-per-week", "5"}};
const Telemetry kEndpoint = {
    "endpoint",
    "auto",
    "json",
    {"--people", "12", "--programs-per-day", "4", "--intrusions-per-week", "5"}};
const Telemetry kCloud = {
    "cloud",
    "cloudtrail",
    "json",
    {"--people", "30", "--sessions-per-day", "1", "--intrusions-per-week", "10"}};

// A workspace that decides on one domain alone.
class DecidingSoc : public Soc {
 public:
  explicit DecidingSoc(const Telemetry& telemetry) {
    const std::string domain(telemetry.domain);
    std::vector<std::string> simulate = {"simulate", domain, "../log",     "--seed", "7",
                                         "--days",   "16",   "--new-days", "3"};
    simulate.insert(simulate.end(), telemetry.simulated.begin(), telemetry.simulated.end());
    must_run(simulate);
    change_plan(path(), domain,
                {{"trees: 200", "trees: 30"},
                 {"rows_of_a_source: 100000", "rows_of_a_source: 2000"},
                 {"  folds: 3", "  folds: 2"},
                 {"{folds: 3", "{folds: 2"},
                 {"bootstrap_draws: 200", "bootstrap_draws: 20"}});
    for (const std::string label : {"benign", "malicious"}) {
      must_run({"ingest", std::string(telemetry.mapping),
                fmt::format("../log/history-{}.{}", label, telemetry.extension), "--label", label,
                "--source", "sensor"});
    }
    must_run({"train", domain, "--quiet"});
    must_run({"train", domain, "--novelty", "--quiet"});
    deploy_model(domain);
    const auto recent = fmt::format("../log/new.{}", telemetry.extension);
    scored_ = must_run({"score", domain, recent, "--json"}).json();
  }

  const Json& scored() const { return scored_; }
  std::string truth() const { return read_file(beside() / "log/new-truth.csv", 1UL << 26).value(); }

 private:
  Json scored_;
};

// Made once a domain, since training is the slow part.
class DomainStory : public ::testing::TestWithParam<Telemetry> {
 protected:
  static void TearDownTestSuite() { socs_.clear(); }

  static const DecidingSoc& soc() {
    auto& soc = socs_[GetParam().domain];
    if (!soc) soc = std::make_unique<DecidingSoc>(GetParam());
    return *soc;
  }

  static void expect_made_again(const std::string& kind) {
    const auto runs = soc().run({"runs", "list", "--kind", kind, "--json"}).json();
    EXPECT_EQ(runs["runs"][0]["domain"].as_string(), GetParam().domain);
    const auto again =
        soc().run({"runs", "reproduce", runs["runs"][0]["id"].as_string(), "--json", "--quiet"});
    EXPECT_ENDS(again, 0);
    EXPECT_TRUE(again.json()["equal"].as_bool()) << again.out;
  }

 private:
  static inline std::map<std::string_view, std::unique_ptr<DecidingSoc>> socs_;
};

INSTANTIATE_TEST_SUITE_P(Of, DomainStory, ::testing::Values(kNetwork, kEndpoint, kCloud),
                         [](const auto& told) { return std::string(told.param.domain); });

TEST_P(DomainStory, IntrusionsRankAboveHonestTraffic) {
  const auto truth = soc().truth();
  std::map<std::string, double> of_event;
  const auto& scored = soc().scored();
  for (const auto& decision : scored["decisions"].items())
    of_event[decision["event"].as_string()] = decision["probability"].as_double();
  std::vector<std::pair<double, bool>> ranked;
  for (auto line = truth.find('\n'); line + 1 < truth.size(); line = truth.find('\n', line + 1)) {
    const auto at = line + 1;
    const auto event = of_event.find(truth.substr(at, 64));
    ASSERT_NE(event, of_event.end());
    ranked.emplace_back(event->second, truth.compare(at + 65, 9, "malicious") == 0);
  }
  std::sort(ranked.rbegin(), ranked.rend());
  const auto is_malicious = [](const auto& one) { return one.second; };
  const auto all = std::ranges::count_if(ranked, is_malicious);
  ASSERT_GT(all, 50);
  // Of as many as there are, most are of intrusions.
  const auto found = std::count_if(ranked.begin(), ranked.begin() + all, is_malicious);
  EXPECT_GT(static_cast<double>(found) / static_cast<double>(all), 0.6);
}

TEST_P(DomainStory, DecisionsSayWhoWhatAndWhy) {
  const auto& scored = soc().scored();
  const auto& first = scored["decisions"][0];
  EXPECT_FALSE(first["sender"].as_string().empty());
  EXPECT_FALSE(first["subject"].as_string().empty());
  EXPECT_FALSE(first["reasons"].items().empty());
}

TEST_P(DomainStory, EveryDecisionReplaysBitForBit) {
  const auto replayed = soc().run({"decisions", "replay", "--limit", "3000", "--json"});
  EXPECT_ENDS(replayed, 0);
  EXPECT_GT(replayed.json()["equal"].as_int(), 1000);
}

TEST_P(DomainStory, TheModelCanBeMadeAgainByteForByte) { expect_made_again("train"); }

TEST_P(DomainStory, MailIsNotDecidedByIt) {
  const auto mail = soc().run({"score", "mail", "../soc/winnow.yaml"});
  EXPECT_EQ(mail.exit, 1);
  EXPECT_NE(mail.err.find("no bundle is deployed for 'mail'"), std::string::npos) << mail.err;
  EXPECT_EQ(soc().run({"train", "mail"}).exit, 2);  // labelled records of others are none of mail's
}

TEST_P(DomainStory, DecisionsSayHowNovelTheyAre) {
  const auto bundle = soc().run({"bundles", "show", "latest"});
  EXPECT_NE(bundle.out.find("novelty_model"), std::string::npos) << bundle.out;
  const auto& scored = soc().scored();
  double most = 0;
  for (const auto& decision : scored["decisions"].items()) {
    ASSERT_TRUE(decision["novelty"].is_number());
    most = std::max(most, decision["novelty"].as_double());
  }
  EXPECT_GT(most, 0.99);
  EXPECT_LT(most, 1);
}

TEST_P(DomainStory, TheNoveltyModelCanBeMadeAgainByteForByte) {
  expect_made_again("train_novelty");
}

}  // namespace
}  // namespace winnow::testing
