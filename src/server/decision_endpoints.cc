// GET /v1/decisions and /v1/decisions/{id}: checked here, read on a reader's thread.
#include <algorithm>

#include <fmt/format.h>

#include "names/url.h"
#include "pipeline/decision_json.h"
#include "server/api.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::uint64_t kPage = 50, kLargestPage = 500;

struct Listing {
  DecisionFilter filter;
  std::string cursor;
};

Result<Listing> listing_of(const http::Request& request, const Route& route) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  Listing listing;
  if (query.has("route")) {
    WINNOW_TRY(listing.filter.route, route_named(query.text("route")));
  }
  WINNOW_TRY(listing.filter.since, query.time("since"));
  WINNOW_TRY(listing.filter.until, query.time("until"));
  listing.filter.sender = query.text("sender");
  WINNOW_TRY(listing.filter.limit, query.number("limit", kPage, 1, kLargestPage));
  listing.cursor = query.text("cursor");
  return listing;
}

void write_page(const DecisionPage& page, http::Response& response) {
  Json decisions = Json::array();
  for (const auto& record : page.records) decisions.push(decision_json(record));
  const auto document = Json::object({{"decisions", std::move(decisions)},
                                      {"next", page.next.empty() ? Json() : Json(page.next)}});
  response.set(200, "application/json", to_text(document) + "\n");
}

// RFC 9110, section 13.1.2: weak comparison, a list, or any.
bool matches(std::string_view if_none_match, std::string_view tag) {
  return if_none_match == "*" || if_none_match.find(tag) != std::string_view::npos;
}

}  // namespace

Api::Answered Api::list_decisions(http::Exchange& exchange, const Call& call) {
  auto listing = listing_of(exchange.request(), *call.route);
  if (!listing) {
    write_problem(listing.error(), exchange.response());
    return Answered::Now;
  }
  return read_later(
      exchange, call,
      [listing = std::move(*listing)](DecisionStore& decisions, http::Response& response) {
        const auto page = decisions.page(listing.filter, listing.cursor);
        if (page) return write_page(*page, response);
        write_problem(page.error(), response);
      });
}

Api::Answered Api::get_decision(http::Exchange& exchange, const Call& call) {
  const auto& request = exchange.request();
  if (const auto query = Query::parse(request.query, *call.route); !query) {
    write_problem(query.error(), exchange.response());
    return Answered::Now;
  }
  return read_later(
      exchange, call,
      [id = percent_decode(call.variable), known = std::string(request.field("if-none-match"))](
          DecisionStore& decisions, http::Response& response) {
        const auto record = decisions.get(id);
        if (!record) return write_problem(record.error(), response);
        // A decision never changes: its id is its tag.
        const auto tag = fmt::format("\"{}\"", record->decision.id().hex());
        response.add("etag", tag);
        response.status = 304;
        if (matches(known, tag)) return;
        response.set(200, "application/json", to_text(decision_json(*record)) + "\n");
      });
}

}  // namespace winnow::server
