// What a user meets when things go wrong around the binary: kills, damage, two processes at once.
#include <fmt/format.h>

#include "tests/e2e/demo.h"
#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

std::string mbox_of(int mails) {
  std::string mbox;
  for (int i = 0; i < mails; ++i) {
    mbox += fmt::format(
        "From ann@example.com Tue Mar  3 14:05:06 2026\n"
        "From: Ann <ann{}@example.com>\nTo: bob@example.org\nSubject: minutes {}\n"
        "Date: Tue, 3 Mar 2026 14:{:02}:06 +0000\nMessage-ID: <{}@example.com>\n\nHere are the "
        "minutes of meeting {}.\n\n",
        i % 7, i, i % 60, i, i);
  }
  return mbox;
}

std::int64_t events_in(const Path& workspace, const Path& mbox) {
  // Reading everything once more stores what is missing; what it knows and what it stores is the
  // total.
  const auto report = winnow(workspace, {"ingest", "mail", mbox.string(), "--json"}).json();
  return report["stored"].as_int() + report["duplicates"].as_int();
}

TEST(Faults, KillingIngestAtAnyMomentLosesAndRepeatsNothing) {
  TemporaryFolder folder;
  const Path workspace = folder / "soc", mbox = folder / "in.mbox";
  constexpr int kMails = 4000;
  ASSERT_OK(write_atomically(mbox, mbox_of(kMails)));
  ASSERT_EQ(winnow(folder.path(), {"init", "soc"}).exit, 0);
  Rng rng(11);
  for (int i = 0; i < 25; ++i) {
    winnow_killed_after(workspace, {"ingest", "mail", mbox.string(), "--label", "benign"},
                        rng.between(2'000, 250'000));
  }
  EXPECT_EQ(events_in(workspace, mbox), kMails);
  EXPECT_EQ(events_in(workspace, mbox), kMails);
  EXPECT_ENDS(winnow(workspace, {"audit", "verify"}), 0);
  EXPECT_ENDS(winnow(workspace, {"doctor"}), 0);
}

TEST(Faults, KillingABackupLeavesNoHalfBackup) {
  TemporaryFolder folder;
  ASSERT_OK(write_atomically(folder / "in.mbox", mbox_of(2000)));
  ASSERT_EQ(winnow(folder.path(), {"init", "soc"}).exit, 0);
  ASSERT_EQ(winnow(folder / "soc", {"ingest", "mail", "../in.mbox"}).exit, 0);
  Rng rng(12);
  for (int i = 0; i < 15; ++i) {
    const auto name = fmt::format("backup-{}", i);
    winnow_killed_after(folder / "soc", {"backup", "../" + name}, rng.between(1'000, 120'000));
    std::error_code error;
    if (!std::filesystem::exists(folder / name, error)) continue;
    EXPECT_ENDS(winnow(folder.path(), {"restore", name, fmt::format("restored-{}", i)}), 0);
    EXPECT_ENDS(winnow(folder / fmt::format("restored-{}", i), {"doctor"}), 0);
  }
}

TEST(Faults, TwoProcessesDoNotWriteOneWorkspace) {
  TemporaryFolder folder;
  ASSERT_EQ(winnow(folder.path(), {"init", "soc"}).exit, 0);
  const auto lock = FileLock::acquire(folder / "soc/data/lock", FileLock::Mode::Exclusive);
  ASSERT_OK(lock);
  const auto second = winnow(folder / "soc", {"keys", "rotate"});
  EXPECT_ENDS(second, 1);
  EXPECT_NE(second.err.find("another process"), std::string::npos) << second.err;
}

TEST(Faults, OneProcessTakesMailInAndTheOthersWorkOn) {
  TemporaryFolder folder;
  copy_demo(folder / "demo");
  const auto soc = folder / "demo" / "soc";
  const auto lock = FileLock::acquire(soc / "data/events/lock", FileLock::Mode::Exclusive);
  ASSERT_OK(lock);
  for (const auto* command : {"ingest", "score"}) {
    const auto second = winnow(soc, {command, "mail", "../mail/new.mbox"});
    EXPECT_ENDS(second, 1);
    EXPECT_NE(second.err.find("another process"), std::string::npos) << second.err;
  }
  EXPECT_ENDS(winnow(soc, {"evaluate"}), 0);
  EXPECT_ENDS(winnow(soc, {"decisions", "list"}), 0);
  EXPECT_ENDS(winnow(soc, {"tokens", "create", "gateway", "--role", "sensor"}), 0);
  EXPECT_ENDS(winnow(soc, {"doctor"}), 0);
}

