#include "base/file.h"

#include <algorithm>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

class FaultScope {
 public:
  explicit FaultScope(WriteFault fault) { set_write_fault(std::move(fault)); }
  ~FaultScope() { set_write_fault({}); }
  FaultScope(const FaultScope&) = delete;
  FaultScope& operator=(const FaultScope&) = delete;
};

TEST(File, AnAtomicWriteThatFailsAnywhereLeavesTheOldFile) {
  testing::TemporaryFolder folder;
  ASSERT_OK(write_atomically(folder / "x", "old"));
  for (int fail_at = 0;; ++fail_at) {
    int step = 0;
    Status written;
    {
      FaultScope fault([&](std::string_view, const Path&) -> Status {
        if (step++ == fail_at) return Error(Code::Exhausted, "disk full");
        return {};
      });
      written = write_atomically(folder / "x", "new");
    }
    const auto found = *read_file(folder / "x", 100);
    if (written) {
      EXPECT_EQ(found, "new");
      break;
    }
    EXPECT_TRUE(found == "old" || found == "new");  // after the rename the new one stands
    EXPECT_EQ(list_files(folder.path())->size(), 1U) << "nothing is left behind";
  }
}

TEST(File, ReadingIsBounded) {
  testing::TemporaryFolder folder;
  ASSERT_OK(write_atomically(folder / "x", std::string(1000, 'a')));
  EXPECT_EQ(code_of(read_file(folder / "x", 999)), Code::Exhausted);
  EXPECT_EQ(code_of(read_file(folder / "y", 999)), Code::NotFound);
  EXPECT_EQ(read_file(folder / "x", 1000)->size(), 1000U);
}

TEST(File, AFailedAppendDoesNotCount) {
  testing::TemporaryFolder folder;
  auto file = *AppendFile::open(folder / "log");
  ASSERT_OK(file.append("one"));
  {
    FaultScope fault([](std::string_view, const Path&) -> Status {
      return Error(Code::Exhausted, "disk full");
    });
    EXPECT_EQ(code_of(file.append("two")), Code::Exhausted);
  }
  ASSERT_OK(file.append("six"));
  EXPECT_EQ(*file.read(0, 6), "onesix");
  EXPECT_EQ(code_of(file.read(4, 3)), Code::Corrupt);
}

TEST(File, ANewFileHasItsNameOnlyWhenWhole) {
  testing::TemporaryFolder folder;
  {
    auto unfinished = *NewFile::create(folder / ".part");
    ASSERT_OK(unfinished.append("half"));
  }
  EXPECT_TRUE(list_files(folder.path())->empty()) << "removed when given up";
  auto file = *NewFile::create(folder / ".part", 0600);
  ASSERT_OK(file.append("one"));
  ASSERT_OK(file.append("two"));
  EXPECT_EQ(code_of(NewFile::create(folder / ".part")), Code::AlreadyExists);
  ASSERT_OK(file.sync());
  ASSERT_OK(file.close());
  ASSERT_OK(file.rename_to(folder / "x"));
  ASSERT_OK(sync_filesystem(folder.path()));
  EXPECT_EQ(*read_file(folder / "x", 100), "onetwo");
  EXPECT_EQ(std::filesystem::status(folder / "x").permissions(), std::filesystem::perms(0600));
}

TEST(File, ALockKeepsAnotherProcessOut) {
  testing::TemporaryFolder folder;
  const auto held = FileLock::acquire(folder / "lock", FileLock::Mode::Exclusive);
  ASSERT_OK(held);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = FileLock::acquire(folder / "lock", FileLock::Mode::Exclusive);
    ::_exit(code_of(second) == Code::Conflict ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(File, ExchangedFoldersSwapTheirNames) {
  testing::TemporaryFolder folder;
  for (const char* name : {"one", "other"}) {
    ASSERT_OK(make_folders(folder / name));
    ASSERT_OK(write_atomically(folder / name / "name", name));
  }
  ASSERT_OK(exchange_folders(folder / "one", folder / "other"));
  EXPECT_EQ(read_file(folder / "one" / "name", 100).value(), "other");
  EXPECT_EQ(read_file(folder / "other" / "name", 100).value(), "one");
  EXPECT_EQ(testing::code_of(exchange_folders(folder / "one", folder / "absent")), Code::NotFound);
  EXPECT_EQ(read_file(folder / "one" / "name", 100).value(), "other");
}

}  // namespace
}  // namespace winnow
