// A pack of objects with any content: refused, or every object lies inside it. The fuzzer cannot
// guess a check sum, so the input is also taken as a pack whose check sum is made valid.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <unistd.h>

#include "base/bytes.h"
#include "registry/detail/pack.h"

namespace winnow {
namespace {

constexpr std::size_t kChecksumBytes = sizeof(std::uint64_t);

const Path& scratch() {
  static const Path folder = [] {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "winnow-pack-fuzz-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    return Path(pattern);
  }();
  return folder;
}

void read_pack(std::string_view bytes) {
  const auto path = scratch() / "pack";
  if (!write_atomically(path, bytes)) std::abort();
  const auto pack = registry::Pack::open(path);
  if (!pack) return;
  std::size_t total = 0;
  for (std::uint64_t i = 0; i < pack->size(); ++i) {
    for (const char byte : pack->bytes_at(i)) total += static_cast<unsigned char>(byte);
    (void)pack->find(pack->digest_at(i));
  }
  if (total > 255 * bytes.size() * pack->size()) std::abort();
}

// The footer ends with the check sum of the index, whose place the footer names.
std::string with_valid_checksum(std::string_view bytes) {
  std::string sealed(bytes);
  if (sealed.size() < 3 * sizeof(std::uint64_t)) return sealed;
  ByteReader footer(std::string_view(sealed).substr(sealed.size() - 2 * sizeof(std::uint64_t)));
  const auto index_at = footer.get<std::uint64_t>();
  sealed.resize(sealed.size() - kChecksumBytes);
  if (index_at > sealed.size()) return sealed;
  ByteWriter checksum;
  checksum.put(hash64(std::string_view(sealed).substr(index_at)));
  return sealed + checksum.bytes();
}

}  // namespace
}  // namespace winnow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  winnow::read_pack(bytes);
  winnow::read_pack(winnow::with_valid_checksum(bytes));
  return 0;
}
