#include "rollout/deployments.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_text.h"
#include "pipeline/bundle_loader.h"
#include "rollout/model_figures.h"

namespace winnow {
namespace {

constexpr std::string_view kPromoted = "deployment.promoted";
constexpr std::string_view kRolledBack = "deployment.rolled_back";
constexpr std::string_view kRefused = "deployment.refused";
constexpr std::string_view kTookEffect = "deployment.took_effect";

constexpr std::array<std::string_view, 2> kSchema = {R"sql(
CREATE TABLE promotions (
  audit_entry INTEGER PRIMARY KEY,
  domain      TEXT NOT NULL,
  champion    TEXT NOT NULL,
  before      TEXT,
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  reason      TEXT NOT NULL,
  rollback    INTEGER NOT NULL
) STRICT;
CREATE INDEX promotions_by_domain ON promotions (domain, audit_entry);
CREATE TABLE promotions_cursor (audit_entries INTEGER NOT NULL) STRICT;
INSERT INTO promotions_cursor VALUES (0);
)sql",
                                                     R"sql(
ALTER TABLE promotions ADD COLUMN took_effect INTEGER;
)sql"};

constexpr std::string_view kColumns =
    "audit_entry, domain, champion, before, at, actor, reason, rollback, took_effect";

Result<std::vector<Promotion>> read_all(SqliteStatement& select) {
  std::vector<Promotion> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    Promotion p;
    std::string champion;
    std::optional<std::string> before;
    WINNOW_TRY(select.read(p.audit_entry, p.domain, champion, before, p.at, p.actor, p.reason,
                           p.rollback, p.took_effect));
    p.champion = BundleId(champion);
    if (before) p.before = BundleId(*before);
    found.push_back(std::move(p));
  }
}

// Adds the check that `status` answers.
void check(PromotionPlan& plan, std::string name, const Status& status, std::string detail) {
  plan.checks.push_back({std::move(name), status.has_value(), false,
                         status ? std::move(detail) : status.error().text()});
}

// A model decides only when it is on record where it came from: a signed run that succeeded.
Status check_model_run(Registry& registry, const ArtifactRef& model) {
  WINNOW_TRY(const auto artifact, registry.artifact(model.digest));
  if (!artifact.run)
    return Error(Code::Denied, fmt::format("no run is on record as having made model {}",
                                           model.digest.short_hex()));
  WINNOW_TRY(const auto run, registry.run(artifact.run->text()));
  if (run.status != RunStatus::Succeeded)
    return Error(Code::Denied, fmt::format("run {} failed: {}", run.id.text(), run.failure));
  const bool made_it =
      std::any_of(run.outputs.begin(), run.outputs.end(),
                  [&](const ArtifactRef& ref) { return ref.digest == model.digest; });
  if (!made_it)
    return Error(Code::Denied, fmt::format("run {} does not list model {} among its outputs",
                                           run.id.text(), model.digest.short_hex()));
  return {};
}

Result<std::optional<ModelFigures>> champion_figures(Registry& registry,
                                                     const PromotionPlan& plan) {
  if (!plan.before) return std::optional<ModelFigures>();
  WINNOW_TRY(const auto listed, registry.bundle(plan.before->text()));
  const auto models = listed.bundle.all(ArtifactKind::Model);
  return models.empty() ? Result<std::optional<ModelFigures>>(std::nullopt)
                        : figures_of_model(registry, models.front());
}

// It holds whatever is found: figures of other events may say little of these.
Status add_evaluation(Registry& registry, const ArtifactRef& model, PromotionPlan& plan) {
  WINNOW_TRY(const auto figures, figures_of_model(registry, model));
  WINNOW_TRY(const auto champion, champion_figures(registry, plan));
  const auto doubt = doubt_about(figures, champion);
  plan.checks.push_back(
      {"evaluation", true, doubt.has_value(), doubt ? *doubt : text_of(*figures)});
  return {};
}

}  // namespace

bool PromotionPlan::holds() const {
  return std::all_of(checks.begin(), checks.end(), [](const PromotionCheck& c) { return c.holds; });
}

