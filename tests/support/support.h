// What the tests share: temporary folders, printed seeds, golden files, the real data.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/result.h"
#include "base/rng.h"

namespace winnow::testing {

// A new empty folder, removed with everything in it at the end of its scope.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const Path& path() const { return path_; }
  Path operator/(std::string_view name) const { return path_ / name; }

 private:
  Path path_;
};

// With sanitizers, which make everything many times slower, one case in so many is taken of those
// that are many: random ones and real records. What sanitizers look for shows in these as well; the
// plain build takes all.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WINNOW_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WINNOW_SANITIZED 1
#endif
#endif
#ifdef WINNOW_SANITIZED
inline constexpr int kOneIn = 8;
#else
inline constexpr int kOneIn = 1;
#endif

// Runs `test` with `count` different generators (one in kOneIn of them, and at least one). A
// failure prints its seed; WINNOW_SEED=n runs that one only.
void for_each_seed(int count, const std::function<void(Rng&)>& test);

// The code of a failure, or nothing for a success: EXPECT_EQ(code_of(r), Code::Corrupt).
template <typename T>
std::optional<Code> code_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional<Code>(result.error().code());
}

// Compares with the file tests/NAME; WINNOW_UPDATE_GOLDEN=1 rewrites it, and the diff is reviewed
// like code.
void expect_golden(std::string_view actual, const Path& name);

// The folder of the real data: WINNOW_DATA, by default shared/data beside the repository; nothing
// when absent. Tests then call GTEST_SKIP() << kNoRealData.
std::optional<Path> real_data(std::string_view inside = "");
inline constexpr std::string_view kNoRealData = "real data absent: set WINNOW_DATA to its folder";

// Unpacks an archive of the real data (.tar.zst, or one file as .zst) into a cache folder of the
// build tree, once, and returns the folder that holds its content; nothing when the data or the
// tools are absent.
std::optional<Path> unpacked(std::string_view archive_inside_data);

Path source_folder();  // the root of the repository

}  // namespace winnow::testing

// ASSERT that a Result holds a value, and print the error otherwise.
#define ASSERT_OK(expr)                                                    \
  do {                                                                     \
    const auto& winnow_assert_ok = (expr);                                 \
    ASSERT_TRUE(winnow_assert_ok.has_value()) << winnow_assert_ok.error(); \
  } while (false)
#define EXPECT_OK(expr)                                                    \
  do {                                                                     \
    const auto& winnow_expect_ok = (expr);                                 \
    EXPECT_TRUE(winnow_expect_ok.has_value()) << winnow_expect_ok.error(); \
  } while (false)
