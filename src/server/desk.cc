#include "server/desk.h"

#include "server/thread.h"

namespace winnow::server {

Result<std::unique_ptr<Desk>> Desk::start(Registry& registry, const Path& database) {
  WINNOW_TRY(auto tokens, Tokens::open(registry, database));
  std::unique_ptr<Desk> desk(new Desk({registry, std::move(tokens)}));
  desk->thread_ = start_thread("desk", [raw = desk.get()] {
    for (;;) {
      const auto taken = raw->queue_.pop({.items = 1});
      if (taken.empty()) return;
      taken.front()(raw->stores_);
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
