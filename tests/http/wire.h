// The way a test client's bytes take: as they are, or through TLS. Loopback only.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace winnow::testing {

class Wire {
 public:
  virtual ~Wire() = default;
  virtual bool send(std::string_view bytes) = 0;  // false once the server has closed
  virtual void end_sending() = 0;                 // half-closed
  // What comes within `patience`, perhaps nothing yet (""); nothing at all once the server has
  // closed.
  virtual std::optional<std::string> receive(std::chrono::milliseconds patience) = 0;
};

int connected_socket(std::uint16_t port);
bool send_all(int socket, std::string_view bytes);  // false once the peer is gone
std::unique_ptr<Wire> plain_wire(std::uint16_t port);

}  // namespace winnow::testing
