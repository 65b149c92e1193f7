// Which bundle decides for a domain. The audit log is the truth: a change is recorded there first,
// and what stands in SQL is only its projection, caught up whenever it is opened.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "registry/registry.h"
#include "store/sqlite.h"

namespace winnow {

// One change of a domain's champion; the newest is what decides now.
struct Promotion {
  std::uint64_t audit_entry = 0;  // its place in the audit log
  std::string domain;
  BundleId champion;
  std::optional<BundleId> before;  // empty for a domain's first champion
  Timestamp at;
  std::string actor;
  std::string reason;
  bool rollback = false;
  // When it began to decide, where it waited for its entity states (ADR 20). Others decide at once.
  std::optional<Timestamp> took_effect = {};
};

Json to_json(const Promotion& promotion);

// One thing a bundle must show before it may decide.
struct PromotionCheck {
  std::string name;  // "model lineage"
  bool holds = false;
  bool doubtful = false;  // it holds, and `detail` says what speaks against promoting all the same
  std::string detail;     // what was found
};

struct PromotionPlan {
  std::string domain;
  BundleId champion;
  std::optional<BundleId> before;
  std::vector<PromotionCheck> checks;
  bool holds() const;
};

// One thread at a time. `registry` outlives it.
class Deployments {
 public:
  static Result<Deployments> open(Registry& registry, const Path& database, Access access);

  // Errors: NotFound (the domain has no champion yet).
  Result<Promotion> champion(std::string_view domain);
  Result<std::vector<Promotion>> history(
      std::string_view domain);                // newest first; empty domain: all
  Result<std::vector<Promotion>> champions();  // one a domain

  // What would change and whether the bundle may decide: its artifacts are whole, it compiles, its
  // model comes from a signed run that succeeded or was imported on record. In doubt is a model
  // that was never measured on labelled events, or did worse than the baseline or the champion's: a
  // person decides that. Changes nothing.
  // Errors: NotFound (no such bundle), Conflict (it is champion already).
  Result<PromotionPlan> plan(std::string_view bundle_prefix);
  // Errors: those of plan(); Denied (a check does not hold; nothing changed, the refusal is on
  // record).
  Result<Promotion> promote(std::string_view bundle_prefix, std::string_view actor,
                            std::string_view reason);
  // Puts on record since when the newest promotion of this bundle decides that came before; nothing
  // to do where that is on record. Errors: NotFound (it was never promoted), of the audit log.
  Status note_effect(std::string_view domain, const BundleId& bundle, Timestamp since);
  // What going back would do: to the champion from before the present one was promoted, so that
  // going back twice goes back further. Errors: NotFound (there is none), Corrupt.
  Result<PromotionPlan> plan_rollback(std::string_view domain);
  // Errors: as plan_rollback() and promote().
  Result<Promotion> rollback(std::string_view domain, std::string_view actor,
                             std::string_view reason);

 private:
  Deployments(Registry& registry, Sqlite database)
      : registry_(&registry), database_(std::move(database)) {}
  Status catch_up();
  Result<Promotion> record(const PromotionPlan& plan, std::string_view actor,
                           std::string_view reason, bool rollback);
  Registry* registry_;
  Sqlite database_;
};

}  // namespace winnow
