#include "store/sorted_runs.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/contract.h"

namespace winnow {
namespace {

constexpr std::size_t kFanIn = 8;  // runs of a level that become one of the next
// The largest runs of each level; to join larger ones would take seconds.
constexpr std::array<std::uint64_t, 6> kLevels = {64, 512, 4096, 32'768, 262'144, 2'097'152};
constexpr std::size_t kRow = 60;  // pairs of a row: four rows are a page, none goes on in another

static_assert(sizeof(NumberPair) == 16 && std::is_trivially_copyable_v<NumberPair>);

SqliteBlob row_of(std::span<const NumberPair> pairs) {
  return {std::string(reinterpret_cast<const char*>(pairs.data()), pairs.size_bytes())};
}

Status read_row(SqliteStatement& statement, SqliteBlob& row, std::vector<NumberPair>& pairs) {
  WINNOW_TRY(statement.read(row));
  if (row.bytes.empty() || row.bytes.size() % sizeof(NumberPair) != 0)
    return Error(Code::Corrupt, "a row of a sorted run is no row of pairs");
  const auto before = pairs.size();
  pairs.resize(before + row.bytes.size() / sizeof(NumberPair));
  std::memcpy(&pairs[before], row.bytes.data(), row.bytes.size());
  return {};
}

std::size_t level_of(std::uint64_t pairs) {
  return static_cast<std::size_t>(std::ranges::lower_bound(kLevels, pairs) - kLevels.begin());
}

// Sorts what consists of sorted parts: `ends` are theirs.
void merge_parts(std::vector<NumberPair>& pairs, std::vector<std::size_t> ends) {
  const auto at = [&](std::size_t place) {
    return pairs.begin() + static_cast<std::ptrdiff_t>(place);
  };
  while (ends.size() > 1) {
    std::vector<std::size_t> joined;
    for (std::size_t i = 0; i < ends.size(); i += 2) {
      const auto last = std::min(i + 1, ends.size() - 1);
      const auto begin = i == 0 ? 0 : ends[i - 1];
      if (last > i) std::inplace_merge(at(begin), at(ends[i]), at(ends[last]));
      joined.push_back(ends[last]);
    }
    ends = std::move(joined);
  }
}

// Keeps the first `limit` by `order`; whether there are that many.
template <typename Order>
bool keep_first(std::vector<NumberPair>& pairs, std::size_t limit, const Order& order) {
  std::ranges::sort(pairs, order);
  if (pairs.size() > limit) pairs.resize(limit);
  return pairs.size() == limit;
}

// Of rows that descend, the pairs before `before` with a key from `begin` on, about as many as
// wanted. Returns how many are wanted from lower rows.
Result<std::size_t> take_backwards(SqliteStatement& rows, const NumberPair& before,
                                   std::int64_t begin, std::size_t wanted,
                                   std::vector<NumberPair>& found) {
  std::vector<NumberPair> pairs;
  SqliteBlob row;
  while (wanted > 0) {
    WINNOW_TRY(const bool more, rows.next());
    if (!more) break;
    pairs.clear();
    WINNOW_TRY(read_row(rows, row, pairs));
    const auto last = std::ranges::lower_bound(pairs, before);
    const auto first = std::min(std::ranges::lower_bound(pairs, begin, {}, &NumberPair::key), last);
    found.insert(found.end(), first, last);
    const auto taken = static_cast<std::size_t>(last - first);
    wanted = first != pairs.begin() ? 0 : wanted - std::min(wanted, taken);
  }
  return wanted;
}

}  // namespace

Result<std::vector<SortedRuns::Run>> SortedRuns::runs() {
  WINNOW_TRY(auto select, database_->prepare("SELECT run, pairs, low, high FROM sorted_runs"
                                             " WHERE name = ?1 ORDER BY run"));
  WINNOW_TRY(select.bind(name_));
  std::vector<Run> runs;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return runs;
    auto& run = runs.emplace_back();
    WINNOW_TRY(select.read(run.number, run.pairs, run.low, run.high));
  }
}

