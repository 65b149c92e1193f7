#include "base/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/contract.h"

namespace winnow {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  const int made =
      RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
  ensure(made == 1, "the system gives randomness");
  return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace winnow
