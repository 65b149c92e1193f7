// One thread that waits for all its clients at once (epoll(7)), and for what other threads leave in
// its mailbox.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "http/detail/connection.h"

namespace winnow::http {

// Of all loops of a server.
struct Shared {
  ServerOptions options;
  Handler* handler = nullptr;
  std::atomic<std::size_t> connections{0};
};

class Loop {
 public:
  static constexpr std::size_t kBufferBytes = 32UL << 10;  // a head, and a small body behind it

  // Errors: Unavailable.
  static Result<std::unique_ptr<Loop>> start(Shared& shared, int listener);
  ~Loop();

  // Any thread.
  void answer(std::shared_ptr<Connection> connection, Response response);
  void send_event(std::shared_ptr<Connection> connection, std::string bytes);
  void disconnect(std::shared_ptr<Connection> connection);
  void drain();
  void stop();  // closes everything and ends the thread

  // The loop's thread.
  Shared& shared() { return *shared_; }
  SteadyTime now() const { return now_; }
  std::string_view date() const { return date_; }
  void watch(Connection& connection, std::uint32_t events);
  void read_on(std::shared_ptr<Connection> connection);  // soon: there is more than epoll knows of
  void forget(Connection& connection);
  std::unique_ptr<char[]> take_buffer();
  void give_buffer(std::unique_ptr<char[]> buffer);

 private:
  struct Letter {
    enum class Kind : std::uint8_t { Answer, Event, Disconnect };
    std::shared_ptr<Connection> connection;
    Response response;
    std::string event;
    Kind kind = Kind::Answer;
  };
  Loop(Shared& shared, int listener, int epoll, int wake);
  void run();
  void turn(int timeout_ms);
  void accept();
  void make_room();
  void for_each(void (*visit)(Connection& connection, SteadyTime now));
  void read_mail();
  void post(Letter letter);
  void tick();

  Shared* shared_;
  int listener_, epoll_, wake_;
  std::unordered_map<int, std::shared_ptr<Connection>> connections_;  // by socket
  std::vector<std::shared_ptr<Connection>> visited_;                  // while for_each() runs
  std::vector<std::shared_ptr<Connection>> reads_on_, reading_on_;
  std::vector<std::unique_ptr<char[]>> buffers_;
  SteadyTime now_;
  SteadyTime next_tick_;
  std::string date_;
  std::mutex mutex_;
  std::vector<Letter> mail_;  // guarded by mutex_
  std::vector<Letter> reading_;
  std::atomic<bool> draining_{false}, stopping_{false};
  bool drained_ = false;
  std::thread thread_;
};

}  // namespace winnow::http
