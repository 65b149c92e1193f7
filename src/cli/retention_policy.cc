#include "cli/detail/retention_policy.h"

#include "cli/detail/content.h"

namespace winnow::cli {

RetentionPolicy retention_policy(const Settings& settings) {
  using Kind = RetainedKind;
  RetentionPolicy policy;
  for (const auto kind :
       {Kind::Mails, Kind::LabelledMails, Kind::Cases, Kind::Decisions, Kind::Quarantine}) {
    if (const auto kept_for = settings.days(rule_of(kind))) policy.emplace(kind, *kept_for);
  }
  return policy;
}

RetainedFiles retained_files(const Workspace& workspace) {
  return {events_folder(workspace), states_folder(workspace), quarantine_file(workspace),
          workspace.database_file()};
}

}  // namespace winnow::cli
