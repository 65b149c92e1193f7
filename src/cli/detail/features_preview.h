// winnow features preview.
#pragma once

#include "cli/command.h"

namespace winnow::cli {

Command features_preview_command();

}  // namespace winnow::cli
