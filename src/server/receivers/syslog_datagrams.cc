#include "server/receivers/syslog_datagrams.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "server/receivers/sender_name.h"

namespace winnow::server {
namespace {

constexpr std::size_t kDatagrams = 32;        // a system call
constexpr std::size_t kLargest = 64UL << 10;  // there is no larger datagram
constexpr int kCallsATurn = 8;

std::string_view without_line_end(std::string_view message) {
  constexpr std::string_view kEnds{"\r\n\0", 3};
  while (!message.empty() && kEnds.find(message.back()) != std::string_view::npos)
    message.remove_suffix(1);
  return message;
}

}  // namespace

struct SyslogDatagrams::Buffers {
  std::array<std::array<char, kLargest>, kDatagrams> bytes;
  std::array<sockaddr_storage, kDatagrams> senders;
  std::array<std::array<char, CMSG_SPACE(sizeof(std::uint32_t))>, kDatagrams> control;
  std::array<iovec, kDatagrams> parts;
  std::array<mmsghdr, kDatagrams> heads;

  void prepare() {
    for (std::size_t i = 0; i < kDatagrams; ++i) {
      parts[i] = {bytes[i].data(), bytes[i].size()};
      heads[i] = {};
      heads[i].msg_hdr = {.msg_name = &senders[i],
                          .msg_namelen = sizeof senders[i],
                          .msg_iov = &parts[i],
                          .msg_iovlen = 1,
                          .msg_control = control[i].data(),
                          .msg_controllen = control[i].size(),
                          .msg_flags = 0};
    }
  }
  // Since the socket was made, as SO_RXQ_OVFL counts them; 0 where nothing is said.
  static std::uint32_t lost_before(msghdr& head) {
    std::uint32_t lost = 0;
    for (auto* at = CMSG_FIRSTHDR(&head); at != nullptr; at = CMSG_NXTHDR(&head, at)) {
      if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SO_RXQ_OVFL)
        std::memcpy(&lost, CMSG_DATA(at), sizeof lost);
    }
    return lost;
  }
};

SyslogDatagrams::SyslogDatagrams(Socket socket, std::size_t max_message)
    : socket_(std::move(socket)),
      max_message_(max_message),
      buffers_(std::make_unique<Buffers>()) {}
SyslogDatagrams::~SyslogDatagrams() = default;

bool SyslogDatagrams::read(SyslogBatch& batch, SyslogCounts& counts) {
  for (int call = 0; call < kCallsATurn; ++call) {
    buffers_->prepare();
    const int got =
        ::recvmmsg(socket_.descriptor(), buffers_->heads.data(), kDatagrams, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < got; ++i) {
      const auto at = static_cast<std::size_t>(i);
      auto& [head, size] = buffers_->heads[at];
      const auto whole = without_line_end({buffers_->bytes[at].data(), size});
      const auto message = whole.substr(0, max_message_);
      if (const auto lost = Buffers::lost_before(head); lost > 0)
        counts.lost_by_kernel.store(lost, std::memory_order_relaxed);
      if (message.empty()) continue;
      const bool cut = message.size() < whole.size();
      if (!batch.add_datagram(sender_name(buffers_->senders[at]), message, cut)) {
        counts.dropped.fetch_add(1, std::memory_order_relaxed);
        continue;
      }
      counts.messages.fetch_add(1, std::memory_order_relaxed);
      counts.bytes.fetch_add(message.size(), std::memory_order_relaxed);
      if (cut) counts.cut.fetch_add(1, std::memory_order_relaxed);
    }
    if (got < static_cast<int>(kDatagrams)) return false;
  }
  return true;
}

}  // namespace winnow::server
