#include "cli/detail/doctor_content.h"

#include <fmt/format.h>

#include "base/yaml.h"
#include "cases/case_policy.h"
#include "features/feature_set.h"
#include "ingest/mail/mail.h"
#include "ingest/mapping/mapping_folder.h"
#include "intel/intel_spec.h"
#include "learn/novelty_training.h"
#include "learn/training_request.h"
#include "ocsf/domain.h"
#include "pipeline/policy.h"

namespace winnow::cli {
namespace {

constexpr std::string_view kAdvice =
    "mend the file; until then what was compiled before it was changed goes on to hold where a "
    "service runs";

constexpr std::string_view kMappingAdvice =
    "mend the file; until then a service reads by what it said before, or when it was last kept "
    "for "
    "a bundle or a training; where it never was, its records wait in quarantine";

bool is_there(const Path& file) {
  std::error_code error;
  return std::filesystem::exists(file, error);
}

Check compiled(std::string name, const Status& status, std::string detail) {
  if (status) return {std::move(name), Check::State::Ok, std::move(detail), ""};
  return {std::move(name), Check::State::Fail, status.error().text(), std::string(kAdvice)};
}

Status compile_mail(const Path& file) {
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  WINNOW_TRY(MailOptions::compile(yaml));
  return {};
}

Status compile_policy(const Path& file, const std::vector<std::string>& features) {
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  WINNOW_TRY(Policy::compile(yaml, features));
  return {};
}

Status compile_cases(const Path& file) {
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  WINNOW_TRY(cases::CasePolicy::compile(yaml));
  return {};
}

Status compile_training(const Path& file) {
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  const auto json = yaml.json();
  auto request = learn::TrainingRequest::from_json(json);
  if (!request) return std::move(request).error().with_context(file.string());
  if (!json["novelty"].is_object()) return {};
  auto novelty = learn::NoveltyTraining::from_content(json);
  if (!novelty) return std::move(novelty).error().with_context(file.string());
  return {};
}

Status compile_intel(const Path& file) {
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  WINNOW_TRY(IntelSpec::parse(yaml));
  return {};
}

void examine_mappings(const Path& folder, std::vector<Check>& checks) {
  if (!is_there(folder)) return;
  const auto mail = folder / "mail.yaml";
  if (is_there(mail)) checks.push_back(compiled("mapping of mail", compile_mail(mail), "compiles"));
  const auto usable = read_usable_mappings(folder, never_kept);
  if (!usable) {
    checks.push_back(compiled("mappings", usable.error(), ""));
    return;
  }
  for (const auto& refused : usable->refused)
    checks.push_back({"mapping", Check::State::Fail, refused.why, std::string(kMappingAdvice)});
  checks.push_back(
      compiled("mappings", {}, fmt::format("{} of logs compile", usable->mappings.size())));
}

// A policy asks for features by their names, so both are looked at together.
void examine_domain(const Path& content, Domain domain, std::vector<Check>& checks) {
  const auto file = fmt::format("{}.yaml", name_of(domain));
  std::vector<std::string> names;
  bool has_features = false;
  if (is_there(content / "features" / file)) {
    const auto features = FeatureSet::compile(content / "features" / file);
    has_features = features.has_value();
    if (features) {
      for (const auto& feature : features->features()) names.push_back(feature.name);
    }
    checks.push_back(compiled(fmt::format("features of {}", name_of(domain)),
                              features ? Status() : Status(features.error()),
                              fmt::format("{} compile", names.size())));
  }
  if (has_features && is_there(content / "policies" / file)) {
    checks.push_back(compiled(fmt::format("policy of {}", name_of(domain)),
                              compile_policy(content / "policies" / file, names), "compiles"));
  }
  if (is_there(content / "training" / file)) {
    checks.push_back(compiled(fmt::format("training of {}", name_of(domain)),
                              compile_training(content / "training" / file), "can be read"));
  }
}

}  // namespace

std::vector<Check> examine_content(const Path& content) {
  std::vector<Check> checks;
  examine_mappings(content / "mappings", checks);
  for (const auto domain : kDomains) examine_domain(content, domain, checks);
  const auto cases = content / "policies" / "cases.yaml";
  if (is_there(cases))
    checks.push_back(compiled("policy of cases", compile_cases(cases), "compiles"));
  const auto intel = content / "intel" / "intel.yaml";
  if (is_there(intel))
    checks.push_back(compiled("intelligence lists", compile_intel(intel), "can be read"));
  return checks;
}

}  // namespace winnow::cli
