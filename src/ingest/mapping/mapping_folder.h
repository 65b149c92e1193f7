// The mappings of a folder (content/mappings), and what becomes of them while a service runs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/file.h"
#include "ingest/mapping/mapping.h"
#include "ocsf/domain.h"

namespace winnow {

// A file that is no mapping, or the second one of a name.
struct RefusedMapping {
  Path file;
  std::string why;               // with its line and the nearest valid name
  std::string name;              // as the file says, else what it is called
  std::optional<Domain> domain;  // as the file says, else as what it said before
  // Its records are read all the same: by what it said before, or by another file of its name.
  bool is_held = false;
};

// What a mapping of that name was when it was last kept for a bundle or a training; nothing where
// it never was, or cannot be had now.
using LastKept = std::function<std::optional<Mapping>(const std::string& name)>;
std::optional<Mapping> never_kept(const std::string& name);  // for who goes by the files alone

// All of a folder (*.yaml, *.yml), by name; mail's is none. Errors: AlreadyExists (two of one
// name), as Mapping::compile(); of reading.
Result<std::vector<Mapping>> read_log_mappings(const Path& folder);

// The same for who can do without some: each file is there whole or refused.
struct UsableMappings {
  std::vector<Mapping> mappings;        // by name
  std::vector<RefusedMapping> refused;  // by file
  // The names of those that are refused and not held: what is theirs nobody reads.
  std::vector<std::string> broken() const;
};
// `last_kept` is asked for files that do not compile. Errors: of listing the folder.
Result<UsableMappings> read_usable_mappings(const Path& folder, const LastKept& last_kept);

// Follows the files as they change. A file that does not compile is refused, and what it said
// before goes on to hold, or what was last kept of it: a mapping is never there in part. One thread
// at a time.
class MappingFolder {
 public:
  explicit MappingFolder(Path folder) : folder_(std::move(folder)) {}

  // Reads what changed since; true where usable() is another now. Cheap where
  // nothing did. `last_kept` is asked for files that never compiled since they are known. Errors:
  // of listing the folder; then all stays as it was.
  Result<bool> look(const LastKept& last_kept);

  UsableMappings usable() const;

 private:
  // By which a file is known to be as it was: when it was written and changed, inode, size.
  using State = std::tuple<std::int64_t, std::int64_t, std::uint64_t, std::uint64_t>;
  struct Known {
    State state;
    std::optional<Mapping> mapping;         // the newest that compiled, or was kept
    std::optional<RefusedMapping> refused;  // the file as it is now
  };
  static std::optional<State> state_of(const Path& file);
  void read(const Path& file, Known& known) const;
  bool has_other(const Path& file, const std::string& name) const;

  Path folder_;
  std::map<Path, Known> files_;
};

}  // namespace winnow
