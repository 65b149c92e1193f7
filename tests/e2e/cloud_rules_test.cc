// The shipped rules of clouds, without a model: what usually happens is history, and what nobody
// did before, from where nobody was, is for a person.
#include <algorithm>

#include <fmt/format.h>

#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

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

}  // namespace
}  // namespace winnow::testing
