#include "tests/milter/mta.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/http/wire.h"

namespace winnow::testing {
namespace {

std::uint32_t number_at(std::string_view bytes) {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
  return number;
}

// The first reply, taken off the front.
std::optional<Reply> take(std::string_view& bytes) {
  if (bytes.size() < 4 || bytes.size() < 4 + number_at(bytes)) return std::nullopt;
  const auto size = number_at(bytes);
  Reply reply{bytes[4], std::string(bytes.substr(5, size - 1))};
  bytes.remove_prefix(4 + size);
  return reply;
}

bool ends_the_mail(char kind) {
  return std::string_view("ctyradf").find(kind) != std::string_view::npos;
}

int connect_to(const milter::ListenAddress& milter) {
  if (milter.is_unix) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, milter.place.data(), milter.place.size());
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    return socket;
  }
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(milter.port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  return socket;
}

}  // namespace

std::string word(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(number >> shift & 0xFF));
  return bytes;
}

std::string text(std::string_view content) { return std::string(content) + '\0'; }

std::string packet(char command, std::string_view data) {
  return word(static_cast<std::uint32_t>(data.size() + 1)) + command + std::string(data);
}

std::vector<Reply> replies_in(std::string_view bytes) {
  std::vector<Reply> replies;
  while (auto reply = take(bytes)) replies.push_back(std::move(*reply));
  EXPECT_TRUE(bytes.empty()) << "half a reply";
  return replies;
}

std::string negotiation(std::uint32_t actions, std::uint32_t steps, std::uint32_t version) {
  return packet('O', word(version) + word(actions) + word(steps));
}

std::string connection_packets(const MtaMail& mail) {
  const char family = mail.client_address.find(':') == std::string::npos ? '4' : '6';
  return packet('D',
                "C" + text("j") + text("mx.soc.example") + text("{daemon_name}") + text("smtpd")) +
         packet('C', text(mail.client_name) + family + std::string("\x30\x39", 2) +
                         text(mail.client_address)) +
         packet('H', text(mail.helo));
}

std::string mail_packets(const MtaMail& mail) {
  auto bytes = packet('M', text(mail.sender) + text("SIZE=100")) +
               packet('R', text(mail.recipient)) +
               packet('D', "N" + text("i") + text(mail.queue_id));
  for (const auto& [name, value] : mail.fields) bytes += packet('L', text(name) + text(value));
  bytes += packet('N');
  constexpr std::size_t kChunk = 65535;
  for (std::size_t at = 0; at < mail.body.size(); at += kChunk)
    bytes += packet('B', mail.body.substr(at, kChunk));
  return bytes + packet('E');
}

Fate fate_of(const std::vector<Reply>& replies) {
  Fate fate;
  for (const auto& [kind, data] : replies) {
    const auto text_at = [&data = data](std::size_t at) { return std::string(data.c_str() + at); };
    if (kind == 'i') {
      const auto name = text_at(4);
      fate.inserted.insert(fate.inserted.begin(), name + ":" + text_at(4 + name.size() + 1));
    } else if (kind == 'm') {
      EXPECT_TRUE(data.ends_with(std::string(2, '\0'))) << "removed, not changed";
      fate.removed.emplace_back(text_at(4), number_at(data));
    } else if (kind == 'q') {
      fate.quarantine = text_at(0);
    } else {
      if (kind == 'y') fate.refusal = text_at(0);
      fate.end = kind;
    }
  }
  return fate;
}

Mta::Mta(const milter::ListenAddress& milter) : socket_(connect_to(milter)) {}
Mta::~Mta() { ::close(socket_); }

bool Mta::send(std::string_view bytes) { return send_all(socket_, bytes); }

Reply Mta::read() {
  for (;;) {
    std::string_view rest = in_;
    if (auto reply = take(rest)) {
      in_.erase(0, in_.size() - rest.size());
      return *reply;
    }
    std::array<char, 4096> part;
    const auto got = ::recv(socket_, part.data(), part.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {};
    in_.append(part.data(), static_cast<std::size_t>(got));
  }
}

Reply Mta::begin(const MtaMail& mail) {
  send(negotiation());
  auto agreed = read();
  send(connection_packets(mail));
  return agreed;
}

Fate Mta::deliver(const MtaMail& mail) {
  send(mail_packets(mail));
  std::vector<Reply> replies{read()};  // of MAIL
  if (replies.front().kind != 'c') return fate_of(replies);
  replies.clear();
  do {
    replies.push_back(read());
  } while (replies.back().kind != 0 && !ends_the_mail(replies.back().kind));
  return fate_of(replies);
}

bool Mta::is_closed() { return read().kind == 0; }

}  // namespace winnow::testing
