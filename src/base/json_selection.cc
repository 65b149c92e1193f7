#include "base/detail/json_selection.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace winnow {
namespace {

constexpr int kTries = 200;  // of factors; each fits with fair probability

// The odd numbers of a fixed sequence (SplitMix64): the same selection gets the same tables.
std::uint64_t factor_number(int i) {
  auto x = (static_cast<std::uint64_t>(i) + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
  x = (x ^ x >> 27) * 0x94D049BB133111EBU;
  return (x ^ x >> 31) | 1;
}

// How many of the keys would not get the place of their hash.
std::size_t displaced(const std::vector<KeyMark>& keys, std::uint64_t factor, std::uint64_t mask) {
  std::vector<bool> taken(mask + 1);
  std::size_t count = 0;
  for (const auto& key : keys) {
    const auto at = key.hash(factor) & mask;
    count += taken[at] ? 1 : 0;
    taken[at] = true;
  }
  return count;
}

}  // namespace

// Four places a key, so that a key that is not wanted mostly meets an empty one.
void WantedKeys::build_table() {
  mask = std::bit_ceil(std::max<std::size_t>(keys.size(), 1) * 4) - 1;
  std::vector<KeyMark> marks;
  for (const auto& key : keys) {
    const auto padded = key.key + std::string(8, '\0');
    marks.push_back(KeyMark::of(padded.data(), key.key.size()));
  }
  auto fewest = SIZE_MAX;
  for (int i = 0; i < kTries && fewest > 0; ++i) {
    const auto count = displaced(marks, factor_number(i), mask);
    if (count < fewest) {
      fewest = count;
      factor = factor_number(i);
    }
  }
  table.resize(mask + 1);
  for (std::uint32_t i = 0; i < marks.size(); ++i) {
    auto at = marks[i].hash(factor) & mask;
    while (table[at].mark.size != Entry::kEmpty) at = (at + 1) & mask;
    table[at] = {marks[i], i};
  }
}

std::int32_t JsonSelection::State::make_node() {
  nodes.emplace_back();
  return static_cast<std::int32_t>(nodes.size()) - 1;
}

WantedKey& JsonSelection::State::wanted(std::int32_t node, const std::string& key) {
  auto& keys = nodes[static_cast<std::size_t>(node)].keys;
  const auto known = std::ranges::find(keys, key, &WantedKey::key);
  if (known != keys.end()) return *known;
  auto& made = keys.emplace_back();
  made.key = key;
  return made;
}

// The place of the value that `key` stands for.
Result<JsonSelection::Place> JsonSelection::State::put(WantedKey& key, bool of_items,
                                                       std::int32_t list,
                                                       const std::optional<Place>& shared) {
  const bool is_single = list == WantedKey::kNone;
  auto& column = of_items ? key.item_column : key.column;
  if (shared) {
    const auto wanted = static_cast<std::int32_t>(shared->column);
    const bool is_free = column == WantedKey::kNone || column == wanted;
    if (!is_free || !is_single || shared->list)
      return Error(Code::InvalidArgument, "the place of its value is another already");
    is_shared[shared->column] = true;
    column = wanted;
    return *shared;
  }
  auto& count = is_single ? singles : widths[static_cast<std::size_t>(list)];
  if (column == WantedKey::kNone) {
    column = static_cast<std::int32_t>(count++);
    is_shared.resize(singles);
  }
  Place place{std::nullopt, static_cast<std::uint32_t>(column)};
  if (!is_single) place.list = static_cast<std::uint32_t>(list);
  return place;
}

Status JsonSelection::State::add(const Path& path, std::optional<Place> shared) {
  std::int32_t node = 0;
  std::int32_t list = WantedKey::kNone;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool of_items = i + 1 < path.size() && path[i + 1] == "*";
    if (path[i] == "*" || (of_items && list != WantedKey::kNone) || path.size() > kMaxSteps) break;
    const bool is_last = i + (of_items ? 2 : 1) == path.size();
    const auto next = is_last ? WantedKey::kNone : make_node();  // before a reference into `nodes`
    WantedKey& key = wanted(node, path[i]);
    if (of_items) {
      ++i;
      if (key.list == WantedKey::kNone) {
        key.list = static_cast<std::int32_t>(widths.size());
        widths.push_back(0);
      }
      list = key.list;
    }
    if (is_last) {
      auto place = put(key, of_items, list, shared);
      if (!place)
        return std::move(place).error().with_context(fmt::format("'{}'", fmt::join(path, ".")));
      places.push_back(*place);
      return {};
    }
    auto& branch = of_items ? key.item_node : key.node;
    if (branch == WantedKey::kNone) branch = next;
    node = branch;
  }
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is no path: 1 to {} steps, at most one of them '*', not the first",
                           fmt::join(path, "."), kMaxSteps));
}

JsonSelection::JsonSelection() : state_(std::make_unique<State>()) {
  state_->make_node();
  state_->nodes.front().build_table();
}
JsonSelection::JsonSelection(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonSelection::JsonSelection(JsonSelection&&) noexcept = default;
JsonSelection& JsonSelection::operator=(JsonSelection&&) noexcept = default;
JsonSelection::~JsonSelection() = default;

Result<JsonSelection> JsonSelection::of(std::span<const Path> paths,
                                        std::span<const std::uint32_t> same_as) {
  auto state = std::make_unique<State>();
  state->make_node();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto first = same_as.empty() ? i : std::size_t{same_as[i]};
    WINNOW_TRY(
        state->add(paths[i], first < i ? std::optional(state->places[first]) : std::nullopt));
  }
  for (auto& node : state->nodes) node.build_table();
  return JsonSelection(std::move(state));
}

JsonSelection::Place JsonSelection::place(std::size_t i) const { return state_->places[i]; }
std::size_t JsonSelection::single_columns() const { return state_->singles; }
std::span<const std::uint32_t> JsonSelection::list_widths() const { return state_->widths; }

void JsonCells::begin(std::size_t single_columns, std::size_t lists) {
  ++stamp_;
  if (singles_.size() < single_columns) singles_.resize(single_columns);
  if (lists_.size() < lists) lists_.resize(lists);
  row_cells_.clear();
}

std::size_t JsonCells::rows_left_out(std::uint32_t list) const {
  return lists_[list].stamp == stamp_ ? lists_[list].left_out : 0;
}

bool JsonCells::begin_list(std::uint32_t list, std::uint32_t width) {
  auto& begun = lists_[list];
  if (begun.stamp == stamp_) return false;
  begun = {row_cells_.size(), 0, 0, width, stamp_};
  return true;
}

bool JsonCells::add_row(std::uint32_t list) {
  auto& grown = lists_[list];
  if (grown.rows == kMaxRows) {
    ++grown.left_out;
    return false;
  }
  ++grown.rows;
  row_cells_.resize(grown.first + grown.rows * grown.width);
  return true;
}

bool JsonCells::put_in_row(std::uint32_t list, std::uint32_t column, JsonCell::Kind kind,
                           std::string_view text) {
  const auto& where = lists_[list];
  auto& cell = row_cells_[where.first + (where.rows - 1) * where.width + column];
  if (cell.kind != JsonCell::Kind::Absent) return false;
  cell = {kind, text};
  return true;
}

}  // namespace winnow
