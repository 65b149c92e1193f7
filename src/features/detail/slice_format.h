// How the bytes of a state slice are written: docs/formats/entity-state.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/few_bytes.h"
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
  constexpr std::size_t kMostOfCount = 10;
  std::size_t most = 1 + kMostOfCount + states.bytes().size();
  for (const SliceItem item : items)
    most += item.key->history.size() + item.key->key.size() + 3 * kMostOfCount;
  std::string out;
  out.reserve(most);
  const auto put_count = [&](std::size_t count) {
    out.append(FewBytes<kMostOfCount>().put_count(count).view());
  };
  const auto put_text = [&](std::string_view text) {
    put_count(text.size());
    out.append(text);
  };
  out.push_back(static_cast<char>(kSliceFormat));
  put_count(items.size());
  std::size_t at = 0;
  auto end = ends.begin();
  for (const SliceItem item : items) {
    put_text(item.key->history);
    put_text(item.key->key);
    put_text(std::string_view(states.bytes()).substr(at, *end - at));
    at = *end++;
  }
  return out;
}

}  // namespace winnow::features
