// Who is signed in with a browser: in memory, where every request looks, and on disk
// (session_table.h), so that people stay signed in when the server starts anew. Of a session's
// secret only its SHA-256 is kept; it has 256 random bits, so nothing slower is needed.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/timestamp.h"
#include "server/access/role.h"

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
    std::string id;             // the token's, or the person's
    std::string name = {};      // the person's; empty: a token's, which says name and role itself
    Role role = Role::Auditor;  // the person's
    std::string provider = {};  // whose word it is, under which settings (Gate::Config)
  };
  struct Session {
    Owner owner;
    Timestamp expires;  // unless it is used before
  };
  struct Kept {
    Digest secret;  // SHA-256 of it
    Owner owner;
    Timestamp opened, used;
  };
  explicit Sessions(const Config& config) : config_(config) {}

  struct Opened {
    std::string secret;  // 256 random bits, as 64 hexadecimal digits
    Kept kept;
  };
  Opened open(Owner owner, Timestamp now);
  // The session of that secret, if it has not ended; to ask is to use it.
  std::optional<Session> find(std::string_view secret, Timestamp now);
  // Whether it has not ended, without using it.
  bool is_open(std::string_view secret, Timestamp now);
  void close(std::string_view secret);
  // Those that have not ended, in no order.
  std::vector<Kept> open_ones(Timestamp now) const;
  void close_all_of(std::string_view owner_id);

  // Takes up those of an earlier server that have not ended. One that seems to have been opened or
  // used later than now has ended: the clock was wrong then or is wrong now, and nobody can say how
  // old it is.
  void take_up(std::vector<Kept> earlier, Timestamp now);

  // What the disk does not know yet: which ended, and which were used, those at most once a minute,
  // so that after a crash a session ends a minute early and never late.
  struct Changes {
    std::vector<Digest> ended;
    std::vector<Kept> used;
  };
  Changes take_changes(Timestamp now);
  // Those that are open here and whose secret `known` does not have end.
  void close_all_but(const std::vector<Digest>& known);  // in ascending order

  Timestamp end_of(const Kept& kept) const;

 private:
  struct Entry {
    Kept kept;
    Timestamp told;  // the use that the disk knows of
  };
  using Entries = std::map<Digest, Entry>;
  Entries::iterator end(Entries::iterator entry);
  void make_room(Timestamp now);

  const Config config_;
  mutable std::mutex mutex_;  // of all below
  Entries sessions_;
  std::vector<Digest> ended_;  // since take_changes()
};

}  // namespace winnow::server
