#include "server/threads/identity_follower.h"

#include "base/log.h"
#include "base/thread.h"
#include "server/threads/in_steps.h"

namespace winnow::server {
namespace {

constexpr std::size_t kAtATime = 1024;
constexpr std::chrono::milliseconds kBetween(500), kAfterFailure(5'000);

}  // namespace

Path identities_in(const Path& data) { return data / "identities.db"; }

Result<std::unique_ptr<IdentityFollower>> IdentityFollower::start(const Path& log,
                                                                  UsableMappings mappings,
                                                                  const Path& identities) {
  WINNOW_TRY(auto opened, EventLog::open(log, Access::ReadOnly));
  auto events = std::make_unique<const EventLog>(std::move(opened));
  WINNOW_TRY(auto book, identity::IdentityBook::open(*events, identities, {}));
  std::unique_ptr<IdentityFollower> made(new IdentityFollower(std::move(events), std::move(book)));
  made->set_mappings(std::move(mappings));
  made->thread_ = start_thread("identities", [raw = made.get()] { raw->run(); });
  return made;
}

IdentityFollower::~IdentityFollower() { stop(); }

void IdentityFollower::stop() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void IdentityFollower::set_mappings(UsableMappings mappings) {
  const std::lock_guard lock(mutex_);
  new_mappings_ = std::move(mappings);
}

void IdentityFollower::take_up_mappings() {
  std::optional<UsableMappings> now;
  {
    const std::lock_guard lock(mutex_);
    now.swap(new_mappings_);
  }
  if (now) book_.set_mappings(std::move(now->mappings), now->broken());
}

std::chrono::milliseconds IdentityFollower::step() {
  take_up_mappings();
  const auto done = book_.catch_up(kAtATime);
  if (done) return *done < kAtATime ? kBetween : std::chrono::milliseconds(0);
  log::error("reading who was where failed; it is tried again", {{"error", done.error().text()}});
  return kAfterFailure;
}

void IdentityFollower::run() {
  work_in_steps(stop_.get_token(), [this] { return step(); });
}

}  // namespace winnow::server
