#include "cases/case_json.h"

#include "base/json_text.h"
#include "pipeline/attack_techniques.h"

namespace winnow::cases {
namespace {

Json texts_json(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const auto& text : texts) json.push(text);
  return json;
}

Json reasons_json(const std::vector<std::string>& reasons, MailContent content) {
  Json json = Json::array();
  for (const auto& reason : reasons) json.push(reason_for(content, reason));
  return json;
}

Json domains_json(DomainSet domains) {
  Json json = Json::array();
  for (const auto domain : kDomains) {
    if (domains.has(domain)) json.push(name_of(domain));
  }
  return json;
}

Json verdict_json(const std::optional<VerdictKind>& verdict) {
  return verdict ? Json(name_of(*verdict)) : Json();
}

Json probability_json(const std::optional<double>& probability) {
  return probability ? Json(*probability) : Json();
}

Json kinds_json(const std::vector<FindingKind>& kinds) {
  Json json = Json::array();
  for (const auto& kind : kinds) {
    json.push(Json::object({{"subject", kind.subject},
                            {"findings", kind.findings},
                            {"probability", probability_json(kind.probability)},
                            {"first_at", kind.first_at.text()},
                            {"last_at", kind.last_at.text()}}));
  }
  return json;
}

Json history_json(const std::vector<CaseEvent>& history) {
  Json json = Json::array();
  for (const auto& event : history) {
    json.push(Json::object({{"at", event.at.text()},
                            {"actor", event.actor},
                            {"what", event.what},
                            {"detail", event.detail}}));
  }
  return json;
}

Json similar_json(const std::vector<SimilarCase>& similar) {
  Json json = Json::array();
  for (const auto& [subject, why] : similar) {
    json.push(Json::object({{"id", subject.id},
                            {"title", subject.title},
                            {"state", name_of(subject.state)},
                            {"verdict", verdict_json(subject.verdict)},
                            {"resolved_at", json_text(subject.resolved_at)},
                            {"why", why}}));
  }
  return json;
}

}  // namespace

Json findings_json(const std::vector<ListedFinding>& findings) {
  Json json = Json::array();
  for (const auto& finding : findings) {
    json.push(Json::object({{"id", finding.id},
                            {"sender", finding.sender},
                            {"subject", finding.subject},
                            {"recipient", finding.recipient},
                            {"probability", probability_json(finding.probability)},
                            {"route", name_of(finding.route)},
                            {"event_time", finding.event_time.text()},
                            {"decided_at", finding.decided_at.text()},
                            {"joined_by", finding.joined_by},
                            {"suppressed_by", json_text(finding.suppressed_by)}}));
  }
  return json;
}

Json case_json(const Case& c, Timestamp now, MailContent content) {
  const bool tells_of_mail = c.domains.is_empty() || c.domains.has(Domain::Mail);
  const auto quoted = tells_of_mail ? content : MailContent::Shown;
  const bool overdue = c.is_open() && c.due_at <= now;
  return Json::object({{"id", c.id},
                       {"version", c.version},
                       {"domains", domains_json(c.domains)},
                       {"title", c.title},
                       {"state", name_of(c.state)},
                       {"severity", name_of(c.severity)},
                       {"severity_because", c.severity_because},
                       {"entities", entities_json(c.entities)},
                       {"criticality", criticality_name(c.criticality)},
                       {"urgency", static_cast<double>(c.urgency) / 1'000'000},
                       {"findings", c.findings},
                       {"sender", c.sender},
                       {"recipients", texts_json(c.recipients)},
                       {"recipient_count", c.recipient_count},
                       {"probability", probability_json(c.probability)},
                       {"route", name_of(c.route)},
                       {"owner", json_text(c.owner)},
                       {"opened_at", c.opened_at.text()},
                       {"updated_at", c.updated_at.text()},
                       {"last_finding_at", c.last_finding_at.text()},
                       {"due_at", c.due_at.text()},
                       {"overdue", overdue},
                       {"snoozed_until", json_text(c.snoozed_until)},
                       {"resolved_at", json_text(c.resolved_at)},
                       {"suppressed_by", json_text(c.suppressed_by)},
                       {"grouped_by", in_words(c.grounds, c.domains)},
                       {"reasons", reasons_json(c.reasons, quoted)},
                       {"techniques", texts_json(c.techniques)},
                       {"technique_names", technique_names(c.techniques)},
                       {"verdict", verdict_json(c.verdict)}});
}

Json case_json(const CaseDetail& detail, Timestamp now, MailContent content) {
  return case_json(detail.subject, now, content)
      .set("kinds", kinds_json(detail.kinds))
      .set("finding_list", findings_json(detail.findings))
      .set("history", history_json(detail.history))
      .set("similar", similar_json(detail.similar));
}

Json counts_json(const QueueCounts& counts) {
  return Json::object({{"new", counts.fresh},
                       {"in_progress", counts.in_progress},
                       {"snoozed", counts.snoozed},
                       {"resolved", counts.resolved},
                       {"mine", counts.mine},
                       {"overdue", counts.overdue}});
}

Json suppression_json(const Suppression& suppression) {
  const auto& scope = suppression.scope;
  return Json::object({{"id", suppression.id},
                       {"scope", Json::object({{"kind", name_of(scope.kind)},
                                               {"value", scope.value},
                                               {"escalations", scope.escalations}})},
                       {"reason", suppression.reason},
                       {"by", suppression.author},
                       {"created_at", suppression.created_at.text()},
                       {"expires_at", json_text(suppression.expires_at)},
                       {"hits", suppression.hits},
                       {"last_hit_at", json_text(suppression.last_hit_at)},
                       {"revoked_at", json_text(suppression.revoked_at)}});
}

}  // namespace winnow::cases
