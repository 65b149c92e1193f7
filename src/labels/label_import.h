// Putting an imported list of labels on record: from then on it is known, by whom, and which list
// said so.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/result.h"
#include "labels/label_search.h"
#include "labels/waiting_labels.h"
#include "registry/registry.h"

namespace winnow {

// What an import would say that the event log does not say yet.
struct LabelChange {
  const FoundLabel* found = nullptr;
  bool corrects = false;  // the event was called something else before
};
// `waiting`: events of which something was said, before `found` was looked for, that the log has
// not been told of; what the list says of these is said, whatever they are called now.
std::vector<LabelChange> changes_of(std::span<const FoundLabel> found,
                                    const std::unordered_set<Digest>& waiting);

struct ImportedList {
  std::string_view text;  // as it was brought; borrowed for the call
  std::string file;       // what people call it
  std::uint64_t lines = 0;
};

struct LabelImport {
  std::uint64_t entry = 0;  // of the audit log
  Digest list, statements;  // objects: the list, and what it says of which events
};

// Keeps list and statements as objects, puts the import on record, and leaves the statements for
// whoever writes the event log. A crash in between leaves an entry of an import that did not
// happen; the same import again does what is left. `changes` must not be empty. Errors: of the
// registry; Exhausted (disk full), Unavailable.
Result<LabelImport> record_labels(Registry& registry, WaitingLabels& waiting,
                                  const ImportedList& list, std::span<const LabelChange> changes,
                                  const std::string& actor);

}  // namespace winnow
