// A SQLite VFS that keeps a check sum at the end of every page of a database file (the reserved
// bytes of the file format, https://sqlite.org/fileformat2.html section 1.3.4) and verifies it on
// every read.
#pragma once

#include <cstdint>
#include <string>

namespace winnow::store {

inline constexpr int kPageBytes = 4096;
inline constexpr int kReservedBytes = 8;

// Registers the VFS once and returns its name, to open databases with.
const char* page_checksum_vfs();

// Says where the last damaged page of this thread was found, and forgets it; empty when there was
// none.
std::string take_page_damage();

}  // namespace winnow::store
