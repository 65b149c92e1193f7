#include "registry/run.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace winnow {
namespace {

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::size_t kIdDigits = 16;
constexpr std::size_t kMaxRefs = 100'000;

Json optional_digest(const std::optional<Digest>& digest) {
  return digest ? Json(digest->hex()) : Json();
}

Result<std::optional<Digest>> optional_digest_of(const Json& json, std::string_view key) {
  if (json[key].is_null()) return std::optional<Digest>();
  WINNOW_TRY(const auto hex, json.need_string(key));
  WINNOW_TRY(const auto digest, Digest::from_hex(hex));
  return std::optional(digest);
}

Json refs_json(std::vector<ArtifactRef> refs) {
  std::sort(refs.begin(), refs.end());
  std::vector<Json> items;
  for (const auto& ref : refs) items.push_back(to_json(ref));
  return Json::array(std::move(items));
}

Result<std::vector<ArtifactRef>> refs_of(const Json& json, std::string_view key) {
  WINNOW_TRY(const Json* items, json.need_array(key));
  if (items->size() > kMaxRefs)
    return Error(Code::InvalidArgument, fmt::format("a run with {} {}", items->size(), key));
  std::vector<ArtifactRef> refs;
  for (const auto& item : items->items()) {
    WINNOW_TRY(auto ref, artifact_ref_of(item));
    refs.push_back(std::move(ref));
  }
  return refs;
}

Json code_json(const CodeState& code) {
  return Json::object({{"commit", code.commit},
                       {"content_digest", optional_digest(code.content_digest)},
                       {"tree", name_of(code.tree)}});
}

Result<CodeState> code_of_json(const Json& json) {
  CodeState code;
  WINNOW_TRY(code.commit, json.need_string("commit"));
  WINNOW_TRY(code.content_digest, optional_digest_of(json, "content_digest"));
  WINNOW_TRY(const auto tree, json.need_string("tree"));
  for (const auto state : {TreeState::Clean, TreeState::Dirty, TreeState::Unknown}) {
    if (name_of(state) != tree) continue;
    code.tree = state;
    return code;
  }
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is not a state of a tree", tree.substr(0, 64)));
}

// What was decided before the run did anything.
Json identity_json(const Run& run) {
  return Json::object({{"actor", run.actor},
                       {"build_id", run.build_id},
                       {"code", code_json(run.code)},
                       {"data_set", optional_digest(run.data_set)},
                       {"domain", run.domain},
                       {"feature_set", optional_digest(run.feature_set)},
                       {"inputs", refs_json(run.inputs)},
                       {"intel_snapshot", optional_digest(run.intel_snapshot)},
                       {"kind", run.kind},
                       {"label_set", optional_digest(run.label_set)},
                       {"parameters", run.parameters},
                       {"seed", std::to_string(run.seed)},  // a JSON number ends at 2^53
                       {"started", run.started.text()}});
}

void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& out) {
  if (!json.is_object()) {
    out[path] = json.is_string() ? json.as_string() : to_text(json);
    return;
  }
  for (const auto& [name, value] : json.members())
    flatten(value, path.empty() ? name : path + "." + name, out);
}

// What two runs are compared by: everything but their ids, and refs by kind and name instead of a
// list.
std::map<std::string, std::string> fields_of(const Run& run) {
  auto json = to_json(run);
  std::map<std::string, std::string> fields;
  for (const auto& [name, value] : json.members()) {
    if (name != "id" && name != "inputs" && name != "outputs") flatten(value, name, fields);
  }
  for (const auto& ref : run.inputs)
    fields[fmt::format("inputs.{}.{}", name_of(ref.kind), ref.name)] = ref.digest.hex();
  for (const auto& ref : run.outputs)
    fields[fmt::format("outputs.{}.{}", name_of(ref.kind), ref.name)] = ref.digest.hex();
  return fields;
}

Json subject(const std::string& name, const Digest& digest) {
  return Json::object({{"digest", Json::object({{"sha256", digest.hex()}})}, {"name", name}});
}

Result<std::vector<Json>> subjects_of(const Run& run) {
  // In the order in which the record lists them, whatever order the run made them in.
  auto outputs = run.outputs;
  std::sort(outputs.begin(), outputs.end());
  std::vector<Json> subjects;
  for (const auto& ref : outputs) {
    subjects.push_back(subject(fmt::format("{}/{}", name_of(ref.kind), ref.name), ref.digest));
  }
  if (subjects.empty()) {  // in-toto wants at least one: the record speaks of itself
    WINNOW_TRY(const auto text, to_canonical(to_json(run)));
    subjects.push_back(subject("run/" + run.id.text(), sha256(text)));
  }
  return subjects;
}

}  // namespace

std::string_view name_of(TreeState state) {
  switch (state) {
    case TreeState::Clean:
      return "clean";
    case TreeState::Dirty:
      return "dirty";
    case TreeState::Unknown:
      return "unknown";
  }
  violate("every TreeState has a name", std::source_location::current());
}

