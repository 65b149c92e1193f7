#include "learn/splits.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/rng.h"

namespace winnow::learn {
namespace {

Result<Split> checked(Split split) {
  if (!split.train.empty() && !split.test.empty()) return split;
  return Error(Code::InvalidArgument, fmt::format("the split '{}' leaves no rows to {}", split.name,
                                                  split.test.empty() ? "test" : "train"));
}

std::vector<bool> groups_in(const DataSet& data, std::span<const std::uint32_t> rows) {
  std::vector<bool> in(data.size(), false);
  for (const auto row : rows) in[data.group(row)] = true;
  return in;
}

// Rows [begin, end) test; of the rows before `begin` those old enough and in no test group train.
Split window(const DataSet& data, std::uint32_t begin, std::uint32_t end, Duration embargo) {
  Split split{fmt::format("from {}", data.time(begin).date()), {}, {}, 0};
  split.test.resize(end - begin);
  std::iota(split.test.begin(), split.test.end(), begin);
  const auto tested = groups_in(data, split.test);
  for (std::uint32_t row = 0; row < begin; ++row) {
    const bool old_enough = data.time(row) < data.time(begin) - embargo;
    if (old_enough && !tested[data.group(row)])
      split.train.push_back(row);
    else
      ++split.purged;
  }
  return split;
}

// The first row that is not older than row `wanted`: windows never cut through one moment.
std::uint32_t cut_at(const DataSet& data, std::uint32_t wanted) {
  while (wanted > 0 && wanted < data.size() && data.time(wanted - 1) == data.time(wanted)) --wanted;
  return wanted;
}

// What folds are dealt out by: rows that must stay together, with how many rows of each label.
struct Unit {
  std::vector<std::uint32_t> members;  // positions in the list of rows
  std::uint64_t order = 0;             // random rank, breaks ties of size
  std::size_t label = 0;               // the label most of its rows have
};

// Deals units to folds, largest first, each to the fold with the fewest rows of its label.
std::vector<std::uint32_t> deal(std::vector<Unit> units, std::size_t rows, std::uint32_t folds) {
  std::sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) {
    if (a.members.size() != b.members.size()) return a.members.size() > b.members.size();
    return a.order != b.order ? a.order < b.order : a.members.front() < b.members.front();
  });
  std::vector<std::uint32_t> fold_of(rows);
  std::map<std::size_t, std::vector<std::size_t>> loads;  // by label, then fold
  for (const auto& unit : units) {
    auto& load = loads[unit.label];
    load.resize(folds);
    const auto fold =
        static_cast<std::uint32_t>(std::min_element(load.begin(), load.end()) - load.begin());
    load[fold] += unit.members.size();
    for (const auto position : unit.members) fold_of[position] = fold;
  }
  return fold_of;
}

template <typename KeyOf>
std::vector<Unit> units_by(const DataSet& data, std::span<const std::uint32_t> rows,
                           const KeyOf& key_of) {
  std::map<std::uint32_t, Unit> units;
  std::map<std::uint32_t, std::array<std::size_t, 3>> labels;
  for (std::uint32_t position = 0; position < rows.size(); ++position) {
    const auto key = key_of(rows[position]);
    units[key].members.push_back(position);
    ++labels[key][static_cast<std::size_t>(data.label(rows[position]))];
  }
  std::vector<Unit> out;
  for (auto& [key, unit] : units) {
    const auto& counts = labels[key];
    unit.label =
        static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    out.push_back(std::move(unit));
  }
  return out;
}

std::vector<std::uint32_t> folds_by_group(const DataSet& data, std::span<const std::uint32_t> rows,
                                          std::uint32_t folds, std::uint64_t seed) {
  auto units = units_by(data, rows, [&](std::uint32_t row) { return data.group(row); });
  Rng rng = Rng(seed).fork("folds by group");
  for (auto& unit : units) unit.order = rng.next();
  return deal(std::move(units), rows.size(), folds);
}

std::vector<std::uint32_t> folds_by_time(const DataSet& data, std::span<const std::uint32_t> rows,
                                         std::uint32_t folds) {
  std::vector<std::uint32_t> fold_of(rows.size());
  std::map<std::uint32_t, std::uint32_t> fold_of_group;
  for (std::size_t position = 0; position < rows.size(); ++position) {
    const auto here = static_cast<std::uint32_t>(position * folds / rows.size());
    fold_of[position] = fold_of_group.emplace(data.group(rows[position]), here).first->second;
  }
  return fold_of;
}

bool two_sources_a_label(const DataSet& data, std::span<const std::uint32_t> rows) {
  std::map<Label, std::set<std::uint32_t>> sources;
  for (const auto row : rows) sources[data.label(row)].insert(data.source(row));
  return sources[Label::Benign].size() >= 2 && sources[Label::Malicious].size() >= 2;
}

}  // namespace

