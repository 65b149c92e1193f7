// The shipped rules of clouds, without a model: what usually happens is history, and what nobody
// did before, from where nobody was, is for a person.
#include <memory>

#include <fmt/format.h>

#include "tests/e2e/soc.h"

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
    soc_ = std::make_unique<Soc>();
    scored_ = score_by_rules(*soc_, "cloud", "cloudtrail", past, recent).json();
  }
  static void TearDownTestSuite() { soc_.reset(); }

  static inline std::unique_ptr<Soc> soc_;
  static inline Json scored_;
};

TEST_F(CloudRules, QueueWhatNobodyDidFromThere) {
  EXPECT_EQ(scored_["decisions"].size(), 5U);
  EXPECT_EQ(queued_by_rules(scored_),
            (std::vector<std::string>{
                "arn:aws:iam::111122223333:user/bo: rights-from-a-new-place: T1078.004 T1098",
                "arn:aws:iam::111122223333:user/cy: logs-switched-off: T1562.008"}));
}

TEST_F(CloudRules, ReplayBitForBit) {
  const auto replayed = soc_->must_run({"decisions", "replay", "--limit", "10", "--json"});
  EXPECT_EQ(replayed.json()["equal"].as_int(), 5);
}

}  // namespace
}  // namespace winnow::testing
