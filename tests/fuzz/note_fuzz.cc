// Signed notes and checkpoints: what is read is written back byte for byte, or refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registry/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto note = winnow::note_of(text);
  if (note && winnow::to_text(*note) != text) std::abort();
  const auto checkpoint = winnow::checkpoint_of(text);
  if (checkpoint && !note) std::abort();
  if (checkpoint && !note->text.starts_with(winnow::body_of(*checkpoint))) std::abort();
  return 0;
}
