// Sign-ins that went to the identity provider and have not come back. Each is known by a secret
// that its browser keeps; here there is only its SHA-256. It comes back once, and in time.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string_view>

#include "base/digest.h"
#include "base/timestamp.h"

namespace winnow::server {

// Thread-safe.
class SignInAttempts {
 public:
  static constexpr std::chrono::seconds kTime{600};
  explicit SignInAttempts(std::size_t most = 10'000) : most_(most) {}

  void begin(std::string_view secret, Timestamp now);  // too many: the oldest gives way
  // Whether it is under way; it is not any more.
  bool take(std::string_view secret, Timestamp now);

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::map<Digest, Timestamp> begun_;  // guarded by mutex_
};

}  // namespace winnow::server
