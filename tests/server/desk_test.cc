#include "server/desk.h"

#include <algorithm>
#include <future>
#include <vector>

#include "registry/workspace.h"
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
                         workspace_->database_file(), data / "spool"},
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

}  // namespace
}  // namespace winnow::server
