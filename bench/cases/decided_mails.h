// A workspace whose mails were decided by somebody else, for measuring what becomes of findings.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/case_book.h"
#include "ingest/event_log.h"
#include "pipeline/decision_store.h"
#include "registry/registry.h"

namespace winnow::bench {

// In a temporary folder that ends with it.
class DecidedMails {
 public:
  DecidedMails();
  ~DecidedMails();
  DecidedMails(const DecidedMails&) = delete;
  DecidedMails& operator=(const DecidedMails&) = delete;

  // Stored and decided at `time`; durable with flush(). A mail that is there already counts once.
  void add(const std::string& raw, Timestamp time, Route route, double probability);
  void flush();
  // Opens the cases on it as they are.
  cases::CaseBook book();
  Path database() const { return folder_ / "winnow.db"; }
  EventLog& events() { return *events_; }
  FixedClock& clock() { return clock_; }

 private:
  Path folder_;
  FixedClock clock_{Timestamp()};
  std::unique_ptr<Registry> registry_;
  std::optional<EventLog> events_;
  std::optional<DecisionStore> decisions_;
  std::vector<std::string> raws_;
  std::vector<DecisionRecord> records_;
};

}  // namespace winnow::bench
