// The seam between a connection and its socket: the same bytes come out that went in, whatever the
// sizes, however little the socket takes, and nothing waits of which epoll would not tell.
#include "http/stream.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/tls.h"
#include "tests/http/test_certificate.h"
#include "tests/support/support.h"

namespace winnow::http {
namespace {

std::string random_text(Rng& rng, std::size_t size) {
  std::string text(size, '\0');
  for (auto& c : text) c = static_cast<char>(rng.below(256));
  return text;
}

// The client's end of a pair of sockets, as they are or with OpenSSL's own TLS. Never waits.
class Peer {
 public:
  Peer(int socket, bool encrypted) : socket_(socket) {
    if (!encrypted) return;
    context_.reset(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_mode(context_.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    ssl_.reset(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(ssl_.get(), socket);
    SSL_set_connect_state(ssl_.get());
  }
  ~Peer() { ::close(socket_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Of `bytes` about `most`: OpenSSL wants what was blocked again, and as much of it.
  std::size_t send(std::string_view bytes, std::size_t most) {
    bytes = bytes.substr(0, blocked_ > 0 ? blocked_ : most);
    if (!ssl_) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      return sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }
    ERR_clear_error();
    std::size_t sent = 0;
    blocked_ = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1 ? 0 : bytes.size();
    return sent;
  }
  std::string receive(std::size_t most) {
    std::string bytes(most, '\0');
    std::size_t got = 0;
    ERR_clear_error();
    if (ssl_) {
      SSL_read_ex(ssl_.get(), bytes.data(), most, &got);
    } else if (const auto some = ::recv(socket_, bytes.data(), most, 0); some > 0) {
      got = static_cast<std::size_t>(some);
    }
    bytes.resize(got);
    return bytes;
  }
  // New keys on both sides (RFC 8446, section 4.6.3): reading makes the server write.
  void change_keys() {
    if (ssl_ && SSL_version(ssl_.get()) == TLS1_3_VERSION && SSL_is_init_finished(ssl_.get()) == 1)
      SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED);
  }
  void limit_version(int most) {
    if (ssl_) SSL_set_max_proto_version(ssl_.get(), most);
  }

 private:
  int socket_;
  std::size_t blocked_ = 0;
  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> ssl_;
};

class StreamTest : public ::testing::TestWithParam<bool> {
 protected:
  struct Pair {
    std::unique_ptr<Stream> stream;
    std::unique_ptr<Peer> peer;
  };
  Pair pair(int buffer_bytes) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    for (const int end : ends)
      ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    auto session = GetParam() ? tls_->accept(ends[0]) : nullptr;
    return {std::make_unique<Stream>(ends[0], std::move(session)),
            std::make_unique<Peer>(ends[1], GetParam())};
  }
  static bool has_news(const Stream& stream) {
    pollfd waiting{stream.socket(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) > 0;
  }
  testing::TemporaryFolder folder_;
  std::shared_ptr<Tls> tls_ =
      Tls::load(testing::write_certificate(folder_.path(), testing::test_certificate())).value();
};

TEST_P(StreamTest, WhatGoesInComesOut) {
  testing::for_each_seed(100, [&](Rng& rng) {
    auto [stream, peer] = pair(1 + static_cast<int>(rng.below(20'000)));
    if (rng.below(3) == 0) peer->limit_version(TLS1_2_VERSION);
    const auto question = random_text(rng, rng.below(100'000));
    const auto answer = random_text(rng, rng.below(100'000));
    std::string asked, answered;
    std::size_t question_sent = 0, answer_sent = 0, offered = 0;
    std::string room(65536, '\0');
    bool blocked = false;
    for (int step = 0; step < 200'000; ++step) {
      if (asked.size() == question.size() && answered.size() == answer.size()) break;
      switch (rng.below(4)) {
        case 0: {
          const auto rest = std::string_view(question).substr(question_sent);
          if (!rest.empty()) question_sent += peer->send(rest, 1 + rng.below(30'000));
          if (rng.below(20) == 0) peer->change_keys();
          break;
        }
        case 1:
          answered += peer->receive(1 + rng.below(30'000));
          break;
        case 2: {
          // As a connection does: only when there is reason to, as far as anybody can know.
          const bool writable = stream->reads_on() == EPOLLOUT;
          if (!has_news(*stream) && !stream->holds_more() && !writable) break;
          const auto most = 1 + rng.below(room.size());
          const auto [flow, bytes] = stream->read(room.data(), most);
          ASSERT_TRUE(flow == Flow::Moved || flow == Flow::Blocked);
          ASSERT_LE(bytes, most);
          ASSERT_EQ(flow == Flow::Moved, bytes > 0);
          ASSERT_TRUE(flow == Flow::Moved || !stream->holds_more());
          asked.append(room, 0, bytes);
          break;
        }
        default: {
          if (!stream->is_established()) break;
          // What was blocked stands at the beginning of what is tried next, perhaps elsewhere.
          const auto size =
              blocked ? offered : std::min(answer.size() - answer_sent, 1 + rng.below(30'000));
          if (size == 0) break;
          const std::string moved = answer.substr(answer_sent, size);
          const auto [flow, bytes] = stream->write(moved);
          ASSERT_TRUE(flow == Flow::Moved || flow == Flow::Blocked);
          blocked = flow == Flow::Blocked;
          offered = size;
          answer_sent += bytes;
          break;
        }
      }
    }
    EXPECT_TRUE(asked == question) << asked.size() << " of " << question.size();
    EXPECT_TRUE(answered == answer) << answered.size() << " of " << answer.size();
  });
}

TEST_P(StreamTest, AHandshakeWithAnyByteFlippedIsSurvived) {
  testing::for_each_seed(200, [&](Rng& rng) {
    auto [stream, peer] = pair(1 << 16);
    peer->send("hello", 5);
    std::string room(65536, '\0'), first(65536, '\0');
    const auto got = ::recv(stream->socket(), first.data(), first.size(), 0);
    ASSERT_GT(got, 0);
    first.resize(static_cast<std::size_t>(got));
    first[rng.below(first.size())] ^= static_cast<char>(1 + rng.below(255));
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    Stream victim(ends[0], GetParam() ? tls_->accept(ends[0]) : nullptr);
    ASSERT_EQ(::send(ends[1], first.data(), first.size(), 0), static_cast<ssize_t>(first.size()));
    ::close(ends[1]);
    Transfer last{Flow::Moved};
    for (int i = 0; i < 10 && last.flow != Flow::Ended && last.flow != Flow::Broken; ++i)
      last = victim.read(room.data(), room.size());
    EXPECT_TRUE(last.flow == Flow::Ended || last.flow == Flow::Broken);
    victim.end();
  });
}

INSTANTIATE_TEST_SUITE_P(Each, StreamTest, ::testing::Bool(), [](const auto& encrypted) {
  return std::string(encrypted.param ? "Tls" : "Plain");
});

}  // namespace
}  // namespace winnow::http
