// The threads that look through what came, record by record: the event log and what is in
// quarantine. Apart from the readers, so that neither the queue nor a finding waits for a search.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "base/file.h"
#include "base/result.h"
#include "cases/case_reader.h"
#include "ingest/event_log.h"
#include "pipeline/decision_store.h"
#include "server/threads/service_files.h"
#include "server/threads/store_threads.h"

namespace winnow::server {

// What one of the threads reads with.
struct SearchStores {
  EventLog events;
  DecisionStore decisions;
  cases::CaseReader cases;
  Path quarantine;  // opened where it is asked for: it may not be there yet
  Path filters;     // the same: of what events can name (search/)
};

class Searchers {
 public:
  using Work = StoreThreads<SearchStores>::Work;

  // Errors: NotFound (there is nothing to read yet), and of opening the stores.
  // `before` is as that of Readers.
  static Result<std::unique_ptr<Searchers>> start(const ServiceFiles& files, const Path& filters,
                                                  std::function<void()> before);

  // Any thread; `work`, which bounds itself, runs soon on one of the threads. False: too much
  // waits already.
  bool offer(Work work) { return threads_.offer(std::move(work)); }
  void stop() { threads_.stop(); }  // does what waits, then ends

  // Only one at a time does what takes seconds (replays history, plans what is to go), so that a
  // thread is always left for the others. False: somebody does already. Who was told true ends it.
  bool begin_long() { return !is_long_.exchange(true); }
  void end_long() { is_long_ = false; }

 private:
  explicit Searchers(std::function<void()> before) : threads_(std::move(before)) {}
  std::atomic<bool> is_long_{false};  // a flag that guards nothing else
  StoreThreads<SearchStores> threads_;
};

// The end of what begin_long() began, however that comes.
class LongTurn {
 public:
  explicit LongTurn(Searchers& searchers) : searchers_(&searchers) {}
  LongTurn(const LongTurn&) = delete;
  LongTurn& operator=(const LongTurn&) = delete;
  ~LongTurn() { end(); }

  void end() {
    if (auto* const searchers = std::exchange(searchers_, nullptr)) searchers->end_long();
  }

 private:
  Searchers* searchers_;  // null: ended
};

}  // namespace winnow::server
