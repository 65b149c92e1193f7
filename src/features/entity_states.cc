#include "features/entity_states.h"

#include <algorithm>

#include "base/bytes.h"

namespace winnow {
namespace {

constexpr std::uint8_t kSliceFormat = 1;

Error corrupt(std::string_view what) {
  return Error(Code::Corrupt, "state slice " + std::string(what));
}

}  // namespace

Result<std::optional<EntityState>> MemoryEntityStates::get(const StateKey& key) const {
  const auto found = states_.find(key);
  if (found == states_.end()) return std::optional<EntityState>();
  return std::optional<EntityState>(found->second);
}

Status MemoryEntityStates::put(const StateKey& key, EntityState state) {
  states_.insert_or_assign(key, std::move(state));
  return {};
}

StateSlice::StateSlice(std::vector<Item> items) : items_(std::move(items)) {
  std::stable_sort(items_.begin(), items_.end(),
                   [](const Item& a, const Item& b) { return a.key < b.key; });
  items_.erase(std::unique(items_.begin(), items_.end(),
                           [](const Item& a, const Item& b) { return a.key == b.key; }),
               items_.end());
}

const EntityState* StateSlice::find(const StateKey& key) const {
  const auto found =
      std::lower_bound(items_.begin(), items_.end(), key,
                       [](const Item& item, const StateKey& wanted) { return item.key < wanted; });
  return found != items_.end() && found->key == key && found->state ? &*found->state : nullptr;
}

std::string StateSlice::bytes() const {
  ByteWriter out;
  out.put(kSliceFormat).put_count(items_.size());
  for (const auto& [key, state] : items_) {
    out.put_text(key.history).put_text(key.key);
    out.put_text(state ? state->bytes() : std::string());  // a state is never of 0 bytes
  }
  return std::move(out).bytes();
}

Result<StateSlice> StateSlice::from_bytes(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() != kSliceFormat) return corrupt("is of an unknown format");
  const auto count = in.get_item_count(3);
  if (count > kMaxItems) return corrupt("has too many states");
  StateSlice slice;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    Item item{{std::string(in.get_text()), std::string(in.get_text())}, {}};
    const auto state = in.get_text();
    if (!in.ok()) break;
    if (item.key.key.size() > StateKey::kMaxKeyBytes) return corrupt("has a key that is too long");
    if (!slice.items_.empty() && !(slice.items_.back().key < item.key))
      return corrupt("has keys out of order");
    if (!state.empty()) {
      WINNOW_TRY(item.state, EntityState::from_bytes(state));
    }
    slice.items_.push_back(std::move(item));
  }
  WINNOW_TRY(in.finish("state slice"));
  if (slice.bytes() != bytes) return corrupt("is not in its canonical form");
  return slice;
}

}  // namespace winnow
