// Splitting an mbox: how its bytes arrive must not change the mails that come out.
#include "ingest/records/mbox_reader.h"
#include "tests/fuzz/in_pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  constexpr ReadLimits kLimits{.max_record_bytes = 512, .max_kept_bytes = 64};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_in_pieces(text, [&](std::unique_ptr<ByteSource> bytes) {
    MboxReader reader(std::move(bytes), "-", 0, kLimits);
    return all_of(reader);
  });
  return 0;
}
