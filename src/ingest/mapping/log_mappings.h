// The mappings of a workspace together: each record is read by the one that recognises it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/mapping.h"

namespace winnow {

// One thread at a time.
class LogMappings {
 public:
  explicit LogMappings(std::vector<Mapping> mappings);

  struct Mapped {
    std::string mapping;  // the name of the one that read it
    ocsf::Event event;
  };
  // Where there is one mapping only it reads every record; else the first that recognises the
  // record, by name; the one that read the last record is asked first. Errors: InvalidArgument
  // (none recognises it; or as LogReader::read()).
  Result<Mapped> read(RecordForm form, std::string_view raw, const Digest& digest);
  // By the mapping of that name. Errors: NotFound; as LogReader::read().
  Result<ocsf::Event> read(const std::string& mapping, RecordForm form, std::string_view raw,
                           const Digest& digest);

 private:
  std::vector<LogReader> readers_;
  std::size_t last_ = 0;
};

}  // namespace winnow