// `bytes` with a flipped one where something could be lost.
std::string with_flipped_byte(const Path& path, std::string bytes, Rng& rng) {
  if (path.filename() != "data.mdb") {
    // In the last third: past headers that are rewritten at every opening.
    bytes[bytes.size() - 1 - rng.below(bytes.size() / 3 + 1)] ^= 0x40;
    return bytes;
  }
  // LMDB leaves old pages in its file: in every copy of some states, each behind its key.
  const auto key = std::string("sender_domain") + '\0';
  for (auto at = bytes.find(key); at != std::string::npos; at = bytes.find(key, at + 1))
    bytes[std::min(at + 40, bytes.size() - 1)] ^= 0x40;
  return bytes;
}

TEST(Faults, AFlippedByteIsFoundAndNamed) {
  TemporaryFolder folder;
  copy_demo(folder / "demo");
  const auto soc = folder / "demo" / "soc";
  ASSERT_EQ(winnow(soc, {"keys", "rotate"}).exit, 0);
  ASSERT_EQ(winnow(soc, {"doctor"}).exit, 0);
  Rng rng(13);
  for (const auto& path : list_files(soc / "data").value()) {
    const auto name = path.filename().string();
    const auto whole = read_file(path, 64UL << 20).value();
    // Locks and indexes that SQLite makes anew hold nothing that could be lost.
    if (whole.empty() || name == "lock" || name.ends_with("-shm") || name.ends_with("-wal") ||
        name == "lock.mdb")
      continue;
    const auto mode = std::filesystem::status(path).permissions();
    ASSERT_OK(write_atomically(path, with_flipped_byte(path, whole, rng)));
    std::filesystem::permissions(path, mode);
    const auto found = winnow(soc, {"doctor"});
    EXPECT_ENDS(found, 3) << " after a flipped byte in " << path;
    ASSERT_OK(write_atomically(path, whole));
    std::filesystem::permissions(path, mode);
  }
  EXPECT_ENDS(winnow(soc, {"doctor"}), 0);
}

TEST(Faults, DamagedEntityStatesAreMadeAgain) {
  TemporaryFolder folder;
  copy_demo(folder / "demo");
  const auto soc = folder / "demo" / "soc";
  std::filesystem::remove_all(soc / "data" / "states");
  EXPECT_ENDS(winnow(soc, {"score", "mail", "../mail/new.mbox"}), 0);
  EXPECT_ENDS(winnow(soc, {"decisions", "replay", "--limit", "100000"}), 0);
  EXPECT_ENDS(winnow(soc, {"doctor"}), 0);
}

TEST(Faults, ErrorsSayWhatWasTriedAndWhatToDo) {
  TemporaryFolder folder;
  std::string all;
  const auto note = [&](const std::vector<std::string>& words, const Outcome& outcome) {
    all += "$ winnow";
    for (const auto& word : words) all += " " + word;
    all += fmt::format("\n{}{}exit {}\n\n", outcome.out, outcome.err, outcome.exit);
  };
  const auto run = [&](const Path& where, const std::vector<std::string>& words) {
    note(words, winnow(where, words));
  };
  run(folder.path(), {"runs", "list"});
  ASSERT_EQ(winnow(folder.path(), {"init", "soc"}).exit, 0);
  run(folder.path(), {"init", "soc"});
  const Path soc = folder / "soc";
  run(soc, {"runs", "show", "latest"});
  run(soc, {"bundles", "show", "b-0000"});
  run(soc, {"ingest", "mail", "nothing.mbox"});
  run(soc, {"ingest", "mail", "winnow.yaml", "--label", "nonsense"});
  run(soc, {"train", "mail", "--quiet"});
  run(soc, {"score", "mail", "winnow.yaml"});
  run(soc, {"decisions", "explain", "d-xyz"});
  run(soc, {"deployments", "rollback", "mail"});
  run(soc, {"models", "import", "winnow.yaml"});
  run(soc, {"ingest", "mial"});
  run(soc, {"ingest", "mail"});
  run(soc, {"ingest", "mail", "in.mbox", "--lable", "phish"});
  run(soc, {"train", "mail", "--seed", "x"});
  run(soc, {"keys", "list", "now"});
  run(soc, {"decisions", "list"});
  run(soc, {"features", "list", "--group", "lnks"});
  run(soc, {"features", "preview", "mail", "links_count"});
  ASSERT_OK(write_atomically(soc / "log.csv", "id;score\n1;0.3\n"));
  run(soc, {"ingest", "mail", "log.csv"});
  ASSERT_OK(write_atomically(soc / "winnow.yaml", "thread: 2\n"));
  run(soc, {"train", "mail"});
  for (auto at = all.find(folder.path().string()); at != std::string::npos;
       at = all.find(folder.path().string())) {
    all.replace(at, folder.path().string().size(), "FOLDER");
  }
  expect_golden(all, "e2e/errors.txt");
}

}  // namespace
}  // namespace winnow::testing
