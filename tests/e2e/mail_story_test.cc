// The first scenario of the README, as its user lives it: mail in, a model, decisions with reasons,
// and the proof months later. One workspace, made once, since training it is the slow part.
#include <memory>

#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

class MailStory : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    soc_ = std::make_unique<Soc>();
    EXPECT_ENDS(winnow(soc_->beside(), {"simulate", "mail", "mail", "--seed", "7", "--days", "120",
                                        "--mails-per-day", "40"}),
                0);
    soc_->must_run({"ingest", "mail", "../mail/history-benign.mbox", "--label", "benign",
                    "--source", "gateway"});
    soc_->must_run({"ingest", "mail", "../mail/history-phish.mbox", "--label", "phish", "--source",
                    "reports"});
    soc_->must_run({"train", "mail", "--quiet"});
    soc_->deploy_model("mail");
    scored_ = soc_->must_run({"score", "mail", "../mail/new.mbox", "--json"});
  }
  static void TearDownTestSuite() { soc_.reset(); }

  static Outcome run(const std::vector<std::string>& words) { return soc_->run(words); }

  static inline std::unique_ptr<Soc> soc_;
  static inline Outcome scored_;
};

TEST_F(MailStory, NewMailIsRankedWithReasons) {
  const auto scored = scored_.json();
  const auto& decisions = scored["decisions"].items();
  ASSERT_GT(decisions.size(), 50U);
  EXPECT_FALSE(decisions.front()["reasons"].items().empty());
  EXPECT_EQ(decisions.front()["route"].as_string(), "escalate");
  double before = 2;
  std::string route = decisions.front()["route"].as_string();
  for (const auto& decision : decisions) {
    const auto probability = decision["probability"].as_double();
    if (decision["route"].as_string() == route) {
      EXPECT_LE(probability, before);
    }
    before = probability;
    route = decision["route"].as_string();
  }
}

TEST_F(MailStory, ScoringAgainGivesTheSameDecisions) {
  const auto again = run({"score", "mail", "../mail/new.mbox", "--json"});
  EXPECT_ENDS(again, 0);
  EXPECT_EQ(again.out, scored_.out);
}

TEST_F(MailStory, EveryDecisionReplaysBitForBit) {
  const auto replayed = run({"decisions", "replay", "--limit", "100000", "--json"});
  EXPECT_ENDS(replayed, 0);
  EXPECT_EQ(replayed.json()["equal"].as_int(),
            static_cast<std::int64_t>(scored_.json()["decisions"].size()));
}

TEST_F(MailStory, TheModelCanBeMadeAgainByteForByte) {
  const auto runs = run({"runs", "list", "--kind", "train", "--json"}).json();
  const auto id = runs["runs"][0]["id"].as_string();
  const auto again = run({"runs", "reproduce", id, "--json", "--quiet"});
  EXPECT_ENDS(again, 0);
  EXPECT_TRUE(again.json()["equal"].as_bool()) << again.out;
}

TEST_F(MailStory, AnEvaluationCanBeMadeAgainWhateverArrivedSince) {
  EXPECT_ENDS(run({"evaluate", "--bundle", "latest", "--quiet"}), 0);
  EXPECT_ENDS(run({"ingest", "mail", "../mail/new.mbox", "--label", "benign", "--source", "later"}),
              0);
  const auto again = run({"runs", "reproduce", "latest", "--json", "--quiet"});
  EXPECT_ENDS(again, 0);
  EXPECT_TRUE(again.json()["equal"].as_bool()) << again.out;
  EXPECT_EQ(again.json()["outputs"].size(), 1U) << again.out;
}

TEST_F(MailStory, ADecisionLeadsBackToItsRun) {
  const auto id = scored_.json()["decisions"][0]["id"].as_string();
  const auto explained = run({"decisions", "explain", id, "--features"});
  EXPECT_ENDS(explained, 0);
  EXPECT_NE(explained.out.find("made by r-"), std::string::npos) << explained.out;
}

TEST_F(MailStory, TheAuditLogHoldsAndItsProofIsIssued) {
  EXPECT_ENDS(run({"audit", "verify"}), 0);
  const auto proof = run({"audit", "prove", "0"});
  EXPECT_ENDS(proof, 0);
  EXPECT_NE(proof.out.find("c2sp.org/tlog-proof"), std::string::npos) << proof.out;
}

TEST_F(MailStory, ABackupRestoresToAWorkspaceThatIsWell) {
  EXPECT_ENDS(run({"backup", "../backup"}), 0);
  EXPECT_ENDS(run({"restore", "../backup", "../restored"}), 0);
  EXPECT_ENDS(winnow(soc_->beside() / "restored", {"doctor"}), 0);
  EXPECT_ENDS(winnow(soc_->beside() / "restored", {"decisions", "replay", "latest"}), 0);
}

TEST_F(MailStory, AFirstChampionCannotBeRolledBack) {
  const auto refused = run({"deployments", "rollback", "mail"});
  EXPECT_ENDS(refused, 1);
  EXPECT_NE(refused.err.find("there is nothing to go back to"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace winnow::testing
