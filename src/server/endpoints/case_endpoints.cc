#include "server/endpoints/case_endpoints.h"

#include <fmt/format.h>

#include "cases/case_json.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::uint64_t kPage = 100, kLargestPage = 500, kMostOffset = 1'000'000'000;

struct Asked {
  cases::QueueFilter filter;
  std::string cursor;
};

Result<Asked> asked_of(const Call& call) {
  WINNOW_TRY(const auto query, Query::parse(call.request().query, call.route()));
  Asked asked;
  auto& filter = asked.filter;
  if (query.has("state")) {
    WINNOW_TRY(filter.states, cases::states_named(query.text("state")));
  }
  if (query.has("owner")) {
    const auto& owner = query.text("owner");
    filter.owner = owner == "me" ? call.who().name : owner == "nobody" ? "" : owner;
  }
  if (query.has("severity")) {
    WINNOW_TRY(filter.severity, cases::severity_named(query.text("severity")));
  }
  if (query.has("domain")) {
    WINNOW_TRY(filter.domain, query.domain("domain"));
  }
  if (query.has("sort")) {
    WINNOW_TRY(filter.order, cases::order_named(query.text("sort")));
  }
  filter.text = query.text("q");
  filter.content = call.mail_content();
  WINNOW_TRY(filter.limit, query.number("limit", kPage, 1, kLargestPage));
  asked.cursor = query.text("cursor");
  return asked;
}

struct AskedFindings {
  std::uint64_t offset = 0, limit = kPage;
};

Result<AskedFindings> asked_findings(const Call& call) {
  WINNOW_TRY(const auto query, Query::parse(call.request().query, call.route()));
  AskedFindings asked;
  WINNOW_TRY(asked.offset, query.number("offset", 0, 0, kMostOffset));
  WINNOW_TRY(asked.limit, query.number("limit", kPage, 1, kLargestPage));
  return asked;
}

Result<Json> queue_json(cases::CaseReader& reader, const Asked& asked, std::string_view me,
                        Timestamp now) {
  WINNOW_TRY(const auto page, reader.queue(asked.filter, asked.cursor));
  WINNOW_TRY(const auto counts, reader.counts(me, now));
  Json cases = Json::array();
  for (const auto& one : page.cases) cases.push(cases::case_json(one, now, asked.filter.content));
  return Json::object({{"cases", std::move(cases)},
                       {"next", page.next.empty() ? Json() : Json(page.next)},
                       {"total", page.total},
                       {"counts", cases::counts_json(counts)}});
}

// The active holds that are about a case, as far as its tables tell. A time of arrival counts where
// it meets that of the case's findings.
Result<Json> holds_json(cases::CaseReader& reader, HoldReader& holds, const cases::Case& subject) {
  WINNOW_TRY(const auto active, holds.active());
  Json json = Json::array();
  for (const auto& hold : active) {
    const auto& scope = hold.scope;
    if (scope.case_id.value_or(subject.id) != subject.id) continue;
    if (scope.from && *scope.from > subject.last_finding_at) continue;
    if (scope.until && *scope.until <= subject.opened_at) continue;
    if (scope.mailbox) {
      WINNOW_TRY(const bool about, reader.is_about(subject.id, *scope.mailbox));
      if (!about) continue;
    }
    json.push(hold.id);
  }
  return json;
}

}  // namespace

void list_queue(Call& call) {
  auto asked = asked_of(call);
  if (!asked) return write_problem(asked.error(), call.response());
  call.read_later(
      [asked = std::move(*asked), me = call.who().name, now = call.backing().gate.now()](
          ReaderStores& stores, http::Response& response) {
        const auto document = queue_json(stores.cases, asked, me, now);
        if (!document) return write_problem(document.error(), response);
        response.set(200, kJsonType, to_text(*document) + "\n");
      });
}

void list_case_findings(Call& call) {
  const auto asked = asked_findings(call);
  if (!asked) return write_problem(asked.error(), call.response());
  call.read_later(
      [id = call.variable(), asked = *asked](ReaderStores& stores, http::Response& response) {
        const auto page = stores.cases.findings(id, asked.offset, asked.limit);
        if (!page) return write_problem(page.error(), response);
        response.set(200, kJsonType,
                     to_text(Json::object({{"findings", cases::findings_json(*page)}})) + "\n");
      });
}

CaseShown shown_to(const Call& call) {
  return {call.backing().gate.now(), call.mail_content(), kReadHolds.contains(call.who().role)};
}

void write_case(cases::CaseReader& reader, HoldReader& holds, std::string_view id,
                const CaseShown& shown, http::Response& response) {
  const auto detail = reader.get(id);
  if (!detail) return write_problem(detail.error(), response);
  auto held = shown.holds ? holds_json(reader, holds, detail->subject) : Result<Json>(Json());
  if (!held) return write_problem(held.error(), response);
  auto json = cases::case_json(*detail, shown.now, shown.content);
  json.set("holds", std::move(*held));
  response.add("etag", fmt::format("\"{}\"", detail->subject.version));
  response.set(200, kJsonType, to_text(json) + "\n");
}

void get_case(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.read_later([id = call.variable(), shown = shown_to(call)](ReaderStores& stores,
                                                                 http::Response& response) {
    write_case(stores.cases, stores.holds, id, shown, response);
  });
}

}  // namespace winnow::server
