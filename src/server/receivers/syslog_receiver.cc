#include "server/receivers/syslog_receiver.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/thread.h"
#include "server/receivers/outgoing.h"
#include "server/receivers/sender_name.h"
#include "server/receivers/syslog_batch.h"
#include "server/receivers/syslog_connections.h"
#include "server/receivers/syslog_datagrams.h"

namespace winnow::server {
namespace {

using Time = std::chrono::steady_clock::time_point;
constexpr std::chrono::milliseconds kTick{500}, kSoon{20};
constexpr std::chrono::minutes kRepeat{1};  // of an alarm
constexpr int kEvents = 256;
constexpr int kAcceptsATurn = 64;
constexpr int kLastTurns = 256;  // at the end: more than the largest buffers of the system hold

bool watch(const Socket& epoll, int socket, std::uint32_t events, int how = EPOLL_CTL_ADD) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  return ::epoll_ctl(epoll.descriptor(), how, socket, &event) == 0;
}

void tell(const Socket& wake) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto wrote = ::write(wake.descriptor(), &one, sizeof one);
}

}  // namespace

// All of it belongs to the one thread, but for what start() sets up and use().
class SyslogReceiver::Loop {
 public:
  Loop(const SyslogOptions& options, Intake& intake)
      : options_(options),
        all_(::epoll_create1(EPOLL_CLOEXEC)),
        wake_(std::make_shared<Socket>(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))),
        batch_(Outgoing::batch_bytes(intake)),
        connections_(options_, batch_, use_),
        outgoing_(intake, [wake = wake_] { tell(*wake); }) {}

  Status open();
  void run();
  void wake() const { tell(*wake_); }

  const SyslogOptions options_;
  SyslogUse use_;
  std::array<std::uint16_t, kSyslogTransports.size()> ports_{};
  std::atomic<bool> draining_{false}, stopping_{false}, done_{false};  // seq_cst; done_ by the loop
  std::thread thread_;

 private:
  Status listen(const std::optional<ListenAddress>& address, SyslogTransport transport);
  void turn(int timeout_ms);
  void accept(const Socket& listener, SyslogTransport transport);
  void pause_or_go_on();
  void send_what_came();
  void tick();
  void alarm();
  void read_the_rest();
  bool has_all_gone() const { return batch_.is_empty() && outgoing_.is_free(); }

  Socket all_;                          // wakes, listeners, datagrams, and the next one
  std::shared_ptr<const Socket> wake_;  // the intake may answer when this is gone
  std::array<Socket, kSyslogTransports.size()> listeners_{};  // [Udp] is none
  std::unique_ptr<SyslogDatagrams> datagrams_;
  SyslogBatch batch_;
  SyslogConnections connections_;  // taken out of all_ while they are not read
  bool paused_ = false;
  Time now_ = std::chrono::steady_clock::now(), next_tick_ = now_, next_alarm_{};
  std::uint64_t told_ = 0;  // of what was lost
  Outgoing outgoing_;
};

Status SyslogReceiver::Loop::open() {
  if (!all_.is_open() || !connections_.is_open() || !wake_->is_open())
    return system_error("making an event loop", errno);
  WINNOW_TRY(listen(options_.udp, SyslogTransport::Udp));
  WINNOW_TRY(listen(options_.tcp, SyslogTransport::Tcp));
  WINNOW_TRY(listen(options_.tls, SyslogTransport::Tls));
  if (!watch(all_, wake_->descriptor(), EPOLLIN) ||
      !watch(all_, connections_.descriptor(), EPOLLIN))
    return system_error("making an event loop", errno);
  return {};
}

Status SyslogReceiver::Loop::listen(const std::optional<ListenAddress>& address,
                                    SyslogTransport transport) {
  if (!address) return {};
  const bool is_udp = transport == SyslogTransport::Udp;
  auto socket = listen_at(*address, is_udp ? SocketKind::Datagrams : SocketKind::Streams);
  if (!socket) return std::move(socket).error().with_context("syslog");
  ports_[static_cast<std::size_t>(transport)] = socket->port();
  if (!watch(all_, socket->descriptor(), EPOLLIN))
    return system_error("making an event loop", errno);
  if (is_udp) {
    datagrams_ = std::make_unique<SyslogDatagrams>(std::move(*socket), options_.max_message);
  } else {
    listeners_[static_cast<std::size_t>(transport)] = std::move(*socket);
  }
  return {};
}

void SyslogReceiver::Loop::run() {
  while (!draining_) {
    const bool soon = outgoing_.is_waiting_to_offer();
    turn(connections_.holds_more() && !paused_ ? 0
                                               : static_cast<int>((soon ? kSoon : kTick).count()));
  }
  read_the_rest();
  while (!has_all_gone() && !stopping_) turn(static_cast<int>(kSoon.count()));
  if (!has_all_gone()) log::error("syslog messages that were read are not on disk");
  done_ = true;
}

