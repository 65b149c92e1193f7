#include "server/endpoints/event_search.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "base/json_text.h"
#include "base/log.h"
#include "base/utf8.h"
#include "ocsf/class_schema.h"
#include "pipeline/event_summary.h"
#include "search/entity_filters.h"
#include "search/entity_keys.h"

namespace winnow::server {
namespace {

constexpr std::size_t kStretch = 512;      // of the index, read together
constexpr std::size_t kSkipping = 4096;    // the same where most of it is passed over
constexpr std::size_t kMostEntities = 12;  // of an event, in a list
constexpr std::size_t kMostText = 300;     // of its texts there, bytes

bool holds(std::string_view text, std::string_view lower_word) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  };
  return std::search(text.begin(), text.end(), lower_word.begin(), lower_word.end(), same) !=
         text.end();
}

bool holds(const Json& json, std::string_view word) {
  if (json.is_string()) return holds(std::string_view(json.as_string()), word);
  if (json.is_int()) return holds(std::string_view(std::to_string(json.as_int())), word);
  const auto in = [&](const Json& part) { return holds(part, word); };
  return std::ranges::any_of(json.items(), in) ||
         std::ranges::any_of(json.members(), [&](const auto& member) {
           return holds(std::string_view(member.first), word) || in(member.second);
         });
}

bool has_words(const ocsf::Event& event, const std::vector<std::string>& words,
               MailContent content) {
  if (words.empty()) return true;
  if (content == MailContent::Shown || event.class_uid() != ocsf::ClassUid::EmailActivity) {
    const auto json = event.json(ocsf::Event::Unmapped::Include);
    return std::ranges::all_of(words, [&](const auto& word) { return holds(json, word); });
  }
  const auto summary = summary_of(event);
  return std::ranges::all_of(words, [&](const auto& word) {
    return holds(std::string_view(summary.actor), word) ||
           holds(std::string_view(summary.subject), word) ||
           std::ranges::any_of(event.entities(),
                               [&](const auto& entity) { return holds(entity.key, word); });
  });
}

// What of a search an event's place in the index tells, without its bytes.
bool may_pass(const StoredEvent& stored, const EventSearch& search,
              const StoredRecordReader& reader) {
  if (!search.source.empty() && stored.source != search.source) return false;
  if (search.domain && reader.domain_of(stored.mapping) != search.domain) return false;
  if (!search.class_uid) return true;
  if (stored.mapping.empty()) return *search.class_uid == ocsf::ClassUid::EmailActivity;
  const auto* const mapping = reader.mapping(stored.mapping);
  return mapping != nullptr &&
         std::ranges::find(mapping->events(), *search.class_uid, &MappedEvent::class_uid) !=
             mapping->events().end();
}

bool asks_for_content(const EventSearch& search) {
  return search.class_uid || !search.entity.empty() || !search.words.empty();
}

bool passes(const ocsf::Event& event, const EventSearch& search, MailContent content) {
  if (search.class_uid && event.class_uid() != *search.class_uid) return false;
  if (!search.entity.empty() &&
      std::ranges::none_of(event.entities(), [&](const ocsf::Entity& entity) {
        return search::is_entity(entity, search.entity);
      }))
    return false;
  return has_words(event, search.words, content);
}

Json entities_json(const ocsf::Event& event) {
  Json all = Json::array();
  for (const auto& entity : event.entities()) {
    if (all.size() == kMostEntities) break;
    all.push(Json::object({{"kind", name_of(entity.kind)},
                           {"role", name_of(entity.role)},
                           {"key", utf8_prefix(entity.key, kMostText)}}));
  }
  return all;
}

Result<Json> decision_line(SearchStores& stores, const Digest& event) {
  WINNOW_TRY(const auto record, stores.decisions.latest_on(event));
  if (!record) return Json();
  const auto& decision = record->decision;
  WINNOW_TRY(const auto in_case, stores.cases.case_of(decision.id().hex()));
  return Json::object({{"id", "d-" + decision.id().hex()},
                       {"route", name_of(decision.route)},
                       {"case", in_case.empty() ? Json() : Json(in_case)}});
}

// Null where there are none to be used: then each event is asked itself.
std::optional<search::EntityFilterReader> filters_for(const EventSearch& search, const Path& file,
                                                      StoredRecordReader& reader) {
  if (search.entity.empty()) return std::nullopt;
  auto filters = search::EntityFilterReader::open(file, search.entity, reading_of(reader));
  if (filters) return std::move(*filters);
  if (filters.error().code() != Code::NotFound)
    log::warn("a search does without filters", {{"error", filters.error().text()}});
  return std::nullopt;
}

// A page of a search on its way back through the log.
class Search {
 public:
  Search(SearchStores& stores, StoredRecordReader& reader, const EventSearch& search,
         MailContent content)
      : stores_(&stores),
        reader_(&reader),
        search_(&search),
        content_(content),
        filters_(filters_for(search, stores.filters, reader)) {}

