#include "features/entity_states.h"

#include <algorithm>
#include <ranges>

#include "base/bytes.h"
#include "features/detail/slice_format.h"
#include "features/detail/state_table.h"

namespace winnow {
namespace {

Error corrupt(std::string_view what) {
  return Error(Code::Corrupt, "state slice " + std::string(what));
}

}  // namespace

Result<std::optional<EntityState>> EntityStates::get(const StateKey& key) const {
  const EntityState* found = nullptr;
  WINNOW_TRY(find({&key, 1}, {&found, 1}));
  return found == nullptr ? std::optional<EntityState>() : std::optional(*found);
}

Status EntityStates::put(const StateKey& key, const EntityState& state) {
  const EntityState* const empty = &state;
  EntityState* there = nullptr;
  WINNOW_TRY(change({&key, 1}, {&empty, 1}, {&there, 1}));
  *there = state;
  return {};
}

MemoryEntityStates::MemoryEntityStates() : table_(std::make_unique<features::StateTable>()) {}
MemoryEntityStates::~MemoryEntityStates() = default;

Status MemoryEntityStates::find(std::span<const StateKey> keys,
                                std::span<const EntityState*> states) const {
  table_->find(keys, states);
  return {};
}

Status MemoryEntityStates::change(std::span<const StateKey> keys,
                                  std::span<const EntityState* const> empty,
                                  std::span<EntityState*> states) {
  table_->find(keys, states);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (states[i] == nullptr) states[i] = table_->find(keys[i]);  // perhaps of a key named twice
    if (states[i] == nullptr) states[i] = &table_->insert(keys[i], *empty[i]);
  }
  return {};
}

std::size_t MemoryEntityStates::size() const { return table_->size(); }
std::size_t MemoryEntityStates::bytes() const { return table_->bytes(); }

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
  return features::slice_bytes_of(
      items_ | std::views::transform([](const Item& item) {
        return features::SliceItem{&item.key, item.state ? &*item.state : nullptr};
      }));
}

Result<StateSlice> StateSlice::from_bytes(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() != features::kSliceFormat) return corrupt("is of an unknown format");
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
