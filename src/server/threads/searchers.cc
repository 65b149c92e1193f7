#include "server/threads/searchers.h"

namespace winnow::server {
namespace {

constexpr int kThreads = 2;  // one may be busy with a replay

}  // namespace

Result<std::unique_ptr<Searchers>> Searchers::start(const ServiceFiles& files, const Path& filters,
                                                    std::function<void()> before) {
  std::unique_ptr<Searchers> searchers(new Searchers(std::move(before)));
  for (int i = 0; i < kThreads; ++i) {
    WINNOW_TRY(auto events, EventLog::open(files.events, Access::ReadOnly));
    WINNOW_TRY(auto decisions, DecisionStore::open(files.database, Access::ReadOnly));
    WINNOW_TRY(auto cases, cases::CaseReader::open(files.database));
    searchers->threads_.add("search", {std::move(events), std::move(decisions), std::move(cases),
                                       files.quarantine, filters});
  }
  return searchers;
}

}  // namespace winnow::server
