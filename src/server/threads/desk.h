// The one thread on which people change things: tokens, deployments, cases, holds. What
// waits is bounded,
// and nobody who reads or scores waits for it. In between it makes cases of what was decided.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "base/file.h"
#include "base/result.h"
#include "cases/case_book.h"
#include "cases/case_reader.h"
#include "ingest/event_log.h"
#include "registry/registry.h"
#include "retention/holds.h"
#include "rollout/deployments.h"
#include "server/access/session_table.h"
#include "server/access/tokens.h"
#include "server/threads/service_files.h"
#include "server/threads/work_queue.h"

namespace winnow::server {

// What the desk's thread writes; no other thread of the service does.
struct DeskStores {
  Registry& registry;
  Tokens tokens;
  SessionTable sessions;
  Deployments deployments;
  std::unique_ptr<const EventLog> events;  // what findings are about: the cases read it
  cases::CaseBook cases;
  cases::CaseReader case_reader;  // what people are told after a change
  Holds holds;
  HoldReader hold_reader;
};

class Desk {
 public:
  using Work = std::function<void(DeskStores& stores)>;

  // `registry` outlives it and belongs to its thread until stop(). `each_second`, where there is
  // one, is done once a second, beside the work. Errors: of opening the stores.
  static Result<std::unique_ptr<Desk>> start(Registry& registry, const ServiceFiles& files,
                                             const cases::CasePolicy& policy,
                                             Work each_second = {});
  ~Desk();  // as stop()

  // Any thread: up to when all that was decided is in its case.
  std::chrono::steady_clock::time_point caught_up() const {
    return caught_up_.load(std::memory_order_relaxed);
  }
  // Any thread; `work` runs soon on the desk's. False: too much waits already.
  bool offer(Work work) { return queue_.push(work, 1); }
  void stop();  // does what waits, then ends

 private:
  Desk(DeskStores stores, Work each_second)
      : stores_(std::move(stores)), each_second_(std::move(each_second)) {}
  void run();
  bool make_cases();  // true: there is more to do
  DeskStores stores_;
  Work each_second_;
  WorkQueue<Work> queue_{{.items = 256}};
  std::chrono::steady_clock::time_point rest_until_{};  // after a failure
  // Relaxed: a moment that goes with nothing else. Test: DeskTest.TellsHowLongCasesAreBehind.
  std::atomic<std::chrono::steady_clock::time_point> caught_up_{std::chrono::steady_clock::now()};
  std::thread thread_;
};

}  // namespace winnow::server
