// A host, user, address or indicator that findings of other domains than mail are about.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "intel/intel_snapshot.h"
#include "ocsf/event.h"

namespace winnow::cases {

struct CaseEntity {
  ocsf::EntityKind kind = ocsf::EntityKind::Host;
  std::string key;               // as events name it, normalised; hostile, valid UTF-8, bounded
  std::uint8_t criticality = 0;  // 1 low to 4 critical; 0 where no list of assets says

  friend bool operator==(const CaseEntity&, const CaseEntity&) = default;
};
inline constexpr std::size_t kMaxEntitiesOfFinding = 16, kMaxEntityBytes = 320;
inline constexpr std::size_t kShownEntities = 8;        // of a case
inline constexpr std::size_t kMaxEntitiesOfCase = 200;  // that search and similar cases know of

std::string_view criticality_name(std::uint8_t criticality);  // "low", ..., "critical"; 0: empty
// Errors: InvalidArgument.
Result<std::uint8_t> criticality_named(std::string_view name);

// Those that an event names, each once: hosts, users, cloud principals, addresses, domains, hashes.
// What they are worth is what `intel` (may be null) says for the time of the event.
std::vector<CaseEntity> entities_of(const ocsf::Event& event, const IntelSnapshot* intel);

// Adds what is new and keeps the kShownEntities that are worth most; of equals who came first.
void keep_entities(std::vector<CaseEntity>& kept, std::span<const CaseEntity> more);

Json entities_json(std::span<const CaseEntity> entities);
Result<std::vector<CaseEntity>> entities_in(std::string_view json);  // Errors: Corrupt

}  // namespace winnow::cases
