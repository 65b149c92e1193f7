// Tailed files: every line once, through rotation, truncation and restarts.
#include "server/receivers/tail.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/rng.h"
#include "server/receivers/tail_position.h"
#include "server/receivers/tailed_file.h"
#include "tests/support/support.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kPatience = 20s;
const auto kNow = std::chrono::steady_clock::now();

void append(const Path& file, std::string_view text) {
  std::ofstream(file, std::ios::app | std::ios::binary) << text;
}

std::vector<std::string> read(TailedFile& file, std::size_t most = SIZE_MAX, bool is_last = false) {
  std::vector<std::string> lines;
  file.read(most, 10, is_last, kNow, [&](std::string_view line, bool cut) {
    lines.push_back(std::string(line) + (cut ? "..." : ""));
  });
  return lines;
}

class TailedFiles : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder;
  const Path path = folder / "app.log";
};

TEST_F(TailedFiles, GiveWholeLinesAsTheyGrow) {
  append(path, "one\r\ntw");
  auto file = TailedFile::open(path.string(), kNow).value();
  EXPECT_THAT(read(file), ElementsAre("one"));
  append(path, "o\n\nthree\n");
  EXPECT_THAT(read(file), ElementsAre("two", "three"));
  append(path, "the end");
  EXPECT_THAT(read(file), IsEmpty());
  EXPECT_THAT(read(file, SIZE_MAX, true), ElementsAre("the end"));
  EXPECT_THAT(read(file, SIZE_MAX, true), IsEmpty());
}

TEST_F(TailedFiles, GiveTheFrontOfALineThatIsTooLong) {
  append(path, "0123456789\n0123456789a\nnext\n0123456789abc");
  auto file = TailedFile::open(path.string(), kNow).value();
  EXPECT_THAT(read(file), ElementsAre("0123456789", "0123456789...", "next", "0123456789..."));
  append(path, "its rest\nlast\n");
  EXPECT_THAT(read(file), ElementsAre("last"));
}

TEST_F(TailedFiles, BeginAnewWhenTheyAreTruncated) {
  append(path, "one\ntwo\n");
  auto file = TailedFile::open(path.string(), kNow).value();
  EXPECT_THAT(read(file), ElementsAre("one", "two"));
  std::filesystem::resize_file(path, 0);
  append(path, "three\n");
  EXPECT_THAT(read(file), ElementsAre("three"));
  // Even where it has grown beyond what it was.
  std::filesystem::resize_file(path, 0);
  append(path, "four\nfive\nsix\n");
  EXPECT_THAT(read(file), ElementsAre("four", "five", "six"));
}

TEST_F(TailedFiles, GoOnWhereTheyWereLeftIfTheyAreTheSame) {
  append(path, "one\n");
  auto first = TailedFile::open(path.string(), kNow).value();
  read(first);
  append(path, "two\n");
  auto again = TailedFile::open(path.string(), kNow).value();
  again.go_on(first.position());
  EXPECT_THAT(read(again), ElementsAre("two"));
  // The inode is another file's now.
  std::filesystem::resize_file(path, 0);
  append(path, "uno\ndue\n");
  auto other = TailedFile::open(path.string(), kNow).value();
  other.go_on(first.position());
  EXPECT_THAT(read(other), ElementsAre("uno", "due"));
}

TEST_F(TailedFiles, AreRegularFiles) {
  EXPECT_FALSE(TailedFile::open(folder.path().string(), kNow));
  EXPECT_FALSE(TailedFile::open((folder / "none").string(), kNow));
}

TEST_F(TailedFiles, PositionsAreReadAsTheyWereWritten) {
  const auto file = folder / "positions";
  EXPECT_TRUE(read_positions(file).value().files.empty());
  TailPositions positions;
  positions.files[{1, 2}] = {3, sha256("head"), "/var/log/a", LogHeader("#fields\ta\n")};
  positions.files[{1, 3}] = {0, sha256(""), ""};
  positions.open_events["/var/log/a"] = "events";
  EXPECT_OK(write_positions(file, positions));
  const auto back = read_positions(file).value();
  ASSERT_EQ(back.files.size(), 2U);
  EXPECT_EQ(back.open_events, positions.open_events);
  const auto& one = back.files.at({1, 2});
  EXPECT_EQ(one.offset, 3U);
  EXPECT_EQ(one.head, sha256("head"));
  EXPECT_EQ(one.path, "/var/log/a");
  EXPECT_EQ(one.header.lines(), "#fields\ta\n");
  const auto bytes = read_file(file, 4096).value();
  for (std::size_t cut = 1; cut < bytes.size(); cut += 9) {
    EXPECT_OK(write_atomically(file, bytes.substr(0, cut)));
    const auto left = read_positions(file);
    EXPECT_TRUE(!left || left->open_events.empty()) << cut;
  }
}

