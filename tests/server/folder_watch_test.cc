#include "server/receivers/folder_watch.h"

#include <fstream>
#include <thread>

#include "tests/support/support.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = 60s;  // never waited for

class FolderWatching : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!watch.works()) GTEST_SKIP() << "this system tells nobody of changes";
    watch.follow(folder.path().string());
  }
  void append(const char* name, const char* text) const {
    std::ofstream(folder / name, std::ios::app) << text;
  }
  testing::TemporaryFolder folder;
  FolderWatch watch;
};

TEST_F(FolderWatching, NewAndRenamedFilesAreToldApartFromThoseThatGrow) {
  append("a", "1");
  EXPECT_TRUE(watch.wait(kLong)) << "it came";
  append("a", "2");
  EXPECT_FALSE(watch.wait(kLong)) << "it grew, and nobody waited to the end";
  std::filesystem::rename(folder / "a", folder / "b");
  EXPECT_TRUE(watch.wait(kLong));
  std::filesystem::remove(folder / "b");
  EXPECT_TRUE(watch.wait(kLong));
}

TEST_F(FolderWatching, TheBellWakesFromAnyThreadAlsoBeforehand) {
  std::thread ringer([bell = watch.bell()] { bell->ring(); });
  EXPECT_FALSE(watch.wait(kLong));
  ringer.join();
  watch.bell()->ring();
  watch.bell()->ring();
  EXPECT_FALSE(watch.wait(kLong));
  EXPECT_FALSE(watch.wait(0ms)) << "it was heard";
}

TEST_F(FolderWatching, AFolderThatWentAndCameBackIsFollowedAgain) {
  const auto inner = folder / "inner";
  std::filesystem::create_directory(inner);
  watch.follow(inner.string());
  while (watch.wait(0ms)) {
  }
  std::filesystem::remove(inner);
  EXPECT_TRUE(watch.wait(kLong));
  while (watch.wait(0ms)) {
  }
  std::filesystem::create_directory(inner);
  watch.follow(folder.path().string());
  watch.follow(inner.string());
  while (watch.wait(0ms)) {
  }
  append("inner/c", "1");
  EXPECT_TRUE(watch.wait(kLong));
}

TEST_F(FolderWatching, AFolderThatIsNotThereYetIsFollowedOnceItIs) {
  const auto later = folder / "later";
  watch.follow(later.string());
  std::filesystem::create_directory(later);
  watch.follow(later.string());
  while (watch.wait(0ms)) {
  }
  append("later/c", "1");
  EXPECT_TRUE(watch.wait(kLong));
}

}  // namespace
}  // namespace winnow::server
