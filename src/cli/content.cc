#include "cli/detail/content.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/session.h"
#include "pipeline/kept_mapping.h"
#include "pipeline/policy.h"

namespace winnow::cli {

Path events_folder(const Workspace& workspace) { return workspace.data() / "events"; }
Path quarantine_file(const Workspace& workspace) { return workspace.data() / "quarantine.db"; }
Path identities_file(const Workspace& workspace) { return workspace.data() / "identities.db"; }
Path filters_file(const Workspace& workspace) { return workspace.data() / "search.db"; }
Path sessions_file(const Workspace& workspace) { return workspace.data() / "sessions.db"; }
Path states_folder(const Workspace& workspace) { return workspace.data() / "states"; }

Result<ReadLimits> read_limits(const Arguments& arguments, const Path& workspace) {
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace));
  ReadLimits limits;
  limits.max_record_bytes = settings.number("ingest.max_record");
  limits.max_csv_record_bytes = settings.number("ingest.max_csv_record");
  return limits;
}

Result<MappingContent> read_mapping(const Workspace& workspace) {
  WINNOW_TRY(const auto yaml,
             Yaml::read((workspace.content() / "mappings" / "mail.yaml").string()));
  WINNOW_TRY(auto options, MailOptions::compile(yaml));
  WINNOW_TRY(auto canonical, to_canonical(yaml.json()));
  return MappingContent{RecordMapping(std::move(options)), std::move(canonical)};
}

Path mappings_folder(const Workspace& workspace) { return workspace.content() / "mappings"; }

Result<std::vector<Mapping>> log_mappings_of(Workspace& workspace, Domain domain) {
  WINNOW_TRY(auto read,
             read_usable_mappings(mappings_folder(workspace), last_kept_in(workspace.registry())));
  for (const auto& refused : read.refused) {
    // One that does not tell its domain may be this one's.
    if (refused.domain.value_or(domain) == domain) return Error(Code::InvalidArgument, refused.why);
  }
  std::erase_if(read.mappings, [&](const Mapping& log) { return log.domain() != domain; });
  return std::move(read.mappings);
}

Error no_such_mapping(const std::string& name, std::span<const Mapping> known) {
  std::vector<std::string> names;
  for (const auto& mapping : known) names.push_back(mapping.name());
  const auto near = nearest(name, names);
  return Error(Code::NotFound, fmt::format("there is no mapping '{}'", name))
      .with_hint(near.empty() ? "winnow mappings list shows them"
                              : fmt::format("did you mean '{}'?", near));
}

Result<UsableMappings> log_mappings_in_use(Workspace& workspace, Console& console) {
  WINNOW_TRY(auto all,
             read_usable_mappings(mappings_folder(workspace), last_kept_in(workspace.registry())));
  for (const auto& refused : all.refused) {
    console.note(fmt::format("refused: {}", refused.why));
    console.note(refused.is_held ? "  what it said when it was last kept, or another file of its "
                                   "name, goes on to hold"
                                 : "  it is left out: what only it knows goes to quarantine, to be "
                                   "tried again");
  }
  return all;
}

Result<std::vector<Mapping>> chosen_log_mappings(Workspace& workspace,
                                                 const std::vector<std::string>& names,
                                                 Console& console) {
  WINNOW_TRY(auto all, log_mappings_in_use(workspace, console));
  auto& mappings = all.mappings;
  if (names.empty()) return std::move(mappings);
  std::vector<Mapping> chosen;
  for (const auto& name : names) {
    const auto found = std::ranges::find(mappings, name, &Mapping::name);
    if (found != mappings.end()) {
      chosen.push_back(*found);
      continue;
    }
    const auto refused = std::ranges::find(all.refused, name, &RefusedMapping::name);
    if (refused != all.refused.end()) return Error(Code::InvalidArgument, refused->why);
    return no_such_mapping(name, mappings);
  }
  return chosen;
}

void tell_always_missing(const std::vector<std::string>& features, Console& console) {
  if (features.empty()) return;
  console.line(console.tinted(fmt::format("missing in all rows: {}", fmt::join(features, ", ")),
                              Console::Tone::Warning));
  console.note(
      "what they are made of is misspelt, set by no mapping, or never happened: winnow mappings "
      "coverage tells what is set");
}

Option domain_positional() {
  Option option{Option::Kind::Positional, "domain", "mail, network, endpoint, cloud or alerts", "",
                true};
  for (const auto domain : kDomains) option.choices.push_back(name_of(domain));
  return option;
}

Option domain_option() {
  auto option = domain_positional();
  option.kind = Option::Kind::Text;
  option.fallback = "mail";
  option.required = false;
  return option;
}

Domain domain_of(const Arguments& arguments) {
  return domain_named(arguments.text("domain")).value_or(Domain::Mail);
}

Result<std::vector<ArtifactRef>> add_mappings(Workspace& workspace, Domain domain,
                                              const std::string& actor) {
  std::vector<ArtifactRef> added;
  const auto add = [&](const std::string& name, const std::string& canonical) -> Status {
    WINNOW_TRY(const auto artifact,
               workspace.registry().add(
                   {ArtifactKind::Mapping, name, canonical, "application/json"}, actor));
    added.push_back(artifact.ref());
    return {};
  };
  if (domain == Domain::Mail) {
    WINNOW_TRY(const auto mail, read_mapping(workspace));
    WINNOW_TRY(add("mail", mail.canonical));
    return added;
  }
  WINNOW_TRY(const auto logs, log_mappings_of(workspace, domain));
  for (const auto& log : logs) WINNOW_TRY(add(log.name(), log.canonical()));
  return added;
}

namespace {

// content/KIND/DOMAIN.yaml
Result<Path> content_of(const Workspace& workspace, std::string_view kind, Domain domain) {
  const auto file = workspace.content() / kind / fmt::format("{}.yaml", name_of(domain));
  std::error_code error;
  if (std::filesystem::exists(file, error)) return file;
  return Error(Code::NotFound, fmt::format("there is no '{}'", file.string()))
      .with_hint(fmt::format("the domain '{}' is decided by what this file says", name_of(domain)));
}

}  // namespace

Result<std::string> read_policy(const Workspace& workspace, Domain domain,
                                const FeatureSet& features) {
  WINNOW_TRY(const auto file, content_of(workspace, "policies", domain));
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  std::vector<std::string> names;
  for (const auto& feature : features.features()) names.push_back(feature.name);
  WINNOW_TRY(Policy::compile(yaml, names));
  return to_canonical(yaml.json());
}

Result<FeatureSet> read_feature_set(const Workspace& workspace, Domain domain) {
  WINNOW_TRY(const auto file, content_of(workspace, "features", domain));
  return FeatureSet::compile(file);
}

}  // namespace winnow::cli
