// From YAML to a compiled feature set.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "features/detail/compiled.h"
#include "features/detail/members.h"
#include "features/detail/written_numbers.h"

namespace winnow {

using features::NodeId;
using features::TextBlock;
using features::Type;

namespace {

constexpr std::size_t kMaxFeatures = 2000;
constexpr std::size_t kMaxBlocks = 16;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 60 && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

Result<std::string> text_or(const Yaml& node, std::string other) {
  if (node.is_null()) return other;
  return node.as_text();
}

Result<std::int64_t> integer_between(const Yaml& node, std::int64_t least, std::int64_t most) {
  WINNOW_TRY(const std::int64_t value, node.as_int());
  if (value < least || value > most)
    return node.error(fmt::format("expected {} to {}", least, most));
  return value;
}

}  // namespace

Result<std::string> FeatureSetReader::canonical_of(std::span<const Yaml> files) {
  Json whole = Json::object();
  for (const auto& [key, value] : files.front().members()) {
    if (key != "include") whole.set(key, value.json());
  }
  for (const auto& file : files.subspan(1)) {
    for (const auto& [section, entries] : file.members()) {
      if (whole.find(section) == nullptr) whole.set(section, Json::object());
      for (const auto& [name, entry] : entries.members())
        whole.find(section)->set(name, entry.json());
    }
  }
  whole.set("engine", kEngine);
  return to_canonical(whole);
}

Result<FeatureSet> FeatureSetReader::read(std::span<const Yaml> files, std::string canonical) {
  const auto& root = files.front();
  WINNOW_TRY(auto vocabulary, features::Vocabulary::read(files));
  FeatureSetReader reader(root, std::move(vocabulary));
  auto& out = *reader.out_;
  WINNOW_TRY(features::need(root, {"name"}));
  WINNOW_TRY(out.name, root["name"].as_text());
  if (!is_name(out.name))
    return root["name"].error(fmt::format("'{}' is no name (a-z, 0-9, _)", out.name));
  WINNOW_TRY(reader.builder_.declare_attributes(root["attributes"]));
  WINNOW_TRY(reader.builder_.declare_definitions(root["define"]));
  WINNOW_TRY(reader.builder_.declare_histories(root["history"]));
  WINNOW_TRY(reader.builder_.bind_definitions());
  WINNOW_TRY(reader.read_groups());
  WINNOW_TRY(reader.read_text());
  WINNOW_TRY(reader.read_wording());
  WINNOW_TRY(reader.read_features());
  out.program = std::move(reader.builder_).finish();
  reader.make_plans();
  out.canonical = std::move(canonical);
  out.digest = sha256(out.canonical);
  out.history_digest = sha256(features::describe_histories(out.program, out.canonical));
  return FeatureSet(std::move(reader.out_));
}

Status FeatureSetReader::read_groups() {
  for (const auto& [name, node] : root_["groups"].members()) {
    if (!is_name(name)) return node.error(fmt::format("'{}' is no name (a-z, 0-9, _)", name));
    WINNOW_TRY(node.only({"title", "view", "missing"}));
    FeatureGroup group{name, {}, {}, {}};
    WINNOW_TRY(features::need(node, {"title"}));
    WINNOW_TRY(group.title, node["title"].as_text());
    WINNOW_TRY(group.view, text_or(node["view"], ""));
    WINNOW_TRY(group.missing, text_or(node["missing"], ""));
    out_->groups.push_back(std::move(group));
    group_nodes_.emplace_back(name, &node);
  }
  std::sort(out_->groups.begin(), out_->groups.end(),
            [](const FeatureGroup& a, const FeatureGroup& b) { return a.name < b.name; });
  return {};
}

Status FeatureSetReader::read_text() {
  std::set<std::string> names;
  for (const auto& node : root_["text"].items()) {
    if (out_->blocks.size() == kMaxBlocks)
      return node.error(fmt::format("at most {} blocks of text", kMaxBlocks));
    WINNOW_TRY(TextBlock block, read_block(node));
    if (!names.insert(block.name).second)
      return node.error(fmt::format("'{}' is there twice", block.name));
    block.begin = out_->term_buckets;
    out_->term_buckets += block.buckets();
    out_->blocks.push_back(std::move(block));
  }
  return {};
}

Status FeatureSetReader::read_wording() {
  const auto& node = root_["wording"];
  if (node.is_null()) return {};
  WINNOW_TRY(node.only({"high", "low", "makes_copies"}));
  if (out_->blocks.empty()) return node.error("'wording' tells of a 'text', and there is none");
  WINNOW_TRY(features::need(node, {"high", "low", "makes_copies"}));
  WINNOW_TRY(out_->wording.high, node["high"].as_text());
  WINNOW_TRY(out_->wording.low, node["low"].as_text());
  WINNOW_TRY(out_->wording.makes_copies, node["makes_copies"].as_bool());
  return {};
}

Result<TextBlock> FeatureSetReader::read_block(const Yaml& node) {
  WINNOW_TRY(node.only({"name", "grams", "least", "most", "of", "first", "bits", "weight"}));
  TextBlock block;
  WINNOW_TRY(
      features::need(node, {"name", "grams", "least", "most", "of", "first", "bits", "weight"}));
  WINNOW_TRY(block.name, node["name"].as_text());
  WINNOW_TRY(const std::string grams, node["grams"].as_text());
  struct Kind {
    std::string_view name;
    TextBlock::Grams grams;
    std::int64_t most;  // units of a gram
  };
  static constexpr Kind kKinds[] = {{"words", TextBlock::Grams::Words, 4},
                                    {"letters", TextBlock::Grams::Letters, features::kMostLetters},
                                    {"whole", TextBlock::Grams::Whole, 1}};
  const auto* const kind = std::ranges::find(kKinds, grams, &Kind::name);
  if (kind == std::end(kKinds))
    return node["grams"].error("grams are 'words', 'letters' or 'whole'");
  block.grams = kind->grams;
  WINNOW_TRY(const std::int64_t least, integer_between(node["least"], 1, kind->most));
  WINNOW_TRY(const std::int64_t most, integer_between(node["most"], least, kind->most));
  WINNOW_TRY(const std::int64_t first, integer_between(node["first"], 1, 1 << 24));
  WINNOW_TRY(const std::int64_t bits, integer_between(node["bits"], 8, 22));
  WINNOW_TRY(const double weight, node["weight"].as_number());
  if (!(weight > 0 && weight <= 100))
    return node["weight"].error("a weight is above 0 and at most 100");
  block.least = static_cast<unsigned>(least);
  block.most = static_cast<unsigned>(most);
  block.first = static_cast<std::size_t>(first);
  block.bits = static_cast<unsigned>(bits);
  block.weight = static_cast<float>(weight);
  if (node["of"].items().empty()) return node["of"].error("'of' lists expressions of type words");
  for (const auto& source : node["of"].items()) {
    WINNOW_TRY(const NodeId id, builder_.bind_as(source, Type::Words));
    block.sources.push_back(id);
  }
  return block;
}

Status FeatureSetReader::read_features() {
  if (!root_.has("features")) return {};
  const auto& features = root_["features"];
  if (!features.is_sequence()) return features.error("'features' is a list");
  for (const auto& node : features.items()) {
    if (out_->features.size() == kMaxFeatures)
      return node.error(fmt::format("at most {} features", kMaxFeatures));
    WINNOW_TRY(read_feature(node));
  }
  return {};
}

Status FeatureSetReader::read_feature(const Yaml& node) {
  WINNOW_TRY(node.only({"name", "group", "unit", "meaning", "value", "when", "monotone", "pivot",
                        "high", "low", "missing", "measure", "usual", "alarming", "about"}));
  WINNOW_TRY(features::need(node, {"name", "group", "unit", "meaning", "value", "high", "low"}));
  FeatureDefinition feature;
  WINNOW_TRY(feature.name, node["name"].as_text());
  if (!is_name(feature.name))
    return node["name"].error(fmt::format("'{}' is no name (a-z, 0-9, _)", feature.name));
  const bool twice =
      std::any_of(out_->features.begin(), out_->features.end(),
                  [&](const FeatureDefinition& known) { return known.name == feature.name; });
  if (twice) return node.error(fmt::format("feature '{}' is there twice", feature.name));
  WINNOW_TRY(feature.group, node["group"].as_text());
  std::vector<std::string> groups;
  for (const auto& group : out_->groups) groups.push_back(group.name);
  if (std::find(groups.begin(), groups.end(), feature.group) == groups.end()) {
    const auto near = nearest(feature.group, groups);
    return node["group"].error(
        fmt::format("unknown group '{}'{}", feature.group,
                    near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
  }
  WINNOW_TRY(feature.unit, node["unit"].as_text());
  WINNOW_TRY(features::check_unit(feature.unit, node["unit"]));
  WINNOW_TRY(feature.meaning, node["meaning"].as_text());
  WINNOW_TRY(const std::string monotone, text_or(node["monotone"], "free"));
  if (monotone != "free" && monotone != "rising" && monotone != "falling") {
    return node["monotone"].error("monotone is 'rising', 'falling' or 'free'");
  }
  feature.monotone = monotone == "rising"    ? Monotone::Rising
                     : monotone == "falling" ? Monotone::Falling
                                             : Monotone::Free;
  if (node.has("pivot")) {
    WINNOW_TRY(feature.pivot, node["pivot"].as_number());
  }
  WINNOW_TRY(const NodeId value, read_value(node, feature));
  WINNOW_TRY(read_phrases(node, feature));
  out_->values.push_back(value);
  out_->columns.emplace(feature.name, out_->features.size());
  out_->features.push_back(std::move(feature));
  return {};
}

Result<NodeId> FeatureSetReader::read_value(const Yaml& node, FeatureDefinition& feature) {
  WINNOW_TRY(feature.value, node["value"].as_text());
  WINNOW_TRY(const NodeId value, builder_.bind_as(node["value"], Type::Number));
  if (!node.has("when")) return value;
  WINNOW_TRY(feature.when, node["when"].as_text());
  WINNOW_TRY(const NodeId when, builder_.bind_as(node["when"], Type::Bool));
  return builder_.given(when, value);
}

Status FeatureSetReader::read_phrases(const Yaml& node, const FeatureDefinition& feature) {
  WINNOW_TRY(auto telling, features::Telling::read(node, builder_));
  if (!telling.has_missing()) {
    const auto group =
        std::find_if(group_nodes_.begin(), group_nodes_.end(),
                     [&](const auto& named) { return named.first == feature.group; });
    WINNOW_TRY(auto missing, features::Sentence::read((*group->second)["missing"], builder_));
    telling.set_missing(std::move(missing));
  }
  if (!telling.has_missing()) {
    return node.error(
        fmt::format("neither feature '{}' nor its group has a phrase 'missing'", feature.name));
  }
  out_->tellings.push_back(std::move(telling));
  return {};
}

void FeatureSetReader::make_plans() {
  const auto& program = out_->program;
  std::vector<NodeId> keys, observed;
  for (const auto& history : program.histories) {
    keys.insert(keys.end(), history.key.begin(), history.key.end());
    for (const auto& keep : history.keeps) {
      if (keep.value) observed.push_back(*keep.value);
      if (keep.when) observed.push_back(*keep.when);
    }
  }
  observed.insert(observed.end(), keys.begin(), keys.end());
  std::vector<NodeId> told;
  for (auto& telling : out_->tellings) {
    telling.plan(program);
    const auto needs = telling.needs();
    told.insert(told.end(), needs.begin(), needs.end());
  }
  auto read = out_->values;
  for (const auto& block : out_->blocks)
    read.insert(read.end(), block.sources.begin(), block.sources.end());
  out_->read_plan = program.plan(std::move(read));
  out_->key_plan = program.plan(std::move(keys));
  out_->observe_plan = program.plan(std::move(observed));
  std::ranges::sort(told);
  told.erase(std::ranges::unique(told).begin(), told.end());
  std::erase_if(told, [&](NodeId node) { return !program.is_remembered(node); });
  out_->settle_plan = program.plan(std::move(told));
}

}  // namespace winnow
