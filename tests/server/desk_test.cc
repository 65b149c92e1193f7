#include "server/threads/desk.h"

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

#include "pipeline/decision_store.h"
#include "registry/workspace.h"
#include "server/case_lag.h"
#include "tests/support/support.h"

namespace winnow::server {
namespace {

class DeskTest : public ::testing::Test {
 protected:
  DeskTest() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
    const Path data = workspace_->data();
    EXPECT_OK(EventLog::open(data / "events", Access::ReadWrite));
    desk_ = Desk::start(workspace_->registry(),
                        {data / "events", data / "quarantine.db", data / "states",
                         workspace_->database_file(), data / "spool", data / "sessions.db"},
                        cases::CasePolicy())
                .value();
  }
  testing::TemporaryFolder folder_;
  FixedClock clock_{Timestamp::from_civil(2026, 3, 4)};
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Desk> desk_;
};

TEST_F(DeskTest, RefusesWhatIsTooMuchAndDoesTheRestInOrder) {
  std::promise<void> begun, go_on;
  ASSERT_TRUE(desk_->offer([&](DeskStores&) {
    begun.set_value();
    go_on.get_future().wait();
  }));
  begun.get_future().wait();
  std::vector<int> done;
  int taken = 0;
  while (taken < 10'000 && desk_->offer([&done, taken](DeskStores&) { done.push_back(taken); }))
    ++taken;
  EXPECT_EQ(taken, 256);
  go_on.set_value();
  desk_->stop();
  ASSERT_EQ(done.size(), 256U) << "what was taken is done before it stops";
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_FALSE(desk_->offer([](DeskStores&) {}));
}

TEST_F(DeskTest, TellsHowLongCasesAreBehind) {
  using std::chrono::steady_clock;
  auto reader = cases::CaseReader::open(workspace_->database_file()).value();
  std::promise<void> begun, go_on;
  ASSERT_TRUE(desk_->offer([&](DeskStores&) {
    begun.set_value();
    go_on.get_future().wait();
  }));
  begun.get_future().wait();
  const auto blocked = steady_clock::now();
  DecisionRecord record;
  record.decision.event = sha256("a mail");
  record.decision.route = winnow::Route::Close;
  auto decisions = DecisionStore::open(workspace_->database_file(), Access::ReadWrite).value();
  ASSERT_OK(decisions.add({&record, 1}));
  const auto behind = lag_of_cases(reader, *desk_);
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->waiting, 1U);
  EXPECT_GE(behind->lag.count(), 0);
  EXPECT_LE(desk_->caught_up(), blocked) << "nothing was taken in since";
  go_on.set_value();
  while (desk_->caught_up() <= blocked) std::this_thread::yield();
  EXPECT_EQ(lag_of_cases(reader, *desk_)->waiting, 0U);
  EXPECT_EQ(lag_of_cases(reader, *desk_)->lag.count(), 0);
}

}  // namespace
}  // namespace winnow::server
