// The bundle's intel snapshot as the features see it, at the time of one event.
#pragma once

#include "features/intelligence.h"
#include "intel/intel_snapshot.h"

namespace winnow {

class KnownIntelligence final : public Intelligence {
 public:
  // `snapshot` may be null and outlives this; `ranked_domains` is what count_ranked(snapshot)
  // found. What was first seen after `at`, or had expired by then, is unknown.
  KnownIntelligence(const IntelSnapshot* snapshot, std::uint32_t ranked_domains, Timestamp at)
      : snapshot_(snapshot), ranked_domains_(ranked_domains), at_(at) {}

  // The largest popularity rank of a snapshot, 0 for null. Reads every entry: once a bundle, not
  // once an event.
  static std::uint32_t count_ranked(const IntelSnapshot* snapshot);

  // For whoever replays many events in order of time with one object.
  void move_to(Timestamp at) { at_ = at; }

  std::uint32_t ranked_domains() const override { return ranked_domains_; }
  std::optional<std::uint32_t> popularity_rank(std::string_view site) const override;
  bool has_indicators() const override;
  bool is_listed(ObservableKind kind, std::string_view value,
                 std::string_view label) const override;
  bool has_assets() const override;
  std::uint8_t criticality(ObservableKind kind, std::string_view name) const override;

 private:
  const IntelSnapshot* snapshot_;
  std::uint32_t ranked_domains_;
  Timestamp at_;
};

}  // namespace winnow
