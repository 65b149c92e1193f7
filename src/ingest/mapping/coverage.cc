#include "ingest/mapping/coverage.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/digest.h"
#include "base/json_paths.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxReasons = 200;
constexpr std::size_t kMostShapes = 4096;         // that a thread remembers
constexpr std::size_t kKeptRecord = 256UL << 10;  // what larger ones need is given back

// The fields of one record by their paths, as people and mappings write them.
class PathReader {
 public:
  explicit PathReader(const Mapping& mapping) : mapping_(mapping) {}
  // Sorted, each once.
  std::vector<std::string> read(RecordForm form, std::string_view raw);

 private:
  void add(const Json& value);
  void add_columns(std::string_view raw);
  bool add_nested_text(const Json& value);

  const Mapping& mapping_;
  std::string path_;  // where the value that is added stands
  std::vector<std::string> paths_;
  std::size_t bytes_ = 0;  // of all paths
};

// A text that holds an object, whose members the mapping reads as if they stood there.
bool PathReader::add_nested_text(const Json& value) {
  const auto texts = mapping_.nested_texts();
  if (!value.is_string() || std::ranges::find(texts, path_) == texts.end()) return false;
  const auto nested = parse_json(value.as_string());
  if (!nested || !nested->is_object()) return false;
  add(*nested);
  return true;
}

void PathReader::add(const Json& value) {
  const bool is_enough = paths_.size() >= Coverage::kMaxFields || bytes_ >= JsonPaths::kMostBytes;
  if (is_enough || path_.size() > JsonPaths::kMostLength || value.is_null()) return;
  const auto size = path_.size();
  if (value.is_object() && value.size() > 0) {
    for (const auto& [name, member] : value.members()) {
      if (size > 0) path_ += '.';
      path_ += name;
      add(member);
      path_.resize(size);
    }
  } else if (value.is_array()) {
    path_ += ".*";
    for (const auto& item : value.items()) add(item);
    path_.resize(size);
  } else if (!add_nested_text(value) && (paths_.empty() || paths_.back() != path_)) {
    paths_.push_back(path_);  // once of the items of a list
    bytes_ += path_.size();
  }
}

// The columns of the row that have a value.
void PathReader::add_columns(std::string_view raw) {
  const auto fields_at = raw.find("#fields");
  if (fields_at == std::string_view::npos || fields_at + 7 >= raw.size()) return;
  const char separator = raw[fields_at + 7];
  auto names = raw.substr(fields_at + 8, raw.find('\n', fields_at) - fields_at - 8);
  auto row = raw.substr(raw.rfind('\n') + 1);
  while (!names.empty()) {
    const auto name = names.substr(0, names.find(separator));
    const auto value = row.substr(0, row.find(separator));
    if (value != "-" && value != "(empty)") paths_.emplace_back(name);
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    row.remove_prefix(std::min(value.size() + 1, row.size()));
  }
}

std::vector<std::string> PathReader::read(RecordForm form, std::string_view raw) {
  paths_.clear();
  bytes_ = 0;
  if (form != RecordForm::LogJson) {
    add_columns(raw);
  } else if (!raw.starts_with('{')) {
    paths_ = mapping_.line_fields(raw);
  } else if (const auto json = parse_json(raw)) {
    add(*json);
  }
  std::ranges::sort(paths_);
  const auto again = std::ranges::unique(paths_);
  paths_.erase(again.begin(), again.end());
  return std::move(paths_);
}

// What `find` has for the path, an object above it, or its items; null: for none of them.
template <typename Find>
auto find_wanted(std::string_view path, const Find& find) -> decltype(find(path)) {
  if (const auto* found = find(path)) return found;
  for (auto dot = path.rfind('.'); dot != std::string::npos && dot > 0;
       dot = path.rfind('.', dot - 1)) {
    if (const auto* found = find(path.substr(0, dot))) return found;
  }
  return find(std::string(path) + ".*");
}

const std::pair<const std::string, ReadPath>* attribute_path(std::string_view path,
                                                             const MappedEvent& event) {
  return find_wanted(path, [&](std::string_view name) {
    const auto at = event.attribute_paths.find(name);
    return at == event.attribute_paths.end() ? nullptr : &*at;
  });
}

bool is_kept_beside(std::string_view path, const MappedEvent& event) {
  return find_wanted(path, [&](std::string_view name) {
           const auto at = std::ranges::lower_bound(
               event.unmapped_paths, name, {},
               [](const std::string& one) { return std::string_view(one); });
           return at != event.unmapped_paths.end() && *at == name ? &*at : nullptr;
         }) != nullptr;
}

}  // namespace

