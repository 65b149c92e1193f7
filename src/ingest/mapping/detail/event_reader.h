// From one event of a mapping's YAML, with the blocks it uses, to its program.
#pragma once

#include <string>
#include <vector>

#include "base/yaml.h"
#include "ingest/mapping/detail/program.h"
#include "ingest/mapping/detail/source_reader.h"
#include "ingest/mapping/mapping.h"

namespace winnow::mapping {

struct ReadEvent {
  EventProgram program;
  MappedEvent described;
};

// `root` is the whole mapping's YAML. Errors: InvalidArgument ("FILE:LINE: ..." and the nearest
// valid name).
Result<ReadEvent> read_event(const std::string& mapping, const Yaml& event, const Yaml& root,
                             SourceReader& sources);

// What `when` and `recognise` ask of a record. Errors: as above.
Status read_conditions(const Yaml& when, SourceReader& sources, std::vector<Condition>& out);

}  // namespace winnow::mapping
