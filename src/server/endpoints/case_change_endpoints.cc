// What people do with cases: checked here as far as the request alone tells, done on the desk.
#include <charconv>

#include <fmt/format.h>

#include "cases/case_json.h"
#include "server/endpoints/case_bodies.h"
#include "server/endpoints/case_endpoints.h"
#include "server/json_body.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

// The version that If-Match names; none where any will do. Errors: InvalidArgument.
Result<std::optional<std::uint64_t>> version_of(const http::Request& request) {
  auto field = request.field("if-match");
  if (field.empty() || field == "*") return std::optional<std::uint64_t>();
  if (field.size() > 2 && field.front() == '"' && field.back() == '"') {
    field = field.substr(1, field.size() - 2);
    std::uint64_t version = 0;
    const auto [end, failed] = std::from_chars(field.data(), field.data() + field.size(), version);
    if (failed == std::errc() && end == field.data() + field.size()) return std::optional(version);
  }
  return Error(Code::InvalidArgument, "If-Match names no version of a case")
      .with_hint("send the ETag of the case as it is, such as \"7\"");
}

constexpr int kForbidden = 403;  // a wish beyond the role

// Why one case was not changed.
void write_refusal(const cases::ChangeOutcome& outcome, http::Response& response) {
  const auto& error = outcome.changed.error();
  if (outcome.stale) return write_problem(412, error.message(), error.hint(), response);
  write_problem(error, kForbidden, response);
}

// What one change came to, in an answer about that case alone.
void write_outcome(const cases::ChangeOutcome& outcome, DeskStores& stores, CaseShown shown,
                   http::Response& response) {
  if (!outcome.changed) return write_refusal(outcome, response);
  shown.now = stores.registry.clock().now();
  write_case(stores.case_reader, stores.hold_reader, outcome.id, shown, response);
}

void change_one(Call& call, Result<cases::CaseChange> wanted) {
  const auto version = version_of(call.request());
  if (!version) return write_problem(version.error(), call.response());
  if (!wanted) return write_problem(wanted.error(), call.response());
  wanted->id = call.variable();
  wanted->version = *version;
  call.change_later([change = std::move(*wanted), actor = call.who().name,
                     reach = reach_of(call.who().role),
                     shown = shown_to(call)](DeskStores& stores, http::Response& response) {
    const auto outcomes = stores.cases.change({&change, 1}, actor, reach);
    if (!outcomes) return write_problem(outcomes.error(), response);
    write_outcome(outcomes->front(), stores, shown, response);
  });
}

Result<cases::CaseChange> note_of(const http::Request& request) {
  WINNOW_TRY(const auto body, json_body(request, {"text"}));
  cases::CaseChange change;
  WINNOW_TRY(change.note, body.need_string("text"));
  return change;
}

Result<cases::CaseChange> patch_of(const http::Request& request, std::string_view me) {
  WINNOW_TRY(const auto body, json_body(request, {"state", "owner", "snoozed_until"}));
  return change_in(body, me);
}

Result<cases::CaseChange> verdict_of(const http::Request& request) {
  WINNOW_TRY(const auto body, json_body(request, {"verdict", "reason", "scope", "expires"}));
  cases::CaseChange change;
  WINNOW_TRY(change.judgement, judgement_in(body));
  return change;
}

// The same change for each of the cases.
Result<std::vector<cases::CaseChange>> bulk_of(const http::Request& request, std::string_view me) {
  WINNOW_TRY(const auto body, json_body(request, {"ids", "change", "verdict"}));
  cases::CaseChange wanted;
  if (!body["change"].is_null()) {
    WINNOW_TRY(const auto* change, body.need_object("change"));
    WINNOW_TRY(wanted, change_in(*change, me));
  }
  if (!body["verdict"].is_null()) {
    WINNOW_TRY(const auto* verdict, body.need_object("verdict"));
    WINNOW_TRY(wanted.judgement, judgement_in(*verdict));
  }
  WINNOW_TRY(const auto* ids, body.need_array("ids"));
  if (ids->size() == 0 || ids->size() > cases::kMaxBulk)
    return Error(Code::InvalidArgument, fmt::format("'ids' names 1 to {} cases", cases::kMaxBulk));
  std::vector<cases::CaseChange> changes(ids->size(), wanted);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!(*ids)[i].is_string()) return Error(Code::InvalidArgument, "'ids' holds texts");
    changes[i].id = (*ids)[i].as_string();
  }
  return changes;
}

Json result_json(const cases::ChangeOutcome& outcome) {
  http::Response told;
  told.status = 200;
  if (!outcome.changed) write_refusal(outcome, told);
  return Json::object({{"id", outcome.id},
                       {"status", told.status},
                       {"detail", outcome.changed ? "" : outcome.changed.error().message()}});
}

}  // namespace

void change_case(Call& call) { change_one(call, patch_of(call.request(), call.who().name)); }
void note_on_case(Call& call) { change_one(call, note_of(call.request())); }
void judge_case(Call& call) { change_one(call, verdict_of(call.request())); }

void change_cases(Call& call) {
  auto changes = bulk_of(call.request(), call.who().name);
  if (!changes) return write_problem(changes.error(), call.response());
  call.change_later([changes = std::move(*changes), actor = call.who().name,
                     reach = reach_of(call.who().role)](DeskStores& stores,
                                                        http::Response& response) {
    const auto outcomes = stores.cases.change(changes, actor, reach);
    if (!outcomes) return write_problem(outcomes.error(), response);
    Json results = Json::array();
    for (const auto& outcome : *outcomes) results.push(result_json(outcome));
    response.set(200, kJsonType, to_text(Json::object({{"results", std::move(results)}})) + "\n");
  });
}

}  // namespace winnow::server
