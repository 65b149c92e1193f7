#include "bench/server/open_loop.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/rng.h"
#include "bench/http/loopback.h"

namespace winnow::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Peer {
  int socket;
  Clock::time_point due;
  std::string in;
  bool waits = false;
};

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "server_bench: {}\n", why);
  std::exit(1);
}

int connected_to(std::uint16_t port) {
  const int socket = connect_to(port);
  if (socket < 0) give_up("cannot connect");
  return socket;
}

// Whether `in` holds a whole answer.
bool is_whole(const std::string& in) {
  const auto head = in.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  const auto length = in.find("content-length: ");
  if (length > head) give_up("an answer without a length");
  return in.size() >= head + 4 + std::strtoul(in.c_str() + length + 16, nullptr, 10);
}

// "HTTP/1.1 200 ..."
int status_of(const std::string& answer) { return std::atoi(answer.c_str() + 9); }

class Clients {
 public:
  explicit Clients(std::uint16_t port) : port_(port) {}
  ~Clients() {
    for (const auto& peer : peers_) ::close(peer.socket);
  }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  void send(const std::string& request, Clock::time_point due) {
    auto free = std::ranges::find(peers_, false, &Peer::waits);
    if (free == peers_.end()) {
      peers_.push_back({connected_to(port_), {}, {}, false});
      free = std::prev(peers_.end());
    }
    free->due = due;
    free->waits = true;
    if (::send(free->socket, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
      give_up("cannot send");
  }

  void receive(Clock::time_point until, std::vector<double>& found) {
    polls_.clear();
    for (const auto& peer : peers_) polls_.push_back({peer.socket, POLLIN, 0});
    const auto left = std::max(Clock::duration(0), until - Clock::now());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec patience{
        seconds.count(),
        std::chrono::duration_cast<std::chrono::nanoseconds>(left - seconds).count()};
    if (::ppoll(polls_.data(), polls_.size(), &patience, nullptr) <= 0) return;
    for (std::size_t i = 0; i < polls_.size(); ++i) {
      if (polls_[i].revents != 0) read(peers_[i], found);
    }
  }

 private:
  static void read(Peer& peer, std::vector<double>& found) {
    std::array<char, 65536> part;
    const auto got = ::recv(peer.socket, part.data(), part.size(), 0);
    if (got <= 0) give_up("the server closed a connection");
    peer.in.append(part.data(), static_cast<std::size_t>(got));
    if (!is_whole(peer.in)) return;
    if (status_of(peer.in) != 200) give_up(peer.in);
    found.push_back(std::chrono::duration<double, std::milli>(Clock::now() - peer.due).count());
    peer.in.clear();
    peer.waits = false;
  }

  std::uint16_t port_;
  std::vector<Peer> peers_;
  std::vector<pollfd> polls_;
};

}  // namespace

Answer answer_to(std::uint16_t port, const std::string& request) {
  const int socket = connected_to(port);
  const bool sent = ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) ==
                    static_cast<ssize_t>(request.size());
  std::string in;
  while (sent && !is_whole(in)) {
    std::array<char, 4096> part{};
    const auto got = ::recv(socket, part.data(), part.size(), 0);
    if (got <= 0) give_up("an answer did not come");
    in.append(part.data(), static_cast<std::size_t>(got));
  }
  ::close(socket);
  if (!sent) give_up("cannot send");
  return {status_of(in), in.substr(in.find("\r\n\r\n") + 4)};
}

namespace {

constexpr std::chrono::seconds kPatience{30};

// Until there are so many answers.
void receive_until(std::size_t answers, Clients& clients, std::vector<double>& found) {
  const auto end = Clock::now() + kPatience;
  while (found.size() < answers && Clock::now() < end) clients.receive(end, found);
  if (found.size() < answers) give_up("an answer did not come");
}

}  // namespace

std::vector<double> one_by_one(std::uint16_t port, std::size_t requests, const MakeRequest& make) {
  Clients clients(port);
  std::vector<double> found;
  for (std::size_t n = 0; n < requests; ++n) {
    const auto request = make(n);
    clients.send(request, Clock::now());
    receive_until(n + 1, clients, found);
  }
  std::sort(found.begin(), found.end());
  return found;
}

double answers_a_second(std::uint16_t port, std::size_t clients, std::size_t requests,
                        const MakeRequest& make) {
  Clients all(port);
  std::vector<double> found;
  const auto begin = Clock::now();
  for (std::size_t n = 0; n < requests; ++n) {
    if (n >= clients) receive_until(n - clients + 1, all, found);
    all.send(make(n), Clock::now());
  }
  receive_until(requests, all, found);
  return static_cast<double>(requests) /
         std::chrono::duration<double>(Clock::now() - begin).count();
}

std::vector<double> latencies(const OpenLoop& loop, const MakeRequest& make) {
  Rng rng(loop.seed);
  Clients clients(loop.port);
  std::vector<double> found;
  auto due = Clock::now();
  for (std::size_t n = 0; n < loop.requests; ++n) {
    due += std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(rng.exponential(1 / loop.a_second)));
    const auto request = make(n);
    while (Clock::now() < due) clients.receive(due, found);
    clients.send(request, due);
  }
  receive_until(loop.requests, clients, found);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace winnow::bench
