#include "ocsf/schema.h"

#include <array>
#include <utility>

#include "base/contract.h"

namespace winnow::ocsf {
namespace {

constexpr std::array<std::pair<ClassUid, ClassFacts>, 2> kClasses = {{
    {ClassUid::EmailActivity, {"Email Activity", "Network Activity", 4}},
    {ClassUid::DetectionFinding, {"Detection Finding", "Findings", 2}},
}};

}  // namespace

const ClassFacts& facts_of(ClassUid class_uid) {
  for (const auto& [uid, facts] : kClasses) {
    if (uid == class_uid) return facts;
  }
  violate("every ClassUid has a row in the table of classes", std::source_location::current());
}

std::int64_t type_uid(ClassUid class_uid, std::int64_t activity_id) {
  return std::int64_t{static_cast<std::uint32_t>(class_uid)} * 100 + activity_id;
}

}  // namespace winnow::ocsf
