#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "pipeline/bundle_loader.h"

namespace winnow::cli {
namespace {

Json to_json(const ListedBundle& listed) {
  Json artifacts = Json::array();
  for (const auto& ref : listed.bundle.artifacts) artifacts.push(winnow::to_json(ref));
  return Json::object({{"id", listed.id.text()},
                       {"domain", listed.bundle.domain},
                       {"created", listed.created.text()},
                       {"actor", listed.actor},
                       {"artifacts", std::move(artifacts)}});
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto bundles, workspace->registry().bundles());
  Json all = Json::array();
  Table table({{"bundle"}, {"domain"}, {"created"}, {"actor"}, {"artifacts"}});
  for (const auto& listed : bundles) {
    all.push(to_json(listed));
    std::string kinds;
    for (const auto& ref : listed.bundle.artifacts)
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", name_of(ref.kind),
                           ref.digest.short_hex().substr(0, 6));
    table.add({short_text(listed.id), listed.bundle.domain, short_time(listed.created),
               listed.actor, kinds});
  }
  console.document("bundles.list", Json::object({{"bundles", std::move(all)}}));
  table.print_or(console, "no bundles yet", "winnow train mail, then winnow bundles build");
  return 0;
}

Result<int> show(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  auto& registry = workspace->registry();
  WINNOW_TRY(const auto listed, bundle_named(registry, arguments.text("bundle")));
  console.document("bundles.show", Json::object({{"bundle", to_json(listed)}}));
  console.line(fmt::format("bundle   {}", listed.id.text()));
  console.line(fmt::format("domain   {}", listed.bundle.domain));
  console.line(fmt::format("created  {} by {}", listed.created.text(), printable(listed.actor)));
  Table table({{"kind"}, {"name"}, {"digest"}, {"size", true}, {"made by"}});
  for (const auto& ref : listed.bundle.artifacts) {
    WINNOW_TRY(const auto artifact, registry.artifact(ref.digest));
    table.add({std::string(name_of(ref.kind)), ref.name, ref.digest.hex(),
               human_bytes(artifact.size), artifact.run ? artifact.run->text() : "content"});
  }
  table.print(console);
  return 0;
}

Result<int> compare(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto before, bundle_named(workspace->registry(), arguments.text("before")));
  WINNOW_TRY(const auto after, bundle_named(workspace->registry(), arguments.text("after")));
  const auto text = [](const std::optional<Digest>& digest) {
    return digest ? digest->short_hex() : std::string("-");
  };
  Json changes = Json::array();
  Table table({{"kind"}, {"name"}, {short_text(before.id)}, {short_text(after.id)}});
  for (const auto& change : diff(before.bundle, after.bundle)) {
    table.add(
        {std::string(name_of(change.kind)), change.name, text(change.before), text(change.after)});
    changes.push(Json::object({{"kind", name_of(change.kind)},
                               {"name", change.name},
                               {"before", change.before ? Json(change.before->hex()) : Json()},
                               {"after", change.after ? Json(change.after->hex()) : Json()}}));
  }
  console.document("bundles.diff", Json::object({{"before", before.id.text()},
                                                 {"after", after.id.text()},
                                                 {"changes", std::move(changes)}}));
  table.print_or(console, "the bundles are the same");
  return 0;
}

// The newest artifact of a kind (and a name, unless that is empty), or the one asked for; nothing
// for "none", and for "latest" when there is none.
Result<std::optional<Artifact>> chosen(Registry& registry, ArtifactKind kind,
                                       const std::string& name, const std::string& wanted) {
  if (wanted == "none") return std::optional<Artifact>();
  if (wanted != "latest") {
    WINNOW_TRY(auto artifact, registry.artifact(kind, wanted));
    return std::optional(std::move(artifact));
  }
  WINNOW_TRY(auto all, registry.artifacts({kind, name, std::nullopt}));
  return all.empty() ? std::optional<Artifact>() : std::optional(std::move(all.front()));
}

// A model decides with the feature set it was trained on, whatever content/ says today.
Result<ArtifactRef> feature_set_of(Registry& registry, const Workspace& workspace, Domain domain,
                                   const std::optional<Artifact>& model, const std::string& actor,
                                   Console& console) {
  WINNOW_TRY(const auto today, read_feature_set(workspace, domain));
  if (model && model->run) {
    WINNOW_TRY(const auto run, registry.run(model->run->text()));
    if (run.feature_set && *run.feature_set != today.digest()) {
      console.note(fmt::format(
          "content/features/{}.yaml has changed since the model was trained; the bundle keeps "
          "the one it was trained on",
          name_of(domain)));
      WINNOW_TRY(const auto trained_on, registry.artifact(*run.feature_set));
      return trained_on.ref();
    }
  }
  WINNOW_TRY(const auto added, registry.add({ArtifactKind::FeatureSet, std::string(name_of(domain)),
                                             today.canonical(), "application/json"},
                                            actor));
  return added.ref();
}

