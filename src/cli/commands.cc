#include <iterator>

#include "cli/command.h"
#include "cli/detail/nouns.h"

namespace winnow::cli {

std::span<const Option> common_options() {
  static const Option kCommon[] = {
      {Option::Kind::Flag, "json", "write one JSON document instead of text"},
      {Option::Kind::Flag, "quiet", "write nothing to stderr but errors"},
      {Option::Kind::Flag, "help", "show this page"}};
  return kCommon;
}

std::span<const Command> commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> table;
    for (auto* part :
         {init_commands,       config_commands,        ingest_commands,          intel_commands,
          features_commands,   mappings_commands,      train_commands,           runs_commands,
          models_commands,     bundles_commands,       deployments_commands,     score_commands,
          decisions_commands,  cases_commands,         identities_commands,      assets_commands,
          serve_commands,      milter_commands,        tokens_commands,          sessions_commands,
          quarantine_commands, labels_commands,        retention_commands,       holds_commands,
          audit_commands,      keys_commands,          backup_commands,          doctor_commands,
          simulate_commands,   simulate_live_commands, simulate_sensors_commands}) {
      auto commands = part();
      table.insert(table.end(), std::make_move_iterator(commands.begin()),
                   std::make_move_iterator(commands.end()));
    }
    return table;
  }();
  return all;
}

}  // namespace winnow::cli
