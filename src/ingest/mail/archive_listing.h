// What an archive holds, by its directory: names and sizes, nothing is unpacked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

struct ArchiveLimits {
  std::size_t entries = 1000;
  std::size_t names = 50;                 // kept; each of at most 256 bytes
  std::size_t passed_bytes = 32UL << 20;  // content that may be run through to reach the next entry
};

struct ArchiveListing {
  std::string format;              // "zip", "rar", "7z", "tar", "gz", "iso", "cab"
  std::size_t entries = 0;         // files; folders do not count
  std::vector<std::string> names;  // UTF-8, the first ones
  std::size_t executables = 0;     // entries that run when opened, by their name
  bool encrypted = false;
  bool macro = false;   // an Office document with macros (vbaProject.bin)
  bool office = false;  // an Office Open XML document
  bool cut = false;     // damaged, or beyond a limit: there may be more
};

// Lists an archive of that detected type (file_type.h); an empty format for types that are none.
// Bounded by the limits however the archive was made.
ArchiveListing list_archive(std::string_view bytes, std::string_view detected_type,
                            const ArchiveLimits& limits = {});

}  // namespace winnow
