#include "features/feature_set.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "features/detail/compiled.h"
#include "features/detail/members.h"
#include "features/feature_reading.h"

namespace winnow {
namespace {

using features::Evaluation;

constexpr std::size_t kMaxIncludes = 16;

Status check_header(const Yaml& root, bool is_artifact) {
  WINNOW_TRY(features::need(root, {"schema", "name"}));
  WINNOW_TRY(const std::string schema, root["schema"].as_text());
  if (schema != "winnow.feature_set/1") {
    return root["schema"].error(
        fmt::format("expected schema 'winnow.feature_set/1', found '{}'", schema));
  }
  if (is_artifact) {
    WINNOW_TRY(features::need(root, {"engine"}));
    WINNOW_TRY(const std::int64_t engine, root["engine"].as_int());
    if (engine != FeatureSetReader::kEngine) {
      return Error(Code::Unsupported, fmt::format("a feature set for engine {}, this is engine {}",
                                                  engine, FeatureSetReader::kEngine))
          .with_hint("use the Winnow that made it, or compile its source again");
    }
  }
  return root.only({"schema", "name", is_artifact ? "engine" : "include", "attributes", "define",
                    "lexicons", "lists", "brands", "history", "text", "groups", "features"});
}

// An included file stands beside the including one: content cannot reach into the rest of the
// machine.
Result<Path> included_path(const Path& file, const Yaml& node) {
  WINNOW_TRY(const std::string name, node.as_text());
  const Path path(name);
  if (name.empty() || path.is_absolute() || path.has_parent_path() || name == "..") {
    return node.error(fmt::format("'{}': an included file is named without a folder", name));
  }
  return file.parent_path() / path;
}

}  // namespace

Result<FeatureSet> FeatureSet::compile(const Path& file) {
  std::vector<Yaml> files;
  WINNOW_TRY(Yaml root, Yaml::read(file.string()));
  WINNOW_TRY(check_header(root, false));
  const auto includes = root["include"].items();
  if (includes.size() > kMaxIncludes)
    return root["include"].error(fmt::format("at most {} files", kMaxIncludes));
  files.push_back(std::move(root));
  for (const auto& node : includes) {
    WINNOW_TRY(const Path path, included_path(file, node));
    auto included = Yaml::read(path.string());
    if (!included)
      return std::move(included).error().with_context(node.error("included here").message());
    WINNOW_TRY(included->only({"lexicons", "lists", "brands"}));
    files.push_back(std::move(*included));
  }
  // Once for errors that name a line; then from the artifact, so that what was compiled is what was
  // kept.
  WINNOW_TRY(FeatureSetReader::read(files, {}));
  WINNOW_TRY(const std::string canonical, FeatureSetReader::canonical_of(files));
  return from_canonical(canonical);
}

// JSON is YAML too: one reader for both keeps them from drifting apart.
Result<FeatureSet> FeatureSet::from_canonical(std::string_view bytes) {
  const auto corrupt = [](const Error& error) {
    return error.code() == Code::Unsupported
               ? error
               : Error(Code::Corrupt, "reading a feature set: " + error.text());
  };
  auto json = parse_json(bytes);
  if (!json) return corrupt(json.error());
  auto canonical = to_canonical(*json);
  if (!canonical) return corrupt(canonical.error());
  if (*canonical != bytes)
    return Error(Code::Corrupt, "a feature set that is not in its canonical form");
  auto root = Yaml::parse(bytes, "feature set");
  if (!root) return corrupt(root.error());
  if (auto status = check_header(*root, true); !status) return corrupt(status.error());
  auto set = FeatureSetReader::read({&*root, 1}, std::string(bytes));
  if (!set) return corrupt(set.error());
  return set;
}

const std::string& FeatureSet::name() const { return compiled_->name; }
const std::string& FeatureSet::canonical() const { return compiled_->canonical; }
const Digest& FeatureSet::digest() const { return compiled_->digest; }
const Digest& FeatureSet::history_digest() const { return compiled_->history_digest; }
std::span<const FeatureDefinition> FeatureSet::features() const { return compiled_->features; }
std::span<const FeatureGroup> FeatureSet::groups() const { return compiled_->groups; }
std::uint32_t FeatureSet::term_buckets() const { return compiled_->term_buckets; }

std::optional<std::size_t> FeatureSet::index_of(std::string_view feature) const {
  const auto found = compiled_->columns.find(feature);
  if (found == compiled_->columns.end()) return {};
  return found->second;
}

namespace {

// The entities that an event names in the histories that count.
struct NamedEntities {
  std::vector<StateKey> keys;
  std::vector<const features::History*> histories;  // one for each key
};

constexpr auto kAll = [](const features::History&) { return true; };

template <typename Counts>
NamedEntities entities_of(const features::Program& program, const Evaluation& evaluation,
                          Counts counts) {
  NamedEntities named;
  for (const auto& history : program.histories) {
    if (!counts(history)) continue;
    for (auto& key : evaluation.keys(history)) {
      named.keys.push_back(std::move(key));
      named.histories.push_back(&history);
    }
  }
  return named;
}

Status check_declaration(const EntityState& state, const features::History& history) {
  if (features::is_state_of(state, history)) return {};
  return Error(Code::Corrupt,
               fmt::format("the state of a '{}' was declared by another feature set", history.name))
      .with_hint("replay the events to make states for this one");
}

// The states of those entities, one for each key, as their histories declare them.
Result<std::vector<EntityState*>> to_change(const NamedEntities& named, EntityStates& states) {
  std::vector<const EntityState*> empty;
  for (const auto* const history : named.histories) empty.push_back(&history->empty);
  std::vector<EntityState*> changing(named.keys.size());
  WINNOW_TRY(states.change(named.keys, empty, changing));
  for (std::size_t i = 0; i < changing.size(); ++i) {
    WINNOW_TRY(check_declaration(*changing[i], *named.histories[i]));
  }
  return changing;
}

}  // namespace

Result<StateSlice> FeatureSet::slice(const ocsf::Event& event, const EntityStates& states) const {
  const NoIntelligence nothing;
  Evaluation evaluation(compiled_->program, event, nullptr, nothing);
  evaluation.run(compiled_->key_plan);
  auto named = entities_of(compiled_->program, evaluation, kAll);
  if (named.keys.size() > StateSlice::kMaxItems) named.keys.resize(StateSlice::kMaxItems);
  std::vector<const EntityState*> found(named.keys.size());
  WINNOW_TRY(states.find(named.keys, found));
  std::vector<StateSlice::Item> items;
  items.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto* const state = found[i];
    if (state != nullptr) {
      WINNOW_TRY(check_declaration(*state, *named.histories[i]));
    }
    items.push_back({std::move(named.keys[i]),
                     state == nullptr ? std::optional<EntityState>() : std::optional(*state)});
  }
  return StateSlice(std::move(items));
}

