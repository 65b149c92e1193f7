// A Case: findings that belong together, with a state, an owner and clocks. What the queue lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "cases/case_entity.h"
#include "cases/domain_set.h"
#include "cases/ground.h"
#include "pipeline/policy.h"

namespace winnow::cases {

enum class CaseState : std::uint8_t { New, InProgress, Snoozed, Resolved };
std::string_view name_of(CaseState state);  // "new", "in_progress", "snoozed", "resolved"
Result<CaseState> state_named(std::string_view name);  // Errors: InvalidArgument

enum class Severity : std::uint8_t { Low, Medium, High, Critical };
std::string_view name_of(Severity severity);             // "low", "medium", "high", "critical"
Result<Severity> severity_named(std::string_view name);  // Errors: InvalidArgument

// What somebody found a case to be.
enum class VerdictKind : std::uint8_t {
  TruePositive,    // an attack
  BenignPositive,  // what it was taken for, but allowed: a phishing exercise, a scanner of our own
  FalsePositive,   // nothing of the kind
};
std::string_view name_of(VerdictKind kind);  // "true_positive", "benign_positive", "false_positive"
Result<VerdictKind> verdict_named(std::string_view name);  // Errors: InvalidArgument

// Texts are hostile (they come from mails) but valid UTF-8 and bounded.
struct Case {
  std::uint64_t number = 0;   // in the order of opening, from 1
  std::string id;             // "c-" and 24 hexadecimal digits
  std::uint64_t version = 1;  // grows with every change
  CaseState state = CaseState::New;
  Severity severity = Severity::Low;
  std::string severity_because;         // in words: what of the policy made it so severe
  std::uint32_t urgency = 0;            // in millionths (CasePolicy::urgency)
  std::string title;                    // the subject of the first finding
  std::string sender;                   // of the first finding
  std::vector<std::string> recipients;  // the first kShownRecipients
  std::uint64_t recipient_count = 0;    // different ones
  std::uint64_t findings = 0;
  DomainSet domains;                  // of its findings
  std::optional<double> probability;  // the highest of its findings; empty without any score
  Route route = Route::Queue;         // the strongest of its findings
  std::vector<std::string> reasons;   // of the finding with that probability, at most kShownReasons
  std::vector<std::string> techniques;
  std::vector<CaseEntity> entities;  // of what is no mail: those worth most, at most kShownEntities
  std::uint8_t criticality = 0;      // the highest of all its entities, shown or not
  std::vector<Ground> grounds;       // why its findings belong together: the most telling ones
  std::optional<std::string> owner;
  Timestamp opened_at, updated_at, last_finding_at;
  Timestamp clock_from;                      // opened, or reopened
  std::optional<Timestamp> acknowledged_at;  // first no longer new, since clock_from
  Timestamp due_at;                          // acknowledged until, then resolved until
  std::uint8_t phase = 0;                    // of the clock that runs: CasePolicy::Phase
  std::optional<Timestamp> next_phase_at;
  std::optional<Timestamp> snoozed_until;
  std::optional<Timestamp> resolved_at;
  std::optional<VerdictKind> verdict;        // the latest since clock_from
  std::optional<std::string> suppressed_by;  // resolved by this suppression, not by a person

  bool is_open() const { return state != CaseState::Resolved; }
};
inline constexpr std::size_t kShownRecipients = 5, kShownReasons = 3;

}  // namespace winnow::cases
