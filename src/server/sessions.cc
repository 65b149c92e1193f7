#include "server/sessions.h"

#include <algorithm>
#include <utility>

#include "base/secret.h"

namespace winnow::server {
namespace {

constexpr std::size_t kSecretBytes = 32;

}  // namespace

std::string csrf_of(std::string_view secret) {
  return sha256("winnow csrf " + std::string(secret)).hex();
}

Timestamp Sessions::end_of(const Kept& kept) const {
  return std::min(kept.used + config_.idle, kept.opened + config_.longest);
}

std::string Sessions::open(Owner owner, Timestamp now) {
  auto secret = to_hex(random_bytes(kSecretBytes));
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= config_.most) make_room(now);
  sessions_.emplace(sha256(secret), Kept{std::move(owner), now, now});
  return secret;
}

void Sessions::make_room(Timestamp now) {
  std::erase_if(sessions_, [&](const auto& entry) { return end_of(entry.second) <= now; });
  if (sessions_.size() < config_.most) return;
  sessions_.erase(
      std::ranges::min_element(sessions_, {}, [](const auto& entry) { return entry.second.used; }));
}

// The map's search ends early where digests differ, which tells nothing of a secret: its digest
// cannot be approached step by step.
std::optional<Sessions::Session> Sessions::find(std::string_view secret, Timestamp now) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(digest);
  if (found == sessions_.end()) return std::nullopt;
  auto& kept = found->second;
  if (end_of(kept) <= now) {
    sessions_.erase(found);
    return std::nullopt;
  }
  kept.used = std::max(kept.used, now);
  return Session{kept.owner, end_of(kept)};
}

bool Sessions::is_open(std::string_view secret, Timestamp now) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(digest);
  return found != sessions_.end() && now < end_of(found->second);
}

void Sessions::close(std::string_view secret) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  sessions_.erase(digest);
}

}  // namespace winnow::server
