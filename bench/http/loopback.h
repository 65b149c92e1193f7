// How the benchmarks reach a server: one connection of loopback.
#pragma once

#include <cstdint>

namespace winnow::bench {

// A blocking socket, connected to 127.0.0.1, that sends at once (no Nagle); -1 where it could not.
int connect_to(std::uint16_t port);

}  // namespace winnow::bench
