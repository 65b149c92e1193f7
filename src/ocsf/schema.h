// Facts of the OCSF schema that the events carry: https://schema.ocsf.io/1.8.0.
#pragma once

#include <cstdint>
#include <string_view>

#include "ocsf/event.h"

namespace winnow::ocsf {

inline constexpr std::string_view kSchemaVersion = "1.8.0";

struct ClassFacts {
  std::string_view name;
  std::string_view category_name;
  std::uint32_t category_uid;
};

const ClassFacts& facts_of(ClassUid class_uid);

// "The event/finding type ID. [...] The value is calculated by the logic: class_uid * 100 +
// activity_id."
std::int64_t type_uid(ClassUid class_uid, std::int64_t activity_id);

// Values of the enumerated attributes that the mappings use.
namespace activity {
inline constexpr std::int64_t kReceive = 2;  // Email Activity
}
namespace direction {
inline constexpr std::int64_t kUnknown = 0;
}
namespace severity {
inline constexpr std::int64_t kInformational = 1;
}
namespace file_type {
inline constexpr std::int64_t kRegularFile = 1;
}
namespace hash_algorithm {
inline constexpr std::int64_t kSha256 = 3;
}

}  // namespace winnow::ocsf