std::string_view name_of(FoldBy by) {
  switch (by) {
    case FoldBy::Group:
      return "group";
    case FoldBy::Time:
      return "time";
    case FoldBy::Source:
      return "source";
  }
  return "group";
}

Result<Split> split_at(const DataSet& data, Timestamp cut, Duration embargo) {
  std::uint32_t begin = 0;
  while (begin < data.size() && data.time(begin) < cut) ++begin;
  if (begin == data.size()) {
    return Error(Code::InvalidArgument, fmt::format("no row is as young as {}", cut.text()));
  }
  auto split = window(data, begin, static_cast<std::uint32_t>(data.size()), embargo);
  split.name = fmt::format("from {}", cut.date());
  return checked(std::move(split));
}

Result<std::vector<Split>> expanding_windows(const DataSet& data, const ExpandingWindows& windows) {
  if (windows.folds == 0 || !(windows.first_train_share > 0 && windows.first_train_share < 1)) {
    return Error(Code::InvalidArgument,
                 "windows need at least one fold and a first share between 0 and 1");
  }
  const auto rows = static_cast<double>(data.size());
  const auto border = [&](std::uint32_t fold) {
    const double share = windows.first_train_share + (1 - windows.first_train_share) * fold /
                                                         static_cast<double>(windows.folds);
    return cut_at(data, static_cast<std::uint32_t>(rows * share));
  };
  std::vector<Split> splits;
  for (std::uint32_t fold = 0; fold < windows.folds; ++fold) {
    const auto begin = border(fold);
    const auto end =
        fold + 1 == windows.folds ? static_cast<std::uint32_t>(data.size()) : border(fold + 1);
    if (begin >= end) {
      return Error(Code::InvalidArgument,
                   fmt::format("{} rows are too few, or too many at one time, for {} windows",
                               data.size(), windows.folds))
          .with_hint("use fewer folds");
    }
    WINNOW_TRY(auto split, checked(window(data, begin, end, windows.embargo)));
    splits.push_back(std::move(split));
  }
  return splits;
}

std::vector<std::uint32_t> purge_groups(const DataSet& data, std::span<const std::uint32_t> train,
                                        std::span<const std::uint32_t> test) {
  const auto tested = groups_in(data, test);
  std::vector<std::uint32_t> kept;
  for (const auto row : train) {
    if (!tested[data.group(row)]) kept.push_back(row);
  }
  return kept;
}

Result<Split> leave_sources_out(const DataSet& data, std::span<const std::string> sources) {
  Split split{fmt::format("{}", fmt::join(sources, " | ")), {}, {}, 0};
  std::vector<bool> out(data.sources().size(), false);
  for (const auto& source : sources) {
    const auto found = std::lower_bound(data.sources().begin(), data.sources().end(), source);
    if (found == data.sources().end() || *found != source) {
      return Error(Code::NotFound, fmt::format("the data set has no source '{}'", source));
    }
    out[static_cast<std::size_t>(found - data.sources().begin())] = true;
  }
  std::vector<std::uint32_t> others;
  for (std::uint32_t row = 0; row < data.size(); ++row) {
    (out[data.source(row)] ? split.test : others).push_back(row);
  }
  split.train = purge_groups(data, others, split.test);
  split.purged = static_cast<std::uint32_t>(others.size() - split.train.size());
  return checked(std::move(split));
}

Result<std::vector<Split>> cross_source_matrix(const DataSet& data,
                                               std::span<const std::string> malicious,
                                               std::span<const std::string> benign) {
  std::vector<Split> splits;
  for (const auto& bad : malicious) {
    for (const auto& good : benign) {
      WINNOW_TRY(auto split, leave_sources_out(data, std::array{bad, good}));
      splits.push_back(std::move(split));
    }
  }
  return splits;
}

Result<std::vector<std::uint32_t>> folds_of(const DataSet& data,
                                            std::span<const std::uint32_t> rows, FoldBy by,
                                            std::uint32_t folds, std::uint64_t seed) {
  if (folds < 2 || folds > rows.size()) {
    return Error(Code::InvalidArgument,
                 fmt::format("{} rows cannot be dealt into {} folds", rows.size(), folds));
  }
  if (by == FoldBy::Time) return folds_by_time(data, rows, folds);
  if (by == FoldBy::Source && two_sources_a_label(data, rows)) {
    return deal(units_by(data, rows, [&](std::uint32_t row) { return data.source(row); }),
                rows.size(), folds);
  }
  return folds_by_group(data, rows, folds, seed);
}

}  // namespace winnow::learn
