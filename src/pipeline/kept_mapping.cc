#include "pipeline/kept_mapping.h"

#include "base/log.h"

namespace winnow {
namespace {

// The newest of that name.
Result<std::optional<Mapping>> last_kept(Registry& registry, const std::string& name) {
  const auto kept = registry.artifact(ArtifactKind::Mapping, name);
  if (!kept && kept.error().code() == Code::NotFound) return std::optional<Mapping>();
  if (!kept) return kept.error();
  WINNOW_TRY(const auto bytes, registry.read(kept->digest));
  auto mapping = Mapping::from_canonical(bytes);
  if (!mapping || mapping->name() != name) return std::optional<Mapping>();
  return std::optional(std::move(*mapping));
}

}  // namespace

LastKept last_kept_in(Registry& registry) {
  return [&registry](const std::string& name) -> std::optional<Mapping> {
    auto kept = last_kept(registry, name);
    if (kept) return std::move(*kept);
    log::warn("what a mapping was before cannot be had",
              {{"mapping", name}, {"error", kept.error().text()}});
    return std::nullopt;
  };
}

}  // namespace winnow
