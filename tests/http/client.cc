#include "tests/http/client.h"

#include <array>
#include <cerrno>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace winnow::testing {

std::string Answer::field(std::string_view lower_name) const {
  const auto at = head.find("\r\n" + std::string(lower_name) + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + lower_name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

int connected_socket(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int connected =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  EXPECT_EQ(connected, 0) << "connecting to port " << port;
  return socket;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

namespace {

class PlainWire final : public Wire {
 public:
  explicit PlainWire(std::uint16_t port) : socket_(connected_socket(port)) {}
  ~PlainWire() override { ::close(socket_); }
  PlainWire(const PlainWire&) = delete;
  PlainWire& operator=(const PlainWire&) = delete;

  bool send(std::string_view bytes) override { return send_all(socket_, bytes); }
  void end_sending() override { ::shutdown(socket_, SHUT_WR); }
  std::optional<std::string> receive(std::chrono::milliseconds patience) override {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return "";
    std::array<char, 65536> part;
    const auto got = ::recv(socket_, part.data(), part.size(), 0);
    if (got <= 0) return std::nullopt;
    return std::string(part.data(), static_cast<std::size_t>(got));
  }

 private:
  int socket_;
};

}  // namespace

std::unique_ptr<Wire> plain_wire(std::uint16_t port) { return std::make_unique<PlainWire>(port); }

bool Client::read_some(std::chrono::milliseconds patience) {
  if (ended_) return false;
  const auto part = wire_->receive(patience);
  ended_ = !part;
  if (part) in_.append(*part);
  return part && !part->empty();
}

std::string Client::read_until(std::string_view end, std::chrono::milliseconds patience) {
  while (in_.find(end) == std::string::npos) {
    if (!read_some(patience)) return {};
  }
  const auto size = in_.find(end) + end.size();
  auto found = in_.substr(0, size);
  in_.erase(0, size);
  return found;
}

Answer Client::read_answer(bool has_body, std::chrono::milliseconds patience) {
  Answer answer;
  answer.head = read_until("\r\n\r\n", patience);
  if (answer.head.size() < 12) return {};
  answer.status = std::atoi(answer.head.c_str() + 9);
  const auto length = answer.field("content-length");
  const auto size = has_body && !length.empty() ? std::stoul(length) : 0;
  while (in_.size() < size) {
    if (!read_some(patience)) return {};
  }
  answer.body = in_.substr(0, size);
  in_.erase(0, size);
  return answer;
}

bool Client::is_closed(std::chrono::milliseconds patience) {
  while (read_some(patience)) {
  }
  return ended_;
}

}  // namespace winnow::testing
