// The mappings of a folder (content/mappings), and what becomes of them while a service runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/file.h"
#include "ingest/mapping/mapping.h"

namespace winnow {

// A file that is no mapping, or the second one of a name.
struct RefusedMapping {
  Path file;
  std::string why;  // with its line and the nearest valid name
};

// All of a folder (*.yaml, *.yml), by name; mail's is none. Errors: AlreadyExists (two of one
// name), as Mapping::compile(); of reading.
Result<std::vector<Mapping>> read_log_mappings(const Path& folder);

// The same for who can do without some: each file is there whole or refused.
struct UsableMappings {
  std::vector<Mapping> mappings;  // by name
  std::vector<RefusedMapping> refused;
};
// Errors: of listing the folder.
Result<UsableMappings> read_usable_mappings(const Path& folder);

// Follows the files as they change. A file that does not compile is refused, and what it said
// before goes on to hold: a mapping is never there in part. One thread at a time.
class MappingFolder {
 public:
  explicit MappingFolder(Path folder) : folder_(std::move(folder)) {}

  // Reads what changed since; true where mappings() or refused() is another now. Cheap where
  // nothing did. Errors: of listing the folder; then all stays as it was.
  Result<bool> look();

  std::vector<Mapping> mappings() const;  // by name
  std::vector<RefusedMapping> refused() const;

 private:
  // By which a file is known to be as it was: when it was written and changed, inode, size.
  using State = std::tuple<std::int64_t, std::int64_t, std::uint64_t, std::uint64_t>;
  struct Known {
    State state;
    std::optional<Mapping> mapping;  // the newest that compiled
    std::string refused;             // why the file as it is now did not; empty: it did
  };
  static std::optional<State> state_of(const Path& file);
  void read(const Path& file, Known& known) const;

  Path folder_;
  std::map<Path, Known> files_;
};

}  // namespace winnow
