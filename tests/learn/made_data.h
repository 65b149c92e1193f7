// Small data sets for tests: rows that are told apart by what a test needs and nothing else.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/rng.h"
#include "learn/data_set.h"

namespace winnow::learn::testing {

struct MadeRow {
  std::int64_t day = 0;
  std::string source = "a";
  Label label = Label::Benign;
  std::vector<float> values = {0};
  std::vector<std::uint32_t> terms = {};  // ascending; each with the value 1
  float weight = 1;
};

inline DataShape made_shape(std::size_t columns = 1, std::uint32_t term_space = 1U << 16) {
  DataShape shape{sha256("features"), {}, term_space};
  for (std::size_t i = 0; i < columns; ++i) {
    shape.columns.push_back({"column " + std::to_string(i), "view " + std::to_string(i % 3), 0});
  }
  return shape;
}

// Rows get their digest from their place, and are sorted as the builder wants them.
inline DataSet made(std::vector<MadeRow> rows, const DataShape& shape = made_shape()) {
  std::vector<std::pair<Digest, MadeRow*>> sorted;
  for (std::size_t i = 0; i < rows.size(); ++i)
    sorted.emplace_back(sha256("row " + std::to_string(i)), &rows[i]);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second->day, a.first) < std::pair(b.second->day, b.first);
  });
  auto builder = DataSetBuilder::start(shape).value();
  for (const auto& [digest, row] : sorted) {
    const std::vector<float> ones(row->terms.size(), 1.0F);
    const auto added = builder.add({digest,
                                    Timestamp::from_seconds(row->day * 86400),
                                    row->source,
                                    row->label,
                                    row->weight,
                                    row->values,
                                    {row->terms, ones}});
    ensure(added.has_value(), "made rows are good rows");
  }
  return std::move(builder).finish(DataSetBuilder::Copies::LikeTexts).value();
}

// `count` different ascending terms below `space`.
inline std::vector<std::uint32_t> some_terms(Rng& rng, std::size_t count,
                                             std::uint32_t space = 1U << 16) {
  std::vector<std::uint32_t> terms;
  while (terms.size() < count) {
    const auto term = static_cast<std::uint32_t>(rng.below(space));
    const auto at = std::lower_bound(terms.begin(), terms.end(), term);
    if (at == terms.end() || *at != term) terms.insert(at, term);
  }
  return terms;
}

// Rows of several sources and both labels over `days` days, some of them near-duplicates of earlier
// ones.
inline std::vector<MadeRow> random_rows(Rng& rng, std::size_t count, std::int64_t days) {
  const std::vector<std::string> sources = {"bad one", "bad two", "good one", "good two",
                                            "good three"};
  std::vector<MadeRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    MadeRow row;
    row.day = rng.between(0, days);
    const auto source = rng.below(sources.size());
    row.source = sources[source];
    row.label = source < 2 ? Label::Malicious : Label::Benign;
    row.terms = i > 0 && rng.chance(0.4) ? rows[rng.below(i)].terms : some_terms(rng, 40);
    row.values = {static_cast<float>(rng.unit())};
    rows.push_back(std::move(row));
  }
  return rows;
}

// Rows that can be learned, if not perfectly: column 0 rises with malice, column 1 is noise, column
// 2 is often missing, and malicious texts prefer the terms below 300. Both labels in each of the
// sources.
inline std::vector<MadeRow> learnable_rows(Rng& rng, std::size_t count, std::int64_t days = 200) {
  std::vector<MadeRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    MadeRow row;
    const bool bad = rng.chance(0.4);
    row.day = rng.between(0, days);
    row.label = bad ? Label::Malicious : Label::Benign;
    row.source = (bad ? "bad " : "good ") + std::to_string(rng.below(3));
    row.values = {
        static_cast<float>(rng.normal() + (bad ? 1.5 : 0)), static_cast<float>(rng.normal()),
        rng.chance(0.5) ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(rng.unit())};
    auto low = some_terms(rng, bad ? 14 : 8, 300);
    for (const auto term : some_terms(rng, 20, 4000)) {
      if (term >= 300) low.push_back(term);
    }
    row.terms = std::move(low);
    rows.push_back(std::move(row));
  }
  return rows;
}

inline std::vector<std::uint32_t> all_rows(const DataSet& data) {
  std::vector<std::uint32_t> rows(data.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  return rows;
}

}  // namespace winnow::learn::testing
