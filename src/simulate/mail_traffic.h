// The mail of a simulated company under attack, in the order of time: everyday mail, and phishing
// campaigns that change over months. The same company and configuration give the same bytes on
// every machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/timestamp.h"
#include "ingest/records/label.h"
#include "simulate/company.h"

namespace winnow::simulate {

struct MailTrafficConfig {
  std::uint64_t seed = 1;
  Timestamp from = Timestamp::from_civil(2026, 1, 5);
  unsigned days = 180;
  std::optional<Timestamp> first = {};  // mails before it are left out; who attacks when stays
  double mails_a_day = 200;             // on a working day, about
  double weekend = 0.18;                // of that volume on a Saturday or Sunday
  double phish_share = 0.05;            // of all mails, in [0, 0.5]
  double label_noise = 0;               // share of labels that are wrong, in [0, 0.5]
};

// One mail as the gateway delivered it. Labels are Phish or Benign.
struct SimulatedMail {
  Timestamp time;
  std::string raw;            // RFC 5322
  Label label = Label::None;  // what the log says
  Label truth = Label::None;  // what it is
  std::string topic;          // "invoice", ...
  std::string campaign;       // empty for honest mail
  // The same as fields of a mail log.
  std::string sender, receiver, subject, body, urls;
};

// A stream of mails in memory that does not grow with the span. Not thread-safe. The company
// outlives it.
class MailTraffic {
 public:
  MailTraffic(const Company& company, const MailTrafficConfig& config);
  ~MailTraffic();
  MailTraffic(MailTraffic&&) noexcept;
  MailTraffic& operator=(MailTraffic&&) noexcept;

  // Makes the next mail; false at the end of the span. Cost: about 0.1 ms.
  bool next(SimulatedMail& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow::simulate
