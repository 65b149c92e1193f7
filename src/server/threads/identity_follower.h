// The thread that reads out of what arrives who was where.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/result.h"
#include "identity/identity_book.h"
#include "ingest/event_log.h"
#include "ingest/mapping/mapping_folder.h"

namespace winnow::server {

// Where they are kept, in the workspace's folder of data.
Path identities_in(const Path& data);

// With stores of its own, so that it keeps nobody waiting: decisions do not need it, and it lies
// behind them where more comes than it can read.
class IdentityFollower {
 public:
  // Follows the log in `events`. Errors: of opening the stores.
  static Result<std::unique_ptr<IdentityFollower>> start(const Path& events,
                                                         UsableMappings mappings,
                                                         const Path& identities);
  ~IdentityFollower();  // as stop()
  // Any thread. What comes is read by these from now on; it waits before a record of a mapping that
  // is broken.
  void set_mappings(UsableMappings mappings);
  void stop();  // behind the batch that it reads

 private:
  IdentityFollower(std::unique_ptr<const EventLog> events, identity::IdentityBook book)
      : events_(std::move(events)), book_(std::move(book)) {}
  void run();
  std::chrono::milliseconds step();  // and how long to rest then
  void take_up_mappings();

  std::mutex mutex_;  // of the next
  std::optional<UsableMappings> new_mappings_;
  std::unique_ptr<const EventLog> events_;
  identity::IdentityBook book_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace winnow::server
