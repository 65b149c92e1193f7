// A cloud's audit log, as a detection engineer lives it: first without a model, when what usually
// happens is history and the policy's rules decide; then with one of its own, and the proof.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

#define EXPECT_ENDS(outcome, code) EXPECT_EQ((outcome).exit, code) << (outcome).out << (outcome).err

struct Call {
  int day = 0;
  std::string who = "ana";
  std::string what = "DescribeInstances";
  std::string from = "198.18.3.7";
  std::string service = "ec2";
  std::string error = {};
};

// As CloudTrail writes it.
std::string line_of(const Call& call) {
  static int number = 0;
  ++number;
  const auto time = Timestamp::from_civil(2026, 3, 2) + std::chrono::hours(24 * call.day + 9) +
                    std::chrono::seconds(number);
  return fmt::format(
      R"({{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","principalId":"AIDA{0}",)"
      R"("arn":"arn:aws:iam::111122223333:user/{0}","accountId":"111122223333",)"
      R"("accessKeyId":"AKIA{0}","userName":"{0}"}},"eventTime":"{1}",)"
      R"("eventSource":"{2}.amazonaws.com","eventName":"{3}","awsRegion":"eu-west-1",)"
      R"("sourceIPAddress":"{4}","userAgent":"aws-cli/2.15",{5}"eventID":"e-{6}",)"
      R"("eventType":"AwsApiCall","recipientAccountId":"111122223333"}})"
      "\n",
      call.who, time.text(), call.service, call.what, call.from,
      call.error.empty() ? std::string() : fmt::format(R"("errorCode":"{}",)", call.error), number);
}

class CloudRules : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder();
    std::string past, recent;
    for (int day = 0; day < 20; ++day) {
      for (const auto* who : {"ana", "bo", "cy"}) {
        past += line_of({.day = day, .who = who});
        past += line_of({.day = day, .who = who, .what = "ListBuckets", .service = "s3"});
      }
      past += line_of({.day = day, .who = "adm", .what = "AttachUserPolicy", .service = "iam"});
    }
    for (const auto& call : {
             Call{.day = 21},
             Call{.day = 21, .who = "adm", .what = "AttachUserPolicy", .service = "iam"},
             Call{.day = 21,
             .who = "bo",
             .what = "AttachUserPolicy",
             .from = "192.0.2.9",
             .service = "iam"},
             Call{.day = 21,
             .who = "cy",
             .what = "CreateAccessKey",
             .from = "192.0.2.9",
             .service = "iam",
             .error = "AccessDenied"},
             Call{.day = 21, .who = "cy", .what = "StopLogging", .service = "cloudtrail"},
         })
      recent += line_of(call);
    ASSERT_OK(write_atomically(folder_->path() / "past.json", past));
    ASSERT_OK(write_atomically(folder_->path() / "new.json", recent));
    EXPECT_ENDS(winnow(folder_->path(), {"init", "soc"}), 0);
    EXPECT_ENDS(run({"ingest", "cloudtrail", "../past.json", "--source", "aws"}), 0);
    EXPECT_ENDS(run({"bundles", "build", "--domain", "cloud", "--model", "none"}), 0);
    EXPECT_ENDS(run({"deployments", "promote", "latest", "--reason", "rules"}), 0);
    scored_ = run({"score", "cloud", "../new.json", "--json"});
    EXPECT_ENDS(scored_, 0);
  }
  static void TearDownTestSuite() { delete folder_; }

  static Outcome run(const std::vector<std::string>& words) {
    return winnow(folder_->path() / "soc", words);
  }
  // The rule and the ATT&CK techniques of each decision that is for a person, by who acted.
  static std::vector<std::string> queued() {
    std::vector<std::string> texts;
    const auto scored = scored_.json();
    for (const auto& decision : scored["decisions"].items()) {
      if (decision["route"].as_string() == "close") continue;
      std::string techniques;
      for (const auto& technique : decision["techniques"].items())
        techniques += " " + technique.as_string();
      texts.push_back(fmt::format("{}: {}:{}", decision["sender"].as_string(),
                                  decision["reasons"][0]["feature"].as_string(), techniques));
    }
    std::ranges::sort(texts);
    return texts;
  }

  static inline TemporaryFolder* folder_ = nullptr;
  static inline Outcome scored_;
};

