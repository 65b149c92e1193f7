// Any text is an address list; within limits; what it reads can be written and read again.
#include <cstdlib>
#include <string_view>

#include "names/mail_address.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const AddressListLimits limits{.max_bytes = 4096, .max_addresses = 50};
  const auto list = read_address_list(text, limits);
  if (list.addresses.size() > limits.max_addresses) std::abort();
  for (const auto& address : list.addresses) {
    // A domain that is none is kept as written, for people.
    if (list.has(AddressProblem::BadDomain)) break;
    const auto again = read_address(address.text());
    if (again && again->key() != address.key()) std::abort();
  }
  return 0;
}
