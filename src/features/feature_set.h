// The feature engine: features, history and text terms are declared in YAML (docs/features.md) and
// compiled once into an immutable set. Training replays events through the very code that serves.
// Format of the artifact: docs/formats/feature-set.md.
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
#include "features/entity_states.h"
#include "features/feature_vector.h"
#include "features/intelligence.h"
#include "ocsf/event.h"

namespace winnow {

// How a model may use a feature: with Rising, a larger value never lowers the risk.
enum class Monotone : std::int8_t { Falling = -1, Free = 0, Rising = 1 };

// Features that tell of one side of an event.
struct FeatureGroup {
  std::string name;   // "sender", "links", ...
  std::string title;  // for people
  // Groups of one view are missing together, where a source does not record that side at all (a CSV
  // log has no headers): what training drops as a whole so that missingness itself becomes no
  // label. Empty: always there.
  std::string view;
  std::string missing;  // the phrase for features of the group without one of their own
};

struct FeatureDefinition {
  std::string name;     // lower case, unique in its set
  std::string group;    // name of a FeatureGroup
  std::string unit;     // "yes/no", "share", "count", "log count", ...
  std::string meaning;  // one sentence for people
  std::string value;    // its expression, as written
  std::string when;     // the condition without which it is missing; empty: none
  Monotone monotone = Monotone::Free;
  double pivot = 0.5;              // values above it are told by `high`, others by `low`
  std::string high, low, missing;  // phrases; {value} and {any defined name} stand for their values
};

// How a model's opinion of the text is told, and what like texts mean.
struct TextWording {
  // Before the strongest words; those of mail, whose sets do not say.
  std::string high = "its wording is like that of phishing";
  std::string low = "its wording is like that of ordinary mail";
  // Whether events of like text are copies of one another, as mails of a campaign are and alerts of
  // a rule are not.
  bool makes_copies = true;
};

// How an event's own clock stood to what is remembered. Whatever it says, seen, counts by bucket,
// distinct counts and frequencies take the event in.
struct Observed {
  bool late;   // too late for some window, bucket or arrival, which leaves it out
  bool ahead;  // dated after it became known: windows and arrivals take it as of then
};

// Thread-safe: immutable, and cheap to copy (copies share).
class FeatureSet {
 public:
  // Compiles `file` with the files it includes (from its own folder only).
  // Errors: InvalidArgument ("FILE:LINE: ..." and the nearest valid name), NotFound, Denied,
  // Exhausted, Unavailable.
  static Result<FeatureSet> compile(const Path& file);
  // From canonical(). Errors: Corrupt, Unsupported (made by an engine with other primitives).
  static Result<FeatureSet> from_canonical(std::string_view bytes);

  const std::string& name() const;
  // Everything the set needs, lexicons included, as canonical JSON (RFC 8785): the artifact.
  const std::string& canonical() const;
  const Digest& digest() const;  // SHA-256 of canonical()
  const Digest& history_digest()
      const;  // of what shapes entity states: equal ones may share states

  std::span<const FeatureDefinition> features() const;
  std::span<const FeatureGroup> groups() const;  // by name
  std::optional<std::size_t> index_of(std::string_view feature) const;
  std::uint32_t term_buckets() const;  // the width of the term space, 0 without text
  const TextWording& wording() const;

  // The states that read() looks at: those of the entities the event names, at most
  // StateSlice::kMaxItems. Errors: those of `states`.
  Result<StateSlice> slice(const ocsf::Event& event, const EntityStates& states) const;
  // Pure: what was known before the event. Never fails: what an event lacks is a missing value.
  // FeatureReading (feature_reading.h) also says what the values mean for this event.
  FeatureVector read(const ocsf::Event& event, const StateSlice& before,
                     const Intelligence& intelligence) const;
  // slice() and then read().
  Result<FeatureVector> read(const ocsf::Event& event, const EntityStates& states,
                             const Intelligence& intelligence) const;
  // Folds the event, which became known at `known_at`, into the state of its entities. Call it once
  // an event, after read().
  Result<Observed> observe(const ocsf::Event& event, Timestamp known_at,
                           EntityStates& states) const;
  // Folds in what became known at `known_at` of an earlier event: "phishing", "benign", ...
  Status observe_verdict(const ocsf::Event& event, std::string_view verdict, Timestamp known_at,
                         EntityStates& states) const;

 private:
  struct Compiled;
  friend class FeatureReading;
  friend class FeatureSetReader;
  explicit FeatureSet(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace winnow
