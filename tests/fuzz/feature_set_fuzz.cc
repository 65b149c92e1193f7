// Any text is a feature set or is refused with its line; what compiles reads events, and comes back
// from its artifact.
#include <array>
#include <cstdlib>
#include <string_view>

#include "base/yaml.h"
#include "features/detail/compiled.h"
#include "features/feature_reading.h"

namespace {

winnow::ocsf::Event small_event() {
  using winnow::ocsf::Attribute;
  winnow::ocsf::EventBuilder builder(winnow::ocsf::ClassUid::EmailActivity,
                                     winnow::Timestamp::from_seconds(1'770'000'000),
                                     winnow::Digest());
  const std::array<std::string_view, 2> texts = {"ann@a.example", "bob@b.example"};
  builder.set(Attribute::of("t"), "Verify your account at https://a.example/x within 24 hours");
  builder.set(Attribute::of("n"), 3.5).set(Attribute::of("b"), true).set(Attribute::of("s"), texts);
  builder.begin_list(Attribute::of("l"));
  for (const auto text : texts) {
    builder.begin_record();
    builder.set(Attribute::of("t"), text).set(Attribute::of("b"), false);
  }
  builder.end_list();
  return std::move(builder).finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  if (size > 16'384) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = Yaml::parse(text, "set");
  if (!root) return 0;
  const auto set = FeatureSetReader::read({&*root, 1}, {});
  if (!set) {
    if (set.error().message().find("set:") == std::string::npos)
      std::abort();  // every refusal names its line
    return 0;
  }
  if (set->term_buckets() > 1U << 20) return 0;  // slow, not wrong
  static const ocsf::Event kEvent = small_event();
  MemoryEntityStates states;
  const auto before = set->read(kEvent, states, NoIntelligence());
  if (!before || before->values.size() != set->features().size()) std::abort();
  if (!set->observe(kEvent, kEvent.time(), states)) std::abort();
  const auto slice = set->slice(kEvent, states);
  if (!slice || StateSlice::from_bytes(slice->bytes()).value() != *slice) std::abort();
  const NoIntelligence nothing;
  FeatureReading reading(*set, kEvent, *slice, nothing);
  const auto vector = set->read(kEvent, *slice, nothing);
  if (reading.vector() != vector) std::abort();
  const std::vector<float> contributions(set->features().size(), 1);
  reading.reasons(contributions, 10);
  reading.strongest_terms(std::vector<float>(set->term_buckets(), 1), 10);
  if (const auto canonical = FeatureSetReader::canonical_of({&*root, 1})) {
    const auto again = FeatureSet::from_canonical(*canonical);
    if (again && again->read(kEvent, *slice, NoIntelligence()) != vector) std::abort();
  }
  return 0;
}
