#include "server/desk.h"

#include <algorithm>
#include <chrono>

#include "server/thread.h"

namespace winnow::server {

Result<std::unique_ptr<Desk>> Desk::start(Registry& registry, const Path& database,
                                          Work each_second) {
  WINNOW_TRY(auto tokens, Tokens::open(registry, database));
  WINNOW_TRY(auto deployments, Deployments::open(registry, database, Access::ReadWrite));
  std::unique_ptr<Desk> desk(
      new Desk({registry, std::move(tokens), std::move(deployments)}, std::move(each_second)));
  desk->thread_ = start_thread("desk", [raw = desk.get()] { raw->run(); });
  return desk;
}

void Desk::run() {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  constexpr milliseconds kSecond(1000);
  auto next = steady_clock::now() + kSecond;
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(next - steady_clock::now());
    const auto patience = each_second_ ? std::max(left, milliseconds(0)) : queue_.kForever;
    const auto taken = queue_.pop({.items = 1}, patience);
    if (!taken) return;
    for (const auto& work : *taken) work(stores_);
    if (!each_second_ || steady_clock::now() < next) continue;
    each_second_(stores_);
    next = steady_clock::now() + kSecond;
  }
}

Desk::~Desk() { stop(); }

void Desk::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

}  // namespace winnow::server