Status SortedRuns::write(std::span<const NumberPair> pairs) {
  WINNOW_TRY(
      database_->run("INSERT INTO sorted_runs (name, pairs, low, high)"
                     " VALUES (?1, ?2, ?3, ?4)",
                     name_, pairs.size(), pairs.front().key, pairs.back().key));
  WINNOW_TRY(auto newest, database_->prepare("SELECT max(run) FROM sorted_runs"));
  WINNOW_TRY(newest.bind());
  WINNOW_TRY(newest.next());
  std::int64_t run = 0;
  WINNOW_TRY(newest.read(run));
  WINNOW_TRY(newest.run());
  WINNOW_TRY(auto insert, database_->prepare("INSERT INTO sorted_pairs VALUES (?1, ?2, ?3, ?4)"));
  for (std::size_t at = 0; at < pairs.size(); at += kRow) {
    const auto row = pairs.subspan(at, std::min(kRow, pairs.size() - at));
    WINNOW_TRY(insert.bind(run, row.back().key, row.back().value, row_of(row)));
    WINNOW_TRY(insert.run());
  }
  keep_filter(run, pairs);
  return {};
}

Status SortedRuns::read_all(const Run& run, std::vector<NumberPair>& pairs) {
  WINNOW_TRY(auto select, database_->prepare("SELECT pairs FROM sorted_pairs WHERE run = ?1"
                                             " ORDER BY last_key, last_value"));
  WINNOW_TRY(select.bind(run.number));
  SqliteBlob row;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return {};
    WINNOW_TRY(read_row(select, row, pairs));
  }
}

// The pairs of these runs, sorted; the runs are gone afterwards.
Result<std::vector<NumberPair>> SortedRuns::take(std::span<const Run> runs) {
  std::vector<NumberPair> pairs;
  std::vector<std::size_t> ends;
  for (const auto& run : runs) {
    WINNOW_TRY(read_all(run, pairs));
    ends.push_back(pairs.size());
    WINNOW_TRY(database_->run("DELETE FROM sorted_pairs WHERE run = ?1", run.number));
    WINNOW_TRY(database_->run("DELETE FROM sorted_runs WHERE run = ?1", run.number));
  }
  merge_parts(pairs, std::move(ends));
  return pairs;
}

Status SortedRuns::add(std::vector<NumberPair> pairs) {
  if (pairs.empty()) return {};
  std::ranges::sort(pairs);
  WINNOW_TRY(write(pairs));
  for (;;) {
    WINNOW_TRY(const auto all, runs());
    std::array<std::vector<Run>, kLevels.size()> levels;
    for (const auto& run : all) {
      const auto level = level_of(run.pairs);
      if (level + 1 < kLevels.size()) levels[level].push_back(run);
    }
    const auto full = std::ranges::find_if(
        levels, [](const std::vector<Run>& level) { return level.size() >= kFanIn; });
    if (full == levels.end()) {
      drop_filters(all);
      return {};
    }
    WINNOW_TRY(const auto joined, take(*full));
    WINNOW_TRY(write(joined));
  }
}

Result<std::vector<NumberPair>> SortedRuns::find(std::vector<std::int64_t> keys) {
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());
  WINNOW_TRY(const auto all, runs());
  drop_filters(all);
  std::vector<NumberPair> found;
  for (const auto& run : all) WINNOW_TRY(find_in(run, keys, found));
  return found;
}

Status SortedRuns::find_in(const Run& run, std::span<const std::int64_t> keys,
                           std::vector<NumberPair>& found) {
  WINNOW_TRY(const auto* const filter, filter_of(run));
  std::optional<SqliteStatement> select;
  std::vector<NumberPair> pairs;  // of the row that was read last
  SqliteBlob row;
  for (const auto key : keys) {
    if (key < run.low || key > run.high) continue;
    if (filter != nullptr && !filter->may_hold(static_cast<std::uint64_t>(key))) continue;
    if (pairs.empty() || pairs.back().key <= key) {
      if (!select) {
        WINNOW_TRY(select, database_->prepare("SELECT pairs FROM sorted_pairs WHERE run = ?1 AND"
                                              " last_key >= ?2 ORDER BY last_key, last_value"));
      }
      WINNOW_TRY(select->bind(run.number, key));
      pairs.clear();
      // Equal keys may go on in the next row.
      while (pairs.empty() || pairs.back().key == key) {
        WINNOW_TRY(const bool more, select->next());
        if (!more) break;
        WINNOW_TRY(read_row(*select, row, pairs));
      }
    }
    auto at = std::ranges::lower_bound(pairs, key, {}, &NumberPair::key);
    for (; at != pairs.end() && at->key == key; ++at) found.push_back(*at);
  }
  return {};
}

