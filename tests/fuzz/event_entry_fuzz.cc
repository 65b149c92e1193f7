// Records of the event log: refused, or the one form of what they say.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest/detail/event_block.h"
#include "ingest/detail/event_entry.h"
#include "ingest/detail/event_pack.h"

namespace {

// What is read of a block is read of it once more without its first event, where it stood or aside.
void read_block(std::string_view bytes) {
  const auto block = winnow::EventBlock::read(bytes);
  if (!block) return;
  auto unpacked = block->unpack();
  if (!unpacked) return;
  const auto less = winnow::rest_of({block->items(), std::move(*unpacked)},
                                    {block->items().front().event.digest}, bytes.size());
  if (!less || less->payload.size() > bytes.size()) std::abort();
  const auto record = winnow::EventBlock::read(less->payload);
  if (!record || record->stands_aside() == less->aside.empty()) std::abort();
  const auto rest = winnow::EventBlock::read(less->aside.empty() ? less->payload : less->aside);
  if (!rest || !rest->unpack()) std::abort();
  if (rest->items().size() != block->items().size() || rest->items().front().is_kept) std::abort();
}

void read_pack(std::string_view bytes) {
  for (const std::uint64_t last : {1, 2, 128}) {
    const auto pack = winnow::EventPack::open(std::string(bytes), 1, last);
    if (pack) (void)pack->event(last);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto entry = winnow::read_event_payload(bytes)) {
    if (const auto raw = winnow::raw_of(*entry)) {
      if (winnow::sha256(*raw) != entry->event.digest) std::abort();
    }
  }
  if (const auto label = winnow::read_label_payload(bytes)) {
    if (winnow::label_payload(*label) != bytes) std::abort();
  }
  if (const auto statement = winnow::read_statement_payload(bytes)) {
    const auto again = winnow::read_statement_payload(winnow::statement_payload(*statement));
    if (!again || again->event != statement->event || again->step != statement->step) std::abort();
  }
  read_block(bytes);
  read_pack(bytes);
  return 0;
}
