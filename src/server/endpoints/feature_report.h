// Features as engineers look at them: how they are declared, and what they were worth lately.
#pragma once

#include "base/json.h"
#include "learn/feature_preview.h"
#include "server/threads/champion.h"

namespace winnow::server {

// {domain, bundle, feature_set, groups, features}; without champion bundle and feature_set are null
// and there are no features.
Json features_json(Domain domain, const Champion* champion);

// The preview of the champion's features: {..., rows: {time, label}, features: [{name, ...}]}.
// `rows` and each feature's `sample` are the same events, at most kSampled of them, spread over
// time, those found malicious not left out for others. `importance` is how far a feature moves the
// model's log-odds of the events of the sample, either way, on average.
inline constexpr std::size_t kSampled = 500;
Json preview_json(const learn::FeaturePreview& preview, const Pipeline& pipeline);

}  // namespace winnow::server
