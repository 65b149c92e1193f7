// The parts of a mapping's YAML that tell where one value comes from.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "ingest/mapping/detail/program.h"
#include "ingest/mapping/detail/shapes.h"
#include "ingest/mapping/detail/zones.h"

namespace winnow::mapping {

// The paths, zones and tables of a mapping, while it is read.
class SourceReader {
 public:
  static constexpr std::size_t kMaxPaths = 4000;

  // With `flat_keys` a path is one key, dots and all; else its dots separate steps. Behind either
  // ".*" stands for the items of a list. Where a path stands in a record, `shapes` tells.
  SourceReader(bool flat_keys, Shapes shapes) : flat_keys_(flat_keys), shapes_(std::move(shapes)) {}

  Status read_tables(const Yaml& node);
  Status read_zones(const Yaml& node) { return zones_.read(node); }
  Result<Operand> read_operand(const Yaml& path);
  Result<Operand> read_operand(const std::string& path, const Yaml& at);  // `at`: for errors
  // The texts that are objects themselves. Errors: InvalidArgument (located at `at`).
  Result<std::vector<NestedText>> read_nested_texts(const Yaml& at);
  // Where the operand may stand, for people.
  std::vector<std::string> forms(const Operand& operand) const {
    return shapes_.forms(operand.path);
  }
  // A path, "=constant", or a map of `from`, `first`, `sum`, `join`, `value` with `as`, `format`,
  // `zone`, `table`, `else`, `separator`. `type` is the attribute that it is for. Errors:
  // InvalidArgument.
  Result<Source> read(const Yaml& node, const ocsf::AttributeType& type);
  Result<Source> read_time(const Yaml& node);

  std::vector<JsonSelection::Path>& paths() { return paths_; }
  // By path: the number of the first that means the same field.
  std::span<const std::uint32_t> same_as() const { return same_as_; }
  std::vector<Table>& tables() { return tables_; }
  const Zones& zones() const { return zones_; }

 private:
  Status read_operands(const Yaml& node, Source& source);
  // A path, or a map of `from` with `after`, `before`, `where` of its own.
  Result<Operand> read_part(const Yaml& node);
  Status read_where(const Yaml& where, Operand& operand);
  JsonSelection::Path steps_of(std::string_view path) const;
  // The number of the path, which becomes one of paths(); `field`: of the first of its field.
  Result<std::uint32_t> number(const std::string& path, std::optional<std::uint32_t> field,
                               const Yaml& at);
  Status read_conversion(const Yaml& node, const ocsf::AttributeType& type, Source& source);
  Status read_format(const Yaml& node, const ocsf::AttributeType& type, Source& source);
  Status read_table(const Yaml& node, const ocsf::AttributeType& type, Source& source) const;

  bool flat_keys_;
  Shapes shapes_;
  std::vector<JsonSelection::Path> paths_;
  std::vector<std::uint32_t> same_as_;
  std::map<JsonSelection::Path, std::uint32_t> numbers_;
  Zones zones_;
  std::vector<Table> tables_;
  std::map<std::string, std::uint32_t, std::less<>> table_numbers_;
};

}  // namespace winnow::mapping
