// Where the mappings of today and those of the bundles that decide part ways: a changed mapping
// reads what comes at once, and decisions know it with the next bundle (ADR 19). And which files of
// today are refused.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "ingest/mapping/mapping.h"
#include "ingest/mapping/mapping_folder.h"
#include "ocsf/domain.h"
#include "pipeline/kept_events.h"
#include "server/threads/champion.h"

namespace winnow::server {

struct MappingDrift {
  enum class State : std::uint8_t {
    Missing,  // the champion has no mapping of this name: what it reads is kept, not decided
    Differs,  // the champion decides on what its own, older one makes of a record
    Same      // it has today's, and what waits is being decided
  };
  Domain domain = Domain::Mail;
  std::string mapping;  // "mail" of mails
  State state = State::Same;
  std::uint64_t waiting = 0;  // kept records that are decided once a champion reads them
};
std::string_view name_of(MappingDrift::State state);  // "missing", "differs", "same"

// What people do about it: the commands.
std::string advice_on(const MappingDrift& drift);

using KeptByDomain = std::array<KeptCounts, kDomains.size()>;

// By domain and name: the mappings of today that are not their champion's, and all of which records
// wait. Where there is no champion nothing is missing. Mails have no mapping of today.
std::vector<MappingDrift> drift_of(const Champions& champions, std::span<const Mapping> today,
                                   const KeptByDomain& kept);

// [{"domain", "mapping", "state", "waiting", "advice"}]
Json drift_json(std::span<const MappingDrift> drifts);
// [{"mapping", "file", "held", "reason"}]
Json refused_json(std::span<const RefusedMapping> refused);

}  // namespace winnow::server
