#include "server/threads/filter_keeper.h"

#include <sys/resource.h>

#include "base/log.h"
#include "base/thread.h"
#include "server/threads/in_steps.h"

namespace winnow::server {
namespace {

constexpr std::size_t kAtATime = 16;  // blocks
constexpr std::chrono::milliseconds kBetween(500), kAfterFailure(5'000);
constexpr int kNice = 10;  // it must come to its end too: who removes events waits for a block

}  // namespace

Path filters_in(const Path& data) { return data / "search.db"; }

Result<std::unique_ptr<FilterKeeper>> FilterKeeper::start(const Path& log, const Path& file,
                                                          std::string code, const Scorer& scorer) {
  WINNOW_TRY(auto opened, EventLog::open(log, Access::ReadOnly));
  auto events = std::make_unique<const EventLog>(std::move(opened));
  WINNOW_TRY(auto filters, search::EntityFilters::open(*events, file, code));
  std::unique_ptr<FilterKeeper> made(
      new FilterKeeper(std::move(events), std::move(filters), file, std::move(code), scorer));
  made->thread_ = start_thread("filters", [raw = made.get()] { raw->run(); });
  return made;
}

FilterKeeper::~FilterKeeper() { stop(); }

void FilterKeeper::stop() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void FilterKeeper::follow_readers() {
  auto champions = scorer_->champions();
  const auto mappings = scorer_->mappings();
  std::vector<Digest> digests;
  for (const auto& mapping : mappings) digests.push_back(mapping.digest());
  if (reader_ && champions == champions_ && digests == mappings_) return;
  reader_ = std::make_unique<StoredRecordReader>(champions, mappings);
  champions_ = std::move(champions);
  mappings_ = std::move(digests);
  filters_.set_reading(reading_of(*reader_));
}

Status FilterKeeper::reopen() {
  WINNOW_TRY(filters_, search::EntityFilters::open(*events_, file_, code_));
  reader_.reset();
  return {};
}

Result<std::size_t> FilterKeeper::catch_up() {
  std::error_code ignored;
  if (!std::filesystem::exists(file_, ignored)) WINNOW_TRY(reopen());  // it was damaged
  follow_readers();
  auto done = filters_.catch_up(kAtATime);
  if (!done && done.error().code() == Code::Corrupt) WINNOW_TRY(search::remove_if_damaged(file_));
  return done;
}

std::chrono::milliseconds FilterKeeper::step() {
  const auto done = catch_up();
  if (done) return *done < kAtATime ? kBetween : std::chrono::milliseconds(0);
  log::error("making filters for the search failed; it is tried again",
             {{"error", done.error().text()}});
  return kAfterFailure;
}

void FilterKeeper::run() {
  (void)::setpriority(PRIO_PROCESS, 0, kNice);  // of this thread; it works without, too
  work_in_steps(stop_.get_token(), [this] { return step(); });
}

}  // namespace winnow::server
