#include "retention/retention.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.h"

namespace winnow {
namespace {

// It holds digests and counts, nothing of the rows, so it verifies whatever becomes of them.
AuditEntry entry_of(const RetentionPlan& plan, std::string_view actor, Timestamp now) {
  return {.time = now,
          .actor = std::string(actor),
          .action = "retention.applied",
          .subject = plan.rule,
          .details = Json::object({{"before", plan.before.text()},
                                   {"rows", plan.ids.size()},
                                   {"bytes", bytes_json(plan)},
                                   {"first", json_text(plan.first)},
                                   {"last", json_text(plan.last)},
                                   {"held", plan.held},
                                   {"open", plan.open},
                                   {"ids_sha256", digest_of(plan.ids).hex()}})};
}

// The end of an application that a hold cut short: `removed` is what went by the entry at
// `audit_entry`, and nothing else did.
AuditEntry stop_of(const RetentionPlan& plan, std::uint64_t audit_entry,
                   std::span<const std::string> removed, std::string_view actor, Timestamp now) {
  return {
      .time = now,
      .actor = std::string(actor),
      .action = "retention.stopped",
      .subject = plan.rule,
      .details = Json::object({{"applied", audit_entry},
                               {"why", "a hold was placed"},
                               {"rows", removed.size()},
                               {"ids_sha256", digest_of({removed.begin(), removed.end()}).hex()}})};
}

void consider(OldRow row, RetentionPlan& plan) {
  if (row.stays != Stays::No) {
    ++(row.stays == Stays::Held ? plan.held : plan.open);
    return;
  }
  if (plan.ids.size() == RetentionPlan::kMostRows) {
    plan.more = true;
    return;
  }
  plan.bytes += row.bytes;
  plan.first = std::min(plan.first.value_or(row.since), row.since);
  plan.last = std::max(plan.last.value_or(row.since), row.since);
  plan.ids.push_back(std::move(row.id));
}

}  // namespace

std::string_view rule_of(RetainedKind kind) {
  constexpr std::string_view kRules[] = {"retention.mails", "retention.labelled_mails",
                                         "retention.cases", "retention.decisions",
                                         "retention.quarantine"};
  return kRules[static_cast<std::size_t>(kind)];
}

Result<RetentionPlan> plan_retention(const RetainedRows& rows, std::chrono::days kept_for,
                                     Timestamp now) {
  RetentionPlan plan;
  plan.kind = rows.kind;
  plan.rule = fmt::format("{}: {}d", rule_of(rows.kind), kept_for.count());
  plan.before = now - kept_for;
  for (;;) {
    WINNOW_TRY(auto page, rows.next(plan.before));
    if (page.empty()) return plan;
    for (auto& row : page) consider(std::move(row), plan);
  }
}

Result<RetentionDone> apply_retention(const RetentionPlan& plan, StoreWriters& writers,
                                      const std::optional<std::uint64_t>& known,
                                      const RetentionStores& stores, std::string_view actor,
                                      Progress& progress) {
  const auto now = stores.clock.now();
  const std::span all(plan.ids);
  RetentionDone done;
  WINNOW_TRY(done.audit_entry, stores.audit.append(entry_of(plan, actor, now)));
  const Removal removal{now, fmt::format("{}, audit entry {}", plan.rule, done.audit_entry)};
  progress.stage(fmt::format("removing by {}", rule_of(plan.kind)), all.size());
  for (std::size_t at = 0; at < all.size(); at += kRemovedAtOnce) {
    const auto batch = all.subspan(at, std::min(kRemovedAtOnce, all.size() - at));
    {
      WINNOW_TRY(const auto pause, stores.holds.pause());
      WINNOW_TRY(const auto newest, stores.holds.newest());
      done.stopped = newest != known;
      if (!done.stopped) {
        WINNOW_TRY(const auto removed, writers.remove(plan.kind, batch, removal));
        done.rows += removed;
      }
    }
    if (done.stopped) {
      WINNOW_TRY(stores.audit.append(
          stop_of(plan, done.audit_entry, all.first(at), actor, stores.clock.now())));
      return done;
    }
    progress.advance(batch.size());
  }
  return done;
}

Json plan_json(const RetentionPlan& plan) {
  return Json::object({{"rule", plan.rule},
                       {"before", plan.before.text()},
                       {"rows", plan.ids.size()},
                       {"bytes", bytes_json(plan)},
                       {"first", json_text(plan.first)},
                       {"last", json_text(plan.last)},
                       {"held", plan.held},
                       {"open", plan.open},
                       {"more", plan.more}});
}

Json bytes_json(const RetentionPlan& plan) { return plan.bytes == 0 ? Json() : Json(plan.bytes); }

Digest digest_of(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  std::string text;
  for (const auto& id : ids) text += id + "\n";
  return sha256(text);
}

}  // namespace winnow
