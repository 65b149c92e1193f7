#include "pipeline/decision_json.h"

#include "pipeline/attack_techniques.h"

namespace winnow {

Json decision_json(const DecisionRecord& record, MailContent content) {
  const auto& decision = record.decision;
  Json reasons = Json::array();
  for (const auto& reason : decision.reasons) {
    reasons.push(Json::object({{"feature", reason.feature},
                               {"text", reason_for(content, reason.text)},
                               {"weight", static_cast<double>(reason.weight)}}));
  }
  Json techniques = Json::array();
  for (const auto& technique : decision.techniques) techniques.push(technique);
  return Json::object({{"id", "d-" + decision.id().hex()},
                       {"event", decision.event.hex()},
                       {"bundle", "b-" + decision.bundle.hex()},
                       {"event_time", decision.event_time.text()},
                       {"decided_at", record.decided_at.text()},
                       {"route", name_of(decision.route)},
                       {"decided_by", name_of(decision.stage)},
                       {"because", decision.stage_says},
                       {"probability", decision.probability},
                       {"novelty", decision.novelty},
                       {"sender", record.sender},
                       {"subject", record.subject},
                       {"reasons", std::move(reasons)},
                       {"techniques", std::move(techniques)},
                       {"technique_names", technique_names(decision.techniques)}});
}

}  // namespace winnow
