// How the bytes of a state slice are written: docs/formats/entity-state.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "features/entity_states.h"

namespace winnow::features {

inline constexpr std::uint8_t kSliceFormat = 1;

void write_state(const EntityState& state, ByteWriter& out);  // its bytes()

// An entity of a slice; without a state: never seen.
struct SliceItem {
  const StateKey* key;
  const EntityState* state;
};

// Items ascend by key. A state's size stands before it, so all are written aside first.
template <typename Items>
std::string slice_bytes_of(const Items& items) {
  ByteWriter states;
  std::vector<std::size_t> ends;
  ends.reserve(items.size());
  for (const SliceItem item : items) {
    if (item.state != nullptr) write_state(*item.state, states);  // a state is never of 0 bytes
    ends.push_back(states.bytes().size());
  }
  ByteWriter out;
  out.put(kSliceFormat).put_count(items.size());
  std::size_t at = 0;
  auto end = ends.begin();
  for (const SliceItem item : items) {
    out.put_text(item.key->history).put_text(item.key->key);
    out.put_text(std::string_view(states.bytes()).substr(at, *end - at));
    at = *end++;
  }
  return std::move(out).bytes();
}

}  // namespace winnow::features