void SyslogReceiver::Loop::turn(int timeout_ms) {
  std::array<epoll_event, kEvents> events;
  const int count = ::epoll_wait(all_.descriptor(), events.data(), kEvents, timeout_ms);
  now_ = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    const int socket = events[static_cast<std::size_t>(i)].data.fd;
    if (socket == wake_->descriptor()) {
      std::uint64_t times = 0;
      [[maybe_unused]] const auto got = ::read(socket, &times, sizeof times);
    } else if (socket == connections_.descriptor()) {
      connections_.read(now_);
    } else if (datagrams_ && socket == datagrams_->socket()) {
      datagrams_->read(batch_, use_[SyslogTransport::Udp]);
    } else {
      for (const auto transport : {SyslogTransport::Tcp, SyslogTransport::Tls}) {
        const auto& listener = listeners_[static_cast<std::size_t>(transport)];
        if (socket == listener.descriptor()) accept(listener, transport);
      }
    }
  }
  if (!paused_) connections_.read_held(now_);
  outgoing_.look(now_);
  send_what_came();
  pause_or_go_on();
  if (now_ >= next_tick_) tick();
}

void SyslogReceiver::Loop::accept(const Socket& listener, SyslogTransport transport) {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int descriptor = ::accept4(listener.descriptor(), reinterpret_cast<sockaddr*>(&address),
                                     &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      connections_.admit(Socket(descriptor), sender_name(address), transport, now_);
    } else if (errno == EMFILE || errno == ENFILE) {
      if (connections_.make_room(now_)) continue;
      std::this_thread::sleep_for(kSoon);  // epoll goes on telling of who waits
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void SyslogReceiver::Loop::send_what_came() {
  use_.waiting.store(batch_.bytes(), std::memory_order_relaxed);
  if (batch_.is_empty() || !outgoing_.is_free()) return;
  // At the end nothing is waited for.
  auto deliveries = batch_.take(options_.source, now_, draining_);
  if (!deliveries.empty()) outgoing_.send(std::move(deliveries), now_);
}

void SyslogReceiver::Loop::pause_or_go_on() {
  const bool pause = !batch_.has_room_for_streams();
  if (pause == paused_) return;
  paused_ = pause;
  use_.paused.store(pause ? 1 : 0, std::memory_order_relaxed);
  watch(all_, connections_.descriptor(), EPOLLIN, pause ? EPOLL_CTL_DEL : EPOLL_CTL_ADD);
}

void SyslogReceiver::Loop::tick() {
  next_tick_ = now_ + kTick;
  if (!paused_) connections_.close_slow(now_);
  alarm();
}

// What was lost, or kept out, since it was told last.
void SyslogReceiver::Loop::alarm() {
  auto& udp = use_[SyslogTransport::Udp];
  const std::uint64_t dropped = udp.dropped, lost = udp.lost_by_kernel;
  const auto closed = use_[SyslogTransport::Tcp].closed + use_[SyslogTransport::Tls].closed;
  const auto all = dropped + lost + closed;
  if (all == told_ || now_ < next_alarm_) return;
  told_ = all;
  next_alarm_ = now_ + kRepeat;
  const auto [sender, share] = batch_.most_dropped();
  log::warn("syslog had no room for all that came",
            {{"datagrams_dropped", dropped},
             {"most_of", sender},
             {"of_it", share},
             {"datagrams_lost_by_system", lost},
             {"connections_closed", closed},
             {"hint",
              "these are totals since the start; senders of datagrams get fair shares, and "
              "TCP loses nothing"}});
}

// At the end: nobody new, but what the system has received already, which is not without end.
void SyslogReceiver::Loop::read_the_rest() {
  for (auto& listener : listeners_) listener = Socket();
  bool more = true;
  for (int turns = 0; more && turns < kLastTurns && !stopping_; ++turns) {
    while (!batch_.has_room_for_streams() && !stopping_) turn(static_cast<int>(kSoon.count()));
    more = datagrams_ && datagrams_->read(batch_, use_[SyslogTransport::Udp]);
    more = connections_.read_the_rest(now_) || more;
    outgoing_.look(now_ = std::chrono::steady_clock::now());
    send_what_came();
  }
  datagrams_.reset();
  connections_.close_all();
}

SyslogReceiver::SyslogReceiver(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
SyslogReceiver::~SyslogReceiver() { drain(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<SyslogReceiver>> SyslogReceiver::start(const SyslogOptions& options,
                                                              Intake& intake) {
  auto loop = std::make_unique<Loop>(options, intake);
  WINNOW_TRY(loop->open());
  loop->thread_ = start_thread("syslog", [raw = loop.get()] { raw->run(); });
  return std::unique_ptr<SyslogReceiver>(new SyslogReceiver(std::move(loop)));
}

std::uint16_t SyslogReceiver::port(SyslogTransport transport) const {
  return loop_->ports_[static_cast<std::size_t>(transport)];
}
const SyslogUse& SyslogReceiver::use() const { return loop_->use_; }

void SyslogReceiver::drain(std::chrono::milliseconds grace) {
  if (!loop_->thread_.joinable()) return;
  loop_->draining_ = true;
  loop_->wake();
  const auto until = std::chrono::steady_clock::now() + grace;
  while (!loop_->done_ && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  loop_->stopping_ = true;
  loop_->wake();
  loop_->thread_.join();
}

}  // namespace winnow::server
