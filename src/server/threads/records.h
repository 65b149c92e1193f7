// What is on record, for those who ask where a decision comes from: runs, artifacts, bundles,
// deployments, the audit log. Threads of their own, each with a read-only registry of its own: who
// searches the log or verifies it keeps neither the queue nor the desk waiting.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "pipeline/decision_store.h"
#include "registry/registry.h"
#include "rollout/deployments.h"
#include "server/threads/service_files.h"
#include "server/threads/store_threads.h"

namespace winnow::server {

// What one of the threads reads with.
struct RecordStores {
  std::unique_ptr<Registry> registry;
  Deployments deployments;
  DecisionStore decisions;
};

class Records {
 public:
  using Work = StoreThreads<RecordStores>::Work;

  // `data` is the workspace's folder, where the registry is; `clock` outlives it. Errors: NotFound
  // (there is nothing to read yet), and of opening the stores.
  // `before` is as that of Readers.
  static Result<std::unique_ptr<Records>> start(const Path& data, const ServiceFiles& files,
                                                const Clock& clock, std::function<void()> before);

  // Any thread; `work` runs soon on one of the threads. False: too much waits already.
  bool offer(Work work) { return threads_.offer(std::move(work)); }
  void stop() { threads_.stop(); }  // does what waits, then ends

  const Path& data() const { return data_; }
  // What an error or a check says, without where the workspace lies: that is the operator's
  // business.
  std::string without_folder(std::string text) const;
  // Only one at a time verifies the whole log, so that a thread is always left for the others.
  // False: somebody does already. Who was told true ends it.
  bool begin_verification() { return !verifies_.exchange(true); }
  void end_verification() { verifies_ = false; }

 private:
  Records(Path data, std::function<void()> before)
      : data_(std::move(data)), threads_(std::move(before)) {}
  const Path data_;
  std::atomic<bool> verifies_{false};  // a flag that guards nothing else
  StoreThreads<RecordStores> threads_;
};

}  // namespace winnow::server
