#include "identity/identity_json.h"

namespace winnow::identity {
namespace {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::Seen:
      return "seen";
    case Phase::Begins:
      return "begins";
    case Phase::Ends:
      break;
  }
  return "ends";
}

Json time_json(const std::optional<Timestamp>& time) { return time ? Json(time->text()) : Json(); }

Json texts_json(std::span<const std::string> texts) {
  Json json = Json::array();
  for (const auto& text : texts) json.push(text);
  return json;
}

Result<Json> evidence_json(const Evidence& evidence, const EventLog& events) {
  WINNOW_TRY(const auto found, events.arrivals(evidence.event - 1, 1));
  const bool is_there = !found.empty() && found.front().id == evidence.event;
  return Json::object({{"event", is_there ? Json(found.front().digest.hex()) : Json()},
                       {"says", name_of(evidence.phase)},
                       {"at", evidence.at.text()},
                       {"known_at", evidence.known_at.text()}});
}

Result<Json> span_json(const Span& span, const EventLog& events) {
  const auto& facts = facts_of(span.witness);
  Json evidence = Json::array();
  WINNOW_TRY(auto first, evidence_json(span.first, events));
  evidence.push(std::move(first));
  if (span.last != span.first) {
    WINNOW_TRY(auto last, evidence_json(span.last, events));
    evidence.push(std::move(last));
  }
  if (span.end) {
    WINNOW_TRY(auto end, evidence_json(*span.end, events));
    evidence.push(std::move(end));
  }
  Json json = Json::object({{"relation", name_of(span.relation)},
                            {"user", Json()},
                            {"host", Json()},
                            {"address", Json()},
                            {"witness", facts.name},
                            {"strength", name_of(facts.strength)},
                            {"from", span.from.text()},
                            {"until", span.until.text()},
                            {"ending", name_of(span.ending)},
                            {"told", texts_json(span.told)},
                            {"hardware", span.hardware.empty() ? Json() : Json(span.hardware)},
                            {"contradicted_by", texts_json(span.contradicted_by)},
                            {"evidence", std::move(evidence)}});
  json.set(std::string(name_of(first_kind(span.relation))), span.one);
  json.set(std::string(name_of(second_kind(span.relation))), span.other);
  return json;
}

Result<Json> spans_json(std::span<const Span> spans, const EventLog& events) {
  Json json = Json::array();
  for (const auto& span : spans) {
    WINNOW_TRY(auto one, span_json(span, events));
    json.push(std::move(one));
  }
  return json;
}

}  // namespace

Result<Json> answer_json(const Answer& answer, const EventLog& events) {
  WINNOW_TRY(auto direct, spans_json(answer.direct, events));
  WINNOW_TRY(auto through, spans_json(answer.through, events));
  const auto& party = answer.question.party;
  return Json::object({{"kind", name_of(party.kind)},
                       {"key", party.key},
                       {"at", time_json(answer.question.at)},
                       {"known_by", time_json(answer.question.known_by)},
                       {"direct", std::move(direct)},
                       {"through", std::move(through)},
                       {"more", answer.more},
                       {"taken_in", answer.taken_in}});
}

}  // namespace winnow::identity
