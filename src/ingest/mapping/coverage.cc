#include "ingest/mapping/coverage.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/digest.h"
#include "base/json_paths.h"
#include "ingest/mapping/detail/text_line.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxReasons = 200;
constexpr std::size_t kMostShapes = 4096;         // that a thread remembers
constexpr std::size_t kKeptRecord = 256UL << 10;  // what larger ones need is given back

// The columns of the row that have a value.
void add_columns(std::string_view raw, std::vector<std::string_view>& paths) {
  const auto fields_at = raw.find("#fields");
  if (fields_at == std::string_view::npos || fields_at + 7 >= raw.size()) return;
  const char separator = raw[fields_at + 7];
  auto names = raw.substr(fields_at + 8, raw.find('\n', fields_at) - fields_at - 8);
  auto row = raw.substr(raw.rfind('\n') + 1);
  while (!names.empty()) {
    const auto name = names.substr(0, names.find(separator));
    const auto value = row.substr(0, row.find(separator));
    if (value != "-" && value != "(empty)") paths.push_back(name);
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    row.remove_prefix(std::min(value.size() + 1, row.size()));
  }
}

bool is_json(RecordForm form, std::string_view raw) {
  return form == RecordForm::LogJson && raw.starts_with('{');
}

// Sorted, each once. They lie in `raw` or in `json`, which has read it where it is JSON.
std::vector<std::string_view> paths_of(RecordForm form, std::string_view raw,
                                       const JsonPaths& json) {
  std::vector<std::string_view> paths;
  if (form != RecordForm::LogJson) {
    add_columns(raw, paths);
  } else if (is_json(form, raw)) {
    paths = json.paths();
  } else {
    mapping::PairReader pairs(raw);
    for (mapping::PairReader::Pair pair; pairs.next(pair);) paths.push_back(pair.key);
  }
  std::ranges::sort(paths);
  const auto again = std::ranges::unique(paths);
  paths.erase(again.begin(), again.end());
  return paths;
}

// A path, its items, or an object above it is among the sorted `wanted`.
bool is_wanted(std::string_view path, const std::vector<std::string>& wanted) {
  const auto has = [&](std::string_view name) {
    return std::ranges::binary_search(wanted, name, {},
                                      [](const std::string& one) { return std::string_view(one); });
  };
  if (has(path)) return true;
  for (auto dot = path.rfind('.'); dot != std::string::npos && dot > 0;
       dot = path.rfind('.', dot - 1)) {
    if (has(path.substr(0, dot))) return true;
  }
  return has(std::string(path) + ".*");
}

KeyCounts counted(const MappedEvent& event, std::span<const std::string_view> paths) {
  KeyCounts counts;
  for (const auto path : paths) {
    ++counts.all;
    const bool is_known =
        is_wanted(path, event.attribute_paths) || is_wanted(path, event.unmapped_paths);
    counts.unknown += is_known ? 0 : 1;
  }
  return counts;
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

// What a source writes has few shapes: the paths of each are looked up once, and what is remembered
// goes by the content of both, so that it outlives any mapping.
KeyCounts count_keys(const MappedEvent& event, RecordForm form, std::string_view raw) {
  thread_local JsonPaths kept;
  std::optional<JsonPaths> own;
  auto& json = raw.size() <= kKeptRecord ? kept : own.emplace();
  thread_local std::unordered_map<std::uint64_t, KeyCounts> known;
  if (!is_json(form, raw)) return counted(event, paths_of(form, raw, json));
  if (!json.read(raw)) return {};
  auto key = json.shape();
  for (const auto* paths : {&event.attribute_paths, &event.unmapped_paths}) {
    key = hash64("", key);  // where the one list ends and the other begins
    for (const auto& path : *paths) key = hash64(path, key);
  }
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  if (known.size() >= kMostShapes) known.clear();
  return known[key] = counted(event, paths_of(form, raw, json));
}

Coverage::Coverage(Mapping mapping) : reader_(std::move(mapping)) {
  events_.resize(reader_.mapping().events().size());
}

void Coverage::add(RecordForm form, std::string_view raw) {
  ++records_;
  const auto kind = reader_.kind(form, raw);
  const auto event = kind ? reader_.read(form, raw, Digest()) : Result<ocsf::Event>(kind.error());
  if (!event) {
    const auto known = refused_.find(event.error().message());
    if (known != refused_.end() || refused_.size() < kMaxReasons) {
      ++refused_[event.error().message()];
    } else {
      ++refused_["other reasons"];
    }
    return;
  }
  const auto& mapped = reader_.mapping().events()[*kind];
  auto& coverage = events_[*kind];
  ++coverage.records;
  JsonPaths json;
  if (is_json(form, raw) && !json.read(raw)) return;
  for (const auto path : paths_of(form, raw, json)) {
    auto known = coverage.fields.find(path);
    if (known == coverage.fields.end()) {
      if (coverage.fields.size() >= kMaxFields) continue;
      known = coverage.fields.try_emplace(std::string(path)).first;
    }
    auto& field = known->second;
    ++field.records;
    field.fate = is_wanted(path, mapped.attribute_paths)  ? FieldFate::Ocsf
                 : is_wanted(path, mapped.unmapped_paths) ? FieldFate::Unmapped
                                                          : FieldFate::Ignored;
  }
}

}  // namespace winnow
