// The one thread on which people change things: tokens, deployments, cases. What waits is bounded,
// and nobody who reads or scores waits for it.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "base/file.h"
#include "base/result.h"
#include "registry/registry.h"
#include "rollout/deployments.h"
#include "server/tokens.h"
#include "server/work_queue.h"

namespace winnow::server {

// What the desk's thread writes; no other thread of the service does.
struct DeskStores {
  Registry& registry;
  Tokens tokens;
  Deployments deployments;
};

class Desk {
 public:
  using Work = std::function<void(DeskStores& stores)>;

  // `registry` outlives it and belongs to its thread until stop(). `each_second`, where there is
  // one, is done once a second, beside the work. Errors: of opening the stores.
  static Result<std::unique_ptr<Desk>> start(Registry& registry, const Path& database,
                                             Work each_second = {});
  ~Desk();  // as stop()

  // Any thread; `work` runs soon on the desk's. False: too much waits already.
  bool offer(Work work) { return queue_.push(work, 1); }
  void stop();  // does what waits, then ends

 private:
  Desk(DeskStores stores, Work each_second)
      : stores_(std::move(stores)), each_second_(std::move(each_second)) {}
  void run();
  DeskStores stores_;
  Work each_second_;
  WorkQueue<Work> queue_{{.items = 256}};
  std::thread thread_;
};

}  // namespace winnow::server
