#include "server/desk.h"

#include "server/thread.h"

namespace winnow::server {

Result<std::unique_ptr<Desk>> Desk::start(Registry& registry, const Path& database) {
  WINNOW_TRY(auto tokens, Tokens::open(registry, database));
  WINNOW_TRY(auto deployments, Deployments::open(registry, database, Access::ReadWrite));
  std::unique_ptr<Desk> desk(new Desk({registry, std::move(tokens), std::move(deployments)}));
  desk->thread_ = start_thread("desk", [raw = desk.get()] {
    for (;;) {
      const auto taken = raw->queue_.pop({.items = 1});
      if (!taken) return;
      for (const auto& work : *taken) work(raw->stores_);
    }
  });
  return desk;
}

Desk::~Desk() { stop(); }

void Desk::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

}  // namespace winnow::server
