// One execution that made artifacts from artifacts, with everything needed to explain or repeat it.
// Format: docs/formats/run.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "registry/artifact.h"

namespace winnow {

// Whether the files of the content folder are those of the commit.
enum class TreeState { Clean, Dirty, Unknown };
std::string_view name_of(TreeState state);

struct CodeState {
  std::string commit;  // 40 or 64 hexadecimal digits; empty outside a repository
  TreeState tree = TreeState::Unknown;
  std::optional<Digest> content_digest;  // of the content folder as it was read (content_state.h)
};

enum class RunStatus { Succeeded, Failed };
std::string_view name_of(RunStatus status);

struct Run {
  RunId id;            // empty until start_run() or record() gives it one
  std::string kind;    // "train", "evaluate", "intel_import", "data_set", ...
  std::string domain;  // "mail"
  std::string actor;   // who started it
  CodeState code;
  std::string build_id;  // of the binary that ran
  std::optional<Digest> data_set, label_set, feature_set, intel_snapshot;
  std::vector<ArtifactRef> inputs;  // everything it read, those four included
  Json parameters = Json::object();
  std::uint64_t seed = 0;
  Json environment = Json::object();  // os, cpu, kernel level, library versions
  Json metrics = Json::object();
  std::vector<ArtifactRef> outputs;
  Timestamp started, ended;
  RunStatus status = RunStatus::Succeeded;
  std::string failure;  // the error of a failed run
};

// From what identifies the run: kind, domain, code, inputs, parameters, seed, actor and start.
Result<RunId> id_of(const Run& run);  // Errors: InvalidArgument (text that is not UTF-8)

Json to_json(const Run& run);
Result<Run> run_of(const Json& json);  // Errors: InvalidArgument

// The lineage fields, parameters, metrics and outputs that differ, by dotted path:
// "parameters.depth".
struct RunChange {
  std::string field, before, after;  // empty text: absent
};
std::vector<RunChange> diff(const Run& before, const Run& after);

// The canonical in-toto Statement v1 about a run: its subjects are the outputs (or, where there are
// none, the record itself), its predicate is to_json(run), its predicate type kRunPredicateType.
inline constexpr std::string_view kRunPredicateType = "urn:winnow:run:v1";
Result<std::string> statement_of(const Run& run);          // Errors: InvalidArgument
Result<Run> run_of_statement(std::string_view statement);  // Errors: InvalidArgument, Unsupported

}  // namespace winnow
