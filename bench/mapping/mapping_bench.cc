// From lines of JSON to OCSF events, beside RapidJSON, nlohmann-json and bare simdjson: README.md.
#include <fmt/format.h>

#include "base/file.h"
#include "bench/mapping/peers.h"
#include "bench/mapping/sparse_record.h"
#include "bench/model/contest.h"
#include "ingest/mapping/detail/mapping_reader.h"
#include "ingest/mapping/detail/run.h"
#include "ingest/mapping/mapping.h"
#include "tests/support/support.h"

namespace winnow::bench {
namespace {

constexpr std::size_t kPadding = 64;

// The lines of a log behind each other, as they are read in blocks: padded.
struct Lines {
  std::string bytes;
  std::vector<std::string_view> views;
  std::size_t size() const { return views.size(); }
};

Result<Lines> read_lines(const Path& folder) {
  Lines lines;
  WINNOW_TRY(const auto files, list_files(folder));
  for (const auto& file : files) {
    if (file.extension() != ".json") continue;
    WINNOW_TRY(const auto text, read_file(file, 1UL << 30));
    lines.bytes += text;
    if (!lines.bytes.ends_with('\n')) lines.bytes += '\n';
  }
  const auto size = lines.bytes.size();
  lines.bytes.append(kPadding, '\0');
  const auto all = std::string_view(lines.bytes).substr(0, size);
  for (std::size_t at = 0; at < size;) {
    const auto end = all.find('\n', at);
    if (end > at) lines.views.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// What a mapping does with a record, with the cells of whoever parsed it.
class PeerReader {
 public:
  PeerReader(const mapping::Program& program, std::unique_ptr<Peer> peer)
      : program_(program), tree_(program.paths, program.selection), peer_(std::move(peer)) {}

  bool fill(std::string_view line) {
    cells_.begin(program_.selection.single_columns(), program_.selection.list_widths().size());
    return peer_->fill(line, tree_, cells_);
  }
  Result<ocsf::Event> read(std::string_view line, const Digest& digest) {
    if (!fill(line)) return Error(Code::InvalidArgument, "no JSON object");
    const auto* event = mapping::find_event(program_, cells_);
    if (event == nullptr) return Error(Code::InvalidArgument, "none of the mapping's events");
    return run_.event(program_, *event, cells_, line, digest);
  }

 private:
  const mapping::Program& program_;
  PathTree tree_;
  std::unique_ptr<Peer> peer_;
  JsonCells cells_;
  mapping::Run run_;
};

std::string text_of(const Result<ocsf::Event>& event) {
  if (!event) return "no event";
  std::string text = to_text(event->json(ocsf::Event::Unmapped::Include));
  for (const auto& entity : event->entities()) {
    text += fmt::format(" {} {} {}", name_of(entity.kind), name_of(entity.role), entity.key);
  }
  return text;
}

// How many lines become another event for the peer.
std::size_t count_differences(const Lines& lines, LogReader& ours, PeerReader& theirs,
                              std::string_view name) {
  std::size_t count = 0;
  for (const auto line : lines.views) {
    const auto a = text_of(ours.read(RecordForm::LogJson, line, {}));
    const auto b = text_of(theirs.read(line, {}));
    if (a == b) continue;
    if (count == 0) fmt::print("{} differs:\n  {}\n  {}\n", name, a, b);
    ++count;
  }
  return count;
}

std::size_t count_differences(const Lines& lines, SparseReader& ours, SparseReader& theirs) {
  std::size_t count = 0;
  for (const auto line : lines.views) {
    SparseRecord a, b;
    const bool same = ours.read(line, a) == theirs.read(line, b) && a == b;
    count += same ? 0 : 1;
  }
  return count;
}

void keep(std::size_t value) { asm volatile("" : : "r"(value) : "memory"); }

template <typename Read>
auto over(const Lines& lines, Read read) {
  return [&lines, read] {
    std::size_t read_ones = 0;
    for (const auto line : lines.views) read_ones += read(line) ? 1 : 0;
    keep(read_ones);
  };
}

Status run(const Path& folder, int rounds) {
  WINNOW_TRY(const auto lines, read_lines(folder));
  WINNOW_TRY(const auto yaml,
             Yaml::read((testing::source_folder() / "content/mappings/suricata.yaml").string()));
  WINNOW_TRY(const auto compiled, Mapping::compile(yaml));
  WINNOW_TRY(const auto read, mapping::read_mapping(yaml));
  LogReader ours(compiled);
  PeerReader rapid(read.program, rapidjson_peer());
  PeerReader nlohmann(read.program, nlohmann_peer());
  const auto by_scanner = sparse_by_scanner(), bare = sparse_by_bare_simdjson();
  const auto of_rapid = count_differences(lines, ours, rapid, "RapidJSON's event");
  const auto of_nlohmann = count_differences(lines, ours, nlohmann, "nlohmann's event");
  const auto of_bare = count_differences(lines, *by_scanner, *bare);
  fmt::print(
      "{} lines of {} bytes on average; other events: {} of RapidJSON, {} of nlohmann; "
      "other records: {} of bare simdjson\n",
      lines.size(), lines.bytes.size() / std::max<std::size_t>(lines.size(), 1), of_rapid,
      of_nlohmann, of_bare);
  if (lines.size() == 0 || of_rapid + of_nlohmann + of_bare != 0)
    return Error(Code::Conflict, "the outputs are not equal: no contest");

  const Digest digest;
  JsonCells cells;
  JsonScanner scanner;
  SparseRecord record;
  Contest contest;
  const auto add = [&](const std::string& name, std::optional<std::size_t> yardstick,
                       auto read_line) {
    return contest.add(name, lines.size(), yardstick.value_or(contest.size()),
                       over(lines, read_line));
  };
  const auto to_values = [&](auto line) {
    return scanner.scan(line, read.program.selection, cells).has_value();
  };
  const auto to_event = [&](auto line) {
    return ours.read(RecordForm::LogJson, line, digest).has_value();
  };
  auto by_rapid = add("values: RapidJSON", {}, [&](auto line) { return rapid.fill(line); });
  auto by_nlohmann = add("values: nlohmann", {}, [&](auto line) { return nlohmann.fill(line); });
  add("values: Winnow", by_rapid, to_values);
  add("values: Winnow", by_nlohmann, to_values);
  by_rapid =
      add("event: RapidJSON", {}, [&](auto line) { return rapid.read(line, digest).has_value(); });
  by_nlohmann = add("event: nlohmann", {},
                    [&](auto line) { return nlohmann.read(line, digest).has_value(); });
  add("event: Winnow", by_rapid, to_event);
  add("event: Winnow", by_nlohmann, to_event);
  const auto by_bare = add("20 fields: bare simdjson On-Demand", {},
                           [&](auto line) { return bare->read(line, record); });
  add("20 fields: Winnow", by_bare, [&](auto line) { return by_scanner->read(line, record); });
  contest.hold(rounds);
  return {};
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto folder = winnow::testing::unpacked("network/suricata-eve.tar.zst");
  if (!folder) {
    fmt::print("skipped: {}\n", winnow::testing::kNoRealData);
    return 0;
  }
  const auto status =
      winnow::bench::run(*folder, count > 1 ? static_cast<int>(std::stoul(arguments[1])) : 11);
  if (!status) fmt::print(stderr, "{}\n", status.error().text());
  return status ? 0 : 1;
}
