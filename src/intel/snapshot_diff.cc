#include "intel/snapshot_diff.h"

#include <compare>

#include "intel/detail/snapshot_layout.h"
#include "names/ip_address.h"

namespace winnow {
namespace {

// Walks a snapshot indicator by indicator.
class Walk {
 public:
  explicit Walk(const IntelSnapshot& snapshot) : snapshot_(snapshot) { load(); }

  bool at_end() const { return begin_ == snapshot_.entry_count(); }
  IndicatorKind kind() const { return kind_; }
  const std::string& value() const { return value_; }
  void next() {
    begin_ = end_;
    load();
  }

  std::vector<Indicator> statements() const {
    std::vector<Indicator> out;
    for (auto entry = begin_; entry < end_; ++entry)
      out.push_back(snapshot_.entry(entry).indicator());
    return out;
  }

 private:
  void load() {
    if (at_end()) return;
    kind_ = snapshot_.entry(begin_).kind();
    value_ = snapshot_.entry(begin_).value();
    for (end_ = begin_ + 1; end_ < snapshot_.entry_count(); ++end_) {
      const auto entry = snapshot_.entry(end_);
      if (entry.kind() != kind_ || entry.value() != value_) break;
    }
  }

  const IntelSnapshot& snapshot_;
  std::uint32_t begin_ = 0, end_ = 0;
  IndicatorKind kind_ = IndicatorKind::Domain;
  std::string value_;
};

std::strong_ordering order(const Walk& a, const Walk& b) {
  if (a.kind() != b.kind()) return detail::rank_of(a.kind()) <=> detail::rank_of(b.kind());
  if (a.kind() != IndicatorKind::Ip) return a.value() <=> b.value();
  return IpBlock::parse(a.value()).value() <=> IpBlock::parse(b.value()).value();
}

}  // namespace

IntelDiff diff(const IntelSnapshot& from, const IntelSnapshot& to, std::size_t max_changes) {
  IntelDiff out;
  const auto note = [&](IntelChange::What what, const Walk& walk) {
    auto& counts = out.by_kind[static_cast<std::size_t>(walk.kind())];
    ++(what == IntelChange::What::Added     ? counts.added
       : what == IntelChange::What::Removed ? counts.removed
                                            : counts.changed);
    if (out.changes.size() < max_changes) out.changes.push_back({what, walk.kind(), walk.value()});
  };
  Walk old_walk(from), new_walk(to);
  while (!old_walk.at_end() || !new_walk.at_end()) {
    const auto ordering = old_walk.at_end()   ? std::strong_ordering::greater
                          : new_walk.at_end() ? std::strong_ordering::less
                                              : order(old_walk, new_walk);
    if (ordering < 0) {
      note(IntelChange::What::Removed, old_walk);
      old_walk.next();
    } else if (ordering > 0) {
      note(IntelChange::What::Added, new_walk);
      new_walk.next();
    } else {
      if (old_walk.statements() != new_walk.statements())
        note(IntelChange::What::Changed, new_walk);
      old_walk.next();
      new_walk.next();
    }
  }
  return out;
}

}  // namespace winnow
