// The parts of a mapping's YAML that tell where one value comes from.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "ingest/mapping/detail/program.h"

namespace winnow::mapping {

// The paths and tables of a mapping, while it is read.
class SourceReader {
 public:
  static constexpr std::size_t kMaxPaths = 4000;

  // With `flat_keys` a path is one key, dots and all; else its dots separate steps. Behind either
  // ".*" stands for the items of a list.
  explicit SourceReader(bool flat_keys) : flat_keys_(flat_keys) {}

  Status read_tables(const Yaml& node);
  Result<Operand> read_operand(const Yaml& path);
  Result<Operand> read_operand(const std::string& path, const Yaml& at);  // `at`: for errors
  // A path, "=constant", or a map of `from`, `first`, `sum`, `join`, `value` with `as`, `table`,
  // `else`, `separator`. `type` is the attribute that it is for. Errors: InvalidArgument.
  Result<Source> read(const Yaml& node, const ocsf::AttributeType& type);
  Result<Source> read_time(const Yaml& node);

  std::vector<JsonSelection::Path>& paths() { return paths_; }
  std::vector<Table>& tables() { return tables_; }

 private:
  Status read_operands(const Yaml& node, Source& source);
  Status read_conversion(const Yaml& node, const ocsf::AttributeType& type, Source& source) const;
  Status read_table(const Yaml& node, const ocsf::AttributeType& type, Source& source) const;

  bool flat_keys_;
  std::vector<JsonSelection::Path> paths_;
  std::map<JsonSelection::Path, std::uint32_t> numbers_;
  std::vector<Table> tables_;
  std::map<std::string, std::uint32_t, std::less<>> table_numbers_;
};

}  // namespace winnow::mapping
