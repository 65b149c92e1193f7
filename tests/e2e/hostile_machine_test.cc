// What is left when the machine fails under a command: killed between any two steps, a disk that is
// full at any byte, a clock that jumps. After it the workspace is whole, nothing that was
// acknowledged is gone, and the same command, run again, does what it was to do.
#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/e2e/demo.h"
#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

struct Command {
  const char* name;
  std::vector<std::string> words;
  std::int64_t growth;            // in percent, from one moment to the next that is tried
  const char* done_already = "";  // what it says when a run that died had done it
};

std::ostream& operator<<(std::ostream& out, const Command& command) { return out << command.name; }

// What was acknowledged: entries of the audit log, events, decisions.
struct Kept {
  std::int64_t entries = 0, decisions = 0;
};

Kept kept_in(const Path& soc) {
  const auto audit = winnow(soc, {"audit", "verify", "--json"});
  EXPECT_ENDS(audit, 0);
  const auto decisions = winnow(soc, {"decisions", "list", "--limit", "100000", "--json"});
  EXPECT_ENDS(decisions, 0);
  return {audit.json()["entries"].as_int(),
          static_cast<std::int64_t>(decisions.json()["decisions"].size())};
}

class HostileMachine : public ::testing::TestWithParam<Command> {
 protected:
  void SetUp() override {
    copy_demo(folder_ / "demo");
    soc_ = folder_ / "demo/soc";
    // A bundle that is not champion yet, and mail that nobody has seen.
    EXPECT_ENDS(winnow(soc_, {"bundles", "build", "--intel", "none"}), 0);
    EXPECT_ENDS(winnow(soc_, {"backup", "../backup"}), 0);
    EXPECT_OK(write_atomically(soc_ / "late.eml",
                               "From: Ann <ann@example.com>\nTo: bob@example.org\n"
                               "Subject: late\nDate: Tue, 3 Mar 2026 14:05:06 +0000\n\nHello.\n"));
  }

  void expect_whole(const Kept& before) {
    const auto doctor = winnow(soc_, {"doctor"});
    EXPECT_ENDS(doctor, 0);
    const auto after = kept_in(soc_);
    EXPECT_GE(after.entries, before.entries);
    EXPECT_GE(after.decisions, before.decisions);
  }

  void expect_done(const Outcome& outcome) {
    const std::string_view already = GetParam().done_already;
    if (outcome.exit == 1 && !already.empty()) {
      EXPECT_NE(outcome.err.find(already), std::string::npos) << outcome.err;
    } else {
      EXPECT_ENDS(outcome, 0);
    }
  }

  TemporaryFolder folder_;
  Path soc_;
};

TEST_P(HostileMachine, KilledBetweenTwoStepsItLeavesAWholeWorkspace) {
  const auto& words = GetParam().words;
  for (std::int64_t at = 0;; at = at * GetParam().growth / 100 + 1) {
    ASSERT_LT(at, 100'000) << "it never ends";
    const auto before = kept_in(soc_);
    const auto outcome = winnow(soc_, words, {}, {.kill_at = at});
    if (outcome.exit == -SIGKILL) {
      SCOPED_TRACE(fmt::format("killed before step {}", at));
      expect_whole(before);
      continue;
    }
    expect_done(outcome);
    if (at == 0) FAIL() << "nothing was killed: it writes nothing, or the machine is not hostile";
    break;
  }
  expect_done(winnow(soc_, words));
}

TEST_P(HostileMachine, AFullDiskIsSaidAndNothingIsLost) {
  const auto& words = GetParam().words;
  bool refused = false;
  for (std::int64_t bytes = 0;; bytes = bytes * 4 + 300) {
    ASSERT_LT(bytes, std::int64_t{1} << 40) << "it never fits";
    const auto before = kept_in(soc_);
    const auto outcome = winnow(soc_, words, {}, {.disk_bytes = bytes});
    SCOPED_TRACE(fmt::format("{} bytes free", bytes));
    if (outcome.exit == 0 || (refused && outcome.exit == 1 && *GetParam().done_already != '\0' &&
                              outcome.err.find(GetParam().done_already) != std::string::npos)) {
      break;
    }
    refused = true;
    EXPECT_ENDS(outcome, 1);
    EXPECT_TRUE(outcome.err.find("No space left") != std::string::npos ||
                outcome.err.find("full") != std::string::npos)
        << outcome.err;
    expect_whole(before);
  }
  EXPECT_TRUE(refused) << "it writes nothing, or the machine is not hostile";
  expect_done(winnow(soc_, words));
}

INSTANTIATE_TEST_SUITE_P(
    OfWritingCommands, HostileMachine,
    ::testing::Values(Command{"ingest", {"ingest", "mail", "late.eml", "../mail/new.mbox"}, 160},
                      Command{"train", {"train", "mail", "--quiet"}, 400},
                      Command{
                          "build", {"bundles", "build", "--model", "none", "--intel", "none"}, 160},
                      Command{"promote",
                              {"deployments", "promote", "latest", "--reason", "test"},
                              150,
                              "is the champion of mail already"},
                      Command{"score", {"score", "mail", "late.eml", "--quiet"}, 160},
                      Command{"rotate", {"keys", "rotate"}, 150},
                      Command{"restore", {"restore", "../backup", ".", "--replace"}, 100}),
    [](const auto& command) { return std::string(command.param.name); });

TEST(ClockJumps, OrderIsThatOfTheRecordNotOfTheClock) {
  TemporaryFolder folder;
  copy_demo(folder / "demo");
  const Path soc = folder / "demo/soc";
  constexpr std::int64_t kYear = 365LL * 24 * 3600;
  std::string last_bundle, last_run;
  int n = 0;
  for (const auto shift : {-2 * kYear, 3 * kYear, -kYear}) {
    const Machine machine{.clock_shift_s = shift};
    EXPECT_ENDS(winnow(soc, {"keys", "rotate"}, {}, machine), 0);
    const auto imported = winnow(soc,
                                 {"intel", "import", "content/intel/freemail.txt", "--label",
                                  "l" + std::to_string(n++), "--json"},
                                 {}, machine);
    EXPECT_ENDS(imported, 0);
    last_run = imported.json()["run"]["id"].as_string();
    const auto built = winnow(soc, {"bundles", "build", "--json"}, {}, machine);
    EXPECT_ENDS(built, 0);
    last_bundle = built.json()["bundle"]["id"].as_string();
    EXPECT_ENDS(winnow(soc, {"deployments", "promote", "latest"}, {}, machine), 0);
    EXPECT_ENDS(winnow(soc, {"score", "mail", "../mail/new.mbox", "--quiet"}, {}, machine), 0);
    const auto shown = winnow(soc, {"runs", "show", "latest", "--json"}).json();
    EXPECT_EQ(shown["run"]["id"].as_string(), last_run);
    const auto champion = winnow(soc, {"deployments", "show", "--json"}).json();
    EXPECT_EQ(champion["deployments"][0]["champion"].as_string(), last_bundle);
  }
  EXPECT_ENDS(winnow(soc, {"audit", "verify"}), 0);
  EXPECT_ENDS(winnow(soc, {"doctor"}), 0);
  EXPECT_ENDS(winnow(soc, {"decisions", "replay", "--limit", "100000"}), 0);
}

}  // namespace
}  // namespace winnow::testing
