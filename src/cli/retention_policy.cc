#include "cli/detail/retention_policy.h"

#include <charconv>

#include <fmt/format.h>

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

Result<std::optional<std::chrono::minutes>> retention_time(const Settings& settings) {
  using std::chrono::minutes;
  const auto& text = settings.text("retention.at");
  if (text == "never") return std::optional<minutes>();
  const auto number = [&text](std::size_t at) {
    int value = 100;
    const auto* const end = text.data() + at + 2;
    const auto [rest, error] = std::from_chars(text.data() + at, end, value);
    return error == std::errc() && rest == end ? value : 100;
  };
  if (text.size() == 5 && text[2] == ':' && number(0) < 24 && number(3) < 60)
    return std::optional(minutes(60 * number(0) + number(3)));
  return Error(Code::InvalidArgument, fmt::format("'retention.at' cannot be '{}'", text))
      .with_hint("a time of the day in UTC such as 03:00, or never");
}

RetainedFiles retained_files(const Workspace& workspace) {
  return {events_folder(workspace),  states_folder(workspace),   quarantine_file(workspace),
          workspace.database_file(), identities_file(workspace), mappings_folder(workspace),
          filters_file(workspace)};
}

}  // namespace winnow::cli
