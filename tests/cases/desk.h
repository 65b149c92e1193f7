// A workspace with mails that were decided, and the cases made of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cases/case_book.h"
#include "cases/case_reader.h"
#include "ingest/event_log.h"
#include "pipeline/decision_store.h"
#include "registry/registry.h"
#include "tests/support/support.h"

namespace winnow::testing {

struct DecidedMail {
  std::string from = "desk@pay-now.example";
  std::vector<std::string> to = {"ann@soc.example"};
  std::string subject = "Invoice 4411 overdue";
  std::string text =
      "your invoice is overdue since last month so please settle it today or the account of your "
      "company will be closed for good";
  std::vector<std::string> links = {};
  Route route = Route::Queue;
  double probability = 0.8;
  Duration after = std::chrono::minutes(1);  // the one before
  std::string bundle = "bundle";
  bool kept = true;                   // by the event log
  std::string mapping = {};           // not empty: it is a record of another log
  std::optional<Domain> domain = {};  // whose bundle decides; absent: one that nobody knows
  std::string raw = {};  // not empty: the record itself, which the shipped mapping reads
  std::vector<std::string> techniques = {"T1566.002"};
};

class Desk {
 public:
  static inline const Timestamp kMorning = Timestamp::from_civil(2026, 3, 4, 8);
  Desk();

  // Stores and decides the mail, as the scorer would; returns the finding's id. The clock moves on.
  std::string decide(const DecidedMail& mail);
  void decide_again(const DecidedMail& mail);  // the last mail, by another bundle
  void catch_up();                             // ASSERTs that it goes well
  std::string find(const DecidedMail& mail);   // decide(), catch_up(), and the finding's case
  cases::CaseBook& book() { return *book_; }
  cases::CaseReader reader() const;
  cases::CaseDetail get(const std::string& id) const { return reader().get(id).value(); }
  cases::Case one(const std::string& id) const { return get(id).subject; }
  // As after the end of the process.
  void reopen(const cases::CasePolicy& policy = {});

  // What stands in SQL, but for versions of the clock and row numbers: equal for equal cases.
  std::string dump();

  // A change that goes well; the case after it.
  cases::Case change(cases::CaseChange change, const std::string& actor = "ann",
                     cases::Reach reach = cases::Reach::Any);
  std::optional<Code> refused(cases::CaseChange change, cases::Reach reach = cases::Reach::Any);

  Path database() const { return folder_ / "winnow.db"; }
  TemporaryFolder& folder() { return folder_; }
  FixedClock& clock() { return clock_; }
  EventLog& events() { return *events_; }
  Registry& registry() { return *registry_; }

 private:
  std::string add(const DecidedMail& mail, const std::string& raw);
  Digest bundle_of(const DecidedMail& mail);
  TemporaryFolder folder_;
  FixedClock clock_{kMorning};
  std::unique_ptr<Registry> registry_;
  std::optional<EventLog> events_;
  std::optional<DecisionStore> decisions_;
  std::optional<cases::CaseBook> book_;
  std::uint64_t mails_ = 0;
  std::string last_raw_;
};

}  // namespace winnow::testing
