#include "cases/conversation.h"

#include <algorithm>
#include <array>

#include "base/json_text.h"
#include "base/utf8.h"
#include "cases/detail/around_event.h"

namespace winnow::cases {
namespace {

using ocsf::Attribute;

constexpr std::size_t kMaxWordBytes = 80;

// An alert keeps its connection among its evidence.
std::string_view text_at(const ocsf::Event& event, const std::array<Attribute, 2>& attributes) {
  for (const auto attribute : attributes) {
    if (const auto text = event.get(attribute).as_text(); !text.empty()) return text;
  }
  return {};
}

struct Ends {
  std::string_view source, target;
};

Ends ends_of(const ocsf::Event& event) {
  static const std::array kSource = {Attribute::of("src_endpoint.ip"),
                                     Attribute::of("evidences.0.src_endpoint.ip")};
  static const std::array kTarget = {Attribute::of("dst_endpoint.ip"),
                                     Attribute::of("evidences.0.dst_endpoint.ip")};
  return {text_at(event, kSource), text_at(event, kTarget)};
}

void count(std::vector<Conversation::Counted>& words, std::string_view word) {
  if (word.empty()) return;
  word = utf8_prefix(word, kMaxWordBytes);
  const auto known = std::ranges::find(words, word, &Conversation::Counted::word);
  if (known == words.end()) {
    words.push_back({std::string(word), 1});
  } else {
    ++known->events;
  }
}

// Bounded, so that the sums over all events around one fit.
constexpr std::int64_t kMostCounted = 1LL << 50, kMostMilliseconds = 1LL << 40;

std::uint64_t number_at(const ocsf::Event& event, Attribute attribute,
                        std::int64_t most = kMostCounted) {
  return static_cast<std::uint64_t>(
      std::clamp<std::int64_t>(event.get(attribute).as_int(), 0, most));
}

// What the record of a connection says of its two directions, seen from the pair's source.
void add_exchange(const ocsf::Event& event, bool is_back, Conversation& pair) {
  static const auto kBytesOut = Attribute::of("traffic.bytes_out"),
                    kBytesIn = Attribute::of("traffic.bytes_in"),
                    kPacketsOut = Attribute::of("traffic.packets_out"),
                    kPacketsIn = Attribute::of("traffic.packets_in"),
                    kDuration = Attribute::of("duration");
  const bool tells = !event.get(kBytesOut).is_absent() || !event.get(kPacketsOut).is_absent();
  if (event.class_uid() != ocsf::ClassUid::NetworkActivity || !tells) return;
  ++pair.connections;
  auto& out = is_back ? pair.in : pair.out;
  auto& in = is_back ? pair.out : pair.in;
  out.bytes += number_at(event, kBytesOut);
  out.packets += number_at(event, kPacketsOut);
  in.bytes += number_at(event, kBytesIn);
  in.packets += number_at(event, kPacketsIn);
  if (!event.get(kDuration).is_absent()) {
    pair.lasted = pair.lasted.value_or(Duration()) +
                  std::chrono::milliseconds(number_at(event, kDuration, kMostMilliseconds));
  }
}

void add(const ocsf::Event& event, bool is_back, Conversation& pair) {
  static const std::array kStates = {Attribute::of("status_code"), Attribute::of("status_detail")};
  static const std::array kApplications = {Attribute::of("app_protocol_name"),
                                           Attribute::of("evidences.0.app_protocol_name")};
  ++pair.events;
  pair.first_at = std::min(pair.first_at.value_or(event.time()), event.time());
  pair.last_at = std::max(pair.last_at.value_or(event.time()), event.time());
  if (event.class_uid() == ocsf::ClassUid::NetworkActivity)
    count(pair.states, text_at(event, kStates));
  count(pair.applications, text_at(event, kApplications));
  add_exchange(event, is_back, pair);
}

void keep_most_frequent(std::vector<Conversation::Counted>& words) {
  std::ranges::stable_sort(words, std::ranges::greater(), &Conversation::Counted::events);
  if (words.size() > kShownPairWords) words.resize(kShownPairWords);
}

Json words_json(const std::vector<Conversation::Counted>& words) {
  Json json = Json::array();
  for (const auto& [word, events] : words)
    json.push(Json::object({{"word", word}, {"events", events}}));
  return json;
}

Json way_json(const Conversation::Way& way) {
  return Json::object({{"bytes", way.bytes}, {"packets", way.packets}});
}

}  // namespace

Result<Conversation> conversation(const EventLog& events, const DomainMapping& mapping,
                                  const StoredEvent& stored) {
  StoredEventReader reader(mapping);
  Conversation pair;
  WINNOW_TRY(const auto own_raw, events.read_raw(stored));
  WINNOW_TRY(const auto own, reader.read(stored, own_raw));
  const auto ends = ends_of(own);
  if (ends.source.empty() || ends.target.empty()) return pair;
  pair.source = utf8_prefix(ends.source, kMaxWordBytes);
  pair.target = utf8_prefix(ends.target, kMaxWordBytes);
  const auto look_at = [&](const StoredEvent&, const ocsf::Event& event) {
    const auto [source, target] = ends_of(event);
    const bool is_out = source == pair.source && target == pair.target;
    const bool is_back = source == pair.target && target == pair.source;
    if (is_out || is_back) add(event, is_back && !is_out, pair);
  };
  WINNOW_TRY(pair.looked_at, read_around(events, mapping, stored, look_at));
  keep_most_frequent(pair.states);
  keep_most_frequent(pair.applications);
  return pair;
}

Json to_json(const Conversation& pair) {
  const auto lasted_ms =
      pair.lasted ? Json(static_cast<std::int64_t>(pair.lasted->count() / 1000)) : Json();
  return Json::object({{"source", pair.source},
                       {"target", pair.target},
                       {"events", pair.events},
                       {"connections", pair.connections},
                       {"out", way_json(pair.out)},
                       {"in", way_json(pair.in)},
                       {"lasted_ms", lasted_ms},
                       {"first_at", json_text(pair.first_at)},
                       {"last_at", json_text(pair.last_at)},
                       {"states", words_json(pair.states)},
                       {"applications", words_json(pair.applications)},
                       {"looked_at", static_cast<std::uint64_t>(pair.looked_at)}});
}

}  // namespace winnow::cases
