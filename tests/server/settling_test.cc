#include "server/threads/settling.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace winnow::server {
namespace {

TEST(Settling, IsDueOnceItIsMuch) {
  Settling settling([] {});
  EXPECT_FALSE(settling.is_needed());
  settling.note_answers(Settling::kMost - 1);
  EXPECT_TRUE(settling.is_needed());
  EXPECT_FALSE(settling.is_due());
  settling.note_answers(1);
  EXPECT_TRUE(settling.is_due());
  settling.note_settled();
  EXPECT_FALSE(settling.is_needed());
  EXPECT_FALSE(settling.is_due());
}

TEST(Settling, WhereNothingWasAnsweredNobodyWaits) {
  Settling settling([] { ADD_FAILURE() << "nothing is to be done"; });
  settling.wait();
  settling.note_answers(1);
  settling.note_settled();
  settling.wait();
}

TEST(Settling, WhoReadsWaitsForWhatWasAnsweredBefore) {
  std::atomic<int> woken = 0;
  Settling settling([&] {
    ++woken;
    woken.notify_all();
  });
  std::atomic<bool> is_settled = false;
  settling.note_answers(1);
  std::thread reader([&] {
    settling.wait();
    EXPECT_TRUE(is_settled);
  });
  woken.wait(0);
  EXPECT_TRUE(settling.is_due()) << "somebody waits";
  is_settled = true;
  settling.note_settled();
  reader.join();
  EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace winnow::server
