#include "registry/workspace.h"

#include <csignal>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "tests/registry/sample_run.h"
#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using ::testing::HasSubstr;
using testing::sample_run;

NoProgress no_progress;

class WorkspaceTest : public ::testing::Test {
 protected:
  Path path() const { return folder_ / "w"; }
  void init() { ASSERT_OK(Workspace::init(path(), "# winnow\n", clock_)); }
  std::unique_ptr<Workspace> open(Access access = Access::ReadWrite) {
    return Workspace::open(path(), access, clock_).value();
  }
  static Result<RunId> record_run(Workspace& workspace, std::uint64_t seed) {
    auto run = sample_run();
    run.seed = seed;
    run.id = {};
    return workspace.registry().record(run);
  }
  void record_run(std::uint64_t seed) { ASSERT_OK(record_run(*open(), seed)); }
  std::vector<Check> failures() {
    auto checks = examine(path(), clock_, no_progress);
    std::erase_if(checks, [](const Check& check) { return check.state != Check::State::Fail; });
    return checks;
  }
  // A second process that does `work` and ends with what it returns.
  template <typename Work>
  static pid_t start_process(Work work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    return child;
  }
  static int exit_code_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  template <typename Work>
  static int in_another_process(Work work) {
    return exit_code_of(start_process(work));
  }