// With an intake and a spool of its own.
class Tailing : public ::testing::Test {
 protected:
  Tailing() {
    options.files = {(folder / "app.log").string()};
    options.positions = folder / "positions";
    options.look = 1ms;
    options.rotated = 1ms;
    Spool::Config config;
    config.group_of = source_of;
    spool = Spool::open(folder / "spool", config, clock.now()).value();
    intake = std::make_unique<Intake>(*spool, clock, metrics, activity, [] {});
  }
  void start() { tail = Tail::start(options, *intake).value(); }
  std::vector<std::string> take(std::size_t count) {
    std::vector<std::string> lines;
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (lines.size() < count && std::chrono::steady_clock::now() < until) {
      auto spooled = spool->take().value();
      if (!spooled) {
        std::this_thread::sleep_for(1ms);
        continue;
      }
      DeliveryReader reader(std::move(*spooled));
      for (ReceivedRecord record; reader.next(record).value();) {
        lines.push_back(record.record.raw);
        last = std::move(record);
      }
    }
    return lines;
  }
  // Until positions on disk are as far as the file.
  void wait_until_committed() const {
    const auto size = std::filesystem::file_size(path);
    for (;;) {
      for (const auto& [id, position] : read_positions(options.positions).value().files)
        if (position.offset == size) return;
      std::this_thread::sleep_for(1ms);
    }
  }

  testing::TemporaryFolder folder;
  const Path path = folder / "app.log";
  FixedClock clock{Timestamp::from_civil(2026, 3, 3, 14, 5, 8)};
  Metrics metrics{{}};
  Activity activity{clock};
  std::unique_ptr<Spool> spool;
  std::unique_ptr<Intake> intake;
  TailOptions options;
  std::unique_ptr<Tail> tail;
  ReceivedRecord last;
};

TEST_F(Tailing, LinesBecomeRecordsOfTheirSource) {
  append(path, "{\"subject\":\"x\"}\n");
  start();
  EXPECT_THAT(take(1), ElementsAre("{\"subject\":\"x\"}"));
  EXPECT_EQ(last.record.form, RecordForm::LogJson);
  EXPECT_EQ(last.source, "app");
  EXPECT_EQ(last.record.position.input, "tail " + path.string());
  append(path, "Mar  3 14:05:06 gw mail: {\"subject\":\"y\"}\n");
  take(1);
  EXPECT_EQ(last.record.form, RecordForm::SyslogLog);
  EXPECT_EQ(last.reported_at, Timestamp::from_civil(2026, 3, 3, 14, 5, 6));
}

TEST_F(Tailing, FollowsRenameAndCreate) {
  options.rotated = 1h;  // what comes late after the rename still belongs to it
  append(path, "1\n");
  start();
  EXPECT_THAT(take(1), ElementsAre("1"));
  std::filesystem::rename(path, folder / "app.log.1");
  append(folder / "app.log.1", "2\n");
  append(path, "3\n");
  EXPECT_THAT(take(2), ::testing::UnorderedElementsAre("2", "3"));
}

TEST_F(Tailing, GoesOnAfterARestartAndFindsWhatWasRenamedMeanwhile) {
  append(path, "1\n");
  start();
  EXPECT_THAT(take(1), ElementsAre("1"));
  wait_until_committed();
  tail->stop();
  append(path, "2\n");
  std::filesystem::rename(path, folder / "app.log.1");
  append(path, "3\n");
  start();
  EXPECT_THAT(take(2), ::testing::UnorderedElementsAre("2", "3"));
}

TEST_F(Tailing, WhatIsPackedIsNotReadAgain) {
  options.files = {(folder / "app.log*").string()};
  append(folder / "app.log.1.gz", "packed\n");
  append(path, "1\n");
  start();
  EXPECT_THAT(take(1), ElementsAre("1"));
  wait_until_committed();
  append(path, "2\n");
  EXPECT_THAT(take(1), ElementsAre("2"));
}

