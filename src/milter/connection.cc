#include "milter/detail/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/contract.h"
#include "base/file.h"

namespace winnow::milter {
namespace {

using Time = std::chrono::steady_clock::time_point;

enum class Event { Readable, Stopped, Silent };

// Once told to stop, `stop` is no longer waited for: the mail in progress may end.
Event wait(int socket, const StopEvent& stop, bool is_stopped, Time until) {
  std::array<pollfd, 2> waiting{{{socket, POLLIN, 0}, {stop.descriptor(), POLLIN, 0}}};
  int ready = 0;
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Time::clock::now());
    const auto patience = std::max<std::int64_t>(left.count(), 0);
    ready = ::poll(waiting.data(), is_stopped ? 1 : 2, static_cast<int>(patience));
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) return Event::Silent;
  return !is_stopped && waiting[1].revents != 0 ? Event::Stopped : Event::Readable;
}

// False at the end of what the MTA says.
Result<bool> read_some(int socket, std::string& in) {
  std::array<char, 64UL << 10> part;
  for (;;) {
    const auto got = ::recv(socket, part.data(), part.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("reading from the MTA", errno);
    in.append(part.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
}

void bound_writing(int socket, std::chrono::milliseconds patience) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(patience);
  const timeval bound{.tv_sec = seconds.count(), .tv_usec = 0};
  ensure(::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound) == 0, "a socket");
}

Status write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return Error(Code::Timeout, "the MTA takes no reply");
    if (sent < 0) return system_error("writing to the MTA", errno);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

// Takes the packets that are there as a whole.
Result<Session::Next> take_packets(std::string& in, Session& session, std::string& out) {
  std::size_t taken = 0;
  auto next = Session::Next::GoOn;
  while (next == Session::Next::GoOn) {
    WINNOW_TRY(const auto framed, first_packet(std::string_view(in).substr(taken)));
    if (!framed) break;
    WINNOW_TRY(next, session.take(framed->packet, out));
    taken += framed->bytes;
  }
  in.erase(0, taken);
  return next;
}

}  // namespace

StopEvent::StopEvent() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {
  ensure(descriptor_ >= 0, "the system has a descriptor left");
}
StopEvent::~StopEvent() { ::close(descriptor_); }

void StopEvent::tell() { ::eventfd_write(descriptor_, 1); }

Status converse(int socket, const StopEvent& stop, std::chrono::milliseconds idle,
                Session& session) {
  bound_writing(socket, idle);
  std::string in, out;
  bool is_stopped = false;
  auto until = Time::clock::now() + idle;
  for (;;) {
    const auto event = wait(socket, stop, is_stopped, until);
    if (event == Event::Silent) return Error(Code::Timeout, "the MTA brings no packet");
    if (event == Event::Stopped) {
      is_stopped = true;
      session.take_no_more_mail();
      if (!session.in_mail()) return {};
      continue;
    }
    WINNOW_TRY(const bool more, read_some(socket, in));
    if (!more) return {};
    out.clear();
    const auto unread = in.size();
    const auto next = take_packets(in, session, out);
    if (in.size() < unread) until = Time::clock::now() + idle;
    WINNOW_TRY(write_all(socket, out));
    if (!next) return next.error();
    if (*next == Session::Next::Close) return {};
  }
}

}  // namespace winnow::milter
