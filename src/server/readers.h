// The threads that read for clients: each with its own read-only connections, so
// that no query waits for the writer, and none keeps a loop waiting.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "cases/case_reader.h"
#include "ingest/event_log.h"
#include "pipeline/decision_store.h"
#include "server/service_files.h"
#include "server/work_queue.h"

namespace winnow::server {

// What one reader's thread reads with.
struct ReaderStores {
  DecisionStore decisions;
  cases::CaseReader cases;
  EventLog events;
};

class Readers {
 public:
  using Work = std::function<void(ReaderStores& stores)>;

  // Errors: NotFound (there is nothing to read yet), and of opening the stores.
  static Result<std::unique_ptr<Readers>> start(const ServiceFiles& files, unsigned threads);
  ~Readers();  // as stop()

  // Any thread; `work` runs soon on one of the readers' threads. False: too much waits already.
  bool offer(Work work);
  void stop();  // does what waits, then ends

 private:
  Readers() = default;
  WorkQueue<Work> queue_{{.items = 256}};
  std::vector<std::thread> threads_;
};

}  // namespace winnow::server
