// Indicators as they stood at one moment: an immutable, compiled artifact with look-ups in well
// under a microsecond. Same indicators, same bytes. Format: docs/formats/intel-snapshot.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "intel/indicator.h"

namespace winnow {

enum class LabelId : std::uint16_t {};  // position of a label in one snapshot

enum class MatchScope : std::uint8_t {
  Exact,         // the observable itself
  Parent,        // a domain above it, listed with its sub-domains
  WithoutQuery,  // the URL up to its '?'
  Block,         // an address block around it
};
std::string_view name_of(MatchScope scope);

// One statement that applies to an observable.
struct IntelMatch {
  std::uint32_t observable;  // position in the asked span
  std::uint32_t entry;       // for IntelSnapshot::entry()
  MatchScope scope;
};

// A list that went into a snapshot, for lineage.
struct IntelList {
  std::string name;
  std::string format;
  std::vector<std::string> labels;
  Digest digest;                 // of the list's bytes
  std::uint64_t indicators = 0;  // statements taken from it
  std::uint64_t refused = 0;     // records that could not be used
  friend bool operator==(const IntelList&, const IntelList&) = default;
};

// Thread-safe. Every look-up takes the time it asks for: a statement counts at `at` unless it was
// first seen later or had expired by then, so that training sees what was known and no more.
class IntelSnapshot {
 public:
  // Reads and checks everything, so that look-ups need not. Errors: Corrupt, NotFound, Denied,
  // Unavailable.
  static Result<IntelSnapshot> open(
      const Path& path);  // maps the file, which must not change meanwhile
  static Result<IntelSnapshot> from_bytes(std::string bytes);

  // A view of one statement; valid while the snapshot lives.
  class Entry {
   public:
    IndicatorKind kind() const;
    std::string value() const;
    std::string_view source() const;
    std::size_t label_count() const;
    std::string_view label(std::size_t position) const;
    bool has(LabelId label) const;
    bool with_subdomains() const;
    std::uint32_t rank() const;
    std::uint8_t confidence() const;
    std::optional<Timestamp> first_seen() const;
    std::optional<Timestamp> last_seen() const;
    std::optional<Timestamp> expires() const;
    bool counts_at(Timestamp at) const;
    Indicator indicator() const;  // a copy of all

   private:
    friend class IntelSnapshot;
    Entry(const IntelSnapshot& snapshot, std::uint32_t entry)
        : snapshot_(&snapshot), entry_(entry) {}
    const IntelSnapshot* snapshot_;
    std::uint32_t entry_;
  };

  // Appends all statements about `observables` that count at `at`, in the order of the observables.
  // Probes are prefetched together, so ask for a whole event at once.
  void match(std::span<const Observable> observables, Timestamp at,
             std::vector<IntelMatch>& out) const;
  Entry entry(std::uint32_t entry) const { return Entry(*this, entry); }

  std::optional<LabelId> label(std::string_view name) const;  // resolve once, ask often
  bool is(LabelId label, const Observable& observable, Timestamp at) const;
  bool is(std::string_view label, const Observable& observable, Timestamp at) const;
  // The best rank of the domain or of a listed parent; 0 when unranked.
  std::uint32_t popularity_rank(std::string_view domain, Timestamp at) const;

  std::uint32_t entry_count() const;      // statements
  std::uint32_t indicator_count() const;  // distinct (kind, value)
  std::uint32_t indicator_count(IndicatorKind kind) const;
  std::span<const Brand> brands() const;     // sorted by key
  std::span<const IntelList> lists() const;  // sorted by name
  std::string_view bytes() const;            // the canonical form

  ~IntelSnapshot();
  IntelSnapshot(IntelSnapshot&&) noexcept;
  IntelSnapshot& operator=(IntelSnapshot&&) noexcept;

 private:
  struct State;
  explicit IntelSnapshot(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace winnow
