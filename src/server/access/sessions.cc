#include "server/access/sessions.h"

#include <algorithm>
#include <utility>

#include "base/secret.h"

namespace winnow::server {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr Duration kUseToldEvery = std::chrono::minutes(1);
constexpr Duration kClocksDiffer = std::chrono::minutes(5);  // by which one may have been set back

}  // namespace

std::string csrf_of(std::string_view secret) {
  return sha256("winnow csrf " + std::string(secret)).hex();
}

Timestamp Sessions::end_of(const Kept& kept) const {
  return std::min(kept.used + config_.idle, kept.opened + config_.longest);
}

Sessions::Entries::iterator Sessions::end(Entries::iterator entry) {
  ended_.push_back(entry->first);
  return sessions_.erase(entry);
}

Sessions::Opened Sessions::open(Owner owner, Timestamp now) {
  Opened made{to_hex(random_bytes(kSecretBytes)), {{}, std::move(owner), now, now}};
  made.kept.secret = sha256(made.secret);
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= config_.most) make_room(now);
  sessions_.emplace(made.kept.secret, Entry{made.kept, now});
  return made;
}

void Sessions::make_room(Timestamp now) {
  for (auto at = sessions_.begin(); at != sessions_.end();)
    at = end_of(at->second.kept) <= now ? end(at) : std::next(at);
  if (sessions_.size() < config_.most) return;
  end(std::ranges::min_element(sessions_, {},
                               [](const auto& entry) { return entry.second.kept.used; }));
}

// The map's search ends early where digests differ, which tells nothing of a secret: its digest
// cannot be approached step by step.
std::optional<Sessions::Session> Sessions::find(std::string_view secret, Timestamp now) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(digest);
  if (found == sessions_.end()) return std::nullopt;
  auto& kept = found->second.kept;
  if (end_of(kept) <= now) {
    end(found);
    return std::nullopt;
  }
  kept.used = std::max(kept.used, now);
  return Session{kept.owner, end_of(kept)};
}

bool Sessions::is_open(std::string_view secret, Timestamp now) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(digest);
  return found != sessions_.end() && now < end_of(found->second.kept);
}

std::vector<Sessions::Kept> Sessions::open_ones(Timestamp now) const {
  std::vector<Kept> found;
  const std::lock_guard lock(mutex_);
  for (const auto& [secret, entry] : sessions_) {
    if (end_of(entry.kept) > now) found.push_back(entry.kept);
  }
  return found;
}

void Sessions::close_all_of(std::string_view owner_id) {
  const std::lock_guard lock(mutex_);
  for (auto at = sessions_.begin(); at != sessions_.end();)
    at = at->second.kept.owner.id == owner_id ? end(at) : std::next(at);
}

void Sessions::close(std::string_view secret) {
  const auto digest = sha256(secret);
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(digest); found != sessions_.end()) end(found);
}

void Sessions::take_up(std::vector<Kept> earlier, Timestamp now) {
  const std::lock_guard lock(mutex_);
  for (auto& kept : earlier) {
    const auto latest = now + kClocksDiffer;
    const bool has_ended = end_of(kept) <= now || kept.opened > latest || kept.used > latest;
    if (has_ended || sessions_.size() >= config_.most) {
      ended_.push_back(kept.secret);
      continue;
    }
    const auto digest = kept.secret;
    const auto used = kept.used;
    sessions_.emplace(digest, Entry{std::move(kept), used});
  }
}

Sessions::Changes Sessions::take_changes(Timestamp now) {
  Changes changes;
  const std::lock_guard lock(mutex_);
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    auto& [kept, told] = at->second;
    if (end_of(kept) <= now) {
      at = end(at);
      continue;
    }
    if (kept.used - told >= kUseToldEvery) {
      told = kept.used;
      changes.used.push_back(kept);
    }
    ++at;
  }
  changes.ended = std::exchange(ended_, {});
  return changes;
}

void Sessions::close_all_but(const std::vector<Digest>& known) {
  const std::lock_guard lock(mutex_);
  for (auto at = sessions_.begin(); at != sessions_.end();)
    at = std::ranges::binary_search(known, at->first) ? std::next(at) : end(at);
}

}  // namespace winnow::server
