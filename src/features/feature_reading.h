// What a feature set reads in one event: the entities it names, the values for the model, the words
// that say what they mean for this event, and what it adds to what is known of its entities.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/feature_set.h"

namespace winnow {

// One part of an explanation, in plain words.
struct FeatureReason {
  std::size_t feature;  // index in FeatureSet::features()
  float value;          // NaN when missing
  float contribution;   // as given: above 0 speaks for the positive class
  std::string text;
};

// A piece of text that weighs in a text model.
struct TermReason {
  std::string text;    // the word or word pair, as normalised
  float contribution;  // term value times weight
};

// One event through a feature set: every expression is evaluated once, whoever asks for it, and the
// memory is used again for the next event. Borrows the event, what is known of its entities and the
// intelligence, which outlive their use. For one thread.
class FeatureReading {
 public:
  explicit FeatureReading(const FeatureSet& set);  // of no event yet: turn_to() one
  // An event as it was decided: turned to, looked up and read.
  FeatureReading(const FeatureSet& set, const ocsf::Event& event, const StateSlice& before,
                 const Intelligence& intelligence);
  FeatureReading(FeatureReading&&) noexcept;
  FeatureReading& operator=(FeatureReading&&) noexcept;
  ~FeatureReading();

  // Turns to another event, of whose entities nothing is known yet.
  void turn_to(const ocsf::Event& event, const Intelligence& intelligence);
  // What is known of the entities that it names: as of FeatureSet::slice(). What is found may
  // change, or go, with the next call of `states`: read() and slice_bytes() come before it, and
  // settle() where reasons() comes behind it. Errors: as FeatureSet::slice().
  Status look_up(const EntityStates& states);
  void look_up(const StateSlice& before);
  StateSlice slice() const;         // what look_up() found, as a copy
  std::string slice_bytes() const;  // its bytes()

  // Computes the values of the features.
  const FeatureVector& read();
  const FeatureVector& vector() const { return vector_; }  // as read
  FeatureVector take_vector() && { return std::move(vector_); }
  // Computes what reasons() may tell of the states, which may change from here on.
  void settle();

  // Folds in the event, or a verdict on it: as FeatureSet::observe() and observe_verdict().
  Result<Observed> observe(Timestamp known_at, EntityStates& states);
  Status observe_verdict(std::string_view verdict, Timestamp known_at, EntityStates& states);

  // The features that contributed most, strongest first, at most `max`, in plain words.
  // `contributions` has one number for each feature; those of 0 are left out.
  std::vector<FeatureReason> reasons(std::span<const float> contributions, std::size_t max);
  // The words behind the buckets of the vector that `weights` (one for each bucket) favours most:
  // strongest first by absolute contribution, at most `max`. Of the texts that fall into one
  // bucket, the first stands for it; buckets of letters have none.
  std::vector<TermReason> strongest_terms(std::span<const float> weights, std::size_t max) const;

 private:
  struct Values;  // what every part of the set was found to be
  FeatureSet set_;
  std::unique_ptr<Values> values_;
  FeatureVector vector_;
};

}  // namespace winnow
