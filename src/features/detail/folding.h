// What an event says, folded into the states of the entities that it names.
#pragma once

#include <string_view>

#include "features/detail/evaluation.h"
#include "features/detail/named_entities.h"
#include "features/feature_set.h"

namespace winnow::features {

// The observe plan of the program has been run. Errors: as FeatureSet::observe().
Result<Observed> fold(const Program& program, const Evaluation& evaluation, Timestamp at,
                      Timestamp known_at, NamedEntities& entities, EntityStates& states);

// Errors: as FeatureSet::observe_verdict().
Status fold_verdict(const Program& program, std::string_view verdict, Timestamp known_at,
                    NamedEntities& entities, EntityStates& states);

}  // namespace winnow::features
