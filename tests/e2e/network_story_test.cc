// A network IDS's log, as a detection engineer lives it: history with labels in, a model of its own
// beside that of mail, decisions on new records, and the proof.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

#define EXPECT_ENDS(outcome, code) EXPECT_EQ((outcome).exit, code) << (outcome).out << (outcome).err

class NetworkStory : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder();
    EXPECT_ENDS(winnow(folder_->path(), {"simulate", "network", "net", "--seed", "7", "--days",
                                         "16", "--new-days", "3", "--people", "12",
                                         "--visits-per-day", "4", "--intrusions-per-week", "5"}),
                0);
    EXPECT_ENDS(winnow(folder_->path(), {"init", "soc"}), 0);
    train_quickly();
    EXPECT_ENDS(run({"ingest", "suricata", "../net/history-benign.eve.json", "--label", "benign",
                     "--source", "ids"}),
                0);
    EXPECT_ENDS(run({"ingest", "auto", "../net/history-malicious.eve.json", "--label", "malicious",
                     "--source", "ids"}),
                0);
    EXPECT_ENDS(run({"train", "network", "--quiet"}), 0);
    EXPECT_ENDS(run({"train", "network", "--novelty", "--quiet"}), 0);
    EXPECT_ENDS(run({"bundles", "build", "--domain", "network"}), 0);
    EXPECT_ENDS(run({"deployments", "promote", "latest", "--reason", "first model"}), 0);
    scored_ = run({"score", "network", "../net/new.eve.json", "--json"});
    EXPECT_ENDS(scored_, 0);
  }
  static void TearDownTestSuite() { delete folder_; }

  static Outcome run(const std::vector<std::string>& words) {
    return winnow(folder_->path() / "soc", words);
  }

  static void train_quickly() {
    const auto file = folder_->path() / "soc/content/training/network.yaml";
    auto text = read_file(file, 1UL << 20).value();
    for (const auto& [slow, quick] :
         {std::pair("trees: 200", "trees: 30"),
          std::pair("rows_of_a_source: 8000", "rows_of_a_source: 2000"),
          std::pair("  folds: 3", "  folds: 2"), std::pair("{folds: 3", "{folds: 2"),
          std::pair("bootstrap_draws: 200", "bootstrap_draws: 20")}) {
      const auto at = text.find(slow);
      ASSERT_NE(at, std::string::npos) << slow;
      text.replace(at, std::string_view(slow).size(), quick);
    }
    ASSERT_OK(write_atomically(file, text));
  }

  static inline TemporaryFolder* folder_ = nullptr;
  static inline Outcome scored_;
};

TEST_F(NetworkStory, IntrusionsRankAboveHonestTraffic) {
  const auto truth = read_file(folder_->path() / "net/new-truth.csv", 1UL << 26).value();
  double found = 0, all = 0;
  std::map<std::string, double> of_event;
  const auto scored = scored_.json();
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
  for (const auto& [probability, malicious] : ranked) all += malicious ? 1 : 0;
  ASSERT_GT(all, 50);
  // Of as many as there are, most are of intrusions.
  for (std::size_t i = 0; i < static_cast<std::size_t>(all); ++i) found += ranked[i].second ? 1 : 0;
  EXPECT_GT(found / all, 0.6);
}

TEST_F(NetworkStory, DecisionsSayWhoWhatAndWhy) {
  const auto scored = scored_.json();
  const auto& first = scored["decisions"][0];
  EXPECT_FALSE(first["sender"].as_string().empty());
  EXPECT_FALSE(first["subject"].as_string().empty());
  EXPECT_FALSE(first["reasons"].items().empty());
}

TEST_F(NetworkStory, EveryDecisionReplaysBitForBit) {
  const auto replayed = run({"decisions", "replay", "--limit", "3000", "--json"});
  EXPECT_ENDS(replayed, 0);
  EXPECT_GT(replayed.json()["equal"].as_int(), 1000);
}

TEST_F(NetworkStory, TheModelCanBeMadeAgainByteForByte) {
  const auto runs = run({"runs", "list", "--kind", "train", "--json"}).json();
  EXPECT_EQ(runs["runs"][0]["domain"].as_string(), "network");
  const auto again =
      run({"runs", "reproduce", runs["runs"][0]["id"].as_string(), "--json", "--quiet"});
  EXPECT_ENDS(again, 0);
  EXPECT_TRUE(again.json()["equal"].as_bool()) << again.out;
}

TEST_F(NetworkStory, DecisionsSayHowNovelTheyAre) {
  const auto bundle = run({"bundles", "show", "latest"});
  EXPECT_NE(bundle.out.find("novelty_model"), std::string::npos) << bundle.out;
  const auto scored = scored_.json();
  double most = 0;
  for (const auto& decision : scored["decisions"].items()) {
    ASSERT_TRUE(decision["novelty"].is_number());
    most = std::max(most, decision["novelty"].as_double());
  }
  EXPECT_GT(most, 0.99);
  EXPECT_LT(most, 1);
}

TEST_F(NetworkStory, TheNoveltyModelCanBeMadeAgainByteForByte) {
  const auto runs = run({"runs", "list", "--kind", "train_novelty", "--json"}).json();
  const auto again =
      run({"runs", "reproduce", runs["runs"][0]["id"].as_string(), "--json", "--quiet"});
  EXPECT_ENDS(again, 0);
  EXPECT_TRUE(again.json()["equal"].as_bool()) << again.out;
}

TEST_F(NetworkStory, MailIsNotDecidedByIt) {
  const auto mail = run({"score", "mail", "../soc/winnow.yaml"});
  EXPECT_EQ(mail.exit, 1);
  EXPECT_NE(mail.err.find("no bundle is deployed for 'mail'"), std::string::npos) << mail.err;
  EXPECT_EQ(run({"train", "mail"}).exit, 2);  // labelled records of the network are none of mail's
}

}  // namespace
}  // namespace winnow::testing
