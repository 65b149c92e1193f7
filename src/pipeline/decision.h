// What was decided for an event, with everything needed to decide it again.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "pipeline/policy.h"

namespace winnow {

// What decided.
enum class Stage : std::uint8_t {
  Model,        // the model, by the policy's thresholds
  SecondStage,  // the policy's rules: the model abstained, or one of them raised its route
  Fallback,     // no score in time: the policy's rules
};
std::string_view name_of(Stage stage);  // "model", "second stage", "fallback"

// Whether the model could be asked. Not a property of the event, so it is recorded beside it: a
// replay decides under the same circumstances.
enum class ModelState : std::uint8_t { Available, Absent, Late };
std::string_view name_of(ModelState state);  // "available", "absent", "late"

// One reason in plain words, with its weight: how far it moved the log-odds.
struct Reason {
  std::string feature;  // or the name of the rule
  std::string text;
  float weight = 0;  // above zero: towards malicious

  friend bool operator==(const Reason&, const Reason&) = default;
};

// The pure part: a function of (event, entity state, bundle, model state), equal bit for bit on
// replay.
struct Decision {
  Digest event;  // the raw bytes that were decided on
  Digest bundle;
  Timestamp event_time;
  ModelState model_state = ModelState::Available;
  std::vector<float> features;  // in the feature set's order; NaN is missing
  float text_log_odds = 0;      // the text model's opinion; NaN without one
  double margin = 0;            // the model's log-odds before calibration; NaN without a score
  double probability = 0;       // calibrated; NaN without a score
  // The share of ordinary events that are less novel; NaN where the bundle has no novelty model.
  double novelty = std::numeric_limits<double>::quiet_NaN();
  Stage stage = Stage::Model;
  Route route = Route::Queue;
  std::string stage_says;               // why another stage decided; empty for the model
  std::vector<Reason> reasons;          // strongest first
  std::vector<std::string> techniques;  // ATT&CK ids
  std::string state_slice;              // the entity states that were read, as features/ wrote them

  // Canonical bytes (docs/formats/decision.md); equal decisions have equal bytes.
  std::string bytes() const;
  static Result<Decision> from_bytes(std::string_view bytes);  // Errors: Corrupt, Unsupported

  // Names the decision by what went in, so that the same mail under the same state is decided once.
  Digest id() const;
  std::string id_text() const { return "d-" + id().short_hex(); }
};

// Where two decisions differ, in words ("probability 0.93 was 0.91"); empty when bytes() are equal.
std::vector<std::string> differences(const Decision& stored, const Decision& replayed);

}  // namespace winnow
