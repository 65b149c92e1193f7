// A segment file with any content: scanned to an end or refused; what opening keeps can be read and
// appended to.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

#include "store/segment_log.h"

namespace winnow {
namespace {

std::uint64_t count_records(const Path& folder, bool& readable) {
  auto scan = SegmentScan::open(folder);
  readable = scan.has_value();
  for (std::uint64_t records = 0; readable; ++records) {
    const auto more = scan->next();
    readable = more.has_value();
    if (readable && !*more) return records;
  }
  return 0;
}

const Path& scratch() {
  static const Path folder = [] {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "winnow-segment-fuzz-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    return Path(pattern);
  }();
  return folder;
}

}  // namespace
}  // namespace winnow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;  // NOLINT: one function
  const auto& folder = scratch();
  if (!write_atomically(folder / "0000000001.seg", {reinterpret_cast<const char*>(data), size}))
    std::abort();
  bool readable = false;
  const auto before = count_records(folder, readable);
  auto log = SegmentLog::open(folder, {});
  if (log.has_value() != readable) std::abort();
  if (!log) return 0;
  if (!log->append("one more") || !log->commit()) std::abort();
  if (count_records(folder, readable) != before + 1 || !readable) std::abort();
  return 0;
}
