// Lists of what events turned out to be, as people bring them: CSV below a line of column names, or
// NDJSON with the same members. docs/training.md tells what they say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "ocsf/event.h"

namespace winnow {

// Whom events name: in one form however it is written, so that "CORP\Ann" is "ann" and
// "2001:DB8:0::1" is "2001:db8::1". A person is one, whether on a machine or in a cloud.
struct LabelledEntity {
  ocsf::EntityKind kind = ocsf::EntityKind::Host;
  std::string key;  // empty: nobody can be called so
  friend auto operator<=>(const LabelledEntity&, const LabelledEntity&) = default;
};
LabelledEntity labelled_entity(ocsf::EntityKind kind, std::string_view text);

// One line: which events, and what they are. It names them by one of digest, id and entity.
struct LabelLine {
  std::uint64_t line = 0;  // where it begins in the file, from 1
  std::string digest;      // its first hexadecimal digits, at least 8
  std::string id;          // that the event's own tool gave it
  std::optional<LabelledEntity> entity = {};
  // Only events of then: from <= event time < before. Where an entity is named, both are there.
  std::optional<Timestamp> from = {}, before = {};
  std::string mapping = {}, source = {};  // only what this one read, this one supplied; "mail"
  std::string label;                      // a word of read_label(), or "none": to take back
  std::string step = {};                  // of an attack: "T1110.003", "service_scan"
  std::string by = {};                    // who says so; empty: whoever brings the list
};

inline constexpr std::size_t kMostLabelLines = 100'000;
inline constexpr std::uint64_t kLargestLabelList = 64UL << 20;  // bytes

// All lines or an error; `file` is what errors call it. Errors: InvalidArgument ("FILE:LINE: ...",
// with the nearest valid name), Exhausted (too many lines).
Result<std::vector<LabelLine>> read_label_list(std::string_view text, std::string_view file);

}  // namespace winnow
