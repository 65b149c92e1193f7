#include "server/receivers/socket.h"

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"

namespace winnow::server {
namespace {

constexpr int kBacklog = 1024;
constexpr int kDatagramBuffer = 4 << 20;  // asked for; the system may give less

Error listen_error(const ListenAddress& address, int number) {
  auto tried = fmt::format("listening on {} port {}", address.address, address.port);
  if (number != EADDRINUSE) return system_error(std::move(tried), number);
  return Error(Code::Conflict, tried + ": the port is taken")
      .with_hint("stop the program that has it, or give another port");
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}
Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::uint16_t Socket::port() const {
  sockaddr_in6 bound{};  // both families have the port at one place
  socklen_t size = sizeof bound;
  if (::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  return ntohs(bound.sin6_port);
}

Result<Socket> listen_at(const ListenAddress& address, SocketKind kind) {
  addrinfo wanted{};
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  wanted.ai_socktype = kind == SocketKind::Streams ? SOCK_STREAM : SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.address.c_str(), std::to_string(address.port).c_str(), &wanted,
                    &found) != 0) {
    return Error(Code::InvalidArgument, fmt::format("'{}' is no IP address", address.address))
        .with_hint("give an address of this machine: 127.0.0.1, or 0.0.0.0 for all");
  }
  Socket socket(::socket(found->ai_family, found->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int yes = 1;
  const auto set = [&](int what, int value) {
    ::setsockopt(socket.descriptor(), SOL_SOCKET, what, &value, sizeof value);
  };
  if (kind == SocketKind::Streams) {
    set(SO_REUSEADDR, yes);
  } else {
    set(SO_RCVBUF, kDatagramBuffer);
    set(SO_RXQ_OVFL, yes);  // each datagram then tells how many were lost before it
  }
  const bool listens =
      socket.is_open() && ::bind(socket.descriptor(), found->ai_addr, found->ai_addrlen) == 0 &&
      (kind == SocketKind::Datagrams || ::listen(socket.descriptor(), kBacklog) == 0);
  const int number = errno;
  ::freeaddrinfo(found);
  if (!listens) return listen_error(address, number);
  return socket;
}

}  // namespace winnow::server
