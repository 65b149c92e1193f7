// The thread that removes once a day what has been kept for as long as the settings say, and when
// an admin asks for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "retention/run.h"
#include "server/threads/daily.h"
#include "server/threads/desk.h"
#include "server/threads/scorer.h"

namespace winnow::server {

struct ExpiryOptions {
  RetentionPolicy policy = {};
  // So long after midnight, UTC; nothing: when somebody asks.
  std::optional<std::chrono::minutes> at = {};
};

class Expiry {
 public:
  struct Run {
    Timestamp begun, ended;
    std::string actor;
    std::uint64_t rows = 0;  // of all kinds
    ErasedBytes erased;      // of mails
    std::string problem;     // empty: nothing is left that is old enough
  };
  struct Standing {
    std::optional<Timestamp> next;  // when it runs by itself
    bool runs = false;              // or begins soon
    std::optional<Run> last;        // since the start
  };

  // `data` is the workspace's folder; all outlive it.
  Expiry(const Path& data, RetainedFiles files, ExpiryOptions options, Scorer& scorer, Desk& desk,
         const Clock& clock);
  ~Expiry();  // as stop()

  const ExpiryOptions& options() const { return options_; }
  Standing standing() const;  // any thread
  // Any thread, with stores of its own: what would go now. Reads all that is old enough, for
  // seconds at most. Errors: Timeout; Unavailable (it is stopped); of the stores.
  Result<std::vector<RetentionPlan>> plan() const;
  // Any thread: begins soon, on behalf of `actor`. False: it runs or was asked for already.
  bool ask(std::string actor);
  void stop();  // behind the removal of a batch; what is left goes another time

 private:
  void run();
  std::optional<std::string> wait_for_work(Daily& daily);  // on whose behalf; nothing: stop
  Result<RetentionReport> apply(const std::string& actor, const Daily& daily);

  const Path data_;
  const RetainedFiles files_;
  const ExpiryOptions options_;
  Scorer* scorer_;
  Desk* desk_;
  const Clock* clock_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable_any changed_;
  Standing standing_;
  std::optional<std::string> asked_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace winnow::server
