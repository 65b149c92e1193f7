// What the line-oriented readers share: a record that is too large to hold passes by in pieces.
#pragma once

#include <string_view>

#include "ingest/records/input_buffer.h"
#include "ingest/records/record_source.h"

namespace winnow {

// Consumes the line at the view's front, however long: `out` gets its size, its digest, its front
// and the problem TooLarge. `prefix` counts as the record's first bytes.
Status read_too_large_line(InputBuffer& input, std::string_view prefix, const ReadLimits& limits,
                           RawRecord& out);

// Consumes all that is left: as the line above.
Status read_too_large_rest(InputBuffer& input, const ReadLimits& limits, RawRecord& out);

std::string_view without_line_end(std::string_view line);
Status skip_byte_order_mark(InputBuffer& input);

}  // namespace winnow