TEST_F(CloudRules, QueueWhatNobodyDidFromThere) {
  EXPECT_EQ(scored_.json()["decisions"].items().size(), 5U);
  EXPECT_EQ(queued(), (std::vector<std::string>{
                          "arn:aws:iam::111122223333:user/bo: rights-from-a-new-place: T1078.004 "
                          "T1098",
                          "arn:aws:iam::111122223333:user/cy: logs-switched-off: T1562.008"}))
      << scored_.out;
}

TEST_F(CloudRules, ReplayBitForBit) {
  const auto replayed = run({"decisions", "replay", "--limit", "10", "--json"});
  EXPECT_ENDS(replayed, 0);
  EXPECT_EQ(replayed.json()["equal"].as_int(), 5);
}

class CloudStory : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder();
    EXPECT_ENDS(winnow(folder_->path(), {"simulate", "cloud", "log", "--seed", "7", "--days", "16",
                                         "--new-days", "3", "--people", "30", "--sessions-per-day",
                                         "1", "--intrusions-per-week", "10"}),
                0);
    EXPECT_ENDS(winnow(folder_->path(), {"init", "soc"}), 0);
    train_quickly();
    EXPECT_ENDS(run({"ingest", "cloudtrail", "../log/history-benign.json", "--label", "benign",
                     "--source", "aws"}),
                0);
    EXPECT_ENDS(run({"ingest", "cloudtrail", "../log/history-malicious.json", "--label",
                     "malicious", "--source", "aws"}),
                0);
    EXPECT_ENDS(run({"train", "cloud", "--quiet"}), 0);
    EXPECT_ENDS(run({"bundles", "build", "--domain", "cloud"}), 0);
    EXPECT_ENDS(run({"deployments", "promote", "latest", "--reason", "first model"}), 0);
    scored_ = run({"score", "cloud", "../log/new.json", "--json"});
    EXPECT_ENDS(scored_, 0);
  }
  static void TearDownTestSuite() { delete folder_; }

  static Outcome run(const std::vector<std::string>& words) {
    return winnow(folder_->path() / "soc", words);
  }

  static void train_quickly() {
    const auto file = folder_->path() / "soc/content/training/cloud.yaml";
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

TEST_F(CloudStory, IntrusionsRankAboveHonestTraffic) {
  const auto truth = read_file(folder_->path() / "log/new-truth.csv", 1UL << 26).value();
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

TEST_F(CloudStory, DecisionsSayWhoWhatAndWhy) {
  const auto scored = scored_.json();
  const auto& first = scored["decisions"][0];
  EXPECT_FALSE(first["sender"].as_string().empty());
  EXPECT_FALSE(first["subject"].as_string().empty());
  EXPECT_FALSE(first["reasons"].items().empty());
}

TEST_F(CloudStory, EveryDecisionReplaysBitForBit) {
  const auto replayed = run({"decisions", "replay", "--limit", "3000", "--json"});
  EXPECT_ENDS(replayed, 0);
  EXPECT_GT(replayed.json()["equal"].as_int(), 1000);
}

TEST_F(CloudStory, TheModelCanBeMadeAgainByteForByte) {
  const auto runs = run({"runs", "list", "--kind", "train", "--json"}).json();
  EXPECT_EQ(runs["runs"][0]["domain"].as_string(), "cloud");
  const auto again =
      run({"runs", "reproduce", runs["runs"][0]["id"].as_string(), "--json", "--quiet"});
  EXPECT_ENDS(again, 0);
  EXPECT_TRUE(again.json()["equal"].as_bool()) << again.out;
}

}  // namespace
}  // namespace winnow::testing