Json to_json(const Promotion& promotion) {
  return Json::object({{"domain", promotion.domain},
                       {"champion", promotion.champion.text()},
                       {"before", json_text(promotion.before)},
                       {"at", promotion.at.text()},
                       {"actor", promotion.actor},
                       {"reason", promotion.reason},
                       {"rollback", promotion.rollback},
                       {"took_effect", json_text(promotion.took_effect)},
                       {"audit_entry", promotion.audit_entry}});
}

Result<Deployments> Deployments::open(Registry& registry, const Path& database, Access access) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, access));
  Deployments deployments(registry, std::move(sqlite));
  if (access == Access::ReadWrite) {
    WINNOW_TRY(deployments.database_.migrate("deployments", kSchema));
    WINNOW_TRY(deployments.catch_up());
  }
  return deployments;
}

Status Deployments::catch_up() {
  auto& audit = registry_->audit();
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(auto cursor, database_.prepare("SELECT audit_entries FROM promotions_cursor"));
  WINNOW_TRY(cursor.bind());
  WINNOW_TRY(cursor.next());
  std::uint64_t seen = 0;
  WINNOW_TRY(cursor.read(seen));
  const auto size = audit.size();
  if (seen >= size) return {};  // another process may be ahead
  const auto project = [&](std::uint64_t index, std::string_view text) -> Result<bool> {
    WINNOW_TRY(const auto entry, audit_entry_of(text));
    if (entry.action == kTookEffect) {
      WINNOW_TRY(const auto promotion, entry.details.need_int("promotion"));
      WINNOW_TRY(const auto since_text, entry.details.need_string("since"));
      WINNOW_TRY(const auto since, Timestamp::parse(since_text));
      WINNOW_TRY(database_.run("UPDATE promotions SET took_effect = ?1 WHERE audit_entry = ?2",
                               since, promotion));
      return true;
    }
    if (entry.action != kPromoted && entry.action != kRolledBack) return true;
    WINNOW_TRY(const auto domain, entry.details.need_string("domain"));
    const auto& before = entry.details["before"];
    WINNOW_TRY(database_.run(
        "INSERT OR REPLACE INTO promotions VALUES (?1,?2,?3,?4,?5,?6,?7,?8,NULL)", index, domain,
        entry.subject, before.is_string() ? std::optional(before.as_string()) : std::nullopt,
        entry.time, entry.actor, entry.details["reason"].as_string(), entry.action == kRolledBack));
    return true;
  };
  WINNOW_TRY(audit.scan(seen, size, project));
  WINNOW_TRY(database_.run("UPDATE promotions_cursor SET audit_entries = ?1", size));
  return transaction.commit();
}

Result<Promotion> Deployments::champion(std::string_view domain) {
  WINNOW_TRY(auto changes, history(domain));
  if (changes.empty()) {
    return Error(Code::NotFound, fmt::format("no bundle is deployed for '{}'", domain))
        .with_hint("winnow deployments promote BUNDLE makes one champion");
  }
  return std::move(changes.front());
}

Result<std::vector<Promotion>> Deployments::history(std::string_view domain) {
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format(
                 "SELECT {} FROM promotions WHERE ?1 = '' OR domain = ?1 ORDER BY audit_entry DESC",
                 kColumns)));
  WINNOW_TRY(select.bind(domain));
  return read_all(select);
}

Result<std::vector<Promotion>> Deployments::champions() {
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM promotions p WHERE audit_entry = "
                                           "(SELECT max(audit_entry) FROM promotions q "
                                           "WHERE q.domain = p.domain) ORDER BY domain",
                                           kColumns)));
  WINNOW_TRY(select.bind());
  return read_all(select);
}

