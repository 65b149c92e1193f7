#include "server/access/sign_in_record.h"

#include "base/log.h"

namespace winnow::server {

void SignInRecord::note(std::string_view action, std::string_view why, std::string_view address,
                        RateLimit::Time now) {
  if (!rate_.take("", now)) {
    left_out_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const auto left_out = left_out_.exchange(0, std::memory_order_relaxed);
  Json details = Json::object({{"address", address}, {"others_before", left_out}});
  if (!why.empty()) details.set("why", why);
  log::warn("sign-in failed", {{"address", std::string(address)}, {"others", left_out}});
  Desk::Work work = [action = std::string(action), address = std::string(address),
                     details = std::move(details)](DeskStores& stores) {
    auto& registry = stores.registry;
    const auto recorded =
        registry.audit().append({registry.clock().now(), "winnow", action, address, details});
    if (!recorded)
      log::error("a failed sign-in is not on record", {{"error", recorded.error().text()}});
  };
  if (!desk_->offer(std::move(work))) left_out_.fetch_add(left_out + 1, std::memory_order_relaxed);
}

}  // namespace winnow::server
