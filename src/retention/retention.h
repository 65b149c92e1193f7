// What of the mail goes when its time is over, and putting on record that it went.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/event_log.h"
#include "registry/audit_log.h"

namespace winnow {

// How long the bytes of mails are kept, counted from when they came: the date that a mail gives
// itself is its sender's. Nothing: for ever.
struct RetentionPolicy {
  std::optional<std::chrono::days> mails;           // without a label
  std::optional<std::chrono::days> labelled_mails;  // what models are trained on
};

// What goes by one rule.
struct RetentionPlan {
  std::string rule;                      // "retention.mails: 90d"
  Timestamp before;                      // what came before this moment is old enough
  std::uint64_t bytes = 0;               // of the mails as they came
  std::uint64_t held = 0;                // old enough, but under a legal hold: they stay
  std::uint64_t open = 0;                // the same for those of an open case without a hold
  std::optional<Timestamp> first, last;  // when they came
  std::vector<Digest> events;            // in the order of arrival, at most kMostEvents
  bool more = false;                     // what does not fit goes the next time
  static constexpr std::size_t kMostEvents = 100'000;
};

// Why something stays although it is old enough: somebody holds it, people still work on it.
enum class Stays : std::uint8_t { No, Held, Open };
// Asked of each event that is old enough.
using WhyItStays = std::function<Result<Stays>(const StoredEvent& event)>;

// A plan for each rule that the policy has; it may be empty. Cost: reads the log's index. Errors:
// of `why_it_stays`; Corrupt, Unavailable.
Result<std::vector<RetentionPlan>> plan_retention(const EventLog& events,
                                                  const RetentionPolicy& policy,
                                                  const WhyItStays& why_it_stays, Timestamp now);

// What an application of `plan` is in the audit log. It holds digests and counts, nothing of the
// mails, so it verifies whatever becomes of them.
AuditEntry entry_of(const RetentionPlan& plan, std::string_view actor, Timestamp now);
// The end of an application that a hold cut short: `removed` is what went by the entry at
// `audit_entry`, and nothing else did.
AuditEntry stop_of(const RetentionPlan& plan, std::uint64_t audit_entry,
                   std::span<const Digest> removed, std::string_view actor, Timestamp now);
// What the events say of why they went, `audit_entry` being the place of that entry.
Removal removal_by(const RetentionPlan& plan, std::uint64_t audit_entry, Timestamp now);
// SHA-256 over the events' digests in ascending order: what the entry names, and anybody can
// compute again from the events that name the entry.
Digest digest_of(std::vector<Digest> events);

// So many events are removed at one time: about as much work as a batch of mails.
inline constexpr std::size_t kRemovedAtOnce = 256;

}  // namespace winnow
