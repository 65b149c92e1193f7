// What winnow.yaml says of traces, as the service takes it.
#pragma once

#include <optional>

#include "cli/detail/settings.h"
#include "trace/tracer.h"

namespace winnow::cli {

// Nothing where no collector is set. Errors: InvalidArgument, of reading the file of headers.
Result<std::optional<trace::TracerOptions>> served_traces(const Settings& settings);

}  // namespace winnow::cli
