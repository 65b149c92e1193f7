// Which events a search for an entity is about, and the keys under which filters know them.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "ocsf/event.h"

namespace winnow::search {

// Whether the key of an entity is `wanted` (lower case, not empty), or lies below it: a domain name
// stands for those below it, and for mailboxes there.
bool is_entity(const ocsf::Entity& entity, std::string_view wanted);

// Where is_entity(entity, wanted), add_keys(entity) adds key_of(wanted). Cost: reads the entity's
// key once for each dot or at sign in it.
std::uint64_t key_of(std::string_view wanted);
void add_keys(const ocsf::Entity& entity, std::unordered_set<std::uint64_t>& keys);

}  // namespace winnow::search
