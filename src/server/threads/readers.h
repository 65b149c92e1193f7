// The threads that read for clients: each with its own read-only connections, so
// that no query waits for the writer, and none keeps a loop waiting.
#pragma once

#include <memory>

#include "base/file.h"
#include "base/result.h"
#include "cases/case_reader.h"
#include "ingest/event_log.h"
#include "pipeline/decision_store.h"
#include "retention/holds.h"
#include "server/threads/service_files.h"
#include "server/threads/store_threads.h"

namespace winnow::server {

// What one reader's thread reads with.
struct ReaderStores {
  DecisionStore decisions;
  cases::CaseReader cases;
  EventLog events;
  HoldReader holds;
};

class Readers {
 public:
  using Work = StoreThreads<ReaderStores>::Work;

  // Errors: NotFound (there is nothing to read yet), and of opening the stores.
  // `before` is called before each work that reads, on its thread: it waits for what the work must
  // find.
  static Result<std::unique_ptr<Readers>> start(const ServiceFiles& files, unsigned threads,
                                                std::function<void()> before);

  // Any thread; `work` runs soon on one of the readers' threads. False: too much waits already.
  bool offer(Work work) { return threads_.offer(std::move(work)); }
  // The same for work that reads nothing, and so waits for nothing: bodies are unpacked here.
  bool offer_apart(std::function<void()> work) { return threads_.offer_apart(std::move(work)); }
  void stop() { threads_.stop(); }  // does what waits, then ends

 private:
  explicit Readers(std::function<void()> before) : threads_(std::move(before)) {}
  StoreThreads<ReaderStores> threads_;
};

}  // namespace winnow::server
