// A client of many keep-alive connections at once, for measuring servers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::bench {

// Sends `request` over `connections` connections until `requests` were answered, each with
// `answer_bytes` bytes. False when a connection breaks.
bool load(std::uint16_t port, std::string_view request, std::size_t answer_bytes,
          std::size_t connections, std::size_t requests);

// How many bytes the answer to one request has.
std::size_t answer_bytes(std::uint16_t port, std::string_view request);

}  // namespace winnow::bench
