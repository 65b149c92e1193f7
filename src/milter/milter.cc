#include "milter/milter.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/thread.h"
#include "milter/detail/connection.h"
#include "milter/session.h"

namespace winnow::milter {
namespace {

constexpr std::chrono::milliseconds kLook{20};    // between two looks whether all have ended
constexpr std::chrono::milliseconds kPause{100};  // when the system has no descriptor left

struct Connection {
  int socket;
  std::atomic<bool> done = false;  // release by its thread, acquire by who joins it
  std::thread thread{};
};

}  // namespace

struct Milter::State {
  State(const MilterOptions& wanted, ListeningSocket listening, Score score, const Clock& clock)
      : options(wanted),
        socket(std::move(listening)),
        room(wanted.room_bytes),
        around{wanted.rules, std::move(score), wanted.mail_bytes, room, clock} {}

  void listen();
  void admit(int descriptor);
  void serve(Connection& connection);
  void reap();  // joins those that have ended
  bool wait_until_all_ended(std::chrono::milliseconds grace);

  MilterOptions options;
  ListeningSocket socket;
  Room room;
  Surroundings around;
  StopEvent stop;
  bool is_full = false;  // the listener's: told once
  std::mutex mutex;
  std::list<Connection> connections;  // guarded by mutex
  std::thread listener;
};

void Milter::State::listen() {
  std::array<pollfd, 2> waiting{{{socket.descriptor(), POLLIN, 0}, {stop.descriptor(), POLLIN, 0}}};
  for (;;) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;  // interrupted
    if (waiting[1].revents != 0) return;
    const int descriptor = ::accept4(socket.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
    reap();
    if (descriptor >= 0) {
      admit(descriptor);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      log::error("no descriptor for a connection");
      std::this_thread::sleep_for(kPause);
    }
  }
}

void Milter::State::admit(int descriptor) {
  const std::lock_guard lock(mutex);
  const bool full = connections.size() >= options.connections;
  if (full && !is_full) {
    log::warn("too many connections: further ones are hung up on",
              {{"connections", connections.size()}});
  }
  is_full = full;
  if (full) {
    ::close(descriptor);
    return;
  }
  auto& connection = connections.emplace_back(descriptor);
  try {
    connection.thread = start_thread("milter", [this, &connection] { serve(connection); });
  } catch (const std::system_error& error) {  // a limit of the system's, not a bug
    log::error("no thread for a connection", {{"error", error.what()}});
    connections.pop_back();
    ::close(descriptor);
  }
}

void Milter::State::serve(Connection& connection) {
  {
    Session session(around);
    const auto status = converse(connection.socket, stop, options.idle, session);
    if (!status) log::warn("an MTA's connection is closed", {{"error", status.error().text()}});
  }
  // Not closed yet: its number could be another's when drain() shuts it down.
  ::shutdown(connection.socket, SHUT_RDWR);
  connection.done.store(true, std::memory_order_release);
}

void Milter::State::reap() {
  const std::lock_guard lock(mutex);
  for (auto connection = connections.begin(); connection != connections.end();) {
    if (!connection->done.load(std::memory_order_acquire)) {
      ++connection;
      continue;
    }
    connection->thread.join();
    ::close(connection->socket);
    connection = connections.erase(connection);
  }
}

bool Milter::State::wait_until_all_ended(std::chrono::milliseconds grace) {
  const auto until = std::chrono::steady_clock::now() + grace;
  for (;;) {
    reap();
    {
      const std::lock_guard lock(mutex);
      if (connections.empty()) return true;
    }
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(kLook);
  }
}

Result<std::unique_ptr<Milter>> Milter::start(const MilterOptions& options, Score score,
                                              const Clock& clock) {
  WINNOW_TRY(auto socket, ListeningSocket::open(options.listen));
  auto state = std::make_unique<State>(options, std::move(socket), std::move(score), clock);
  state->listener = start_thread("milter-listen", [&listened = *state] { listened.listen(); });
  return std::unique_ptr<Milter>(new Milter(std::move(state)));
}

Milter::Milter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Milter::~Milter() { drain(std::chrono::milliseconds(0)); }

const ListenAddress& Milter::address() const { return state_->socket.address(); }

std::size_t Milter::connections() const {
  state_->reap();
  const std::lock_guard lock(state_->mutex);
  return state_->connections.size();
}

void Milter::drain(std::chrono::milliseconds grace) {
  if (!state_->listener.joinable()) return;
  state_->stop.tell();
  state_->listener.join();
  if (state_->wait_until_all_ended(grace)) return;
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& connection : state_->connections) ::shutdown(connection.socket, SHUT_RDWR);
  }
  while (!state_->wait_until_all_ended(std::chrono::seconds(1))) {
  }
}

}  // namespace winnow::milter
