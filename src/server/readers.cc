#include "server/readers.h"

#include "server/thread.h"

namespace winnow::server {

Result<std::unique_ptr<Readers>> Readers::start(const ServiceFiles& files, unsigned threads) {
  std::unique_ptr<Readers> readers(new Readers);
  for (unsigned i = 0; i < threads; ++i) {
    WINNOW_TRY(auto decisions, DecisionStore::open(files.database, Access::ReadOnly));
    WINNOW_TRY(auto cases, cases::CaseReader::open(files.database));
    WINNOW_TRY(auto events, EventLog::open(files.events, Access::ReadOnly));
    auto stores = std::make_shared<ReaderStores>(
        ReaderStores{std::move(decisions), std::move(cases), std::move(events)});
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
