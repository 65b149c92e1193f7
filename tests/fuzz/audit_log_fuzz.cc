// An audit log whose records are any bytes: opened or refused, verified or found wanting, never a
// crash. The input is a sequence of records: one byte of kind, two of size, the payload; their
// check sums are made valid, so that the reader behind them is reached.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

#include "base/bytes.h"
#include "registry/audit_log.h"
#include "store/segment_log.h"

namespace winnow {
namespace {

struct Scratch {
  Scratch() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "winnow-audit-fuzz-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    folder = pattern;
  }
  Path folder;
};

void write_records(const Path& folder, std::string_view input) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  auto log = SegmentLog::open(folder / "entries", {}).value();
  ByteReader in(input);
  while (!in.at_end()) {
    const auto kind = in.get<std::uint8_t>() % 2;
    const auto payload = in.get_raw(in.get<std::uint16_t>());
    if (!in.ok()) break;
    if (!log.append(payload, static_cast<RecordKind>(kind))) std::abort();
  }
  if (!log.commit()) std::abort();
}

}  // namespace
}  // namespace winnow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;  // NOLINT: one function
  static const Scratch scratch;
  static const FixedClock clock{Timestamp()};
  static const KeyRing keys = KeyRing::create(scratch.folder / "keys", clock).value();
  const auto folder = scratch.folder / "audit";
  write_records(folder, {reinterpret_cast<const char*>(data), size});
  NoProgress progress;
  const auto verified = verify_audit_log(folder, keys, {}, progress);
  // Nothing an outsider writes is signed: at most the log is empty.
  if (verified && verified->holds() && verified->entries > 0) std::abort();
  const auto log = AuditLog::open(folder, keys, Access::ReadWrite);
  if (log && log->size() > 0) std::abort();
  return 0;
}
