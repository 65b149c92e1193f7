// Ingest is killed at any moment: what was acknowledged is there, and a second run completes.
#include <csignal>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/event_log.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

constexpr int kBatches = 50;
constexpr int kBatchEvents = 5;

std::string raw_of(int batch, int item) {
  return fmt::format("Subject: {} {}\n\n{}", batch, item, std::string(300, 'x'));
}

Status append_batch(EventLog& log, int batch) {
  std::vector<std::string> raws;
  for (int i = 0; i < kBatchEvents; ++i) raws.push_back(raw_of(batch, i));
  std::vector<NewEvent> events;
  for (const auto& raw : raws) {
    events.push_back({.raw = raw,
                      .digest = sha256(raw),
                      .event_time = Timestamp::from_seconds(batch),
                      .received_time = {},
                      .source = "crash",
                      .label_origin = ""});
  }
  WINNOW_TRY(log.append(events));
  return {};
}

// Appends batch after batch and tells each acknowledged one through the pipe; never returns.
[[noreturn]] void append_until_killed(const Path& folder, int pipe, const WriteFault& fault) {
  set_write_fault(fault);
  auto log = EventLog::open(folder, Access::ReadWrite);
  for (int batch = 0; log && batch < kBatches; ++batch) {
    if (!append_batch(*log, batch)) ::_exit(1);
    const char acknowledged = 1;
    if (::write(pipe, &acknowledged, 1) != 1) ::_exit(1);
  }
  ::_exit(0);
}

// Runs `append_until_killed` in a child until `wait_and_kill` has ended it; how many batches it had
// acknowledged.
int run_child(const Path& folder, const WriteFault& fault,
              const std::function<void(::pid_t)>& wait_and_kill) {
  int ends[2];
  if (::pipe(ends) != 0) return -1;
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    append_until_killed(folder, ends[1], fault);
  }
  ::close(ends[1]);
  wait_and_kill(child);
  int status = 0;
  ::waitpid(child, &status, 0);
  int acknowledged = 0;
  char byte = 0;
  while (::read(ends[0], &byte, 1) == 1) ++acknowledged;
  ::close(ends[0]);
  return acknowledged;
}

void expect_whole(const Path& folder, int acknowledged) {
  auto log = EventLog::open(folder, Access::ReadWrite);
  ASSERT_OK(log);
  const auto events = log->verify();
  ASSERT_OK(events);
  EXPECT_GE(*events, static_cast<std::uint64_t>(acknowledged * kBatchEvents));
  EXPECT_EQ(*events % kBatchEvents, 0U) << "a batch is stored whole or not at all";
  for (int batch = 0; batch < acknowledged; ++batch) {
    for (int i = 0; i < kBatchEvents; ++i) {
      ASSERT_TRUE(log->look_up(sha256(raw_of(batch, i))).value()) << batch << " " << i;
    }
  }
  for (int batch = 0; batch < kBatches; ++batch) ASSERT_OK(append_batch(*log, batch));
  EXPECT_EQ(log->verify().value(), static_cast<std::uint64_t>(kBatches * kBatchEvents));
}

TEST(EventLogCrash, KilledAtARandomMoment) {
  testing::for_each_seed(8, [](Rng& rng) {
    testing::TemporaryFolder folder;
    const auto delay = rng.below(100'000);
    const int acknowledged = run_child(folder.path(), {}, [&](::pid_t child) {
      ::usleep(static_cast<unsigned>(delay));
      ::kill(child, SIGKILL);
    });
    expect_whole(folder.path(), acknowledged);
  });
}

TEST(EventLogCrash, KilledBeforeEachWriteInTurn) {
  for (int kill_at = 0; kill_at < 24; ++kill_at) {
    testing::TemporaryFolder folder;
    int step = 0;
    const WriteFault fault = [&](std::string_view, const Path&) -> Status {
      if (step++ == kill_at) ::kill(::getpid(), SIGKILL);
      return {};
    };
    const int acknowledged = run_child(folder.path(), fault, [](::pid_t) {});
    expect_whole(folder.path(), acknowledged);
  }
}

}  // namespace
}  // namespace winnow
