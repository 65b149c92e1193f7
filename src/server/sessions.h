// Who is signed in with a browser. Kept in memory, so that a restart signs everybody out: a token
// signs in again, and nothing that opens a session is ever on disk. Of a session's secret only its
// SHA-256 is kept.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/timestamp.h"

namespace winnow::server {

// What a request of a session must repeat in X-Winnow-CSRF. It follows from the secret, which no
// script can read: only who was told it by /v1/me knows it.
std::string csrf_of(std::string_view secret);

// Thread-safe.
class Sessions {
 public:
  struct Config {
    Duration idle = std::chrono::hours(8);
    Duration longest = std::chrono::hours(7 * 24);
    std::size_t most = 10'000;  // then the one that was idle for longest ends
  };
  struct Session {
    std::string token;  // its id: a session is worth no more than the token that opened it
    Timestamp expires;  // unless it is used before
  };
  explicit Sessions(const Config& config) : config_(config) {}

  // A new one's secret: 256 random bits, as 64 hexadecimal digits.
  std::string open(std::string_view token, Timestamp now);
  // The session of that secret, if it has not ended; to ask is to use it.
  std::optional<Session> find(std::string_view secret, Timestamp now);
  // Whether it has not ended, without using it.
  bool is_open(std::string_view secret, Timestamp now);
  void close(std::string_view secret);

 private:
  struct Kept {
    std::string token;
    Timestamp opened, used;
  };
  Timestamp end_of(const Kept& kept) const;
  void make_room(Timestamp now);

  const Config config_;
  std::mutex mutex_;  // of all below
  std::map<Digest, Kept> sessions_;
};

}  // namespace winnow::server
