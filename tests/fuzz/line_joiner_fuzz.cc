// Whatever lines a log holds: each is in one record, in the order of its event; no record is larger
// than the limits; and a joiner that was written and read goes on as if it had not been.
#include <cstdlib>

#include "ingest/records/line_joiner.h"

namespace {

using winnow::LineJoiner;

struct Counts {
  std::size_t lines = 0, bytes = 0;  // without the line feeds that were put between them
};

void take(LineJoiner& joiner, const LineJoiner::Limits& limits, Counts& out, std::string* all) {
  while (const auto joined = joiner.take()) {
    if (joined->lines > limits.lines || joined->raw.size() > limits.bytes) std::abort();
    out.lines += joined->lines;
    out.bytes += joined->raw.size() - (joined->lines - 1);
    if (all != nullptr) *all += joined->raw + "\n\n";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const LineJoiner::Limits small{.events = 3, .lines = 4, .bytes = 200, .all_bytes = 400};
  const LineJoiner::Limits usual;
  LineJoiner narrow(small), whole, written;
  Counts in, out, of_whole, of_written;
  std::string all, all_written;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (narrow.add(line)) {
      ++in.lines;
      in.bytes += line.size();
    }
    take(narrow, small, out, nullptr);
    const bool is_taken = whole.add(line);
    if (written.add(line) != is_taken) std::abort();
    auto again = LineJoiner::from_state(written.state());
    if (!again) std::abort();
    written = std::move(*again);
    take(whole, usual, of_whole, &all);
    take(written, usual, of_written, &all_written);
  }
  for (auto* joiner : {&narrow, &whole, &written}) joiner->end_all();
  take(narrow, small, out, nullptr);
  take(whole, usual, of_whole, &all);
  take(written, usual, of_written, &all_written);
  if (in.lines != out.lines || in.bytes != out.bytes || all != all_written) std::abort();
  if (!narrow.is_empty()) std::abort();
  // Bytes that nobody wrote are refused, or a joiner like another.
  auto any = LineJoiner::from_state({reinterpret_cast<const char*>(data), size});
  if (any) any->end_all();
  return 0;
}
