// How severe a case is, how urgent, and until when somebody must act: content/policies/cases.yaml.
#pragma once

#include <array>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "base/yaml.h"
#include "cases/case.h"

namespace winnow::cases {

// From the moment a case was opened, or reopened.
struct CaseClocks {
  Duration acknowledge, resolve;  // 0 < acknowledge <= resolve
};

// A value; immutable by habit.
class CasePolicy {
 public:
  CasePolicy();  // the one that ships
  // Errors: InvalidArgument, with file and line.
  static Result<CasePolicy> compile(const Yaml& yaml);

  // The severity of the first rule that holds: it never falls while findings join a case, as long
  // as the rules go from the most severe to the least.
  Severity severity_of(const Case& facts) const;
  // What of the case that rule asked for, in words: "its route is escalate, dc-01 is a critical
  // asset".
  std::string because(const Case& facts) const;
  const CaseClocks& clocks_of(Severity severity) const {
    return clocks_[static_cast<std::size_t>(severity)];
  }

  // How much of the running clock is gone.
  enum Phase : std::uint8_t { Fresh, HalfGone, Overdue };
  // Sets severity, severity_because, due_at, phase, next_phase_at and urgency to what they are at
  // `now`.
  //
  // Urgency = (severity + 0.999 x (0.6 x probability + 0.2 x reach + 0.2 x clock)) / 4, in [0, 1):
  // severity 0 to 3; probability 0.5 where there is no score; reach = log2(recipients) / 10, at
  // most 1; clock 0 at first, 0.5 when half of it is gone, 1 when overdue. So a severity is never
  // overtaken by a lesser one that waited longer, and what stands in SQL changes only when
  // something happens, which is what makes pages of the queue stable.
  void assess(Case& subject, Timestamp now) const;

  Digest digest() const;  // equal policies have equal digests

 private:
  struct Rule {
    Severity severity = Severity::Low;
    Route least_route = Route::Queue;
    double least_probability = 0;  // a case without a score has 0.5
    std::uint64_t least_recipients = 0;
    std::uint8_t least_criticality = 0;  // of an asset that a finding names
    DomainSet domains = {};              // with a finding of one of these; empty: of any

    bool holds_for(const Case& facts) const;
    std::string because(const Case& facts) const;
  };
  static Result<Rule> rule_at(const Yaml& yaml);
  const Rule* rule_for(const Case& facts) const;
  std::vector<Rule> rules_;
  std::array<CaseClocks, 4> clocks_{};
};

}  // namespace winnow::cases
