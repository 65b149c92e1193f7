#include "server/endpoints/finding_endpoints.h"

#include <algorithm>
#include <optional>

#include "cases/conversation.h"
#include "cases/process_tree.h"
#include "pipeline/decision_json.h"
#include "pipeline/explanation.h"
#include "server/endpoints/finding_event.h"
#include "server/endpoints/record_view.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

// What numbers mean, only the bundle knows that decided.
Json features_json(const Decision& decision, const Champion* champion) {
  Json json = Json::array();
  if (champion == nullptr) return json;
  const auto features = champion->bundle->pipeline.features().features();
  for (std::size_t i = 0; i < features.size() && i < decision.features.size(); ++i) {
    json.push(Json::object({{"name", features[i].name},
                            {"value", static_cast<double>(decision.features[i])},
                            {"unit", features[i].unit},
                            {"meaning", features[i].meaning}}));
  }
  return json;
}

Json bundle_json(const Decision& decision, const Champion* champion) {
  const bool has_model = champion != nullptr && champion->model;
  const bool has_run = champion != nullptr && champion->run;
  return Json::object({{"id", "b-" + decision.bundle.hex()},
                       {"run", has_run ? Json(champion->run->text()) : Json()},
                       {"model", has_model ? Json(champion->model->hex()) : Json()}});
}

// What it is about. A mail is shown as the bundle reads it that decided.
Result<RecordView> about(const StoredEvent& stored, std::string_view raw, const Champions& now,
                         const Champion* champion, MailContent content) {
  static const RecordMapping kPlain;
  const auto& mail = champion != nullptr ? champion->bundle->mapping.mail() : kPlain;
  StoredRecordReader reader(now, {});
  return view_of(stored, raw, mail, reader, content);
}

// Null unless the bundle decides now: only it can say how it came to its route. Without what the
// model saw where the record is no longer kept, or cannot be read.
Result<Json> explanation_of(const std::optional<StoredEvent>& stored, std::string_view raw,
                            const Decision& decision, const Champion* champion,
                            MailContent content) {
  if (champion == nullptr) return Json();
  std::optional<ocsf::Event> event;
  if (stored && !stored->removed) {
    auto read = StoredEventReader(champion->bundle->mapping).read(*stored, raw);
    if (read) event = std::move(*read);
  }
  WINNOW_TRY(const auto explanation,
             explain(champion->bundle->pipeline, decision, event ? &*event : nullptr));
  return explanation_json(explanation, content);
}

// The champion that decided it, while it is one.
const Champion* champion_that_decided(const Decision& decision, const Champions& now) {
  const auto found = std::ranges::find_if(now, [&](const auto& champion) {
    return champion && champion->bundle->pipeline.bundle() == decision.bundle;
  });
  return found == now.end() ? nullptr : found->get();
}

Result<Json> finding_json(ReaderStores& stores, const std::string& id, const Champions& now,
                          MailContent content) {
  WINNOW_TRY(const auto record, stores.decisions.get(id));
  const auto& decision = record.decision;
  const auto* const champion = champion_that_decided(decision, now);
  // Only of a mail do reasons quote what not everybody may read. What an earlier bundle decided may
  // have been one.
  const bool is_of_mail = champion == nullptr || champion->bundle->mapping.domain() == Domain::Mail;
  const auto quoted = is_of_mail ? content : MailContent::Shown;
  auto json = decision_json(record, quoted);
  WINNOW_TRY(const auto in_case, stores.cases.case_of(decision.id().hex()));
  WINNOW_TRY(const auto stored, stores.events.look_up(decision.event));
  std::string raw;
  if (stored && !stored->removed) {
    WINNOW_TRY(raw, stores.events.read_raw(*stored));
  }
  WINNOW_TRY(auto explanation, explanation_of(stored, raw, decision, champion, quoted));
  RecordView found;
  if (stored) {
    WINNOW_TRY(found, about(*stored, raw, now, champion, content));
  }
  json.set("case", in_case.empty() ? Json() : Json(in_case))
      .set("explanation", std::move(explanation))
      .set("features", features_json(decision, champion))
      .set("mail", std::move(found.mail))
      .set("ocsf", std::move(found.event))
      .set("mail_removed", std::move(found.removed))
      .set("bundle", bundle_json(decision, champion));
  return json;
}

// What `look` finds around a finding's event by the mapping of who decides now; empty where it is a
// mail, nobody decides there, or its record is not kept.
template <typename Found>
Result<Found> around(ReaderStores& stores, const std::string& id, const Champions& now,
                     Result<Found> (*look)(const EventLog&, const DomainMapping&,
                                           const StoredEvent&)) {
  WINNOW_TRY(const auto record, stores.decisions.get(id));
  WINNOW_TRY(const auto stored, stores.events.look_up(record.decision.event));
  if (!stored || stored->removed) return Found();
  for (const auto& champion : now) {
    if (!champion || !champion->bundle->mapping.reads(*stored)) continue;
    if (champion->bundle->mapping.domain() == Domain::Mail) break;
    return look(stores.events, champion->bundle->mapping, *stored);
  }
  return Found();
}

template <typename Found>
void answer_around(Call& call, Result<Found> (*look)(const EventLog&, const DomainMapping&,
                                                     const StoredEvent&)) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.read_later([id = call.variable(), now = call.backing().scorer.champions(), look](
                      ReaderStores& stores, http::Response& response) {
    const auto found = around(stores, id, now, look);
    if (!found) return write_problem(found.error(), response);
    response.set(200, kJsonType, to_text(cases::to_json(*found)) + "\n");
  });
}

}  // namespace

Result<ocsf::Event> event_as_read_now(const StoredEvent& stored, std::string_view raw,
                                      const Champions& now) {
  for (const auto& champion : now) {
    if (!champion || !champion->bundle->mapping.reads(stored)) continue;
    StoredEventReader reader(champion->bundle->mapping);
    return reader.read(stored, raw);
  }
  return Error(Code::InvalidArgument, "nothing decides in its domain now");
}

void get_finding(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.read_later([id = call.variable(), now = call.backing().scorer.champions(),
                   content = call.mail_content(), actor = call.who().name,
                   role = call.who().role](ReaderStores& stores, http::Response& response) {
    const auto finding = finding_json(stores, id, now, content);
    if (!finding) return write_problem(finding.error(), response);
    const bool has_text = !(*finding)["mail"].is_null();
    if (has_text && content == MailContent::Shown)
      note_reader_of_mail(actor, role, "finding", (*finding)["id"], (*finding)["case"]);
    response.set(200, kJsonType, to_text(*finding) + "\n");
  });
}

void get_finding_processes(Call& call) { answer_around(call, cases::process_tree); }
void get_finding_conversation(Call& call) { answer_around(call, cases::conversation); }

}  // namespace winnow::server
