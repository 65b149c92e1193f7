// Sockets that listen, for receivers of other protocols than HTTP.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/result.h"

namespace winnow::server {

struct ListenAddress {
  std::string address;     // an IP address of this machine
  std::uint16_t port = 0;  // 0: any free one
};

// A descriptor, closed with its owner; -1: none.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  int release() { return std::exchange(descriptor_, -1); }  // to another owner
  std::uint16_t port() const;

 private:
  int descriptor_ = -1;
};

enum class SocketKind : std::uint8_t { Datagrams, Streams };
// Bound, listening where it is for streams; never waits. Errors: Conflict (the port is taken),
// Denied, InvalidArgument (the address), Unavailable.
Result<Socket> listen_at(const ListenAddress& address, SocketKind kind);

}  // namespace winnow::server