Result<PromotionPlan> Deployments::plan(std::string_view bundle_prefix) {
  WINNOW_TRY(const auto listed, registry_->bundle(bundle_prefix));
  PromotionPlan plan{listed.bundle.domain, listed.id, std::nullopt, {}};
  if (const auto now = champion(plan.domain)) {
    if (now->champion == plan.champion) {
      return Error(Code::Conflict, fmt::format("{} is the champion of {} already",
                                               short_text(plan.champion), plan.domain));
    }
    plan.before = now->champion;
  } else if (now.error().code() != Code::NotFound) {
    return now.error();
  }
  const auto loaded = load_bundle(*registry_, listed);
  check(plan, "artifacts", loaded ? Status() : Status(loaded.error()),
        fmt::format("{} artifacts are whole and compile together", listed.bundle.artifacts.size()));
  for (const auto kind : {ArtifactKind::Model, ArtifactKind::NoveltyModel}) {
    for (const auto& model : listed.bundle.all(kind)) {
      check(
          plan, "model lineage", check_model_run(*registry_, model),
          fmt::format("model {} comes from a signed run that succeeded", model.digest.short_hex()));
    }
  }
  for (const auto& model : listed.bundle.all(ArtifactKind::Model)) {
    if (!plan.holds()) break;
    WINNOW_TRY(add_evaluation(*registry_, model, plan));
  }
  return plan;
}

Result<Promotion> Deployments::promote(std::string_view bundle_prefix, std::string_view actor,
                                       std::string_view reason) {
  WINNOW_TRY(const auto wanted, plan(bundle_prefix));
  return record(wanted, actor, reason, false);
}

Status Deployments::note_effect(std::string_view domain, const BundleId& bundle, Timestamp since) {
  WINNOW_TRY(const auto changes, history(domain));
  const auto promotion = std::ranges::find_if(changes, [&](const Promotion& change) {
    return change.champion == bundle && change.at <= since;
  });
  if (promotion == changes.end()) {
    return Error(Code::NotFound,
                 fmt::format("{} was never promoted for '{}'", short_text(bundle), domain));
  }
  if (promotion->took_effect) return {};
  const AuditEntry entry{
      registry_->clock().now(), "winnow", std::string(kTookEffect), bundle.text(),
      Json::object(
          {{"domain", domain}, {"promotion", promotion->audit_entry}, {"since", since.text()}})};
  WINNOW_TRY(registry_->audit().append(entry));
  return catch_up();
}

Result<PromotionPlan> Deployments::plan_rollback(std::string_view domain) {
  WINNOW_TRY(auto changes, history(domain));
  // A promotion puts its bundle on top of the one before, a rollback takes the top one off.
  std::vector<BundleId> standing;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    if (change->rollback && standing.size() > 1) {
      standing.pop_back();
    } else {
      standing.push_back(change->champion);
    }
  }
  if (standing.size() < 2) {
    WINNOW_TRY(const auto now, champion(domain));
    return Error(Code::NotFound,
                 fmt::format("{} is the first champion of {}: there is nothing to go back to",
                             short_text(now.champion), domain));
  }
  return plan(standing[standing.size() - 2].text());
}

Result<Promotion> Deployments::rollback(std::string_view domain, std::string_view actor,
                                        std::string_view reason) {
  WINNOW_TRY(const auto wanted, plan_rollback(domain));
  return record(wanted, actor, reason, true);
}

Result<Promotion> Deployments::record(const PromotionPlan& plan, std::string_view actor,
                                      std::string_view reason, bool rollback) {
  const auto broken = std::find_if(plan.checks.begin(), plan.checks.end(),
                                   [](const PromotionCheck& c) { return !c.holds; });
  AuditEntry entry{
      registry_->clock().now(), std::string(actor), std::string(rollback ? kRolledBack : kPromoted),
      plan.champion.text(),
      Json::object(
          {{"domain", plan.domain}, {"before", json_text(plan.before)}, {"reason", reason}})};
  if (broken != plan.checks.end()) {
    entry.action = kRefused;
    entry.details.set("check", broken->name).set("detail", broken->detail);
    WINNOW_TRY(registry_->audit().append(entry));
    return Error(Code::Denied,
                 fmt::format("{} may not decide for {}: check '{}' does not hold: {}",
                             short_text(plan.champion), plan.domain, broken->name, broken->detail))
        .with_hint("winnow deployments promote --dry-run shows every check");
  }
  // First record, then act: a change that cannot be recorded does not happen.
  WINNOW_TRY(registry_->audit().append(entry));
  WINNOW_TRY(catch_up());
  return champion(plan.domain);
}

}  // namespace winnow
