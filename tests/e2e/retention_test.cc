// `winnow retention apply` on a workspace in use: what is over goes from every file, whatever kills
// it on the way, and what is left is whole.
#include <csignal>
#include <set>

#include <fmt/format.h>

#include "tests/e2e/demo.h"
#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

constexpr std::int64_t kYear = 365LL * 24 * 3600;
constexpr std::string_view kPolicy =
    "retention: {mails: 90d, labelled_mails: 90d, cases: 90d, decisions: 90d, quarantine: 90d}\n";

class RetentionOfAWorkspace : public ::testing::Test {
 protected:
  RetentionOfAWorkspace() {
    copy_demo(folder_ / "demo");
    soc_ = folder_ / "demo/soc";
    EXPECT_OK(write_atomically(soc_ / "bad.csv",
                               "sender,receiver,date,subject,body,urls,label\n"
                               "a@b.example,c@d.example,x,s,zq8quarantined,0,zq8label\n"));
    EXPECT_ENDS(winnow(soc_, {"ingest", "mail", "bad.csv", "--quiet"}), 0);
    EXPECT_OK(write_atomically(soc_ / "winnow.yaml", kPolicy));
    EXPECT_TRUE(is_on_disk("zq8"));
    std::set<std::string> found;
    const auto decisions =
        winnow(soc_, {"decisions", "list", "--limit", "100000", "--json"}).json();
    for (const auto& one : decisions["decisions"].items()) {
      const bool closed = one["route"].as_string() == "close";
      (closed ? closed_ : found).insert(one["subject"].as_string());
    }
    for (const auto& subject : found) closed_.erase(subject);  // their cases are open: they stay
    std::erase_if(closed_, [](const auto& subject) { return subject.size() < 12; });
    EXPECT_FALSE(closed_.empty());
  }
  // A year later.
  Outcome apply(std::optional<std::int64_t> kill_at = {}) const {
    return winnow(soc_, {"retention", "apply", "--json"}, {},
                  {.kill_at = kill_at, .clock_shift_s = kYear});
  }
  bool is_on_disk(std::string_view text) const {
    for (const auto& file : list_files(soc_ / "data").value()) {
      const auto bytes = read_file(file, 1UL << 30);
      EXPECT_OK(bytes);
      if (bytes && bytes->find(text) != std::string::npos) return true;
    }
    return false;
  }
  void expect_whole() const {
    EXPECT_ENDS(winnow(soc_, {"doctor"}), 0);
    EXPECT_ENDS(winnow(soc_, {"audit", "verify"}), 0);
  }
  void expect_gone() const {
    for (const auto& subject : closed_) EXPECT_FALSE(is_on_disk(subject)) << subject;
    EXPECT_FALSE(is_on_disk("zq8"));
    const auto plan =
        winnow(soc_, {"retention", "plan", "--json"}, {}, {.clock_shift_s = kYear}).json();
    EXPECT_EQ(plan["plans"].size(), 5U);
    for (const auto& one : plan["plans"].items()) {
      const auto& count = one["rows"];
      EXPECT_EQ(count.as_int(), 0) << to_text(one);
    }
  }

  TemporaryFolder folder_;
  Path soc_;
  std::set<std::string> closed_;  // subjects
};

TEST_F(RetentionOfAWorkspace, WhatIsOverGoesFromEveryFile) {
  const auto some = *closed_.begin();
  EXPECT_TRUE(is_on_disk(some));
  EXPECT_ENDS(apply(), 0);
  expect_gone();
  expect_whole();
  // What was decided is not decided again, and does not come back by what comes next.
  EXPECT_OK(write_atomically(soc_ / "late.eml",
                             "From: Ann <ann@example.com>\nTo: bob@example.org\nSubject: late\n"
                             "Date: Tue, 3 Mar 2026 14:05:06 +0000\n\nHello.\n"));
  EXPECT_ENDS(winnow(soc_, {"score", "mail", "late.eml", "--quiet"}), 0);
  EXPECT_ENDS(winnow(soc_, {"cases", "rebuild"}), 0);
  EXPECT_FALSE(is_on_disk(some));
}

TEST_F(RetentionOfAWorkspace, UnderAHoldItAllStays) {
  EXPECT_ENDS(winnow(soc_, {"holds", "add", "--from", "2000-01-01T00:00:00Z", "--reason", "x"}), 0);
  const auto before = winnow(soc_, {"decisions", "list", "--limit", "100000", "--json"}).out;
  const auto applied = apply();
  EXPECT_ENDS(applied, 0);
  EXPECT_EQ(applied.json()["applied"].size(), 0U) << applied.out;
  EXPECT_EQ(winnow(soc_, {"decisions", "list", "--limit", "100000", "--json"}).out, before);
  EXPECT_TRUE(is_on_disk(*closed_.begin()));
}

TEST_F(RetentionOfAWorkspace, KilledBetweenTwoStepsTheNextRunDoesTheRest) {
  for (std::int64_t at = 0;; at = at * 3 / 2 + 1) {
    ASSERT_LT(at, 100'000) << "it never ends";
    const auto outcome = apply(at);
    if (outcome.exit != -SIGKILL) {
      EXPECT_ENDS(outcome, 0);
      ASSERT_GT(at, 10) << "nothing was killed";
      break;
    }
    SCOPED_TRACE(fmt::format("killed before step {}", at));
    expect_whole();
  }
  expect_gone();
  expect_whole();
}

}  // namespace
}  // namespace winnow::testing
