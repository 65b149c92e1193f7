#include "retention/rows.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "base/json_text.h"

namespace winnow {
namespace {

constexpr std::size_t kPage = 1024;

AuditEntry entry_of(const RowPlan& plan, std::string_view actor, Timestamp now) {
  return {.time = now,
          .actor = std::string(actor),
          .action = "retention.applied",
          .subject = plan.rule,
          .details = Json::object({{"before", plan.before.text()},
                                   {"rows", plan.ids.size()},
                                   {"first", json_text(plan.first)},
                                   {"last", json_text(plan.last)},
                                   {"held", plan.held},
                                   {"open", plan.open},
                                   {"ids_sha256", digest_of(plan.ids).hex()}})};
}

AuditEntry stop_of(const RowPlan& plan, std::uint64_t audit_entry,
                   std::span<const std::string> removed, std::string_view actor, Timestamp now) {
  return {.time = now,
          .actor = std::string(actor),
          .action = "retention.stopped",
          .subject = plan.rule,
          .details = Json::object(
              {{"applied", audit_entry},
               {"why", "a hold was placed"},
               {"rows", removed.size()},
               {"ids_sha256", digest_of(std::vector(removed.begin(), removed.end())).hex()}})};
}

Status consider(OldRow row, const RowKind& kind, RowPlan& plan) {
  WINNOW_TRY(const auto stays, kind.why_it_stays(row));
  if (stays != Stays::No) {
    ++(stays == Stays::Held ? plan.held : plan.open);
    return {};
  }
  if (plan.ids.size() == RowPlan::kMostRows) {
    plan.more = true;
    return {};
  }
  plan.first = std::min(plan.first.value_or(row.since), row.since);
  plan.last = std::max(plan.last.value_or(row.since), row.since);
  plan.ids.push_back(std::move(row.id));
  return {};
}

// Ids of decisions and of records in quarantine are digests.
Result<std::vector<Digest>> digests_of(std::span<const std::string> ids, std::string_view prefix) {
  std::vector<Digest> digests;
  for (const auto& id : ids) {
    WINNOW_TRY(digests.emplace_back(),
               Digest::from_hex(std::string_view(id).substr(prefix.size())));
  }
  return digests;
}

}  // namespace

Result<RowPlan> plan_rows(const RowKind& kind, std::chrono::days kept_for, Timestamp now) {
  RowPlan plan;
  plan.rule = fmt::format("{}: {}d", kind.rule, kept_for.count());
  plan.before = now - kept_for;
  for (;;) {
    WINNOW_TRY(auto page, kind.next(plan.before));
    if (page.empty()) return plan;
    for (auto& row : page) WINNOW_TRY(consider(std::move(row), kind, plan));
  }
}

Result<RetentionDone> apply_rows(const RowPlan& plan, const RowKind& kind,
                                 const std::optional<std::uint64_t>& known, const RowStores& stores,
                                 std::string_view actor, Progress& progress) {
  const auto now = stores.clock.now();
  const std::span all(plan.ids);
  RetentionDone done;
  WINNOW_TRY(done.audit_entry, stores.audit.append(entry_of(plan, actor, now)));
  const Removal removal{now, fmt::format("{}, audit entry {}", plan.rule, done.audit_entry)};
  progress.stage(fmt::format("removing by {}", kind.rule), all.size());
  for (std::size_t at = 0; at < all.size(); at += kRemovedAtOnce) {
    const auto batch = all.subspan(at, std::min(kRemovedAtOnce, all.size() - at));
    {
      WINNOW_TRY(const auto pause, stores.holds.pause());
      WINNOW_TRY(const auto newest, stores.holds.newest());
      done.stopped = newest != known;
      if (!done.stopped) {
        WINNOW_TRY(const auto removed, kind.remove(batch, removal));
        done.events += removed;
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

Digest digest_of(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  std::string text;
  for (const auto& id : ids) text += id + "\n";
  return sha256(text);
}

RowKind decision_rows(DecisionStore& decisions, const HoldCheck& holds) {
  // Where the reading is, and which events the page is about.
  struct Reading {
    std::optional<OldDecision> last;
    std::map<std::string, Digest> events;
  };
  const auto reading = std::make_shared<Reading>();
  const auto next = [&decisions, reading](Timestamp before) -> Result<std::vector<OldRow>> {
    WINNOW_TRY(const auto page, decisions.closed_before(before, reading->last, kPage));
    std::vector<OldRow> rows;
    reading->events.clear();
    for (const auto& one : page) {
      const auto id = "d-" + one.id.hex();
      reading->events.emplace(id, one.event);
      rows.push_back({id, one.decided_at});
    }
    reading->last = page.empty() ? std::nullopt : std::optional(page.back());
    return rows;
  };
  const auto stays = [&holds, reading](const OldRow& row) -> Result<Stays> {
    WINNOW_TRY(const bool held, holds.covers(reading->events.at(row.id)));
    return held ? Stays::Held : Stays::No;
  };
  const auto remove = [&decisions](std::span<const std::string> ids,
                                   const Removal& removal) -> Result<std::uint64_t> {
    WINNOW_TRY(const auto digests, digests_of(ids, "d-"));
    return decisions.remove(digests, removal);
  };
  return {"retention.decisions", next, stays, remove};
}

RowKind quarantine_rows(Quarantine& quarantine, const HoldCheck& holds) {
  const auto last = std::make_shared<std::uint64_t>(0);
  const auto next = [&quarantine, last](Timestamp before) -> Result<std::vector<OldRow>> {
    WINNOW_TRY(const auto page, quarantine.list({.seen_before = before}, *last, kPage));
    std::vector<OldRow> rows;
    for (const auto& record : page) rows.push_back({record.digest.hex(), record.first_seen});
    *last = page.empty() ? 0 : page.back().id;
    return rows;
  };
  const auto stays = [&holds](const OldRow& row) -> Result<Stays> {
    return holds.covers_unread(row.since) ? Stays::Held : Stays::No;
  };
  const auto remove = [&quarantine](std::span<const std::string> ids,
                                    const Removal&) -> Result<std::uint64_t> {
    WINNOW_TRY(const auto digests, digests_of(ids, ""));
    return quarantine.remove(digests);
  };
  return {"retention.quarantine", next, stays, remove};
}

Status erase_deleted(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite));
  WINNOW_TRY(auto checkpoint, sqlite.prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
  WINNOW_TRY(checkpoint.bind());
  WINNOW_TRY(checkpoint.next());
  bool busy = false;
  std::int64_t pages = 0, moved = 0;
  WINNOW_TRY(checkpoint.read(busy, pages, moved));
  if (!busy) return {};
  return Error(Code::Conflict,
               fmt::format("'{}' is being read as it was before the removal", database.string()))
      .with_hint("run the same command again");
}

}  // namespace winnow