TEST_F(Tailing, HoweverFastSomeFilesGrowTheOthersAreRead) {
  options.files = {(folder / "*.log").string()};
  // A batch has room for the turns of four files; each of these eight has more than ten turns'
  // worth.
  const std::string line(1'000, 'x');
  std::string much;
  for (int i = 0; i < 11'000; ++i) much += line + "\n";
  for (int i = 0; i < 8; ++i) append(folder / fmt::format("fast{}.log", i), much);
  append(folder / "slow1.log", "slow 1\n");
  append(folder / "slow2.log", "slow 2\n");
  start();
  std::size_t taken = 0;
  std::set<std::string> slow;
  while (slow.size() < 2 && taken < 80'000) {
    for (auto& text : take(1)) {
      ++taken;
      if (text.starts_with("slow")) slow.insert(std::move(text));
    }
  }
  EXPECT_EQ(slow.size(), 2U);
  EXPECT_LT(taken, 30'000U) << "within the first turns of all";
  EXPECT_EQ(tail->use().files, 10U);
  EXPECT_GT(tail->use().lines, 0U);
}

TEST_F(Tailing, ARotatedFileIsOfTheSameSource) {
  options.files = {(folder / "eve.json*").string()};
  append(folder / "eve.json.1", "{}\n");
  start();
  take(1);
  EXPECT_EQ(last.source, "eve");
}

// What was read and is not stored comes again, what was stored may: nothing is lost.
TEST_F(Tailing, NothingIsLostHoweverOftenItIsStopped) {
  testing::for_each_seed(10, [&](Rng& rng) {
    std::filesystem::remove(path);
    std::filesystem::remove(options.positions);
    std::set<std::string> wanted, found;
    for (int i = 0; i < 40; ++i) {
      const auto line = fmt::format("{} {}", rng.below(1UL << 40), i);
      wanted.insert(line);
      append(path, line + "\n");
      if (rng.below(4) > 0) continue;
      start();
      if (rng.below(2) == 0) wait_until_committed();
      tail.reset();  // what is on its way is not waited for
    }
    append(path, "the end\n");
    wanted.insert("the end");
    start();
    while (!found.contains("the end")) {
      for (auto& line : take(1)) found.insert(std::move(line));
    }
    tail.reset();
    EXPECT_TRUE(std::ranges::includes(found, wanted));
  });
}

std::string audit_line(std::string_view type, int serial) {
  return fmt::format("type={} msg=audit({}.043:{}): pid=7", type, 5 + serial, serial);
}

TEST_F(Tailing, LinesOfOneEventAreOneRecord) {
  const auto head = audit_line("SYSCALL", 1) + "\n";
  append(path, head + audit_line("USER_AUTH", 2) + "\n");
  start();
  EXPECT_THAT(take(1), ElementsAre(audit_line("USER_AUTH", 2)));
  append(path, audit_line("CWD", 1) + "\n");
  append(path, audit_line("EOE", 1) + "\n");
  EXPECT_THAT(take(1), ElementsAre(head + audit_line("CWD", 1) + "\n" + audit_line("EOE", 1)));
  EXPECT_EQ(last.record.form, RecordForm::SyslogLines);
  EXPECT_EQ(last.source, "app");
}

TEST_F(Tailing, AnEventWithoutEndIsGivenWhenNothingComesForIt) {
  options.event = 1ms;
  append(path, audit_line("SYSCALL", 1) + "\n" + audit_line("CWD", 1) + "\n");
  start();
  EXPECT_THAT(take(1), ElementsAre(audit_line("SYSCALL", 1) + "\n" + audit_line("CWD", 1)));
  EXPECT_EQ(last.record.position.input, "tail " + path.string());
}

TEST_F(Tailing, RotationPartsNoEvent) {
  for (const auto& pattern : {"app.log", "app.log*"}) {
    options.files = {(folder / pattern).string()};
    options.event = 1h;
    for (const auto& file : {path, folder / "app.log.1", options.positions})
      std::filesystem::remove(file);
    append(path, audit_line("SYSCALL", 1) + "\n");
    start();
    wait_until_committed();
    append(path, audit_line("EXECVE", 1) + "\n");
    std::filesystem::rename(path, folder / "app.log.1");
    append(path, audit_line("CWD", 1) + "\n" + audit_line("EOE", 1) + "\n");
    EXPECT_THAT(take(1), ElementsAre(audit_line("SYSCALL", 1) + "\n" + audit_line("EXECVE", 1) +
                                     "\n" + audit_line("CWD", 1) + "\n" + audit_line("EOE", 1)));
    tail.reset();
  }
}

// However often it is stopped, with positions on disk or without: each event is one record, whole.
TEST_F(Tailing, AStopPartsNoEvent) {
  options.event = 1h;
  testing::for_each_seed(10, [&](Rng& rng) {
    std::filesystem::remove(path);
    std::filesystem::remove(options.positions);
    std::set<std::string> wanted, found;
    for (int serial = 1; serial <= 30; ++serial) {
      std::string whole;
      for (const auto* type : {"SYSCALL", "EXECVE", "CWD", "PATH", "EOE"}) {
        const auto one = audit_line(type, serial);
        append(path, one + "\n");
        whole += (whole.empty() ? "" : "\n") + one;
        if (rng.below(12) > 0) continue;
        start();
        if (rng.below(2) == 0) wait_until_committed();
        tail.reset();
      }
      wanted.insert(whole);
    }
    append(path, "the end\n");
    start();
    while (!found.contains("the end")) {
      for (auto& record : take(1)) found.insert(std::move(record));
    }
    tail.reset();
    found.erase("the end");
    EXPECT_EQ(found, wanted);
  });
}

}  // namespace
}  // namespace winnow::server
