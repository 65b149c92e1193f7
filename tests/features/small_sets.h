// Small feature sets and events for the tests of the engine.
#pragma once

#include <string>
#include <string_view>

#include "features/feature_set.h"
#include "ocsf/event.h"
#include "tests/support/support.h"

namespace winnow {

// Compiles `yaml`, with `words` as the file words.yaml that it may include.
Result<FeatureSet> compile_text(std::string_view yaml, std::string_view words = "");

// A set of one feature 'it' with the given value, over the attributes of small_mail().
Result<FeatureSet> set_of(std::string_view value);

// from ann@mail.shop.example, subject, two recipients, own text, three links, no attachments.
ocsf::Event small_mail(Timestamp at, std::string_view from = "ann@mail.shop.example",
                       std::string_view subject = "Re: [list] Your order 482913");

inline Timestamp day(int n) {
  return Timestamp::from_civil(2026, 1, 1) + std::chrono::hours(24 * n);
}

}  // namespace winnow
