#include "http/server.h"

#include <cerrno>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "http/detail/connection.h"
#include "http/detail/loop.h"

namespace winnow::http {
namespace {

constexpr int kBacklog = 1024;

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

Result<Address> address_of(const ServerOptions& options) {
  Address address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.bytes);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.bytes);
  if (::inet_pton(AF_INET, options.address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(options.port);
    address.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, options.address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(options.port);
    address.size = sizeof v6;
  } else {
    return Error(Code::InvalidArgument, fmt::format("'{}' is no IP address", options.address))
        .with_hint("give an address of this machine: 127.0.0.1, or 0.0.0.0 for all");
  }
  return address;
}

Error listen_error(const ServerOptions& options, int number) {
  auto tried = fmt::format("listening on {} port {}", options.address, options.port);
  if (number != EADDRINUSE) return system_error(std::move(tried), number);
  return Error(Code::Conflict, tried + ": the port is taken")
      .with_hint("stop the program that has it, or give another port");
}

// A listening socket; the kernel spreads clients over all that share the port (SO_REUSEPORT).
Result<int> listen_on(const Address& address, const ServerOptions& options) {
  const int listener =
      ::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return listen_error(options, errno);
  const int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (options.threads > 1) ::setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0 ||
      ::listen(listener, kBacklog) != 0) {
    const int number = errno;
    ::close(listener);
    return listen_error(options, number);
  }
  return listener;
}

std::uint16_t port_of(int listener) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(
      reinterpret_cast<const sockaddr_in&>(bound).sin_port);  // both families have it there
}

}  // namespace

struct Server::State {
  Shared shared;
  std::uint16_t port = 0;
  std::vector<std::unique_ptr<Loop>> loops;
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() { drain(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler& handler) {
  auto state = std::make_unique<State>();
  state->shared.options = options;
  state->shared.handler = &handler;
  auto& own = state->shared.options;
  own.threads = std::max(1U, own.threads);
  for (unsigned i = 0; i < own.threads; ++i) {
    WINNOW_TRY(const auto address, address_of(own));
    WINNOW_TRY(const int listener, listen_on(address, own));
    own.port = state->port = port_of(listener);
    WINNOW_TRY(auto loop, Loop::start(state->shared, listener));
    state->loops.push_back(std::move(loop));
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

std::uint16_t Server::port() const { return state_->port; }
std::size_t Server::connections() const { return state_->shared.connections; }

void Server::drain(std::chrono::milliseconds grace) {
  for (const auto& loop : state_->loops) loop->drain();
  const auto end = std::chrono::steady_clock::now() + grace;
  while (connections() > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (const auto& loop : state_->loops) loop->stop();
}

const Request& Exchange::request() const { return connection_->request(); }
Response& Exchange::response() { return connection_->response(); }
Pending Exchange::defer() {
  connection_->defer();
  return Pending(connection_->shared_from_this());
}
EventStream Exchange::stream() {
  connection_->stream();
  return EventStream(connection_->shared_from_this());
}

Pending& Pending::operator=(Pending&& other) noexcept {
  std::swap(connection_, other.connection_);
  return *this;
}
Pending::~Pending() {
  if (!connection_) return;
  Response response;
  connection_->loop().shared().handler->refuse(500, "nobody answered the request", response);
  answer(std::move(response));
}
const Request& Pending::request() const { return connection_->request(); }
void Pending::answer(Response response) {
  auto connection = std::exchange(connection_, nullptr);
  ensure(connection != nullptr, "a request is answered once");
  auto& loop = connection->loop();
  loop.answer(std::move(connection), std::move(response));
}

bool EventStream::is_open() const { return connection_->is_open(); }
void EventStream::close() const {
  if (connection_->is_open()) connection_->loop().disconnect(connection_);
}
bool EventStream::push(std::string_view event, std::string_view data) const {
  std::string bytes = fmt::format("event: {}\n", event);
  for (std::size_t at = 0; at <= data.size();) {
    const auto end = std::min(data.find('\n', at), data.size());
    bytes.append("data: ").append(data, at, end - at).append("\n");
    at = end + 1;
  }
  bytes.append("\n");
  if (!connection_->is_open()) return false;
  if (!connection_->take_room(bytes.size())) {
    connection_->loop().disconnect(connection_);
    return false;
  }
  connection_->loop().send_event(connection_, std::move(bytes));
  return true;
}

}  // namespace winnow::http
