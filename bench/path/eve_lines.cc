#include "bench/path/eve_lines.h"

#include <algorithm>

#include <fmt/format.h>

namespace winnow::bench {
namespace {

constexpr std::size_t kShortest = 700, kLongest = 1700;

struct Line {
  std::string time;
  std::string text;
  bool malicious;
};

// Where the value of a text member begins and ends; nothing when the line has none.
struct Span {
  std::size_t begin, end;
};
std::optional<Span> member(std::string_view line, std::string_view name) {
  const auto key = fmt::format("\"{}\":", name);
  auto at = line.find(key);
  if (at == std::string_view::npos) return {};
  at = line.find('"', at + key.size());
  const auto end = at == std::string_view::npos ? at : line.find('"', at + 1);
  if (end == std::string_view::npos) return {};
  return Span{at + 1, end};
}

// The second number of an IPv4 address becomes the site's; the digits of the second's fraction too.
std::string as_seen_at(int site, const std::string& line) {
  auto seen = line;
  if (const auto source = member(seen, "src_ip")) {
    const auto first = seen.find('.', source->begin);
    const auto second = first < source->end ? seen.find('.', first + 1) : std::string::npos;
    if (second < source->end) seen.replace(first + 1, second - first - 1, std::to_string(site));
  }
  const auto time = member(seen, "timestamp");
  const auto point = time ? seen.find('.', time->begin) : std::string::npos;
  if (time && point + 7 <= time->end) seen.replace(point + 1, 6, fmt::format("{:06}", site));
  return seen;
}

}  // namespace

Result<std::vector<EveLine>> read_eve_lines(const Path& folder, int sites) {
  std::vector<Line> lines;
  WINNOW_TRY(const auto files, list_files(folder));
  for (const auto& file : files) {
    if (file.extension() != ".json") continue;
    WINNOW_TRY(const auto text, read_file(file, 1UL << 30));
    const auto name = file.filename().string();
    const bool malicious =
        name.find("malicious") != std::string::npos || name.find("zeus") != std::string::npos;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      auto line = text.substr(at, end - at);
      const auto time = member(line, "timestamp");
      if (time && line.size() >= kShortest && line.size() < kLongest)
        lines.push_back({line.substr(time->begin, 19), std::move(line), malicious});
      at = end + 1;
    }
  }
  std::ranges::stable_sort(lines, {}, &Line::time);
  std::vector<EveLine> seen;
  seen.reserve(lines.size() * static_cast<std::size_t>(sites));
  for (const auto& line : lines) {
    for (int site = 0; site < sites; ++site)
      seen.push_back({as_seen_at(site, line.text), line.malicious});
  }
  return seen;
}

}  // namespace winnow::bench