// The novelty model that reads these features: the newest, or the one asked for. One of other
// features cannot score here.
Result<std::optional<Artifact>> novelty_model_for(Registry& registry, Domain domain,
                                                  const std::string& wanted,
                                                  const Digest& feature_set, Console& console) {
  WINNOW_TRY(auto found,
             chosen(registry, ArtifactKind::NoveltyModel, std::string(name_of(domain)), wanted));
  if (!found || !found->run) return found;
  WINNOW_TRY(const auto run, registry.run(found->run->text()));
  if (run.feature_set == feature_set) return found;
  console.note(fmt::format(
      "the novelty model {} was trained on other features: it is left out; winnow train "
      "{} --novelty makes one of these",
      found->digest.short_hex(), name_of(domain)));
  return std::optional<Artifact>();
}

Result<int> build(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  auto& registry = workspace->registry();
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  const auto domain = domain_of(arguments);
  const std::string name(name_of(domain));
  // Models of another name do not decide here: they are of another domain, or tell novelty.
  WINNOW_TRY(const auto model,
             chosen(registry, ArtifactKind::Model, name, arguments.text("model")));
  if (model && model->name != name) {
    return Error(Code::InvalidArgument, fmt::format("the model {} is named '{}': it does not "
                                                    "decide in '{}'",
                                                    model->digest.short_hex(), model->name, name))
        .with_hint(fmt::format("winnow models list shows the models; those of the name '{}' decide",
                               name));
  }
  WINNOW_TRY(const auto intel,
             chosen(registry, ArtifactKind::IntelSnapshot, "", arguments.text("intel")));
  WINNOW_TRY(const auto feature_ref,
             feature_set_of(registry, *workspace, domain, model, actor, console));
  WINNOW_TRY(const auto novelty, novelty_model_for(registry, domain, arguments.text("novelty"),
                                                   feature_ref.digest, console));
  WINNOW_TRY(const auto feature_bytes, registry.read(feature_ref.digest));
  WINNOW_TRY(const auto features, FeatureSet::from_canonical(feature_bytes));
  WINNOW_TRY(const auto policy, read_policy(*workspace, domain, features));
  WINNOW_TRY(auto artifacts, add_mappings(*workspace, domain, actor));
  WINNOW_TRY(const auto policy_artifact,
             registry.add({ArtifactKind::Policy, name, policy, "application/json"}, actor));
  artifacts.push_back(feature_ref);
  artifacts.push_back(policy_artifact.ref());
  Bundle bundle{name, std::move(artifacts)};
  if (model) bundle.artifacts.push_back(model->ref());
  if (novelty) bundle.artifacts.push_back(novelty->ref());
  if (intel) bundle.artifacts.push_back(intel->ref());
  WINNOW_TRY(const auto id, registry.add(bundle, actor));
  WINNOW_TRY(const auto listed, registry.bundle(id.text()));
  WINNOW_TRY(load_bundle(registry,
                         listed));  // what does not compile together is said now, not at promotion
  console.document("bundles.build", Json::object({{"bundle", to_json(listed)}}));
  console.line(fmt::format("built {} from {} artifacts", short_text(id), bundle.artifacts.size()));
  if (!model) console.note("there is no model yet: the policy's rules decide alone");
  console.note("next: winnow evaluate --bundle latest, winnow deployments promote latest");
  return 0;
}

}  // namespace

std::vector<Command> bundles_commands() {
  using Kind = Option::Kind;
  return {
      {"bundles build",
       "Puts the artifacts that decide together into a bundle",
       "Mapping, features and policy from content/, with a model and an intel snapshot from the "
       "registry. Building changes nothing that decides; "
       "promoting does.",
       "winnow bundles build",
       {domain_option(),
        {Kind::Text, "model", "latest, none, or a digest", "latest"},
        {Kind::Text, "novelty", "the novelty model: latest, none, or a digest", "latest"},
        {Kind::Text, "intel", "latest, none, or a digest", "latest"},
        actor_option(),
        workspace_option()},
       build},
      {"bundles list",
       "Lists the sets of artifacts that can decide together",
       "Newest first.",
       "winnow bundles list",
       {workspace_option()},
       list},
      {"bundles show",
       "Shows the artifacts of one bundle and where each came from",
       "",
       "winnow bundles show latest",
       {{Kind::Positional, "bundle", "its id, a unique prefix of it, or latest", "", true},
        workspace_option()},
       show},
      {"bundles diff",
       "Shows which artifacts two bundles do not share",
       "",
       "winnow bundles diff latest latest",
       {{Kind::Positional, "before", "the one bundle", "", true},
        {Kind::Positional, "after", "the other bundle", "", true},
        workspace_option()},
       compare},
  };
}

}  // namespace winnow::cli
