#include "server/endpoints/lineage.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMostNodes = 300;        // more than anybody can look at
constexpr std::size_t kPromotionsABundle = 3;  // the newest

bool is_data(ArtifactKind kind) {
  return kind == ArtifactKind::DataSet || kind == ArtifactKind::LabelSet;
}

class Walk {
 public:
  explicit Walk(RecordStores& stores) : stores_(stores) {}

  Result<Json> from(std::string_view id) {
    WINNOW_TRY(const auto start, begin(id));
    // In the order in which they were met: what is nearer is told first.
    for (; !pending_.empty(); pending_.pop_front()) WINNOW_TRY(pending_.front()());
    return Json::object(
        {{"start", start}, {"nodes", std::move(nodes_)}, {"edges", std::move(edges_)}});
  }

 private:
  // True: it is new, and what it came of is to be told.
  bool add(const std::string& id, std::string_view kind, std::string_view name, Json at,
           Json facts) {
    if (known_.size() == kMostNodes || !known_.insert(id).second) return false;
    nodes_.push(Json::object({{"id", id},
                              {"kind", kind},
                              {"name", name},
                              {"at", std::move(at)},
                              {"facts", std::move(facts)}}));
    return true;
  }
  // An edge to what was left out would lead nowhere.
  void join(std::string_view from, std::string_view to, std::string_view how) {
    if (known_.contains(std::string(from)) && known_.contains(std::string(to)))
      edges_.push(Json::object({{"from", from}, {"to", to}, {"how", how}}));
  }

  Result<std::string> begin(std::string_view id) {
    if (id.starts_with("d-")) return begin_decision(id);
    if (id.starts_with("b-")) return begin_bundle(id);
    if (id.starts_with("r-")) return begin_run(id);
    const auto digest = Digest::from_hex(id);
    if (!digest)
      return Error(Code::InvalidArgument,
                   fmt::format("'{}' is no decision, bundle, run or artifact",
                               to_valid_utf8(id.substr(0, 80))))
          .with_hint("d-..., b-..., r-..., or the 64 digits of an artifact");
    WINNOW_TRY(const auto artifact, stores_.registry->artifact(*digest));
    WINNOW_TRY(add_artifact(artifact.ref()));
    WINNOW_TRY(add_bundles_with(*digest));
    if (artifact.run) WINNOW_TRY(add_run(*artifact.run));
    return digest->hex();
  }

  Result<std::string> begin_decision(std::string_view id) {
    WINNOW_TRY(const auto record, stores_.decisions.get(id));
    const auto& decision = record.decision;
    const auto full = "d-" + decision.id().hex();
    add(full, "decision", record.subject, record.decided_at.text(),
        Json::object({{"route", name_of(decision.route)}, {"sender", record.sender}}));
    const auto event = decision.event.hex();
    add(event, "event", record.sender, decision.event_time.text(), Json::object());
    join(full, event, "decided about");
    const auto bundle = bundle_id_of(decision.bundle);
    WINNOW_TRY(add_bundle(bundle));
    join(full, bundle.text(), "decided by");
    return full;
  }

  Result<std::string> begin_bundle(std::string_view id) {
    WINNOW_TRY(const auto listed, stores_.registry->bundle(id));
    WINNOW_TRY(add_bundle(listed.id));
    return listed.id.text();
  }

  Result<std::string> begin_run(std::string_view id) {
    WINNOW_TRY(const auto run, stores_.registry->run(id));
    WINNOW_TRY(add_run(run.id));
    for (const auto& output : run.outputs) {
      WINNOW_TRY(add_artifact(output));
      WINNOW_TRY(add_bundles_with(output.digest));
    }
    return run.id.text();
  }

  Status add_bundle(const BundleId& id) {
    WINNOW_TRY(const auto listed, stores_.registry->bundle(id.text()));
    const bool is_new = add(id.text(), "bundle", listed.bundle.domain, listed.created.text(),
                            Json::object({{"actor", listed.actor}}));
    if (!is_new) return {};
    WINNOW_TRY(add_promotions(listed));
    pending_.emplace_back([this, listed]() -> Status {
      for (const auto& ref : listed.bundle.artifacts) {
        WINNOW_TRY(add_artifact(ref));
        join(listed.id.text(), ref.digest.hex(), "holds");
      }
      return {};
    });
    return {};
  }

