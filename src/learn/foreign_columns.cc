#include "learn/detail/foreign_columns.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace winnow::learn {
namespace {

constexpr std::size_t kColumnsNamed = 8;  // in one error

// "'num_links' (link_count?), 'vt_score'": the first few.
std::string quoted(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kColumnsNamed); ++i) {
    const auto near = nearest(names[i], known);
    text += fmt::format("{}'{}'{}", i == 0 ? "" : ", ", names[i],
                        near.empty() ? "" : fmt::format(" ({}?)", near));
  }
  if (names.size() > kColumnsNamed) text += ", ...";
  return text;
}

// The name of the feature that each column shall take, known or not.
Result<std::vector<std::string>> wanted_features(const std::vector<std::string>& columns,
                                                 const ColumnMapping& mapping) {
  if (!mapping.by_position.empty()) {
    if (mapping.by_position.size() == columns.size()) return mapping.by_position;
    return Error(Code::InvalidArgument,
                 fmt::format("the model has {} columns, the list names the features of {}",
                             columns.size(), mapping.by_position.size()))
        .with_hint("name one feature for each column, or map them by name: 'COLUMN: FEATURE'");
  }
  auto wanted = columns;
  std::vector<std::string> strangers;
  for (const auto& [column, feature] : mapping.by_name) {
    const auto found = std::ranges::find(columns, column);
    if (found == columns.end()) {
      strangers.push_back(column);
    } else {
      wanted[static_cast<std::size_t>(found - columns.begin())] = feature;
    }
  }
  if (strangers.empty()) return wanted;
  return Error(Code::InvalidArgument,
               fmt::format("the mapping names columns that the model does not have: {}",
                           quoted(strangers, columns)))
      .with_hint(fmt::format("its columns begin with {}", quoted(columns, {})));
}

}  // namespace

Result<ColumnMapping> ColumnMapping::compile(const Yaml& yaml) {
  ColumnMapping mapping;
  if (yaml.is_sequence()) {
    WINNOW_TRY(mapping.by_position, yaml.as_texts());
    return mapping;
  }
  if (!yaml.is_map()) {
    return yaml.error("a mapping is 'COLUMN: FEATURE' a line, or a list of features");
  }
  for (const auto& [column, feature] : yaml.members()) {
    WINNOW_TRY(auto name, feature.as_text());
    mapping.by_name.emplace_back(column, std::move(name));
  }
  return mapping;
}

Result<TakenColumns> take_columns(const std::vector<std::string>& columns,
                                  const ColumnMapping& mapping, const FeatureSet& features) {
  WINNOW_TRY(const auto wanted, wanted_features(columns, mapping));
  TakenColumns taken;
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    taken.mapping.set(columns[i], wanted[i]);
    if (wanted[i] == ColumnMapping::kMissing) {
      taken.columns.push_back(kNoColumn);
      continue;
    }
    if (!features.index_of(wanted[i])) unknown.push_back(wanted[i]);
    const auto known = std::ranges::find(taken.features, wanted[i]);
    taken.columns.push_back(static_cast<std::uint32_t>(known - taken.features.begin()));
    if (known == taken.features.end()) taken.features.push_back(wanted[i]);
  }
  if (!unknown.empty()) {
    std::vector<std::string> known;
    for (const auto& feature : features.features()) known.push_back(feature.name);
    return Error(
               Code::InvalidArgument,
               fmt::format("{} of the model's {} columns are no features of '{}': {}",
                           unknown.size(), columns.size(), features.name(), quoted(unknown, known)))
        .with_hint(
            "map them with --columns FILE, a line 'COLUMN: FEATURE' each, or 'COLUMN: missing'; "
            "winnow features list shows the features");
  }
  if (taken.features.empty()) {
    return Error(Code::InvalidArgument,
                 "no column of the model takes a feature: it would say the "
                 "same of every mail");
  }
  return taken;
}

}  // namespace winnow::learn
