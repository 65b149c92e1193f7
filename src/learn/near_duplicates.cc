#include "learn/near_duplicates.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <numeric>

#include "base/contract.h"

namespace winnow::learn {
namespace {

class Components {
 public:
  explicit Components(std::size_t items) : parent_(items) {
    std::iota(parent_.begin(), parent_.end(), 0U);
  }
  std::uint32_t find(std::uint32_t item) {
    while (parent_[item] != item) item = parent_[item] = parent_[parent_[item]];
    return item;
  }
  // The smaller root wins, so that a component is named for its first item.
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

bool equal(TermSet a, TermSet b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

// Joins equal sets, and returns one representative of each different set that is large enough to
// compare.
std::vector<std::uint32_t> join_equal(std::span<const TermSet> sets, std::uint32_t min_terms,
                                      Components& components) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < sets.size(); ++i) {
    if (!sets[i].empty()) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto difference = std::lexicographical_compare_three_way(sets[a].begin(), sets[a].end(),
                                                                   sets[b].begin(), sets[b].end());
    return difference != 0 ? difference < 0 : a < b;
  });
  std::vector<std::uint32_t> distinct;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && equal(sets[order[i]], sets[order[i - 1]])) {
      components.join(order[i], order[i - 1]);
    } else if (sets[order[i]].size() >= min_terms) {
      distinct.push_back(order[i]);
    }
  }
  return distinct;
}

void join_bucket(std::span<const std::uint32_t> bucket, std::span<const TermSet> sets,
                 double similarity, Components& components) {
  if (bucket.size() > kMaxBucket) {
    for (const auto item : bucket) components.join(bucket.front(), item);
    return;
  }
  for (std::size_t i = 0; i < bucket.size(); ++i) {
    for (std::size_t j = i + 1; j < bucket.size(); ++j) {
      const auto a = bucket[i], b = bucket[j];
      if (components.find(a) != components.find(b) && jaccard(sets[a], sets[b]) >= similarity) {
        components.join(a, b);
      }
    }
  }
}

}  // namespace

std::vector<std::uint32_t> group_near_duplicates(std::span<const TermSet> sets,
                                                 const NearDuplicateRule& rule) {
  ensure(sets.size() < 0xffffffffU, "groups are named by 32-bit indices");
  Components components(sets.size());
  const auto distinct = join_equal(sets, rule.min_terms, components);
  std::vector<TextSignature> signatures(distinct.size());
  for (std::size_t i = 0; i < distinct.size(); ++i) signatures[i] = signature_of(sets[distinct[i]]);

  std::vector<std::uint32_t> order(distinct.size()), bucket;
  for (std::size_t band = 0; band < kSignatureBands; ++band) {
    const auto compare = [&](std::uint32_t a, std::uint32_t b) {
      const auto x = band_of(signatures[a], band), y = band_of(signatures[b], band);
      return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end());
    };
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return compare(a, b) < 0; });
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
      bucket.clear();
      for (; end < order.size() && compare(order[begin], order[end]) == 0; ++end) {
        bucket.push_back(distinct[order[end]]);
      }
      join_bucket(bucket, sets, rule.similarity, components);
    }
  }
  std::vector<std::uint32_t> groups(sets.size());
  for (std::uint32_t i = 0; i < sets.size(); ++i) groups[i] = components.find(i);
  return groups;
}

std::vector<std::uint32_t> group_equal_rows(MatrixView rows) {
  // Missing values have many bits and one meaning.
  const auto value_order = [](float a, float b) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) <=> std::isnan(b);
    return std::strong_order(a + 0.0F, b + 0.0F);  // -0 is 0
  };
  const auto order = [&](std::uint32_t a, std::uint32_t b) {
    const auto left = rows.row(a), right = rows.row(b);
    return std::lexicographical_compare_three_way(left.begin(), left.end(), right.begin(),
                                                  right.end(), value_order);
  };
  std::vector<std::uint32_t> sorted(rows.rows);
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::ranges::stable_sort(sorted, [&](auto a, auto b) { return order(a, b) < 0; });
  std::vector<std::uint32_t> groups(rows.rows);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool is_copy = i > 0 && order(sorted[i - 1], sorted[i]) == 0;
    groups[sorted[i]] = is_copy ? groups[sorted[i - 1]] : sorted[i];
  }
  return groups;
}

}  // namespace winnow::learn
