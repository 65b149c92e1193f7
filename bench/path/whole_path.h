// The path of an event as the server's scorer goes it: lines received, read, mapped and stored,
// then decided against the states of their entities, all of it durable. And each of its stages
// alone.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "bench/path/eve_lines.h"
#include "bench/path/path_bundle.h"
#include "ingest/ingest.h"
#include "pipeline/decider.h"

namespace winnow::bench {

// What it took, in thread CPU time, and how long each block was on its way, in wall time.
struct PathCost {
  double cpu_seconds = 0;
  double wall_seconds = 0;
  std::vector<double> of_block;
};

// The stores of one path. One thread at a time.
class WholePath {
 public:
  // In an empty folder. `bundle` outlives it. Errors: of the stores.
  static Result<std::unique_ptr<WholePath>> open(const PathBundle& bundle, const Path& folder);

  // `block` lines at a time, each block durable with its decisions before the next one is taken.
  // Counts the decisions; `findings` of them are no closures. Errors: of the stores.
  Result<PathCost> run(std::span<const EveLine> lines, std::size_t block);

  std::size_t decided() const { return decided_; }
  std::size_t findings() const { return findings_; }

 private:
  WholePath(const PathBundle& bundle, EventLog events, Quarantine quarantine, ServingStates states,
            DecisionStore decisions);
  Status take(std::span<const EveLine> lines);

  EventLog events_;
  Quarantine quarantine_;
  ServingStates states_;
  DecisionStore decisions_;
  LogMappings logs_;
  RecordReader reader_;
  Decider decider_;
  std::size_t decided_ = 0, findings_ = 0;
};

enum class PathStage : std::uint8_t { Map, Store, Decide, Keep };
inline constexpr std::array kPathStages = {PathStage::Map, PathStage::Store, PathStage::Decide,
                                           PathStage::Keep};
std::string_view name_of(PathStage stage);

// The CPU seconds of each stage alone, one after the other over all of `lines`, with what the
// stages before have made of them. Errors: of the stores.
Result<std::array<double, kPathStages.size()>> stages_alone(const PathBundle& bundle,
                                                            std::span<const EveLine> lines,
                                                            std::size_t block, const Path& folder);

}  // namespace winnow::bench
