#include "http/detail/loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <iterator>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

namespace winnow::http {
namespace {

constexpr std::size_t kKeptBuffers = 64;
constexpr int kEvents = 256;
constexpr std::chrono::milliseconds kTick{500};

// RFC 9110, section 5.6.7; strftime would ask the locale.
void write_http_date(std::string& out) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  out.clear();
  fmt::format_to(std::back_inserter(out), "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                 kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                 kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                 utc.tm_min, utc.tm_sec);
}

std::string text_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes =
      address.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
          : &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  return ::inet_ntop(address.ss_family, bytes, text.data(), text.size()) == nullptr
             ? std::string()
             : std::string(text.data());
}

}  // namespace

Loop::Loop(Shared& shared, int listener, int epoll, int wake)
    : shared_(&shared),
      listener_(listener),
      epoll_(epoll),
      wake_(wake),
      now_(std::chrono::steady_clock::now()),
      next_tick_(now_) {
  write_http_date(date_);
}

Result<std::unique_ptr<Loop>> Loop::start(Shared& shared, int listener) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::unique_ptr<Loop> loop(new Loop(shared, listener, epoll, wake));  // closes what it is given
  if (epoll < 0 || wake < 0) return system_error("making an event loop", errno);
  for (const int socket : {listener, wake}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0)
      return system_error("making an event loop", errno);
  }
  loop->thread_ = std::thread([raw = loop.get()] { raw->run(); });
  return loop;
}

Loop::~Loop() {
  stop();
  for (const int socket : {listener_, epoll_, wake_}) {
    if (socket >= 0) ::close(socket);
  }
}

void Loop::stop() {
  stopping_ = true;
  post({});
  if (thread_.joinable()) thread_.join();
}

void Loop::drain() {
  draining_ = true;
  post({});
}

void Loop::post(Letter letter) {
  {
    const std::lock_guard lock(mutex_);
    mail_.push_back(std::move(letter));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto wrote = ::write(wake_, &one, sizeof one);
}

void Loop::answer(std::shared_ptr<Connection> connection, Response response) {
  post({std::move(connection), std::move(response), {}, Letter::Kind::Answer});
}
void Loop::send_event(std::shared_ptr<Connection> connection, std::string bytes) {
  post({std::move(connection), {}, std::move(bytes), Letter::Kind::Event});
}
void Loop::disconnect(std::shared_ptr<Connection> connection) {
  post({std::move(connection), {}, {}, Letter::Kind::Disconnect});
}

void Loop::run() {
  while (!stopping_) {
    turn(static_cast<int>(kTick.count()));
    if (draining_ && !drained_) {
      drained_ = true;
      ::epoll_ctl(epoll_, EPOLL_CTL_DEL, listener_, nullptr);
      ::close(std::exchange(listener_, -1));
      for_each([](Connection& connection, SteadyTime) { connection.close_when_done(); });
    }
  }
  for_each([](Connection& connection, SteadyTime) { connection.close(); });
}

// Closing a connection takes it out of connections_.
void Loop::for_each(void (*visit)(Connection& connection, SteadyTime now)) {
  for (const auto& [socket, connection] : connections_) visited_.push_back(connection);
  for (const auto& connection : visited_) visit(*connection, now_);
  visited_.clear();
}

void Loop::turn(int timeout_ms) {
  std::array<epoll_event, kEvents> events;
  const int count =
      ::epoll_wait(epoll_, events.data(), kEvents, reads_on_.empty() ? timeout_ms : 0);
  now_ = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == wake_) {
      read_mail();
    } else if (event.data.fd == listener_) {
      accept();
    } else if (const auto found = connections_.find(event.data.fd); found != connections_.end()) {
      const auto connection = found->second;  // outlives its own closing
      if ((event.events & EPOLLOUT) != 0) connection->on_writable();
      if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) {
        connection->close();
      } else if ((event.events & (EPOLLIN | EPOLLRDHUP)) != 0 && connection->is_open()) {
        connection->on_readable();
      }
    }
  }
  // Each once, between the others' events: nobody who sends without end keeps them waiting.
  std::swap(reads_on_, reading_on_);
  for (const auto& connection : reading_on_) connection->read_on();
  reading_on_.clear();
  if (now_ >= next_tick_) tick();
}

void Loop::tick() {
  next_tick_ = now_ + kTick;
  write_http_date(date_);
  for_each([](Connection& connection, SteadyTime now) { connection.on_time(now); });
}

void Loop::accept() {
  for (;;) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const int socket = ::accept4(listener_, reinterpret_cast<sockaddr*>(&address), &length,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EMFILE || errno == ENFILE) make_room();
      return;
    }
    if (shared_->connections >= shared_->options.connections) make_room();
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const auto& tls = shared_->options.tls;
    auto session = tls ? tls->accept(socket) : nullptr;
    const bool has_memory = session || !tls;
    auto connection =
        std::make_shared<Connection>(*this, socket, std::move(session), text_of(address));
    if (!has_memory) continue;  // closes it
    epoll_event event{};
    event.data.fd = socket;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) continue;  // closes it
    ++shared_->connections;
    connections_.emplace(socket, connection);
    connection->begin();
  }
}

// Closes the connection that was idle for longest, so that the patient many do not keep others out.
void Loop::make_room() {
  const std::shared_ptr<Connection>* longest = nullptr;
  for (const auto& [socket, connection] : connections_) {
    if (!connection->is_idle()) continue;
    if (longest == nullptr || connection->idle_since() < (*longest)->idle_since())
      longest = &connection;
  }
  if (longest != nullptr) {
    const auto connection = *longest;
    connection->close();
  }
}

void Loop::read_mail() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake_, &count, sizeof count);
  {
    const std::lock_guard lock(mutex_);
    std::swap(mail_, reading_);
  }
  for (auto& letter : reading_) {
    if (!letter.connection) continue;  // it was to wake up only
    switch (letter.kind) {
      case Letter::Kind::Answer:
        letter.connection->answer_deferred(letter.response);
        break;
      case Letter::Kind::Event:
        letter.connection->send_event(letter.event);
        break;
      case Letter::Kind::Disconnect:
        letter.connection->close();
        break;
    }
  }
  reading_.clear();
}

void Loop::watch(Connection& connection, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = connection.socket();
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket(), &event);
}

void Loop::forget(Connection& connection) {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.socket(), nullptr);
  ::shutdown(connection.socket(), SHUT_RDWR);  // a deferred one keeps its socket for a while
  connections_.erase(connection.socket());
  --shared_->connections;
}

void Loop::read_on(std::shared_ptr<Connection> connection) {
  reads_on_.push_back(std::move(connection));
}

std::unique_ptr<char[]> Loop::take_buffer() {
  if (buffers_.empty()) return std::unique_ptr<char[]>(new char[kBufferBytes]);
  auto buffer = std::move(buffers_.back());
  buffers_.pop_back();
  return buffer;
}

void Loop::give_buffer(std::unique_ptr<char[]> buffer) {
  if (buffers_.size() < kKeptBuffers) buffers_.push_back(std::move(buffer));
}

}  // namespace winnow::http
