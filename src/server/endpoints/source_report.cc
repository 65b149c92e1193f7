#include "server/endpoints/source_report.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/utf8.h"
#include "ocsf/class_schema.h"
#include "server/endpoints/event_search.h"

namespace winnow::server {
namespace {

constexpr std::size_t kStretch = 512;    // of the log's index, read together
constexpr std::size_t kMostFields = 40;  // of one kind of event with one fate, the most frequent
constexpr std::size_t kMostText = 300;   // bytes of what records call their fields

Json format_json(const std::optional<FormatWatch::Source>& format) {
  if (!format) return {};
  Json unreadable = Json::array();
  for (const auto& [field, share] : format->unreadable)
    unreadable.push(Json::object({{"field", utf8_prefix(field, kMostText)}, {"share", share}}));
  return Json::object({{"unmappable_share", format->unmappable},
                       {"unknown_keys_share", format->unknown_keys},
                       {"unreadable", std::move(unreadable)},
                       {"changed_at", json_text(format->changed)},
                       {"why", format->why.empty() ? Json() : Json(format->why)}});
}

template <std::size_t N>
Json counts_json(const std::array<std::uint64_t, N>& counts) {
  Json all = Json::array();
  for (const auto count : counts) all.push(count);
  return all;
}

// A field of the records, and in how many of them.
struct Told {
  std::uint64_t records;
  std::string_view path;
  const std::vector<std::string>* attributes;
};

// The most frequent first.
Json fields_json(std::vector<Told> fields) {
  std::ranges::sort(fields, [](const Told& a, const Told& b) {
    return a.records != b.records ? a.records > b.records : a.path < b.path;
  });
  if (fields.size() > kMostFields) fields.resize(kMostFields);
  Json all = Json::array();
  for (const auto& [records, path, attributes] : fields) {
    Json names = Json::array();
    for (const auto& attribute : *attributes) names.push(attribute);
    all.push(Json::object({{"path", utf8_prefix(path, kMostText)},
                           {"records", records},
                           {"attributes", std::move(names)}}));
  }
  return all;
}

Json event_json(const MappedEvent& mapped, const EventCoverage& event) {
  Json values = Json::object(), fields = Json::object();
  const auto tell = [&](std::string_view what, const auto& count_of) {
    std::uint64_t all = 0;
    std::vector<Told> told;
    for (const auto& [path, field] : event.fields) {
      const std::uint64_t count = count_of(field);
      all += count;
      if (count > 0) told.push_back({count, path, &field.attributes});
    }
    values.set(std::string(what), all);
    fields.set(std::string(what), fields_json(std::move(told)));
  };
  using Field = EventCoverage::FieldCount;
  for (const auto fate : {FieldFate::Ocsf, FieldFate::Unmapped, FieldFate::Ignored}) {
    tell(name_of(fate), [&](const Field& field) {
      return field.fate == fate ? field.records - field.unreadable : 0;
    });
  }
  tell("unreadable", [](const Field& field) { return field.unreadable; });
  return Json::object({{"event", mapped.name},
                       {"class", ocsf::schema_name_of(mapped.class_uid)},
                       {"records", event.records},
                       {"values", std::move(values)},
                       {"fields", std::move(fields)}});
}

Json mapping_json(const Coverage& coverage) {
  Json events = Json::array();
  const auto mapped = coverage.mapping().events();
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    if (coverage.events()[i].records > 0) events.push(event_json(mapped[i], coverage.events()[i]));
  }
  std::uint64_t refused = 0;
  for (const auto& [why, records] : coverage.refused()) refused += records;
  return Json::object({{"mapping", coverage.mapping().name()},
                       {"title", coverage.mapping().title()},
                       {"domain", name_of(coverage.mapping().domain())},
                       {"records", coverage.records()},
                       {"unreadable", refused},
                       {"events", std::move(events)}});
}

// What became of the newest records of a source.
struct Looked {
  std::uint64_t examined = 0, records = 0, mails = 0, unknown = 0;
  std::map<std::string, Coverage, std::less<>> by_mapping;

  Status add(const EventLog& events, const StoredRecordReader& reader, const StoredEvent& stored) {
    ++records;
    if (stored.mapping.empty()) {
      ++mails;
      return {};
    }
    const auto* const mapping = reader.mapping(stored.mapping);
    unknown += mapping == nullptr ? 1 : 0;
    if (mapping == nullptr) return {};
    WINNOW_TRY(const auto raw, events.read_raw(stored));
    auto known = by_mapping.find(stored.mapping);
    if (known == by_mapping.end())
      known = by_mapping.emplace(stored.mapping, Coverage(*mapping)).first;
    known->second.add(stored.form, raw, stored.event_time);
    return {};
  }
};

}  // namespace

Json source_json(std::string_view name, const SourceHealth& source) {
  const auto& event_lag = source.event_lag;
  return Json::object(
      {{"name", name},
       {"mails", source.mails},
       {"events", source.events},
       {"last_at", json_text(source.last)},
       {"quarantined", source.quarantined},
       {"late", source.late},
       {"ahead", source.ahead},
       {"format", format_json(source.format)},
       {"waiting", source.waiting},
       {"lag_seconds", std::int64_t{source.lag.count()}},
       {"event_lag_seconds", event_lag ? Json(std::int64_t{event_lag->count()}) : Json()}});
}

Json source_detail(std::string_view name, const SourceHealth& source,
                   const StoredRecordReader& reader) {
  Json mappings = Json::array();
  for (const auto& [mapping, records] : source.mappings) {
    const auto domain = reader.domain_of(mapping == "mail" ? std::string_view() : mapping);
    mappings.push(Json::object({{"name", mapping},
                                {"domain", domain ? Json(name_of(*domain)) : Json()},
                                {"records", records}}));
  }
  auto json = source_json(name, source);
  json.set("mappings", std::move(mappings))
      .set("minutes", counts_json(source.minutes))
      .set("hours", counts_json(source.hours));
  return json;
}

Result<Json> coverage_json(const EventLog& events, const StoredRecordReader& reader,
                           std::string_view source) {
  Looked looked;
  std::optional<EventPlace> behind;
  const auto until = std::chrono::steady_clock::now() + kTimeAPage;
  const auto is_enough = [&] {
    return looked.examined >= kEventsAPage || looked.records >= kCoverageRecords ||
           std::chrono::steady_clock::now() >= until;
  };
  for (bool ended = false; !ended && !is_enough();) {
    WINNOW_TRY(const auto stretch, events.backwards({}, {}, behind, kStretch));
    ended = stretch.size() < kStretch;
    for (const auto& stored : stretch) {
      behind = EventPlace{stored.event_time, stored.id};
      ++looked.examined;
      if (stored.source == source && !stored.removed) {
        WINNOW_TRY(looked.add(events, reader, stored));
      }
      if (is_enough()) break;
    }
  }
  Json mappings = Json::array();
  for (const auto& [name, coverage] : looked.by_mapping) mappings.push(mapping_json(coverage));
  return Json::object({{"source", source},
                       {"records", looked.records},
                       {"mails", looked.mails},
                       {"unknown", looked.unknown},
                       {"examined", looked.examined},
                       {"mappings", std::move(mappings)}});
}

}  // namespace winnow::server