std::string_view name_of(FieldFate fate) {
  switch (fate) {
    case FieldFate::Ocsf:
      return "ocsf";
    case FieldFate::Unmapped:
      return "unmapped";
    case FieldFate::Ignored:
      return "ignored";
  }
  return "unknown";
}

std::vector<std::string_view> unreadable_fields(const ocsf::Event& event) {
  static const auto kUnreadable = ocsf::Attribute::of("unmapped.unreadable");
  std::vector<std::string_view> fields;
  for (const auto told : event.get(kUnreadable).as_texts())
    fields.push_back(told.substr(0, told.find(": ")));
  return fields;
}

namespace {

// Of the record's fields, whatever they say.
KeyCounts counted(const MappedEvent& mapped, std::span<const std::string_view> paths) {
  KeyCounts counts;
  for (const auto path : paths) {
    ++counts.all;
    if (const auto* const known = attribute_path(path, mapped)) {
      counts.fields.push_back({known->first});
    } else if (!is_kept_beside(path, mapped)) {
      ++counts.unknown;
    }
  }
  return counts;
}

// What a source writes has few shapes: the paths of each are looked up once, and what is remembered
// goes by the content of record and mapping, so that it outlives any mapping. Of texts that are
// objects themselves the shape says nothing.
KeyCounts counted(const Mapping& mapping, std::size_t kind, RecordForm form, std::string_view raw) {
  const auto& mapped = mapping.events()[kind];
  const bool is_json = form == RecordForm::LogJson && raw.starts_with('{');
  if (!is_json || !mapping.nested_texts().empty()) {
    const auto paths = PathReader(mapping).read(form, raw);
    return counted(mapped, std::vector<std::string_view>(paths.begin(), paths.end()));
  }
  thread_local JsonPaths kept;
  std::optional<JsonPaths> own;
  auto& json = raw.size() <= kKeptRecord ? kept : own.emplace();
  thread_local std::unordered_map<std::uint64_t, KeyCounts> known;
  if (!json.read(raw)) return {};
  const auto key = hash64(mapped.name, hash64(mapping.digest().hex(), json.shape()));
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  if (known.size() >= kMostShapes) known.clear();
  auto paths = json.paths();
  std::ranges::sort(paths);
  const auto again = std::ranges::unique(paths);
  paths.erase(again.begin(), again.end());
  return known[key] = counted(mapped, paths);
}

}  // namespace

KeyCounts count_keys(const Mapping& mapping, std::size_t kind, const ocsf::Event& event,
                     RecordForm form, std::string_view raw) {
  auto counts = counted(mapping, kind, form, raw);
  const auto unreadable = unreadable_fields(event);
  if (unreadable.empty()) return counts;
  const auto& read = mapping.events()[kind].attribute_paths;
  for (auto& field : counts.fields) {
    const auto& name = read.find(field.path)->second.field;
    field.is_unreadable = std::ranges::find(unreadable, name) != unreadable.end();
  }
  return counts;
}

Coverage::Coverage(Mapping mapping) : reader_(std::move(mapping)) {
  events_.resize(reader_.mapping().events().size());
}

void Coverage::refuse(std::string_view why) {
  const auto known = refused_.find(why);
  if (known != refused_.end()) {
    ++known->second;
  } else {
    ++refused_[refused_.size() < kMaxReasons ? std::string(why) : "other reasons"];
  }
}

void Coverage::add(RecordForm form, std::string_view raw, Timestamp arrived) {
  ++records_;
  const auto read = reader_.read_kind(form, raw, Digest(), {.arrived = arrived});
  if (!read) return refuse(read.error().message());
  const auto& mapped = reader_.mapping().events()[read->kind];
  const auto unreadable = unreadable_fields(read->event);
  auto& coverage = events_[read->kind];
  ++coverage.records;
  for (const auto& path : PathReader(reader_.mapping()).read(form, raw)) {
    const auto known = coverage.fields.find(path);
    if (known == coverage.fields.end() && coverage.fields.size() >= kMaxFields) continue;
    auto& field = known != coverage.fields.end() ? known->second : coverage.fields[path];
    ++field.records;
    if (const auto* const wanted = attribute_path(path, mapped)) {
      const auto& [name, attributes] = wanted->second;
      field.fate = FieldFate::Ocsf;
      field.attributes = attributes;
      field.unreadable += std::ranges::find(unreadable, name) != unreadable.end() ? 1 : 0;
    } else {
      field.fate = is_kept_beside(path, mapped) ? FieldFate::Unmapped : FieldFate::Ignored;
    }
  }
}

}  // namespace winnow
