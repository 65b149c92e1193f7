#include "retention/retention.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.h"

namespace winnow {
namespace {

constexpr std::size_t kPage = 1024;

struct Rule {
  std::string_view name;
  std::optional<std::chrono::days> kept_for;
  bool labelled;
};

Status consider(const StoredEvent& event, const WhyItStays& why_it_stays, RetentionPlan& plan) {
  WINNOW_TRY(const auto stays, why_it_stays(event));
  if (stays != Stays::No) {
    ++(stays == Stays::Held ? plan.held : plan.open);
    return {};
  }
  if (plan.events.size() == RetentionPlan::kMostEvents) {
    plan.more = true;
    return {};
  }
  plan.events.push_back(event.digest);
  plan.bytes += event.raw_bytes;
  plan.first = std::min(plan.first.value_or(event.received_time), event.received_time);
  plan.last = std::max(plan.last.value_or(event.received_time), event.received_time);
  return {};
}

}  // namespace

Result<std::vector<RetentionPlan>> plan_retention(const EventLog& events,
                                                  const RetentionPolicy& policy,
                                                  const WhyItStays& why_it_stays, Timestamp now) {
  std::vector<RetentionPlan> plans;
  std::vector<Rule> rules;
  for (const auto& rule : {Rule{"retention.mails", policy.mails, false},
                           Rule{"retention.labelled_mails", policy.labelled_mails, true}}) {
    if (!rule.kept_for) continue;
    rules.push_back(rule);
    auto& plan = plans.emplace_back();
    plan.rule = fmt::format("{}: {}d", rule.name, rule.kept_for->count());
    plan.before = now - *rule.kept_for;
  }
  if (plans.empty()) return plans;
  for (std::uint64_t after = 0;;) {
    WINNOW_TRY(const auto page, events.arrivals(after, kPage));
    if (page.empty()) return plans;
    after = page.back().id;
    for (const auto& event : page) {
      if (event.removed) continue;
      for (std::size_t i = 0; i < plans.size(); ++i) {
        const bool falls_under = rules[i].labelled == (event.label != Label::None);
        if (falls_under && event.received_time < plans[i].before)
          WINNOW_TRY(consider(event, why_it_stays, plans[i]));
      }
    }
  }
}

Digest digest_of(std::vector<Digest> events) {
  std::ranges::sort(events);
  std::string bytes;
  for (const auto& event : events) bytes += event.as_text();
  return sha256(bytes);
}

AuditEntry entry_of(const RetentionPlan& plan, std::string_view actor, Timestamp now) {
  return {.time = now,
          .actor = std::string(actor),
          .action = "retention.applied",
          .subject = plan.rule,
          .details = Json::object({{"before", plan.before.text()},
                                   {"events", plan.events.size()},
                                   {"bytes", plan.bytes},
                                   {"first", json_text(plan.first)},
                                   {"last", json_text(plan.last)},
                                   {"held", plan.held},
                                   {"open", plan.open},
                                   {"events_sha256", digest_of(plan.events).hex()}})};
}

AuditEntry stop_of(const RetentionPlan& plan, std::uint64_t audit_entry,
                   std::span<const Digest> removed, std::string_view actor, Timestamp now) {
  return {.time = now,
          .actor = std::string(actor),
          .action = "retention.stopped",
          .subject = plan.rule,
          .details =
              Json::object({{"applied", audit_entry},
                            {"why", "a hold was placed"},
                            {"events", removed.size()},
                            {"events_sha256", digest_of({removed.begin(), removed.end()}).hex()}})};
}

Removal removal_by(const RetentionPlan& plan, std::uint64_t audit_entry, Timestamp now) {
  return {now, fmt::format("{}, audit entry {}", plan.rule, audit_entry)};
}

}  // namespace winnow
