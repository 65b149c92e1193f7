#include "features/frequencies.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "features/detail/buckets.h"
#include "features/detail/numbers.h"

namespace winnow {
namespace {

constexpr double kLn2 = 0.693147180559945309417232121458;

// The columns of the rows are bytes of one hash: four functions independent of each other.
std::array<std::uint32_t, Frequencies::kRows> places_of(std::string_view value) {
  const auto hash = hash64(value, 0x5241524954);
  std::array<std::uint32_t, Frequencies::kRows> places{};
  for (std::uint32_t row = 0; row < Frequencies::kRows; ++row)
    places[row] = row * Frequencies::kColumns + (hash >> (16 * row) & 0xFF);
  return places;
}

Error corrupt(std::string_view what) {
  return Error(Code::Corrupt, "entity state has frequencies " + std::string(what));
}

}  // namespace

void Frequencies::add(std::string_view value) {
  total_ = features::saturating_add<std::uint64_t>(total_, 1);
  auto from = cells_.begin();
  for (const auto wanted : places_of(value)) {  // ascending, as cells are
    from = std::lower_bound(from, cells_.end(), wanted, [](const Cell& cell, std::uint32_t place) {
      return cell.place < place;
    });
    if (from == cells_.end() || from->place != wanted) from = cells_.insert(from, {wanted, 0});
    from->count = features::saturating_add<std::uint32_t>(from->count, 1);
  }
}

Status Frequencies::merge(const Frequencies& other) {
  total_ = features::saturating_add(total_, other.total_);
  std::vector<Cell> both;
  both.reserve(cells_.size() + other.cells_.size());
  std::merge(cells_.begin(), cells_.end(), other.cells_.begin(), other.cells_.end(),
             std::back_inserter(both),
             [](const Cell& a, const Cell& b) { return a.place < b.place; });
  cells_.clear();
  for (const auto& cell : both) {
    if (!cells_.empty() && cells_.back().place == cell.place) {
      cells_.back().count = features::saturating_add(cells_.back().count, cell.count);
    } else {
      cells_.push_back(cell);
    }
  }
  return {};
}

std::uint64_t Frequencies::count(std::string_view value) const {
  std::uint64_t least = total_;
  auto from = cells_.begin();
  for (const auto wanted : places_of(value)) {
    from = std::lower_bound(from, cells_.end(), wanted, [](const Cell& cell, std::uint32_t place) {
      return cell.place < place;
    });
    if (from == cells_.end() || from->place != wanted) return 0;
    least = std::min<std::uint64_t>(least, from->count);
  }
  return least;
}

double Frequencies::rarity(std::string_view value) const {
  const auto all = static_cast<double>(total_) + 1;
  return features::natural_log(all / (static_cast<double>(count(value)) + 1)) / kLn2;
}

double Frequencies::entropy() const {
  std::array<std::uint32_t, kRows> used{};
  for (const auto& cell : cells_) ++used[cell.place / kColumns];
  // The row in which the fewest values share a column.
  const auto best =
      static_cast<std::uint32_t>(std::max_element(used.begin(), used.end()) - used.begin());
  double sum = 0, weighted = 0;
  for (const auto& cell : cells_) {
    if (cell.place / kColumns != best) continue;
    const auto count = static_cast<double>(cell.count);
    sum += count;
    weighted += count * features::natural_log(count);
  }
  if (sum == 0) return 0;
  return std::max(0.0, (features::natural_log(sum) - weighted / sum) / kLn2);
}

void Frequencies::write(ByteWriter& out) const {
  out.put_count(total_).put_count(cells_.size());
  std::uint32_t next = 0;
  for (const auto& [place, count] : cells_) {
    out.put_count(place - next).put_count(count);
    next = place + 1;
  }
}

Result<Frequencies> Frequencies::read(ByteReader& in) {
  Frequencies frequencies;
  frequencies.total_ = in.get_count();
  const auto cells = in.get_item_count(2);
  std::uint64_t next = 0;
  for (std::uint64_t i = 0; i < cells && in.ok(); ++i) {
    const auto distance = in.get_count();
    const auto count = in.get_count();
    if (distance >= kRows * kColumns || (next += distance) >= kRows * kColumns || count == 0 ||
        count > UINT32_MAX) {
      return corrupt("out of bounds");
    }
    frequencies.cells_.push_back(
        {static_cast<std::uint32_t>(next), static_cast<std::uint32_t>(count)});
    ++next;
  }
  return frequencies;
}

}  // namespace winnow
