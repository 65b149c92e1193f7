// One client: its socket, the request it is sending, what it has not yet read. Belongs to a loop's
// thread, but for what says otherwise.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "http/detail/request_parser.h"
#include "http/server.h"
#include "http/stream.h"

namespace winnow::http {

class Loop;

using SteadyTime = std::chrono::steady_clock::time_point;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  enum class State : std::uint8_t {
    Reading,   // a request, or nothing yet
    Deferred,  // a handler answers later
    Streaming,
    Closed,
  };

  // Owns the socket. `tls` is null for one that is not encrypted.
  Connection(Loop& loop, int socket, std::unique_ptr<TlsSession> tls, std::string peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return stream_.socket(); }
  bool is_idle() const;  // between requests, with nothing left to send
  SteadyTime idle_since() const { return since_; }

  void begin();  // once the loop knows it
  void on_readable();
  void on_writable();
  void read_on();                // what the stream holds already
  void on_time(SteadyTime now);  // about once a second
  void answer_deferred(const Response& response);
  void send_event(std::string_view bytes);
  void close_when_done();  // after the answer in progress
  void close();

  // For Exchange, while its handler runs.
  const Request& request() const { return parser_.request(); }
  Response& response() { return response_; }
  void defer() { state_ = State::Deferred; }
  void stream() { state_ = State::Streaming; }

  // Any thread.
  Loop& loop() const { return *loop_; }
  bool is_open() const { return open_.load(std::memory_order_relaxed); }
  bool take_room(std::size_t bytes);  // of the stream's unsent bytes; false: there is none left

 private:
  void read();
  void process();
  void dispatch();
  void refuse();
  void write_answer(const Response& response);
  std::string_view transport_fields() const;  // of every answer
  void end_request();
  void flush();
  void watch();

  Loop* loop_;
  Stream stream_;
  std::string peer_;
  State state_ = State::Reading;
  std::atomic<bool> open_{true};
  RequestParser parser_;
  Response response_;
  std::unique_ptr<char[]> in_;  // of the loop's pool, while there is something in it
  std::size_t in_begin_ = 0, in_end_ = 0;
  std::string out_;
  std::size_t sent_ = 0;
  std::atomic<std::size_t> unsent_events_{0};
  bool closing_ = false;       // once out_ is sent
  bool reads_ended_ = false;   // the client sends no more
  bool half_closed_ = false;   // it will not, behind what waits to be read
  bool reads_on_ = false;      // the loop knows that the stream holds more
  SteadyTime since_;           // the first byte of the request; between requests, the last answer
  std::size_t received_ = 0;   // of this request
  SteadyTime progress_;        // of sending
  std::uint32_t watched_ = 0;  // events of epoll(7)
};

}  // namespace winnow::http
