// What a feature set reads in one event: the values for the model, and the words that say what they
// mean for this event.
#pragma once

#include <memory>
#include <span>
#include <string>
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

// Borrows the event, the slice and the intelligence, which outlive it. For one thread.
class FeatureReading {
 public:
  FeatureReading(const FeatureSet& set, const ocsf::Event& event, const StateSlice& before,
                 const Intelligence& intelligence);
  FeatureReading(FeatureReading&&) noexcept;
  FeatureReading& operator=(FeatureReading&&) noexcept;
  ~FeatureReading();

  const FeatureVector& vector() const { return vector_; }
  FeatureVector take_vector() && { return std::move(vector_); }

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
