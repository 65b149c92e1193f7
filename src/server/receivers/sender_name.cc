#include "server/receivers/sender_name.h"

#include <algorithm>
#include <array>

#include <netinet/in.h>

#include "names/ip_address.h"

namespace winnow::server {

std::string sender_name(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return IpAddress::v4(ntohl(v4.sin_addr.s_addr)).text();
  }
  if (address.ss_family != AF_INET6) return "somebody";
  std::array<std::uint8_t, 16> bytes{};
  std::ranges::copy(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr,
                    bytes.begin());
  return IpAddress::v6(bytes).unmapped().text();
}

}  // namespace winnow::server
