#include "store/detail/page_pool.h"

#include <cstddef>
#include <cstdlib>

#include <sqlite3.h>

#include "base/contract.h"
#include "store/detail/page_checksums.h"

namespace winnow::store {
namespace {

constexpr int kPages = 4096;  // twice what a service uses that has 100,000 findings

bool configured() {
  int header = 0;
  if (sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &header) != SQLITE_OK) return false;
  const int slot = (kPageBytes + header + 7) / 8 * 8;
  // Never given back: SQLite uses it until the process ends.
  void* const memory = std::malloc(static_cast<std::size_t>(slot) * kPages);
  if (memory == nullptr) return true;  // then the heap is their place
  return sqlite3_config(SQLITE_CONFIG_PAGECACHE, memory, slot, kPages) == SQLITE_OK;
}

}  // namespace

void pool_pages() {
  static const bool done = configured();
  ensure(done, "SQLite is configured before it is used");
}

}  // namespace winnow::store