  Status add_promotions(const ListedBundle& listed) {
    WINNOW_TRY(const auto history, stores_.deployments.history(listed.bundle.domain));
    std::size_t told = 0;
    for (const auto& promotion : history) {
      if (promotion.champion != listed.id || told++ == kPromotionsABundle) continue;
      const auto id = fmt::format("audit-{}", promotion.audit_entry);
      add(id, "promotion", promotion.reason, promotion.at.text(),
          Json::object({{"actor", promotion.actor},
                        {"rollback", promotion.rollback},
                        {"audit_entry", promotion.audit_entry}}));
      join(id, listed.id.text(), promotion.rollback ? "went back to" : "promoted");
    }
    return {};
  }

  Status add_bundles_with(const Digest& digest) {
    WINNOW_TRY(const auto all, stores_.registry->bundles());
    for (const auto& listed : all) {
      if (std::ranges::count(listed.bundle.artifacts, digest, &ArtifactRef::digest) == 0) continue;
      WINNOW_TRY(add_bundle(listed.id));
    }
    return {};
  }

  Status add_artifact(const ArtifactRef& ref) {
    WINNOW_TRY(const auto artifact, stores_.registry->artifact(ref.digest));
    const auto id = ref.digest.hex();
    const bool is_new = add(id, name_of(ref.kind), ref.name, artifact.created.text(),
                            Json::object({{"size", artifact.size},
                                          {"media_type", artifact.media_type},
                                          {"metadata", artifact.metadata}}));
    // A data set hangs on the run that learned from it, which made it too: add_data_set().
    if (!is_new || !artifact.run || is_data(ref.kind)) return {};
    pending_.emplace_back([this, id, run = *artifact.run]() -> Status {
      WINNOW_TRY(add_run(run));
      join(id, run.text(), "made by");
      return {};
    });
    return {};
  }

  Status add_run(const RunId& id) {
    WINNOW_TRY(const auto run, stores_.registry->run(id.text()));
    const bool is_new = add(id.text(), "run", run.kind, run.ended.text(),
                            Json::object({{"actor", run.actor},
                                          {"status", name_of(run.status)},
                                          {"seed", run.seed},
                                          {"build_id", run.build_id}}));
    if (!is_new) return {};
    pending_.emplace_back([this, run]() -> Status {
      add_code(run);
      for (const auto& input : run.inputs) {
        WINNOW_TRY(add_artifact(input));
        join(run.id.text(), input.digest.hex(), "read");
      }
      return add_data_set(run);
    });
    return {};
  }

  // A training makes its data set of the history that it replays, and learns from it.
  Status add_data_set(const Run& run) {
    for (const auto& output : run.outputs) {
      if (!is_data(output.kind)) continue;
      WINNOW_TRY(add_artifact(output));
      join(run.id.text(), output.digest.hex(), "learned from");
    }
    return {};
  }

  void add_code(const Run& run) {
    const auto& code = run.code;
    if (code.commit.empty() && !code.content_digest) return;
    const auto content = code.content_digest ? code.content_digest->hex() : std::string();
    const auto id = fmt::format("code-{}", content.empty() ? code.commit : content);
    add(id, "code", code.commit, Json(),
        Json::object(
            {{"commit", code.commit}, {"content_digest", content}, {"tree", name_of(code.tree)}}));
    join(run.id.text(), id, "ran with");
  }

  RecordStores& stores_;
  Json nodes_ = Json::array(), edges_ = Json::array();
  std::set<std::string> known_;
  std::deque<std::function<Status()>> pending_;
};

}  // namespace

Result<Json> lineage_of(RecordStores& stores, std::string_view id) { return Walk(stores).from(id); }

}  // namespace winnow::server