  testing::TemporaryFolder folder_;
  FixedClock clock_{Timestamp::from_seconds(1'700'000'000)};
};

TEST_F(WorkspaceTest, IsMadeOnce) {
  init();
  EXPECT_EQ(code_of(Workspace::init(path(), "", clock_)), Code::AlreadyExists);
  EXPECT_EQ(read_file(open()->configuration_file(), 100).value(), "# winnow\n");
  ASSERT_OK(make_folders(folder_ / "other"));
  ASSERT_OK(write_atomically(folder_ / "other/thesis.txt", "x"));
  EXPECT_EQ(code_of(Workspace::init(folder_ / "other", "", clock_)), Code::AlreadyExists)
      << "somebody else's folder";
  EXPECT_EQ(find_workspace(path() / "content").value(), path());
  EXPECT_EQ(code_of(find_workspace(folder_ / "other")), Code::NotFound);
  EXPECT_EQ(code_of(Workspace::open(folder_ / "other", Access::ReadOnly, clock_)), Code::NotFound);
}

TEST_F(WorkspaceTest, InitThatFailsAnywhereCanBeRunAgain) {
  for (int fail_at = 0;; fail_at += 3) {  // every third: each is some dozens of syncs
    std::filesystem::remove_all(path());
    bool fired = false;
    {
      const testing::FailingWrites faults(fail_at, true);
      const auto made = Workspace::init(path(), "# winnow\n", clock_);
      EXPECT_EQ(made.has_value(), !faults.fired());
      fired = faults.fired();
    }
    if (!fired) break;
    const auto again = Workspace::init(path(), "# winnow\n", clock_);
    EXPECT_TRUE(again || code_of(again) == Code::AlreadyExists)
        << again.error();  // only its last sync had failed
    EXPECT_OK(Workspace::open(path(), Access::ReadWrite, clock_));
  }
}

TEST_F(WorkspaceTest, ProcessesShareUnlessOneWantsItAlone) {
  using enum Workspace::Company;
  init();
  const auto code = [&](Access access, Workspace::Company company) {
    return in_another_process([&] {
      const auto opened = Workspace::open(path(), access, clock_, company);
      return opened ? 0 : static_cast<int>(opened.error().code());
    });
  };
  const auto conflict = static_cast<int>(Code::Conflict);
  {
    const auto writer = open();
    EXPECT_EQ(code(Access::ReadWrite, Others), 0);
    EXPECT_EQ(code(Access::ReadOnly, Others), 0);
    EXPECT_EQ(code(Access::ReadWrite, Alone), conflict);
  }
  const auto alone = Workspace::open(path(), Access::ReadWrite, clock_, Alone).value();
  EXPECT_EQ(code(Access::ReadWrite, Others), conflict);
  EXPECT_EQ(code(Access::ReadOnly, Others), conflict);
}

TEST_F(WorkspaceTest, WhatProcessesRecordAtOnceIsAllThere) {
  init();
  const auto first = open();
  constexpr int kProcesses = 4, kRuns = 12;
  std::vector<pid_t> children;
  for (int child = 0; child < kProcesses; ++child) {
    children.push_back(start_process([&] {
      auto workspace = Workspace::open(path(), Access::ReadWrite, clock_);
      for (int i = 0; workspace && i < kRuns; ++i) {
        if (!record_run(**workspace, 100 * child + i)) return 1;
      }
      return workspace ? 0 : 2;
    }));
  }
  for (int i = 0; i < kRuns; ++i) EXPECT_OK(record_run(*first, 1000 + i));
  for (const auto child : children) EXPECT_EQ(exit_code_of(child), 0);

  EXPECT_OK(first->registry().audit().refresh());
  const auto runs = first->registry().runs().value();
  EXPECT_EQ(runs.size(), static_cast<std::size_t>((kProcesses + 1) * kRuns));
  EXPECT_EQ(first->registry().audit().size(), runs.size());
  const auto verified =
      verify_audit_log(path() / "data/audit", first->registry().keys(), {}, no_progress).value();
  EXPECT_TRUE(verified.holds()) << verified.findings.front().what;
  EXPECT_EQ(verified.entries, runs.size());
}

TEST_F(WorkspaceTest, AProcessKilledInItsTurnHoldsNobodyUp) {
  init();
  const auto survivor = open();
  std::uint64_t acknowledged = 0;
  Rng rng(7);
  for (int round = 0; round < 12; ++round) {
    const auto child = start_process([&] {
      auto workspace = Workspace::open(path(), Access::ReadWrite, clock_);
      for (int i = 0; workspace; ++i) (void)record_run(**workspace, 1000 * round + i);
      return 1;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(rng.between(5, 60)));
    EXPECT_OK(record_run(*survivor, 100'000 + round));
    ++acknowledged;
    ::kill(child, SIGKILL);
    EXPECT_EQ(exit_code_of(child), -1);
  }
  EXPECT_OK(record_run(*survivor, 200'000));
  const auto verified =
      verify_audit_log(path() / "data/audit", survivor->registry().keys(), {}, no_progress).value();
  EXPECT_TRUE(verified.holds()) << verified.findings.front().what;
  EXPECT_GE(verified.entries, acknowledged + 1);
  EXPECT_EQ(survivor->registry().runs({.kind = "", .domain = "", .limit = 100'000}).value().size(),
            verified.entries);
}

TEST_F(WorkspaceTest, ANewerFormatIsUnsupported) {
  init();
  ASSERT_OK(write_atomically(path() / "data/format", "winnow workspace 2\n"));
  EXPECT_EQ(code_of(Workspace::open(path(), Access::ReadOnly, clock_)), Code::Unsupported);
}

TEST_F(WorkspaceTest, ABackupRestoresEverything) {
  init();
  ASSERT_OK(write_atomically(path() / "content/policy.yaml", "a: 1\n"));
  record_run(1);
  const auto writer = open();  // in use while it is copied
  const auto report = back_up(path(), folder_ / "copy", clock_, no_progress).value();
  EXPECT_EQ(report.audit_entries, 1U);
  EXPECT_EQ(code_of(back_up(path(), folder_ / "copy", clock_, no_progress)), Code::AlreadyExists);
  EXPECT_EQ(code_of(back_up(path(), path() / "copy", clock_, no_progress)), Code::InvalidArgument);
  ASSERT_OK(restore(folder_ / "copy", folder_ / "again", Existing::Refuse, no_progress));
  auto again = Workspace::open(folder_ / "again", Access::ReadWrite, clock_).value();
  EXPECT_EQ(again->registry().runs().value().size(), 1U);
  EXPECT_EQ(read_file(again->content() / "policy.yaml", 100).value(), "a: 1\n");
  auto run = sample_run();
  run.seed = 2;
  run.id = {};
  EXPECT_OK(again->registry().record(run));
  EXPECT_EQ(list_files(folder_ / "copy/data/objects")->size(), 1U);
}

TEST_F(WorkspaceTest, ABackupSignsNobodyIn) {
  init();
  {
    auto sessions = Sqlite::open(path() / "data/sessions.db", Access::ReadWrite).value();
    ASSERT_OK(sessions.execute("CREATE TABLE sessions (secret TEXT)"));
    ASSERT_OK(back_up(path(), folder_ / "copy", clock_, no_progress));
  }
  EXPECT_TRUE(std::filesystem::exists(folder_ / "copy/data/winnow.db"));
  for (const auto& file : list_files(folder_ / "copy").value())
    EXPECT_EQ(file.filename().string().find("sessions.db"), std::string::npos) << file;
}

// As each turn of a backup begins, a block of one more segment of the event log comes to stand
// aside.
class SettingBlocksAside final : public Progress {
 public:
  static constexpr int kSegments = 12;
  explicit SettingBlocksAside(Path log) : log_(std::move(log)) {
    EXPECT_OK(make_folders(log_ / "aside"));
    for (int i = 0; i < kSegments; ++i) EXPECT_OK(write_atomically(log_ / name(i), "whole"));
  }
  static std::string name(int segment) { return fmt::format("{:010}.seg", segment); }
  void stage(std::string_view, std::uint64_t) override {
    if (next_ == kSegments) return;
    EXPECT_OK(write_atomically(log_ / "aside" / name(next_), "the rest"));
    EXPECT_OK(write_atomically(log_ / name(next_++), "aside"));
  }
  void advance(std::uint64_t) override {}

 private:
  Path log_;
  int next_ = 0;
};

TEST_F(WorkspaceTest, ABackupHasWhatItsEventLogSetAside) {
  init();
  SettingBlocksAside progress(path() / "data/events/log");
  ASSERT_OK(back_up(path(), folder_ / "copy", clock_, progress));
  const auto copy = folder_ / "copy/data/events/log";
  int aside = 0;
  for (int i = 0; i < SettingBlocksAside::kSegments; ++i) {
    const auto name = SettingBlocksAside::name(i);
    if (read_file(copy / name, 100).value() != "aside") continue;
    EXPECT_TRUE(std::filesystem::exists(copy / "aside" / name)) << i;
    ++aside;
  }
  EXPECT_GE(aside, 4);
}

TEST_F(WorkspaceTest, RestoringOverAWorkspaceNeedsAChoiceAndKeepsTheOld) {
  init();
  record_run(1);
  ASSERT_OK(back_up(path(), folder_ / "copy", clock_, no_progress));
  record_run(2);
  EXPECT_EQ(code_of(restore(folder_ / "copy", path(), Existing::Refuse, no_progress)),
            Code::AlreadyExists);
  ASSERT_OK(restore(folder_ / "copy", path(), Existing::Replace, no_progress));
  EXPECT_EQ(open()->registry().runs().value().size(), 1U);
  auto old = Workspace::open(folder_ / "w.before-restore-1", Access::ReadOnly, clock_).value();
  EXPECT_EQ(old->registry().runs().value().size(), 2U);
}

TEST_F(WorkspaceTest, ADamagedBackupIsNotRestored) {
  init();
  record_run(1);
  ASSERT_OK(back_up(path(), folder_ / "copy", clock_, no_progress));
  for (const auto& file : list_files(folder_ / "copy").value()) {
    if (file.filename() == "backup.json") continue;
    std::error_code ignored;
    if (std::filesystem::file_size(file) == 0) continue;
    std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    testing::flip_byte(file, std::filesystem::file_size(file) / 2);
    EXPECT_EQ(code_of(restore(folder_ / "copy", folder_ / "again", Existing::Refuse, no_progress)),
              Code::Corrupt)
        << file;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "again", ignored));
    testing::flip_byte(file, std::filesystem::file_size(file) / 2);
  }
  EXPECT_OK(restore(folder_ / "copy", folder_ / "again", Existing::Refuse, no_progress));
}

TEST_F(WorkspaceTest, ADamagedWorkspaceIsNotBackedUpInSilence) {
  init();
  record_run(1);
  const auto object = list_files(path() / "data/objects")->front();
  std::filesystem::permissions(object, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  testing::flip_byte(object, 10);
  EXPECT_EQ(code_of(back_up(path(), folder_ / "copy", clock_, no_progress)), Code::Corrupt);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy"));
}

TEST_F(WorkspaceTest, ABackupWhileRunsAreRecordedIsConsistent) {
  init();
  const pid_t child = ::fork();
  if (child == 0) {
    auto workspace = open();
    for (std::uint64_t seed = 0;; ++seed) {
      auto run = sample_run();
      run.seed = seed;
      run.id = {};
      if (!workspace->registry().record(run)) ::_exit(1);
    }
  }
  for (int i = 0; i < 5; ++i) {
    const auto copy = folder_ / std::to_string(i);
    const auto backed_up = back_up(path(), copy, clock_, no_progress);
    EXPECT_TRUE(backed_up) << backed_up.error();
    if (!backed_up) continue;
    const auto opened = Workspace::open(copy, Access::ReadWrite, clock_);
    EXPECT_TRUE(opened) << opened.error();
    if (!opened) continue;
    EXPECT_GE((*opened)->registry().runs()->size(), backed_up->audit_entries);
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
}

TEST_F(WorkspaceTest, ABackupHasNothingThatIsNotYetInItsPlace) {
  init();
  const std::vector<Path> halves = {"data/audit/checkpoint.new", "data/keys/.ring.json.7-1f.tmp",
                                    "data/objects/.incoming/7-0"};
  ASSERT_OK(make_folders(path() / "data/objects/.incoming"));
  for (const auto& half : halves) ASSERT_OK(write_atomically(path() / half, "half"));
  ASSERT_OK(write_atomically(path() / "content/old.new", "the user's"));
  ASSERT_OK(back_up(path(), folder_ / "copy", clock_, no_progress));
  for (const auto& half : halves) EXPECT_FALSE(std::filesystem::exists(folder_ / "copy" / half));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "copy/content/old.new"));
}

TEST_F(WorkspaceTest, ABackupKilledAnywhereLeavesNothingHalf) {
  init();
  for (std::uint64_t seed = 0; seed < 20; ++seed) record_run(seed);
  testing::for_each_seed(6, [&](Rng& rng) {
    testing::killed_while(
        [&](const auto&) { (void)back_up(path(), folder_ / "copy", clock_, no_progress); }, rng,
        60'000);
    if (std::filesystem::exists(folder_ / "copy")) {
      ASSERT_OK(restore(folder_ / "copy", folder_ / "again", Existing::Refuse, no_progress));
      std::filesystem::remove_all(folder_ / "again");
      std::filesystem::remove_all(folder_ / "copy");
    }
  });
  EXPECT_OK(back_up(path(), folder_ / "copy", clock_, no_progress));
}

TEST_F(WorkspaceTest, ExamineFindsNothingWrongInASoundWorkspace) {
  init();
  record_run(1);
  EXPECT_TRUE(failures().empty()) << failures().front().detail;
  const auto writer = open();
  EXPECT_TRUE(failures().empty()) << "also while it is in use";
}

TEST_F(WorkspaceTest, ExamineNamesWhatIsDamaged) {
  init();
  for (std::uint64_t seed = 0; seed < 3; ++seed) record_run(seed);
  const auto damage = [&](const Path& file, std::uint64_t at) {
    std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    testing::flip_byte(file, at);
    std::string names;
    for (const auto& check : failures()) {
      names += check.name + ";";
      EXPECT_FALSE(check.advice.empty());
    }
    testing::flip_byte(file, at);
    return names;
  };
  EXPECT_THAT(damage(list_files(path() / "data/objects")->front(), 50), HasSubstr("objects;"));
  EXPECT_THAT(damage(path() / "data/winnow.db", 5000), HasSubstr("database;"));
  EXPECT_THAT(damage(path() / "data/audit/entries/0000000001.seg", 400), HasSubstr("audit log;"));
  const auto ring = path() / "data/keys/ring.json";
  EXPECT_THAT(damage(ring, read_file(ring, 10'000)->find("public") + 12), HasSubstr("keys;"));
  EXPECT_TRUE(failures().empty());
}

}  // namespace
}  // namespace winnow
