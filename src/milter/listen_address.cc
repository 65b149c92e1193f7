#include "milter/listen_address.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"

namespace winnow::milter {
namespace {

constexpr int kBacklog = 128;

Error no_address(std::string_view text) {
  return Error(Code::InvalidArgument, fmt::format("'{}' is no address to listen at", text))
      .with_hint("such as inet:8421@127.0.0.1, inet6:8421@::1 or unix:/run/winnow/milter.sock");
}

Error cannot_listen(const ListenAddress& address, int error_number) {
  const auto tried = fmt::format("listening at '{}'", address.text());
  if (error_number == EADDRINUSE) return {Code::AlreadyExists, tried + ": somebody does already"};
  return system_error(tried, error_number);
}

Result<sockaddr_un> unix_address(const ListenAddress& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (address.place.size() >= sizeof name.sun_path) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is too long for the path of a socket: {} bytes at most",
                             address.place, sizeof name.sun_path - 1));
  }
  std::memcpy(name.sun_path, address.place.data(), address.place.size());
  return name;
}

// Whether the file is a socket that nobody listens at: what a killed milter leaves behind.
bool is_abandoned(const sockaddr_un& name) {
  struct stat found {};
  if (::lstat(name.sun_path, &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool refused =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 &&
      errno == ECONNREFUSED;
  ::close(socket);
  return refused;
}

bool bind_and_listen(int socket, const sockaddr* name, socklen_t size) {
  return ::bind(socket, name, size) == 0 && ::listen(socket, kBacklog) == 0;
}

Result<int> open_unix(const ListenAddress& address) {
  WINNOW_TRY(const auto name, unix_address(address));
  if (is_abandoned(name)) ::unlink(name.sun_path);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket >= 0 && bind_and_listen(socket, reinterpret_cast<const sockaddr*>(&name), sizeof name))
    return socket;
  const int error_number = errno;
  if (socket >= 0) ::close(socket);
  return cannot_listen(address, error_number);
}

Result<int> open_inet(const ListenAddress& address) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(address.place.c_str(), fmt::format("{}", address.port).c_str(),
                                   &wanted, &found);
  if (failed != 0) {
    return Error(Code::InvalidArgument,
                 fmt::format("there is no host '{}': {}", address.place, ::gai_strerror(failed)));
  }
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  const bool listens = socket >= 0 &&
                       ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                       bind_and_listen(socket, found->ai_addr, found->ai_addrlen);
  const int error_number = errno;
  ::freeaddrinfo(found);
  if (listens) return socket;
  if (socket >= 0) ::close(socket);
  return cannot_listen(address, error_number);
}

std::uint16_t port_of(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  std::array<char, NI_MAXSERV> port{};
  std::uint16_t number = 0;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) == 0 &&
      ::getnameinfo(reinterpret_cast<const sockaddr*>(&name), size, nullptr, 0, port.data(),
                    port.size(), NI_NUMERICSERV) == 0) {
    std::from_chars(port.data(), port.data() + std::strlen(port.data()), number);
  }
  return number;
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  const auto colon = text.find(':');
  const auto kind = text.substr(0, colon);
  if (colon == std::string_view::npos) return no_address(text);
  const auto rest = text.substr(colon + 1);
  ListenAddress address;
  address.is_unix = kind == "unix" || kind == "local";
  if (address.is_unix) {
    if (rest.empty() || rest.find('\0') != std::string_view::npos) return no_address(text);
    address.place = rest;
    return address;
  }
  const auto at = rest.find('@');
  const char* const end = rest.data() + std::min(at, rest.size());
  const auto [read_to, error] = std::from_chars(rest.data(), end, address.port);
  const bool whole = error == std::errc() && read_to == end && at != std::string_view::npos;
  if ((kind != "inet" && kind != "inet6") || !whole || at + 1 == rest.size())
    return no_address(text);
  address.place = rest.substr(at + 1);
  return address;
}

std::string ListenAddress::text() const {
  if (is_unix) return fmt::format("unix:{}", place);
  const bool v6 = place.find(':') != std::string::npos;
  return fmt::format("{}:{}@{}", v6 ? "inet6" : "inet", port, place);
}

bool ListenAddress::is_local() const {
  return is_unix || place.starts_with("127.") || place == "::1" || place == "localhost";
}

Result<ListeningSocket> ListeningSocket::open(ListenAddress address) {
  WINNOW_TRY(const int socket, address.is_unix ? open_unix(address) : open_inet(address));
  if (!address.is_unix) address.port = port_of(socket);
  return ListeningSocket(socket, std::move(address));
}

ListeningSocket::~ListeningSocket() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (address_.is_unix) ::unlink(address_.place.c_str());
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), address_(std::move(other.address_)) {}

}  // namespace winnow::milter
