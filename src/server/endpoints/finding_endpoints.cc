#include "server/endpoints/finding_endpoints.h"

#include "base/log.h"
#include "cases/mail_view.h"
#include "pipeline/decision_json.h"
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

// Of a finding's mail: what it says, null where it is not kept or cannot be read; and when and by
// which rule it went, null while it is kept.
struct MailOfFinding {
  Json mail, removed;
};

Result<MailOfFinding> mail_of(const EventLog& events, const Digest& event, const Champion* champion,
                              MailContent content) {
  static const RecordMapping kPlain;
  const auto& mapping = champion != nullptr ? champion->bundle->mapping : kPlain;
  WINNOW_TRY(const auto stored, events.look_up(event));
  if (!stored) return MailOfFinding{};
  if (const auto& removed = stored->removed) {
    return MailOfFinding{{}, Json::object({{"at", removed->at.text()}, {"rule", removed->rule}})};
  }
  WINNOW_TRY(const auto raw, events.read_raw(*stored));
  auto view = cases::mail_view(*stored, raw, mapping, content);
  if (view) return MailOfFinding{std::move(*view), {}};
  if (view.error().code() == Code::InvalidArgument) return MailOfFinding{};
  return view.error();
}

Result<Json> finding_json(ReaderStores& stores, const std::string& id, const Champion* now,
                          MailContent content) {
  WINNOW_TRY(const auto record, stores.decisions.get(id));
  const auto& decision = record.decision;
  const bool by_it = now != nullptr && now->bundle->pipeline.bundle() == decision.bundle;
  const auto* const champion = by_it ? now : nullptr;
  auto json = decision_json(record, content);
  WINNOW_TRY(const auto in_case, stores.cases.case_of(decision.id().hex()));
  WINNOW_TRY(auto mail, mail_of(stores.events, decision.event, champion, content));
  json.set("case", in_case.empty() ? Json() : Json(in_case))
      .set("features", features_json(decision, champion))
      .set("mail", std::move(mail.mail))
      .set("mail_removed", std::move(mail.removed))
      .set("bundle", bundle_json(decision, champion));
  return json;
}

// Who read what people wrote to each other. In the log and not in the audit log, which is for
// changes and whose every entry waits for the disk: a reader could make it grow without end.
void note_reader(const std::string& actor, Role role, const Json& finding) {
  log::info("a mail's text was read", {{"actor", actor},
                                       {"role", name_of(role)},
                                       {"finding", finding["id"]},
                                       {"case", finding["case"]}});
}

}  // namespace

void get_finding(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.read_later([id = call.variable(), champion = call.backing().scorer.champion(),
                   content = call.mail_content(), actor = call.who().name,
                   role = call.who().role](ReaderStores& stores, http::Response& response) {
    const auto finding = finding_json(stores, id, champion.get(), content);
    if (!finding) return write_problem(finding.error(), response);
    const bool has_text = !(*finding)["mail"].is_null();
    if (has_text && content == MailContent::Shown) note_reader(actor, role, *finding);
    response.set(200, kJsonType, to_text(*finding) + "\n");
  });
}

}  // namespace winnow::server
