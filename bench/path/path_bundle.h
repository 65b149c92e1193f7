// The bundle that path_bench decides with: Suricata's mapping as it ships, thirty windowed
// features, a forest of 200 trees of depth 6, a policy that makes one event in a hundred a finding.
#pragma once

#include <memory>
#include <span>

#include "bench/path/eve_lines.h"
#include "pipeline/bundle_loader.h"

namespace winnow::bench {

// What the bundle's policy explains: findings, as with network content that ships, or everything.
enum class Explained : std::uint8_t { Findings, All };

struct PathBundle {
  Mapping suricata;
  std::shared_ptr<const Classifier> model;
  std::shared_ptr<const BundleRuntime> runtime;
};

// Trained on `lines`, replayed in their order. Errors: of the content, of training.
Result<PathBundle> make_path_bundle(std::span<const EveLine> lines, Explained explained);

}  // namespace winnow::bench