Result<const KeyFilter*> SortedRuns::filter_of(const Run& run) {
  if (const auto known = filters_.find(run.number); known != filters_.end()) return &known->second;
  if (!has_room_for_filter(run.pairs)) return nullptr;  // asked before all of the run is read
  std::vector<NumberPair> pairs;
  WINNOW_TRY(read_all(run, pairs));
  return keep_filter(run.number, pairs);
}

bool SortedRuns::has_room_for_filter(std::uint64_t pairs) const {
  return filter_bytes_ + KeyFilter::bytes_for(pairs) <= max_filter_bytes_;
}

// Null where there is no room for it: then the run itself is asked.
const KeyFilter* SortedRuns::keep_filter(std::int64_t run, std::span<const NumberPair> pairs) {
  if (!has_room_for_filter(pairs.size())) return nullptr;
  KeyFilter filter(pairs.size());
  for (const auto& pair : pairs) filter.add(static_cast<std::uint64_t>(pair.key));
  filter_bytes_ += filter.bytes();
  return &filters_.insert_or_assign(run, std::move(filter)).first->second;
}

// Those of runs that are gone.
void SortedRuns::drop_filters(std::span<const Run> runs) {
  std::erase_if(filters_, [&](const auto& filter) {
    const bool is_gone = !std::ranges::binary_search(runs, filter.first, {}, &Run::number);
    if (is_gone) filter_bytes_ -= filter.second.bytes();
    return is_gone;
  });
}

void SortedRuns::forget_filters() {
  filters_.clear();
  filter_bytes_ = 0;
}

Result<std::vector<NumberPair>> SortedRuns::ascending(const NumberPair& after, std::int64_t end,
                                                      std::size_t limit) {
  WINNOW_TRY(auto all, runs());
  std::ranges::sort(all, {}, &Run::low);
  WINNOW_TRY(auto select, database_->prepare("SELECT pairs FROM sorted_pairs WHERE run = ?1 AND"
                                             " (last_key, last_value) > (?2, ?3)"
                                             " ORDER BY last_key, last_value"));
  std::vector<NumberPair> found, pairs;
  SqliteBlob row;
  bool is_full = limit == 0;
  for (const auto& run : all) {
    if (run.low >= end || (is_full && (found.empty() || run.low > found.back().key))) break;
    if (run.high < after.key) continue;
    WINNOW_TRY(select.bind(run.number, after.key, after.value));
    for (std::size_t taken = 0; taken < limit;) {
      WINNOW_TRY(const bool more, select.next());
      if (!more) break;
      pairs.clear();
      WINNOW_TRY(read_row(select, row, pairs));
      const auto first = std::ranges::upper_bound(pairs, after);
      const auto last = std::ranges::lower_bound(pairs, end, {}, &NumberPair::key);
      if (first < last) {
        found.insert(found.end(), first, last);
        taken += static_cast<std::size_t>(last - first);
      }
      if (last != pairs.end()) break;
    }
    is_full = keep_first(found, limit, std::less<>());
  }
  return found;
}

Result<std::vector<NumberPair>> SortedRuns::descending(const NumberPair& before, std::int64_t begin,
                                                       std::size_t limit) {
  WINNOW_TRY(auto all, runs());
  std::ranges::sort(all, std::greater<>(), &Run::high);
  WINNOW_TRY(auto around, database_->prepare("SELECT pairs FROM sorted_pairs WHERE run = ?1 AND"
                                             " (last_key, last_value) >= (?2, ?3)"
                                             " ORDER BY last_key, last_value LIMIT 1"));
  WINNOW_TRY(auto below, database_->prepare("SELECT pairs FROM sorted_pairs WHERE run = ?1 AND"
                                            " (last_key, last_value) < (?2, ?3)"
                                            " ORDER BY last_key DESC, last_value DESC"));
  std::vector<NumberPair> found;
  bool is_full = limit == 0;
  for (const auto& run : all) {
    if (run.high < begin || (is_full && (found.empty() || run.high < found.back().key))) break;
    if (run.low > before.key) continue;
    std::size_t wanted = limit;
    for (auto* const select : {&around, &below}) {
      WINNOW_TRY(select->bind(run.number, before.key, before.value));
      WINNOW_TRY(wanted, take_backwards(*select, before, begin, wanted, found));
    }
    is_full = keep_first(found, limit, std::greater<>());
  }
  return found;
}

}  // namespace winnow
