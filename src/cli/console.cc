#include "cli/console.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::cli {
namespace {

// How many columns a text takes on a terminal, near enough: one a code point, two for wide scripts.
std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    const bool combining = c >= 0x300 && c <= 0x36F;
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xFF60) || c >= 0x1F300;
    columns += combining ? 0 : wide ? 2 : 1;
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto from = at;
    next_code_point(text, at);
    if (columns_of(out) + columns_of(text.substr(from, at - from)) + 1 > columns) break;
    out += text.substr(from, at - from);
  }
  return out + "…";
}

class Bar final : public Progress {
 public:
  explicit Bar(std::size_t width) : width_(std::clamp<std::size_t>(width, 40, 120)) {}
  ~Bar() override { clear(); }

  void stage(std::string_view name, std::uint64_t total) override {
    name_ = name;
    total_ = total;
    done_ = 0;
    started_ = Clock::now();
    draw();
  }
  void advance(std::uint64_t units) override {
    done_ += units;
    // Looking at the clock for each of a million records would cost more than the work of some.
    if (++calls_ % 16 == 0 && Clock::now() - drawn_ > std::chrono::milliseconds(100)) draw();
  }
  void clear() {
    if (drawn_ != Clock::time_point()) std::fputs("\r\033[K", stderr);
    drawn_ = {};
  }

 private:
  using Clock = std::chrono::steady_clock;

  void draw() {
    drawn_ = Clock::now();
    const double seconds = std::chrono::duration<double>(drawn_ - started_).count();
    const auto rate = seconds > 0.5
                          ? fmt::format("{}/s", human_count(static_cast<std::uint64_t>(
                                                    static_cast<double>(done_) / seconds)))
                          : "";
    std::string line;
    if (total_ > 0) {
      const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
      const auto cells = static_cast<std::size_t>(share * 24);
      std::string bar;
      for (std::size_t i = 0; i < 24; ++i) bar += i < cells ? "█" : "░";
      const double left = share > 0.01 ? seconds / share - seconds : 0;
      line = fmt::format("{:<22} {} {:3.0f} %  {}  {}", name_, bar, share * 100, rate,
                         left > 1 ? fmt::format("{:.0f} s left", left) : "");
    } else {
      line = fmt::format("{:<22} {}  {}", name_, done_ > 0 ? human_count(done_) : "", rate);
    }
    std::fputs(("\r\033[K" + cut_to(line, width_ - 1)).c_str(), stderr);
    std::fflush(stderr);
  }

  std::size_t width_;
  std::string name_;
  std::uint64_t total_ = 0, done_ = 0, calls_ = 0;
  Clock::time_point started_, drawn_;
};

void write_line(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fputc('\n', stream);
}

}  // namespace

Console::Console(const Settings& settings) : settings_(settings) {
  if (settings_.progress) {
    progress_ = std::make_unique<Bar>(settings_.width);
  } else {
    progress_ = std::make_unique<NoProgress>();
  }
}

Console::~Console() = default;

void Console::line(std::string_view text) {
  if (settings_.json) return;
  end_progress();
  write_line(stdout, text);
}

void Console::document(std::string_view schema, const Json& json) {
  if (!settings_.json) return;
  Json out = Json::object({{"schema", fmt::format("winnow.{}/1", schema)}});
  for (const auto& [key, value] : json.members()) out.set(key, value);
  write_line(stdout, to_text(out));
}

void Console::record(const Json& json) {
  if (settings_.json) write_line(stdout, to_text(json));
}

void Console::note(std::string_view text) {
  if (settings_.quiet) return;
  end_progress();
  std::fflush(stdout);  // so that answer and story keep their order where both go to one place
  write_line(stderr, text);
}

std::string Console::tinted(std::string_view text, Tone tone) const {
  if (!settings_.color || tone == Tone::Plain) return std::string(text);
  constexpr std::string_view kCodes[] = {"", "1", "2", "32", "33", "31"};
  return fmt::format("\033[{}m{}\033[0m", kCodes[static_cast<int>(tone)], text);
}

Progress& Console::progress() { return *progress_; }

void Console::end_progress() {
  if (auto* bar = dynamic_cast<Bar*>(progress_.get())) bar->clear();
}

void Table::add(std::vector<std::string> cells) {
  ensure(cells.size() == columns_.size(), "a row has a cell for each column");
  for (auto& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::print_or(Console& console, std::string_view none, std::string_view next) const {
  if (!empty()) return print(console);
  console.line(none);
  if (!next.empty()) console.note(next);
}

void Table::print(Console& console) const {
  std::vector<std::size_t> widths;
  for (const auto& column : columns_) widths.push_back(columns_of(column.title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + 2;
  const std::size_t room = console.width() > before_last + 12 ? console.width() - before_last : 12;
  widths.back() = std::min(widths.back(), room);

  const auto print_row = [&](const std::vector<std::string>& cells, Console::Tone tone) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto cell = cut_to(cells[i], widths[i]);
      const std::string padding(widths[i] - columns_of(cell), ' ');
      const bool last = i + 1 == cells.size();
      line += columns_[i].right ? padding + cell : last ? cell : cell + padding;
      if (!last) line += "  ";
    }
    console.line(console.tinted(line, tone));
  };
  std::vector<std::string> titles;
  for (const auto& column : columns_) titles.push_back(column.title);
  print_row(titles, Console::Tone::Faint);
  for (const auto& row : rows_) print_row(row, Console::Tone::Plain);
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    if (c == '\n' || c == '\r' || c == '\t') {
      out.push_back(' ');
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
               (c >= 0x2066 && c <= 0x2069)) {
      out.push_back(
          '?');  // control and bidirectional override characters could repaint the terminal
    } else {
      append_utf8(out, c);
    }
  }
  return out;
}

std::string human_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace winnow::cli
