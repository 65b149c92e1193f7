#include "server/readers.h"

#include "server/thread.h"

namespace winnow::server {

Result<std::unique_ptr<Readers>> Readers::start(const Path& database, unsigned threads) {
  std::unique_ptr<Readers> readers(new Readers);
  for (unsigned i = 0; i < threads; ++i) {
    WINNOW_TRY(auto decisions, DecisionStore::open(database, Access::ReadOnly));
    auto stores = std::make_shared<ReaderStores>(ReaderStores{std::move(decisions)});
    readers->threads_.push_back(start_thread("reader", [&queue = readers->queue_, stores] {
      for (;;) {
        const auto taken = queue.pop({.items = 1});
        if (!taken) return;
        for (const auto& work : *taken) work(*stores);
      }
    }));
  }
  return readers;
}

Readers::~Readers() { stop(); }

bool Readers::offer(Work work) { return queue_.push(work, 1); }

void Readers::stop() {
  queue_.close();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace winnow::server
