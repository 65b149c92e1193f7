#include "server/endpoints/decision_endpoints.h"

#include <fmt/format.h>

#include "pipeline/decision_json.h"
#include "server/entity_tag.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::uint64_t kPage = 50, kLargestPage = 500;

struct Listing {
  DecisionFilter filter;
  std::string cursor;
  MailContent content = MailContent::Redacted;
};

Result<Listing> listing_of(const Call& call) {
  WINNOW_TRY(const auto query, Query::parse(call.request().query, call.route()));
  Listing listing;
  if (query.has("route")) {
    WINNOW_TRY(listing.filter.route, route_named(query.text("route")));
  }
  WINNOW_TRY(listing.filter.since, query.time("since"));
  WINNOW_TRY(listing.filter.until, query.time("until"));
  listing.filter.sender = query.text("sender");
  WINNOW_TRY(listing.filter.limit, query.number("limit", kPage, 1, kLargestPage));
  listing.cursor = query.text("cursor");
  listing.content = call.mail_content();
  return listing;
}

void write_page(const DecisionPage& page, MailContent content, http::Response& response) {
  Json decisions = Json::array();
  for (const auto& record : page.records) decisions.push(decision_json(record, content));
  const auto document = Json::object({{"decisions", std::move(decisions)},
                                      {"next", page.next.empty() ? Json() : Json(page.next)}});
  response.set(200, "application/json", to_text(document) + "\n");
}

}  // namespace

void list_decisions(Call& call) {
  auto listing = listing_of(call);
  if (!listing) return write_problem(listing.error(), call.response());
  call.read_later([listing = std::move(*listing)](ReaderStores& stores, http::Response& response) {
    const auto page = stores.decisions.page(listing.filter, listing.cursor);
    if (page) return write_page(*page, listing.content, response);
    write_problem(page.error(), response);
  });
}

void get_decision(Call& call) {
  const auto& request = call.request();
  if (const auto query = Query::parse(request.query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.read_later([id = call.variable(), known = std::string(request.field("if-none-match")),
                   content = call.mail_content()](ReaderStores& stores, http::Response& response) {
    const auto record = stores.decisions.get(id);
    if (!record) return write_problem(record.error(), response);
    // A decision never changes: its id is its tag, and whether it is told whole.
    const auto tag = fmt::format("\"{}{}\"", record->decision.id().hex(),
                                 content == MailContent::Shown ? "" : "-redacted");
    response.add("etag", tag);
    response.status = 304;
    if (names_tag(known, tag)) return;
    response.set(200, kJsonType, to_text(decision_json(*record, content)) + "\n");
  });
}

}  // namespace winnow::server
