// The commands of each noun or verb, one source file each; commands.cc puts them in the order of
// the help page.
#pragma once

#include <vector>

#include "cli/command.h"

namespace winnow::cli {

std::vector<Command> init_commands();
std::vector<Command> config_commands();
std::vector<Command> ingest_commands();
std::vector<Command> intel_commands();
std::vector<Command> features_commands();
std::vector<Command> train_commands();
std::vector<Command> runs_commands();
std::vector<Command> mappings_commands();
std::vector<Command> models_commands();
std::vector<Command> bundles_commands();
std::vector<Command> deployments_commands();
std::vector<Command> score_commands();
std::vector<Command> decisions_commands();
std::vector<Command> cases_commands();
std::vector<Command> assets_commands();
std::vector<Command> identities_commands();
std::vector<Command> quarantine_commands();
std::vector<Command> retention_commands();
std::vector<Command> holds_commands();
std::vector<Command> audit_commands();
std::vector<Command> keys_commands();
std::vector<Command> labels_commands();
std::vector<Command> backup_commands();
std::vector<Command> doctor_commands();
std::vector<Command> simulate_commands();
std::vector<Command> simulate_live_commands();
std::vector<Command> simulate_sensors_commands();
std::vector<Command> serve_commands();
std::vector<Command> milter_commands();
std::vector<Command> tokens_commands();
std::vector<Command> sessions_commands();

}  // namespace winnow::cli
