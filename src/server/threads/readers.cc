#include "server/threads/readers.h"

namespace winnow::server {

Result<std::unique_ptr<Readers>> Readers::start(const ServiceFiles& files, unsigned threads,
                                                std::function<void()> before) {
  std::unique_ptr<Readers> readers(new Readers(std::move(before)));
  for (unsigned i = 0; i < threads; ++i) {
    WINNOW_TRY(auto decisions, DecisionStore::open(files.database, Access::ReadOnly));
    WINNOW_TRY(auto cases, cases::CaseReader::open(files.database));
    WINNOW_TRY(auto events, EventLog::open(files.events, Access::ReadOnly));
    WINNOW_TRY(auto holds, HoldReader::open(files.database));
    readers->threads_.add(
        "reader", {std::move(decisions), std::move(cases), std::move(events), std::move(holds)});
  }
  return readers;
}

}  // namespace winnow::server
