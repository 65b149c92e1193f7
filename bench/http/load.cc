#include "bench/http/load.h"

#include <array>
#include <vector>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/http/loopback.h"

namespace winnow::bench {
namespace {

bool say(int socket, std::string_view request) {
  return ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(request.size());
}

}  // namespace

std::size_t answer_bytes(std::uint16_t port, std::string_view request) {
  const int socket = connect_to(port);
  std::array<char, 4096> bytes;
  const auto got =
      socket >= 0 && say(socket, request) ? ::recv(socket, bytes.data(), bytes.size(), 0) : -1;
  ::close(socket);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool load(std::uint16_t port, std::string_view request, std::size_t answer_bytes,
          std::size_t connections, std::size_t requests) {
  struct Peer {
    int socket;
    std::size_t got = 0;
  };
  std::vector<Peer> peers;
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  std::size_t asked = 0, answered = 0;
  bool well = true;
  for (std::size_t i = 0; i < connections; ++i) {
    peers.push_back({connect_to(port)});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    well = well && ::epoll_ctl(epoll, EPOLL_CTL_ADD, peers[i].socket, &event) == 0 &&
           say(peers[i].socket, request);
    ++asked;
  }
  std::array<epoll_event, 64> events;
  std::array<char, 65536> bytes;
  while (well && answered < requests) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 5000);
    well = count > 0;
    for (int e = 0; e < count && well; ++e) {
      auto& peer = peers[events[static_cast<std::size_t>(e)].data.u64];
      const auto got = ::recv(peer.socket, bytes.data(), bytes.size(), 0);
      well = got > 0;
      peer.got += got > 0 ? static_cast<std::size_t>(got) : 0;
      if (peer.got < answer_bytes) continue;
      peer.got -= answer_bytes;
      ++answered;
      if (asked < requests) {
        ++asked;
        well = say(peer.socket, request);
      }
    }
  }
  for (const auto& peer : peers) ::close(peer.socket);
  ::close(epoll);
  return well;
}

}  // namespace winnow::bench
