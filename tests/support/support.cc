#include "tests/support/support.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

namespace winnow::testing {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "winnow-test-XXXXXX").string();
  ensure(::mkdtemp(pattern.data()) != nullptr, "a temporary folder can be made");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void for_each_seed(int count, const std::function<void(Rng&)>& test) {
  const char* wanted = std::getenv("WINNOW_SEED");
  const int first = wanted != nullptr ? std::atoi(wanted) : 1;
  const int last = wanted != nullptr ? first : std::max(1, count / kOneIn);
  for (int seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(fmt::format("WINNOW_SEED={}", seed));
    Rng rng(static_cast<std::uint64_t>(seed));
    test(rng);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

Path source_folder() { return WINNOW_SOURCE_DIR; }

void expect_golden(std::string_view actual, const Path& name) {
  const Path path = source_folder() / "tests" / name;
  if (std::getenv("WINNOW_UPDATE_GOLDEN") != nullptr) {
    ASSERT_OK(make_folders(path.parent_path()));
    ASSERT_OK(write_atomically(path, actual));
    return;
  }
  const auto expected = read_file(path, 64UL << 20);
  ASSERT_TRUE(expected) << expected.error() << "; WINNOW_UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(actual, *expected) << "differs from " << path << "; WINNOW_UPDATE_GOLDEN=1 rewrites it";
}

std::optional<Path> real_data(std::string_view inside) {
  const char* configured = std::getenv("WINNOW_DATA");
  const Path root =
      configured != nullptr ? Path(configured) : source_folder().parent_path() / "shared" / "data";
  const Path path = inside.empty() ? root : root / inside;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  return path;
}

std::optional<Path> unpacked(std::string_view archive_inside_data) {
  const auto archive = real_data(archive_inside_data);
  if (!archive) return std::nullopt;
  const Path folder = std::filesystem::temp_directory_path() /
                      fmt::format("winnow-real-data-{}", ::getuid()) / archive->stem().stem();
  const Path done = folder / ".unpacked";
  std::error_code error;
  if (std::filesystem::exists(done, error)) return folder;
  if (!make_folders(folder.parent_path())) return std::nullopt;
  // Two test programs may want the same archive at once: the second waits for the first.
  for (int tries = 0; tries < 600; ++tries) {
    const auto lock = FileLock::acquire(folder.string() + ".lock", FileLock::Mode::Exclusive);
    if (!lock) {
      ::usleep(100'000);
      continue;
    }
    if (std::filesystem::exists(done, error)) return folder;
    std::filesystem::create_directories(folder, error);
    const bool is_tar = archive->stem().extension() == ".tar";
    const auto target = is_tar ? fmt::format("| tar -x -C '{}'", folder.string())
                               : fmt::format("> '{}'", (folder / archive->stem()).string());
    const auto command = fmt::format("zstd -dcq '{}' {}", archive->string(), target);
    if (std::system(command.c_str()) != 0)
      return std::nullopt;  // NOLINT: fixed words and our own paths
    return write_atomically(done, "") ? std::optional(folder) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace winnow::testing
