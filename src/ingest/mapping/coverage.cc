#include "ingest/mapping/coverage.h"

#include <algorithm>

#include "ingest/mapping/detail/text_line.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxReasons = 200;

// `path` is where `value` stands, and is so again afterwards.
void add_paths(const Json& value, std::string& path, std::vector<std::string>& paths) {
  if (paths.size() >= Coverage::kMaxFields || value.is_null()) return;
  const auto size = path.size();
  if (value.is_object() && value.size() > 0) {
    for (const auto& [name, member] : value.members()) {
      if (size > 0) path += '.';
      add_paths(member, path += name, paths);
      path.resize(size);
    }
  } else if (value.is_array()) {
    path += ".*";
    for (const auto& item : value.items()) add_paths(item, path, paths);
    path.resize(size);
  } else if (paths.empty() || paths.back() != path) {  // as items of a list are
    paths.push_back(path);
  }
}

// The columns of the row that have a value.
void add_columns(std::string_view raw, std::vector<std::string>& paths) {
  const auto fields_at = raw.find("#fields");
  if (fields_at == std::string_view::npos || fields_at + 7 >= raw.size()) return;
  const char separator = raw[fields_at + 7];
  auto names = raw.substr(fields_at + 8, raw.find('\n', fields_at) - fields_at - 8);
  auto row = raw.substr(raw.rfind('\n') + 1);
  while (!names.empty()) {
    const auto name = names.substr(0, names.find(separator));
    const auto value = row.substr(0, row.find(separator));
    if (value != "-" && value != "(empty)") paths.emplace_back(name);
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    row.remove_prefix(std::min(value.size() + 1, row.size()));
  }
}

// Sorted, each once.
std::vector<std::string> paths_of(RecordForm form, std::string_view raw) {
  std::vector<std::string> paths;
  if (form != RecordForm::LogJson) {
    add_columns(raw, paths);
  } else if (!raw.starts_with('{')) {
    mapping::PairReader pairs(raw);
    for (mapping::PairReader::Pair pair; pairs.next(pair);) paths.emplace_back(pair.key);
  } else if (const auto json = parse_json(raw)) {
    std::string path;
    add_paths(*json, path, paths);
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

KeyCounts count_keys(const MappedEvent& event, RecordForm form, std::string_view raw) {
  KeyCounts counts;
  for (const auto& path : paths_of(form, raw)) {
    ++counts.all;
    const bool is_known =
        is_wanted(path, event.attribute_paths) || is_wanted(path, event.unmapped_paths);
    counts.unknown += is_known ? 0 : 1;
  }
  return counts;
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
  for (const auto& path : paths_of(form, raw)) {
    const auto known = coverage.fields.find(path);
    if (known == coverage.fields.end() && coverage.fields.size() >= kMaxFields) continue;
    auto& field = known != coverage.fields.end() ? known->second : coverage.fields[path];
    ++field.records;
    field.fate = is_wanted(path, mapped.attribute_paths)  ? FieldFate::Ocsf
                 : is_wanted(path, mapped.unmapped_paths) ? FieldFate::Unmapped
                                                          : FieldFate::Ignored;
  }
}

}  // namespace winnow
