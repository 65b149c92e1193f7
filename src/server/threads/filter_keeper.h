// The thread that keeps what lets a search pass over most of the event log (search/).
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ingest/event_log.h"
#include "search/entity_filters.h"
#include "server/endpoints/record_view.h"
#include "server/threads/scorer.h"

namespace winnow::server {

// Where they are kept, in the workspace's folder of data.
Path filters_in(const Path& data);

// With stores of its own and behind all other threads, so that it keeps nobody waiting: without a
// filter a search takes longer, and finds the same.
class FilterKeeper {
 public:
  // Reads the log in `events` as who searches it does: by `scorer`'s champions and mappings, which
  // it outlives. `code` is the program that does so. Errors: of opening the stores.
  static Result<std::unique_ptr<FilterKeeper>> start(const Path& events, const Path& filters,
                                                     std::string code, const Scorer& scorer);
  ~FilterKeeper();  // as stop()
  void stop();      // behind the blocks that it reads

 private:
  FilterKeeper(std::unique_ptr<const EventLog> events, search::EntityFilters filters, Path file,
               std::string code, const Scorer& scorer)
      : events_(std::move(events)),
        filters_(std::move(filters)),
        file_(std::move(file)),
        code_(std::move(code)),
        scorer_(&scorer) {}
  void run();
  std::chrono::milliseconds step();  // and how long to rest then
  Result<std::size_t> catch_up();
  Status reopen();
  void follow_readers();

  std::unique_ptr<const EventLog> events_;
  search::EntityFilters filters_;
  Path file_;
  std::string code_;
  const Scorer* scorer_;
  Champions champions_;           // by whom it reads
  std::vector<Digest> mappings_;  // and by what
  std::unique_ptr<StoredRecordReader> reader_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace winnow::server
