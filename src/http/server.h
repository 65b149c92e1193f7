// An HTTP/1.1 server (RFC 9110, 9112) for untrusted clients: bounded in everything, one event loop
// a thread, no allocation for a request that is answered at once. The parser is Boost.Beast's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "http/request.h"
#include "http/response.h"
#include "http/tls.h"

namespace winnow::http {

class Connection;

// A request that is answered later, by any thread; a Pending that dies unanswered answers 500. The
// request stays valid until then. The connection reads nothing more meanwhile. The server outlives
// it.
class Pending {
 public:
  explicit Pending(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  Pending(Pending&&) noexcept = default;
  Pending& operator=(Pending&& other) noexcept;
  ~Pending();

  const Request& request() const;
  void answer(Response response);  // once

 private:
  std::shared_ptr<Connection> connection_;
};

// Server-sent events (HTML Living Standard, section 9.2). Thread-safe; cheap to copy.
class EventStream {
 public:
  explicit EventStream(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  // Sends one event; `data` may hold line breaks. A client that reads too slowly is disconnected.
  // False once the client is gone.
  bool push(std::string_view event, std::string_view data) const;
  bool is_open() const;
  void close() const;

 private:
  std::shared_ptr<Connection> connection_;
};

// One request on its way to its answer.
class Exchange {
 public:
  explicit Exchange(Connection& connection) : connection_(&connection) {}
  const Request& request() const;
  Response& response();  // is sent when the handler returns, unless one of these is called:
  Pending defer();
  EventStream stream();  // answers 200 with the fields of response(), and stays open

 private:
  Connection* connection_;
};

// What a request may bring, told before its body is read; and how one that brings more is refused.
struct Admission {
  std::size_t body_bytes = 0;
  int status = 413;
  std::string_view why = "the body is larger than it may be here";
};

// Called on the loops' threads: never waits for anything.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Admission admit(const Request& head) = 0;
  virtual void handle(Exchange& exchange) = 0;
  // The body of an answer that the server gives by itself: 400, 408, 413, 431, ...
  virtual void refuse(int status, std::string_view why, Response& response) = 0;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  unsigned threads = 1;
  std::size_t connections = 4096;          // of all threads; then the longest idle one is closed
  std::shared_ptr<const Tls> tls{};        // null: not encrypted
  std::chrono::seconds handshake{10};      // of TLS, from the connection's beginning
  std::chrono::seconds idle{75};           // between requests
  std::chrono::seconds request{30};        // from a request's first byte to its last
  std::size_t stream_bytes = 256UL << 10;  // unsent of one event stream
  static constexpr std::size_t kHeadBytes = 16UL << 10;  // request line and fields
  static constexpr std::size_t kFields = 100;
};

class Server {
 public:
  // Listens and serves until drained. `handler` outlives the server.
  // Errors: Conflict (the port is taken), Denied, InvalidArgument (the address), Unavailable.
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler& handler);
  ~Server();  // drains for no time at all

  std::uint16_t port() const;
  std::size_t connections() const;  // open now
  // Accepts no more, lets requests in progress end, closes idle connections and streams, waits at
  // most `grace`. Then all is closed.
  void drain(std::chrono::milliseconds grace);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow::http