Result<FeatureVector> FeatureSet::read(const ocsf::Event& event, const EntityStates& states,
                                       const Intelligence& intelligence) const {
  WINNOW_TRY(const StateSlice before, slice(event, states));
  return read(event, before, intelligence);
}

FeatureVector FeatureSet::read(const ocsf::Event& event, const StateSlice& before,
                               const Intelligence& intelligence) const {
  return FeatureReading(*this, event, before, intelligence).take_vector();
}

namespace {

// Folds the event into one accumulator; false when it came too late for it.
bool fold_in(const features::History::Keep& keep, const features::Program& program,
             const Evaluation& evaluation, Timestamp at, Timestamp known_at,
             Accumulator& accumulator) {
  if (!keep.verdict.empty()) return true;
  if (keep.when && !evaluation.value(*keep.when).is_yes()) return true;
  const auto amount = [&]() -> std::uint64_t {
    const auto number = evaluation.value(*keep.value).number;
    return number >= 0.5 ? static_cast<std::uint64_t>(std::min(std::round(number), 1e15)) : 0;
  };
  const auto for_texts = [&](const auto& add) {
    const auto& cell = evaluation.value(*keep.value);
    if (cell.is_missing()) return true;
    if (program.nodes[*keep.value].type == features::Type::Text) return add(cell.text());
    bool in_time = true;
    for (const auto text : cell.texts()) in_time &= add(text);
    return in_time;
  };
  // Nothing happens after it was reported: what a clock that runs ahead says is known is taken as
  // of then, or one false date would empty the windows of its entity.
  const auto recent = std::min(at, known_at);
  struct Fold {
    decltype(amount)& amount_of;
    decltype(for_texts)& each_text;
    Timestamp at, recent;
    bool operator()(SeenSpan& seen) const { return seen.add(at), true; }
    bool operator()(BucketCounts& counts) const { return counts.add(at, amount_of()); }
    bool operator()(DistinctCount& values) const {
      return each_text([&](std::string_view text) { return values.add(text), true; });
    }
    bool operator()(WindowCounts& window) const { return window.add(recent, amount_of()); }
    bool operator()(WindowDistinct& window) const {
      return each_text([&](std::string_view text) { return window.add(recent, text); });
    }
    bool operator()(Frequencies& values) const {
      return each_text([&](std::string_view text) { return values.add(text), true; });
    }
    bool operator()(Arrivals& arrivals) const { return arrivals.add(recent); }
  };
  return std::visit(Fold{amount, for_texts, at, recent}, accumulator);
}

}  // namespace

Result<Observed> FeatureSet::observe(const ocsf::Event& event, Timestamp known_at,
                                     EntityStates& states) const {
  const NoIntelligence nothing;
  const auto& program = compiled_->program;
  Evaluation evaluation(program, event, nullptr, nothing);
  evaluation.run(compiled_->observe_plan);
  const auto named = entities_of(program, evaluation, kAll);
  WINNOW_TRY(const auto changing, to_change(named, states));
  Observed observed{false, event.time() > known_at};
  for (std::size_t i = 0; i < changing.size(); ++i) {
    const auto& history = *named.histories[i];
    const auto accumulators = changing[i]->accumulators();
    for (std::size_t k = 0; k < accumulators.size(); ++k) {
      observed.late |=
          !fold_in(history.keeps[k], program, evaluation, event.time(), known_at, accumulators[k]);
    }
  }
  return observed;
}

Status FeatureSet::observe_verdict(const ocsf::Event& event, std::string_view verdict,
                                   Timestamp known_at, EntityStates& states) const {
  if (verdict.empty()) return {};
  const NoIntelligence nothing;
  Evaluation evaluation(compiled_->program, event, nullptr, nothing);
  evaluation.run(compiled_->key_plan);
  const auto named = entities_of(compiled_->program, evaluation, [&](const auto& history) {
    return std::any_of(history.keeps.begin(), history.keeps.end(),
                       [&](const auto& keep) { return keep.verdict == verdict; });
  });
  WINNOW_TRY(const auto changing, to_change(named, states));
  for (std::size_t i = 0; i < changing.size(); ++i) {
    const auto& keeps = named.histories[i]->keeps;
    for (std::size_t k = 0; k < keeps.size(); ++k) {
      if (keeps[k].verdict == verdict)
        std::get<BucketCounts>(changing[i]->accumulators()[k]).add(known_at, 1);
    }
  }
  return {};
}

}  // namespace winnow
