// How a decision came to its route, in words: told from the record and the bundle that decided,
// whenever somebody asks. No part of the decision, and nothing of it is stored.
#pragma once

#include <string>
#include <vector>

#include "pipeline/mail_content.h"
#include "pipeline/pipeline.h"

namespace winnow {

// A rule of the policy beside what the event had.
struct RuleReading {
  struct Condition {
    std::string text;   // "pair_regularity >= 0.8"
    std::string found;  // "0.93", "missing"
    bool holds;

    friend bool operator==(const Condition&, const Condition&) = default;
  };
  std::string name;
  std::string says;
  Route route = Route::Queue;
  std::vector<Condition> when;
};

struct Explanation {
  // Sentences without a final dot, in the order one asks: which stage decided and why it, which
  // rule, and how far the probability was from each threshold.
  std::vector<std::string> says;
  // The rule that took the route; or, where rules were asked and none did, those that lacked one
  // condition, at most kMostNear, the most urgent first.
  std::vector<RuleReading> rules;
  bool rule_applied = false;
  // What the model saw, strongest first, however small the probability; empty where the event is
  // not at hand or no model answered.
  std::vector<Reason> model_saw;

  static constexpr std::size_t kMostNear = 3;
};

// `event` as it was decided, as Pipeline::replay() takes it; null where it is no longer kept.
// `pipeline` is of the bundle that decided. About as long as deciding once more.
// Errors: Conflict (another bundle), Corrupt (the stored state slice).
Result<Explanation> explain(const Pipeline& pipeline, const Decision& decision,
                            const ocsf::Event* event);

// Without what reasons quote of a mail where the role may not read it.
Json explanation_json(const Explanation& explanation, MailContent content);

}  // namespace winnow
