#include "ingest/mail/mail_text.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/byte_set.h"
#include "base/utf8.h"

namespace winnow {
namespace {

constexpr ByteSet kRuleSign("_-=*#~");
constexpr ByteSet kNotInFieldName(".,;@/<>");

enum class LineKind : unsigned char { Own, Quoted, Signature, Footer };

// Lines are asked about without their outer blanks.
bool is_quoted(std::string_view line) {
  return line.starts_with('>') || line.starts_with("\u00BB");  // »
}

// A line of one sign, at least 10 of it: "_____", "-----".
bool is_rule(std::string_view line) {
  if (line.size() < 10 || !kRuleSign.contains(line[0])) return false;
  return line.find_first_not_of(line[0]) == std::string_view::npos;
}

// "From: ...", "Gesendet: ...", "*To:* ...": a short word, a colon, a value. No language is needed:
// several such lines in a row, one with an address, are the header of a quoted mail.
bool is_header_like(std::string_view line) {
  constexpr std::size_t kLongestName = 30;
  const auto colon = line.substr(0, kLongestName + 1).find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 >= line.size()) return false;
  const auto name = line.substr(0, colon);
  return !kNotInFieldName.holds_any_of(name) && std::ranges::count(name, ' ') <= 2 &&
         !line.substr(colon).starts_with("://");
}

// Where the header of a quoted mail begins at `at`: at least three of its lines, one naming a
// mailbox.
bool begins_quoted_header(std::span<const std::string_view> lines, std::size_t at) {
  std::size_t fields = 0;
  bool address = false;
  for (auto i = at; i < lines.size() && i < at + 7; ++i) {
    const auto line = trim_ascii(lines[i]);
    if (line.empty()) {
      if (fields > 0) break;
      continue;
    }
    if (!is_header_like(line)) break;
    ++fields;
    address = address || lines[i].find('@') != std::string_view::npos;
  }
  return fields >= 3 && address;
}

// "-----Original Message-----" in any language: dashes around words.
bool is_dashed_title(std::string_view line) {
  return line.size() > 8 && line.starts_with("---") && line.ends_with("---") && !is_rule(line);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  lines.reserve(static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class LayoutReader {
 public:
  explicit LayoutReader(std::string_view text)
      : text_(text), lines_(lines_of(text)), kinds_(lines_.size(), LineKind::Own) {}

  TextLayout read() {
    mark_quotes();
    mark_introductions();
    mark_signature();
    mark_footer();
    return gather();
  }

 private:
  void mark_quotes() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto line = trim_ascii(lines_[i]);
      if (is_quoted(line)) {
        kinds_[i] = LineKind::Quoted;
        continue;
      }
      const bool titled = is_dashed_title(line) || is_rule(line);
      const bool header = (titled && begins_quoted_header(lines_, i + 1)) ||
                          (is_header_like(line) && begins_quoted_header(lines_, i));
      if (!header || i == 0) continue;  // a mail that begins with fields is a form, not a reply
      std::fill(kinds_.begin() + static_cast<std::ptrdiff_t>(i), kinds_.end(), LineKind::Quoted);
      return;
    }
  }

  // "On Monday, A. Writer wrote:" before a quote: a line, or two, that end with a colon.
  void mark_introductions() {
    for (std::size_t i = 1; i < lines_.size(); ++i) {
      if (kinds_[i] != LineKind::Quoted || kinds_[i - 1] == LineKind::Quoted) continue;
      auto last = i;
      while (last > 0 && i - last < 2 && trim_ascii(lines_[last - 1]).empty()) --last;
      if (last == 0) continue;
      const auto line = trim_ascii(lines_[last - 1]);
      if (!line.ends_with(':') && !line.ends_with("\uFF1A")) continue;
      kinds_[last - 1] = LineKind::Quoted;
      if (last < 2) continue;
      const auto before = trim_ascii(lines_[last - 2]);  // of an introduction that was wrapped
      const bool wrapped = before.find('@') != std::string_view::npos ||
                           before.find(", 20") != std::string_view::npos || line.starts_with('<');
      if (wrapped && kinds_[last - 2] == LineKind::Own) kinds_[last - 2] = LineKind::Quoted;
    }
  }

  // The last "-- " that is the writer's own: up to the next quote, else to the end.
  void mark_signature() {
    for (std::size_t i = lines_.size(); i > 0; --i) {
      const auto line = lines_[i - 1];
      if (kinds_[i - 1] != LineKind::Own || (line != "-- " && line != "--")) continue;
      for (auto j = i - 1; j < lines_.size() && kinds_[j] == LineKind::Own; ++j)
        kinds_[j] = LineKind::Signature;
      return;
    }
  }

  // What mailing lists and scanners append: a ruled line near the end, and all below it.
  void mark_footer() {
    constexpr std::size_t kLongestFooter = 15;
    const auto first = lines_.size() > kLongestFooter ? lines_.size() - kLongestFooter : 0;
    for (auto i = first; i < lines_.size(); ++i) {
      if (kinds_[i] == LineKind::Quoted || !is_rule(trim_ascii(lines_[i]))) continue;
      const auto begin = kinds_.begin() + static_cast<std::ptrdiff_t>(i);
      std::replace_if(
          begin, kinds_.end(), [](LineKind k) { return k != LineKind::Quoted; }, LineKind::Footer);
      return;
    }
  }

  TextLayout gather() const {
    TextLayout layout;
    layout.lines = lines_.size();
    layout.own_text.reserve(text_.size());
    bool gap = false;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      layout.longest_line = std::max(layout.longest_line, lines_[i].size());
      switch (kinds_[i]) {
        case LineKind::Quoted:
          ++layout.quoted_lines;
          break;
        case LineKind::Signature:
          ++layout.signature_lines;
          break;
        case LineKind::Footer:
          ++layout.footer_lines;
          break;
        case LineKind::Own: {
          const bool empty = trim_ascii(lines_[i]).empty();
          if (!empty) {
            if (!layout.own_text.empty()) layout.own_text += gap ? "\n\n" : "\n";
            layout.own_text += lines_[i];
          }
          gap = empty;
          break;
        }
      }
    }
    return layout;
  }

  std::string_view text_;
  std::vector<std::string_view> lines_;
  std::vector<LineKind> kinds_;
};

}  // namespace

TextLayout read_layout(std::string_view text) { return LayoutReader(text).read(); }

std::string_view head_and_tail(std::string_view text, std::size_t head_bytes,
                               std::size_t tail_bytes, std::string& shortened) {
  if (text.size() <= head_bytes + tail_bytes) return text;
  shortened = utf8_prefix(text, head_bytes);
  auto tail = text.substr(text.size() - tail_bytes);
  while (!tail.empty() && (static_cast<unsigned char>(tail.front()) & 0xC0) == 0x80)
    tail.remove_prefix(1);
  return shortened.append("\n[...]\n").append(tail);
}

}  // namespace winnow
