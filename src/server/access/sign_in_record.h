// What goes on record of signing in and failing to: bounded, so that nobody who guesses fills the
// audit log; what is left out is counted in the next entry.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "server/access/rate_limit.h"
#include "server/threads/desk.h"

namespace winnow::server {

// Thread-safe. `desk` outlives it.
class SignInRecord {
 public:
  SignInRecord(Desk& desk, const RateLimit::Config& rate) : desk_(&desk), rate_(rate) {}

  // Some token from `address` was none; on record soon.
  void note_failure(std::string_view address, RateLimit::Time now) {
    note("token.refused", {}, address, now);
  }
  // A sign-in by the identity provider came to nothing; `why` is a word of ours.
  void note_refusal(std::string_view address, std::string_view why, RateLimit::Time now) {
    note("sign-in.refused", why, address, now);
  }

 private:
  void note(std::string_view action, std::string_view why, std::string_view address,
            RateLimit::Time now);
  Desk* desk_;
  RateLimit rate_;
  std::atomic<std::uint64_t> left_out_{0};  // relaxed: a count
};

}  // namespace winnow::server
