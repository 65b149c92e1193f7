// What the OCSF schema says of the attributes of our classes, so that a mapping that would make an
// invalid event is refused before it makes one. Out of schema_table.txt, which scripts/ocsf-table
// writes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ocsf/event.h"

namespace winnow::ocsf {

// The class by its name in the schema ("dns_activity"); nothing where we have none of that name.
std::optional<ClassUid> class_named(std::string_view name);
std::vector<std::string> class_names();
std::string_view schema_name_of(ClassUid class_uid);  // the other way

enum class AttributeKind : std::uint8_t {
  Text,
  Int,
  Port,
  Time,  // milliseconds since 1970
  Real,
  Bool,
  Ip,
  Mac,
  Email,
  Uuid,
  DateTime,  // RFC 3339
  Bytes,     // base64
  Any,       // whatever JSON can say
  Object,
};

struct AttributeType {
  AttributeKind kind = AttributeKind::Any;
  bool is_list = false;
  std::vector<std::int64_t> values = {};  // of an enumeration of numbers, ascending; else empty
  std::vector<std::string> words = {};    // of an enumeration of texts, sorted; else empty
  std::string profile =
      {};  // an event that sets the attribute names it; empty: of the class itself
};

// The type of the attribute `path` of the class. Within lists of objects a step "0" follows the
// list: "evidences.0.src_endpoint.ip". Below "unmapped" is Any. Errors: NotFound (names the step
// and the nearest that there is).
Result<AttributeType> attribute_type(ClassUid class_uid, std::string_view path);

// Whether some class has the attribute `path`, with its "0" behind lists as above: whoever reads
// events of several classes may ask for it. Errors: NotFound (names the step that no class has, and
// the nearest path).
Status known_attribute(std::string_view path);

// What must be there: each of `all`, and one of `any` (of which there are none, or several), below
// the object `at` (empty: the event).
struct Requirement {
  std::string at;
  std::vector<std::string> all, any;
};

// The requirements of the class, and of the objects in which `paths` (attributes of the class) lie,
// deepest first. What every event has (class_uid, time, metadata.version, ...) is left out.
std::vector<Requirement> requirements(ClassUid class_uid, std::span<const std::string> paths);

}  // namespace winnow::ocsf