std::string_view name_of(RunStatus status) {
  switch (status) {
    case RunStatus::Succeeded:
      return "succeeded";
    case RunStatus::Failed:
      return "failed";
  }
  violate("every RunStatus has a name", std::source_location::current());
}

Result<RunId> id_of(const Run& run) {
  WINNOW_TRY(const auto text, to_canonical(identity_json(run)));
  return RunId("r-" + sha256(text).hex().substr(0, kIdDigits));
}

Json to_json(const Run& run) {
  auto json = identity_json(run);
  json.set("ended", run.ended.text());
  json.set("environment", run.environment);
  json.set("failure", run.failure);
  json.set("id", run.id.text());
  json.set("metrics", run.metrics);
  json.set("outputs", refs_json(run.outputs));
  json.set("status", name_of(run.status));
  return json;
}

Result<Run> run_of(const Json& json) {
  Run run;
  const auto text = [&](std::string_view key, std::string& out) -> Status {
    WINNOW_TRY(out, json.need_string(key));
    return {};
  };
  const auto time = [&](std::string_view key, Timestamp& out) -> Status {
    WINNOW_TRY(const auto value, json.need_string(key));
    WINNOW_TRY(out, Timestamp::parse(value));
    return {};
  };
  const auto object = [&](std::string_view key, Json& out) -> Status {
    WINNOW_TRY(const Json* value, json.need_object(key));
    out = *value;
    return {};
  };
  std::string id, status, seed;
  WINNOW_TRY(text("id", id));
  run.id = RunId(id);
  WINNOW_TRY(text("kind", run.kind));
  WINNOW_TRY(text("domain", run.domain));
  WINNOW_TRY(text("actor", run.actor));
  WINNOW_TRY(text("build_id", run.build_id));
  WINNOW_TRY(text("failure", run.failure));
  WINNOW_TRY(const Json* code, json.need_object("code"));
  WINNOW_TRY(run.code, code_of_json(*code));
  WINNOW_TRY(run.data_set, optional_digest_of(json, "data_set"));
  WINNOW_TRY(run.label_set, optional_digest_of(json, "label_set"));
  WINNOW_TRY(run.feature_set, optional_digest_of(json, "feature_set"));
  WINNOW_TRY(run.intel_snapshot, optional_digest_of(json, "intel_snapshot"));
  WINNOW_TRY(run.inputs, refs_of(json, "inputs"));
  WINNOW_TRY(run.outputs, refs_of(json, "outputs"));
  WINNOW_TRY(object("parameters", run.parameters));
  WINNOW_TRY(object("environment", run.environment));
  WINNOW_TRY(object("metrics", run.metrics));
  WINNOW_TRY(time("started", run.started));
  WINNOW_TRY(time("ended", run.ended));
  WINNOW_TRY(text("seed", seed));
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), run.seed);
  WINNOW_TRY(text("status", status));
  if (error != std::errc() || end != seed.data() + seed.size() ||
      (status != name_of(RunStatus::Succeeded) && status != name_of(RunStatus::Failed))) {
    return Error(Code::InvalidArgument, "a run's seed or status is not one");
  }
  run.status = status == name_of(RunStatus::Failed) ? RunStatus::Failed : RunStatus::Succeeded;
  return run;
}

std::vector<RunChange> diff(const Run& before, const Run& after) {
  const auto old_fields = fields_of(before), new_fields = fields_of(after);
  std::vector<RunChange> changes;
  for (const auto& [field, value] : old_fields) {
    const auto found = new_fields.find(field);
    const std::string now = found == new_fields.end() ? "" : found->second;
    if (now != value) changes.push_back({field, value, now});
  }
  for (const auto& [field, value] : new_fields) {
    if (!old_fields.contains(field) && !value.empty()) changes.push_back({field, "", value});
  }
  std::sort(changes.begin(), changes.end(),
            [](const auto& a, const auto& b) { return a.field < b.field; });
  return changes;
}

Result<std::string> statement_of(const Run& run) {
  WINNOW_TRY(auto subjects, subjects_of(run));
  return to_canonical(Json::object({{"_type", kStatementType},
                                    {"predicate", to_json(run)},
                                    {"predicateType", kRunPredicateType},
                                    {"subject", Json::array(std::move(subjects))}}));
}

Result<Run> run_of_statement(std::string_view statement) {
  WINNOW_TRY(const auto json, parse_json(statement));
  if (json["_type"].as_string() != kStatementType ||
      json["predicateType"].as_string() != kRunPredicateType) {
    return Error(Code::Unsupported, "this is not an in-toto statement about a run of Winnow");
  }
  WINNOW_TRY(const Json* predicate, json.need_object("predicate"));
  WINNOW_TRY(auto run, run_of(*predicate));
  WINNOW_TRY(const auto again, statement_of(run));
  // Also says that the subjects are the run's outputs.
  if (again != statement)
    return Error(Code::InvalidArgument, "the statement is not in canonical form");
  return run;
}

}  // namespace winnow
