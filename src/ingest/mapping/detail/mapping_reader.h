// From a mapping's YAML to its program.
#pragma once

#include "base/yaml.h"
#include "ingest/mapping/detail/program.h"
#include "ingest/mapping/detail/source_reader.h"
#include "ingest/mapping/mapping.h"

namespace winnow::mapping {

struct ReadMapping {
  std::string name, title;
  Domain domain = Domain::Network;
  LogFormat format = LogFormat::Json;
  Program program;
  std::vector<MappingExample> examples;
  std::vector<MappedEvent> events;
  std::vector<std::string> nested_texts;
  std::map<std::string, std::string> zones;  // by name: the rule of each that it names
};

// Errors: InvalidArgument ("FILE:LINE: ..." and the nearest valid name).
Result<ReadMapping> read_mapping(const Yaml& yaml);

}  // namespace winnow::mapping
