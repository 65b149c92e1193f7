#include "learn/detail/event_filter_json.h"

namespace winnow::learn {
namespace {

template <typename T>
Json or_null(const std::optional<T>& value, auto text) {
  return value ? Json(text(*value)) : Json();
}

}  // namespace

Json to_json(const EventFilter& filter) {
  return Json::object(
      {{"from", or_null(filter.from, [](Timestamp t) { return t.text(); })},
       {"before", or_null(filter.before, [](Timestamp t) { return t.text(); })},
       {"source", or_null(filter.source, [](const std::string& s) { return s; })},
       {"through_id", filter.through_id ? Json(*filter.through_id) : Json()},
       {"through_label", filter.through_label ? Json(*filter.through_label) : Json()}});
}

Result<EventFilter> filter_of(const Json& json) {
  EventFilter filter;
  if (json["from"].is_string()) {
    WINNOW_TRY(filter.from, Timestamp::parse(json["from"].as_string()));
  }
  if (json["before"].is_string()) {
    WINNOW_TRY(filter.before, Timestamp::parse(json["before"].as_string()));
  }
  if (json["source"].is_string()) filter.source = json["source"].as_string();
  if (json["through_id"].is_int())
    filter.through_id = static_cast<std::uint64_t>(json["through_id"].as_int());
  if (json["through_label"].is_int())
    filter.through_label = static_cast<std::uint64_t>(json["through_label"].as_int());
  return filter;
}

}  // namespace winnow::learn
