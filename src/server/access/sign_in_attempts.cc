#include "server/access/sign_in_attempts.h"

#include <algorithm>

namespace winnow::server {

void SignInAttempts::begin(std::string_view secret, Timestamp now) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  if (begun_.size() >= most_)
    std::erase_if(begun_, [&](const auto& entry) { return entry.second + kTime <= now; });
  if (begun_.size() >= most_) {
    begun_.erase(
        std::ranges::min_element(begun_, {}, [](const auto& entry) { return entry.second; }));
  }
  begun_.insert_or_assign(digest, now);
}

bool SignInAttempts::take(std::string_view secret, Timestamp now) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  const auto found = begun_.find(digest);
  if (found == begun_.end()) return false;
  const bool in_time = now < found->second + kTime;
  begun_.erase(found);
  return in_time;
}

}  // namespace winnow::server
