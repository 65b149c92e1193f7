#include "server/endpoints/search_endpoints.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "ocsf/class_schema.h"
#include "server/endpoints/event_search.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::uint64_t kPage = 50, kLargestPage = 200;
constexpr std::size_t kMostWords = 8;

Result<std::vector<std::string>> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.push_back(ascii_lower(word));
  }
  if (words.size() <= kMostWords) return words;
  return Error(Code::InvalidArgument,
               fmt::format("'q' has {} words, more than {}", words.size(), kMostWords));
}

Result<EventSearch> search_of(const http::Request& request, const Route& route) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  EventSearch search;
  WINNOW_TRY(search.from, query.time("from"));
  WINNOW_TRY(search.before, query.time("before"));
  search.source = query.text("source");
  search.entity = ascii_lower(trim_ascii(query.text("entity")));
  WINNOW_TRY(search.words, words_of(query.text("q")));
  WINNOW_TRY(search.limit, query.number("limit", kPage, 1, kLargestPage));
  if (query.has("domain")) {
    search.domain = domain_named(query.text("domain"));
    if (!search.domain)
      return Error(Code::InvalidArgument,
                   fmt::format("there is no domain '{}'", query.text("domain")))
          .with_hint("mail, network, endpoint, cloud or alerts");
  }
  if (query.has("class")) {
    search.class_uid = ocsf::class_named(query.text("class"));
    if (!search.class_uid)
      return Error(Code::InvalidArgument,
                   fmt::format("there is no class '{}' of events", query.text("class")))
          .with_hint("as OCSF writes it: dns_activity");
  }
  if (query.has("cursor")) {
    WINNOW_TRY(search.behind, place_of_cursor(query.text("cursor")));
  }
  return search;
}

Result<Json> event_json(SearchStores& stores, StoredRecordReader& reader, const Digest& digest,
                        MailContent content) {
  WINNOW_TRY(const auto stored, stores.events.look_up(digest));
  if (!stored)
    return Error(Code::NotFound, fmt::format("there is no event {}", digest.hex()))
        .with_hint("GET /v1/events lists those that there are");
  std::string raw;
  std::optional<ocsf::Event> event;
  if (!stored->removed) {
    WINNOW_TRY(raw, stores.events.read_raw(*stored));
    auto read = reader.read(*stored, raw);
    if (read) event = std::move(*read);
  }
  WINNOW_TRY(auto json, event_line(stores, reader, *stored, event ? &*event : nullptr));
  WINNOW_TRY(auto view, view_of(*stored, raw, reader.mail(), reader, content));
  json.set("raw_bytes", stored->raw_bytes)
      .set("mail", std::move(view.mail))
      .set("ocsf", std::move(view.event))
      .set("removed", std::move(view.removed));
  return json;
}

}  // namespace

void list_events(Call& call) {
  auto search = search_of(call.request(), call.route());
  if (!search) return write_problem(search.error(), call.response());
  call.search_later([search = std::move(*search), now = call.backing().scorer.champions(),
                     mappings = call.backing().scorer.mappings(), content = call.mail_content()](
                        SearchStores& stores, http::Response& response) {
    StoredRecordReader reader(now, mappings);
    const auto found = search_events(stores, reader, search, content);
    if (!found) return write_problem(found.error(), response);
    response.set(200, kJsonType, to_text(*found) + "\n");
  });
}

void get_event(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  const auto digest = Digest::from_hex(call.variable());
  if (!digest) return write_problem(digest.error(), call.response());
  call.search_later([digest = *digest, now = call.backing().scorer.champions(),
                     mappings = call.backing().scorer.mappings(), content = call.mail_content(),
                     actor = call.who().name,
                     role = call.who().role](SearchStores& stores, http::Response& response) {
    StoredRecordReader reader(now, mappings);
    const auto event = event_json(stores, reader, digest, content);
    if (!event) return write_problem(event.error(), response);
    if (!(*event)["mail"].is_null() && content == MailContent::Shown)
      note_reader_of_mail(actor, role, "event", (*event)["digest"], (*event)["decision"]["case"]);
    response.set(200, kJsonType, to_text(*event) + "\n");
  });
}

}  // namespace winnow::server
