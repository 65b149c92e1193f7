#include "server/sign_in_record.h"

#include "base/log.h"

namespace winnow::server {

void SignInRecord::note_failure(std::string_view address, RateLimit::Time now) {
  if (!rate_.take("", now)) {
    left_out_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const auto left_out = left_out_.exchange(0, std::memory_order_relaxed);
  log::warn("sign-in failed", {{"address", std::string(address)}, {"others", left_out}});
  Desk::Work work = [address = std::string(address), left_out](DeskStores& stores) {
    auto& registry = stores.registry;
    const auto recorded = registry.audit().append(
        {registry.clock().now(), "winnow", "token.refused", address,
         Json::object({{"address", address}, {"others_before", left_out}})});
    if (!recorded)
      log::error("a failed sign-in is not on record", {{"error", recorded.error().text()}});
  };
  if (!desk_->offer(std::move(work))) left_out_.fetch_add(left_out + 1, std::memory_order_relaxed);
}

}  // namespace winnow::server
