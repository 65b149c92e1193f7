// Who is signed in with a browser. Kept in memory, so that a restart signs everybody out: they sign
// in again, and nothing that opens a session is ever on disk. Of a session's secret only its
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
#include "server/role.h"

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
  // Whose it is: a token's, and then worth no more than that; or a person's for whom an identity
  // provider vouched.
  struct Owner {
    std::string id;         // the token's, or the person's
    std::string name = {};  // the person's; empty: a token's, which says name and role itself
    Role role = Role::Auditor;
  };
  struct Session {
    Owner owner;
    Timestamp expires;  // unless it is used before
  };
  explicit Sessions(const Config& config) : config_(config) {}

  // A new one's secret: 256 random bits, as 64 hexadecimal digits.
  std::string open(Owner owner, Timestamp now);
  // The session of that secret, if it has not ended; to ask is to use it.
  std::optional<Session> find(std::string_view secret, Timestamp now);
  // Whether it has not ended, without using it.
  bool is_open(std::string_view secret, Timestamp now);
  void close(std::string_view secret);

 private:
  struct Kept {
    Owner owner;
    Timestamp opened, used;
  };
  Timestamp end_of(const Kept& kept) const;
  void make_room(Timestamp now);

  const Config config_;
  std::mutex mutex_;  // of all below
  std::map<Digest, Kept> sessions_;
};

}  // namespace winnow::server
