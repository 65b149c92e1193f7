// What features ask of threat intelligence, and no more: the pipeline adapts the bundle's snapshot
// to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

enum class ObservableKind : std::uint8_t { Domain, Url, Address, Ip, FileHash };

// Immutable while a decision reads it; threads share it.
class Intelligence {
 public:
  virtual ~Intelligence() = default;

  // How many registrable domains have a rank; 0 when the snapshot knows nothing of popularity.
  virtual std::uint32_t ranked_domains() const = 0;
  // The rank of a registrable domain, ASCII and lower case, 1 the most popular; nothing when
  // unranked.
  virtual std::optional<std::uint32_t> popularity_rank(std::string_view site) const = 0;

  // Whether any indicator is known at all; when none is, look-ups are missing values and not "no".
  virtual bool has_indicators() const = 0;
  // Whether the snapshot gives `value` the label, "phishing" or "malware" for instance; any label
  // when `label` is empty. A domain's own parents are the adapter's business.
  virtual bool is_listed(ObservableKind kind, std::string_view value,
                         std::string_view label) const = 0;

  // Whether anybody said what the company's own machines, people and networks are worth.
  virtual bool has_assets() const = 0;
  // What one of them is worth: 1 low, 2 medium, 3 high, 4 critical; 0 when it is none of them, or
  // nobody said. By kind a host's name (Domain), a user's (Address) or an address (Ip).
  virtual std::uint8_t criticality(ObservableKind kind, std::string_view name) const = 0;
};

// A bundle without a snapshot.
class NoIntelligence final : public Intelligence {
 public:
  std::uint32_t ranked_domains() const override { return 0; }
  std::optional<std::uint32_t> popularity_rank(std::string_view) const override { return {}; }
  bool has_indicators() const override { return false; }
  bool is_listed(ObservableKind, std::string_view, std::string_view) const override {
    return false;
  }
  bool has_assets() const override { return false; }
  std::uint8_t criticality(ObservableKind, std::string_view) const override { return 0; }
};

}  // namespace winnow
