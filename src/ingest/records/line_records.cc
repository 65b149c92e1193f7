#include "ingest/records/line_records.h"

#include <fmt/format.h>

namespace winnow {

Status read_too_large_line(InputBuffer& input, std::string_view prefix, const ReadLimits& limits,
                           RawRecord& out) {
  Sha256 digest;
  digest.update(prefix);
  out.raw = prefix;
  out.size = prefix.size();
  for (bool ended = false; !ended;) {
    WINNOW_TRY(const std::size_t end, input.line_end(0, InputBuffer::kChunk));
    const auto piece = input.view().substr(0, end);
    ended = end == 0 || piece.ends_with('\n');
    const auto text = without_line_end(piece);
    digest.update(text);
    out.size += text.size();
    const auto room = limits.max_kept_bytes - std::min(limits.max_kept_bytes, out.raw.size());
    out.raw.append(text.substr(0, room));
    input.consume(end);
  }
  out.digest = digest.finish();
  out.problem =
      Problem{ProblemKind::TooLarge,
              fmt::format("a line of {} bytes; its first {} are kept", out.size, out.raw.size())};
  return {};
}

Status read_too_large_rest(InputBuffer& input, const ReadLimits& limits, RawRecord& out) {
  Sha256 digest;
  for (;;) {
    WINNOW_TRY(input.fill_to(InputBuffer::kChunk));
    const auto piece = input.view();
    if (piece.empty()) break;
    digest.update(piece);
    out.size += piece.size();
    const auto room = limits.max_kept_bytes - std::min(limits.max_kept_bytes, out.raw.size());
    out.raw.append(piece.substr(0, room));
    input.consume(piece.size());
  }
  out.digest = digest.finish();
  return {};
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Status skip_byte_order_mark(InputBuffer& input) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  WINNOW_TRY(input.fill_to(kMark.size()));
  if (input.view().starts_with(kMark)) input.consume(kMark.size());
  return {};
}

}  // namespace winnow