  Result<Json> page() {
    const auto until = std::chrono::steady_clock::now() + kTimeAPage;
    const auto stretch = filters_ ? kSkipping : kStretch;
    std::optional<EventPlace> behind = search_->behind;
    bool ended = false;
    while (!ended && !is_full(until)) {
      WINNOW_TRY(const auto places,
                 stores_->events.places_backwards(search_->from, search_->before, behind, stretch));
      WINNOW_TRY(const auto events, stores_->events.with_ids(worth_a_look(places)));
      ended = places.size() < stretch;
      auto next = events.begin();
      for (const auto& place : places) {
        behind = place;
        ++examined_;
        if (next == events.end() || next->id != place.id) {
          ++skipped_;
          continue;
        }
        WINNOW_TRY(look_at(*next++));
        if (!is_full(until)) continue;
        ended = ended && place.id == places.back().id;
        break;
      }
    }
    return Json::object(
        {{"events", std::move(found_)},
         {"next", ended || !behind ? Json() : Json(cursor_of(*behind))},
         {"examined", examined_},
         {"skipped", skipped_},
         {"read", read_},
         {"searched_until", behind && examined_ > 0 ? Json(behind->event_time.text()) : Json()}});
  }

 private:
  bool is_full(std::chrono::steady_clock::time_point until) const {
    return found_.size() == search_->limit || examined_ - skipped_ >= kEventsAPage ||
           read_ >= kRecordsAPage || std::chrono::steady_clock::now() >= until;
  }

  // The ids of those that no filter excludes, in their order.
  std::vector<std::uint64_t> worth_a_look(std::span<const EventPlace> places) {
    std::vector<std::uint64_t> ids;
    for (const auto& place : places) {
      if (may_name(place.id)) ids.push_back(place.id);
    }
    return ids;
  }

  bool may_name(std::uint64_t id) {
    if (!filters_) return true;
    const auto answer = filters_->may_name(id);
    if (answer) return *answer;
    log::warn("a search goes on without filters", {{"error", answer.error().text()}});
    filters_.reset();
    return true;
  }

  Status look_at(const StoredEvent& stored) {
    if (!may_pass(stored, *search_, *reader_)) return {};
    std::optional<ocsf::Event> event;
    if (!stored.removed) {
      ++read_;
      WINNOW_TRY(const auto raw, stores_->events.read_raw(stored));
      auto read = reader_->read(stored, raw);
      if (!read && read.error().code() != Code::InvalidArgument) return read.error();
      if (read) event = std::move(*read);
    }
    if (event ? !passes(*event, *search_, content_) : asks_for_content(*search_)) return {};
    WINNOW_TRY(auto line, event_line(*stores_, *reader_, stored, event ? &*event : nullptr));
    found_.push(std::move(line));
    return {};
  }

  SearchStores* stores_;
  StoredRecordReader* reader_;
  const EventSearch* search_;
  MailContent content_;
  std::optional<search::EntityFilterReader> filters_;
  Json found_ = Json::array();
  std::size_t examined_ = 0, skipped_ = 0, read_ = 0;
};

}  // namespace

Result<Json> event_line(SearchStores& stores, const StoredRecordReader& reader,
                        const StoredEvent& stored, const ocsf::Event* event) {
  WINNOW_TRY(auto decision, decision_line(stores, stored.digest));
  const auto domain = reader.domain_of(stored.mapping);
  const auto summary = event == nullptr ? EventSummary() : summary_of(*event);
  return Json::object(
      {{"digest", stored.digest.hex()},
       {"event_time", stored.event_time.text()},
       {"received_at", stored.received_time.text()},
       {"source", stored.source},
       {"mapping", stored.mapping.empty() ? "mail" : stored.mapping},
       {"domain", domain ? Json(name_of(*domain)) : Json()},
       {"class", event == nullptr ? Json() : Json(ocsf::schema_name_of(event->class_uid()))},
       {"actor", utf8_prefix(summary.actor, kMostText)},
       {"subject", utf8_prefix(summary.subject, kMostText)},
       {"entities", event == nullptr ? Json::array() : entities_json(*event)},
       {"label", stored.label == Label::None ? Json() : Json(name_of(stored.label))},
       {"removed", stored.removed.has_value()},
       {"decision", std::move(decision)}});
}

std::string cursor_of(const EventPlace& place) {
  return fmt::format("{}.{}", place.event_time.micros(), place.id);
}

Result<EventPlace> place_of_cursor(std::string_view cursor) {
  std::int64_t micros = 0;
  EventPlace place;
  const auto* const end = cursor.data() + cursor.size();
  const auto [dot, bad] = std::from_chars(cursor.data(), end, micros);
  if (bad == std::errc() && dot != end && *dot == '.') {
    const auto [rest, wrong] = std::from_chars(dot + 1, end, place.id);
    place.event_time = Timestamp::from_micros(micros);
    if (wrong == std::errc() && rest == end) return place;
  }
  return Error(Code::InvalidArgument, "the cursor is none that a page ended with")
      .with_hint("take it from 'next' of the page before");
}

Result<Json> search_events(SearchStores& stores, StoredRecordReader& reader,
                           const EventSearch& search, MailContent content) {
  return Search(stores, reader, search, content).page();
}

}  // namespace winnow::server
