#include "ingest/records/mbox_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxLine = 64UL << 10;  // how far a line is looked at as a line
constexpr std::string_view kFrom = "From ";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_month(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::ranges::find(kMonths, word) != kMonths.end();
}

bool is_weekday(std::string_view word) {
  constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
  return std::ranges::find(kDays, word.substr(0, word.find(','))) != kDays.end();
}

bool is_clock(std::string_view word) {  // 4:05, 14:05 or 14:05:06
  if (word.size() < 4 || word.size() > 8) return false;
  return std::ranges::count(word, ':') >= 1 &&
         std::ranges::all_of(word, [](char c) { return is_digit(c) || c == ':'; });
}

bool is_year(std::string_view word) {
  return word.size() == 4 && std::ranges::all_of(word, is_digit) && word >= "1970" && word < "2200";
}

// "Name:", the name of printable ASCII without blanks (RFC 5322 section 2.2).
bool is_header_line(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ':') return i > 0;
    if (line[i] <= ' ' || line[i] > '~') return false;
  }
  return false;
}

bool is_blank(std::string_view line) { return line == "\n" || line == "\r\n"; }

// "\n" or "\r\n" at the end of `text`, in bytes; 0 for none.
std::size_t line_break_at_end(std::string_view text) {
  if (text.ends_with("\r\n")) return 2;
  return text.ends_with('\n') ? 1 : 0;
}

std::optional<std::uint64_t> content_length_of(std::string_view line) {
  constexpr std::string_view kName = "content-length:";
  if (line.size() < kName.size() ||
      !equal_ignoring_ascii_case(line.substr(0, kName.size()), kName)) {
    return std::nullopt;
  }
  const auto digits = trim_ascii(line.substr(kName.size()));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

bool is_mbox_from_line(std::string_view line) {
  if (!line.starts_with(kFrom)) return false;
  bool weekday = false, month = false, clock = false, year = false;
  for (std::string_view rest = trim_ascii(line.substr(kFrom.size())); !rest.empty();) {
    const auto blank = std::min(rest.find_first_of(" \t"), rest.size());
    const auto word = rest.substr(0, blank);
    rest = trim_ascii(rest.substr(blank));
    weekday = weekday || is_weekday(word);
    month = month || is_month(word);
    clock = clock || is_clock(word);
    year = year || (clock && is_year(word));
  }
  return weekday && month && clock && year;
}

std::string unquoted_mbox_text(std::string_view body) {
  const auto last_break = line_break_at_end(body);
  const auto before = body.substr(0, body.size() - last_break);
  if (last_break > 0 && (before.empty() || before.ends_with('\n'))) body = before;
  std::string text;
  text.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const auto end = std::min(body.find('\n', at), body.size() - 1) + 1;
    auto line = body.substr(at, end - at);
    const auto quotes = std::min(line.find_first_not_of('>'), line.size());
    if (quotes > 0 && line.substr(quotes).starts_with(kFrom)) line.remove_prefix(1);
    text.append(line);
    at = end;
  }
  return text;
}

MboxReader::MboxReader(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
                       const ReadLimits& limits)
    : input_(std::move(bytes)), name_(std::move(name)), total_(total), limits_(limits) {}

Result<bool> MboxReader::is_separator(std::size_t start) {
  WINNOW_TRY(input_.fill_to(start + kFrom.size()));
  if (!input_.view().substr(start).starts_with(kFrom)) return false;
  WINNOW_TRY(const std::size_t end, input_.line_end(start, kMaxLine));
  if (!is_mbox_from_line(input_.view().substr(start, end - start))) return false;
  WINNOW_TRY(const std::size_t next_end, input_.line_end(end, kMaxLine));
  const auto next = input_.view().substr(end, next_end - end);
  // Some writers leave a ">From " line at the head of the mail's own header.
  return is_header_line(next) || next.starts_with(">From ");
}

// A mail in the mboxcl dialect is not quoted, so only its Content-Length tells its end. But anybody
// can send a mail with that header: it counts only where every mail of the file has had one, and
// where the next mail or the end of the file stands exactly there.
Result<std::optional<std::size_t>> MboxReader::end_by_content_length(std::size_t header_end) {
  std::optional<std::uint64_t> length;
  for (std::size_t at = 0; at < header_end;) {
    WINNOW_TRY(const std::size_t end, input_.line_end(at, kMaxLine));
    const auto found = content_length_of(input_.view().substr(at, end - at));
    if (found && length) return std::optional<std::size_t>();  // two of them: neither
    if (found) length = found;
    at = end;
  }
  if (!length || *length > limits_.max_record_bytes) return std::optional<std::size_t>();
  const std::size_t end = header_end + *length;
  WINNOW_TRY(const bool whole, input_.fill_to(end));
  if (!whole) return std::optional<std::size_t>();
  WINNOW_TRY(input_.fill_to(end + 2));
  const auto after = input_.view().substr(end);
  const std::size_t gap = after.starts_with("\r\n") ? 2 : after.starts_with('\n') ? 1 : 0;
  WINNOW_TRY(input_.fill_to(end + gap + 1));
  const bool last = input_.view().size() == end + gap;
  WINNOW_TRY(const bool separator, is_separator(end + gap));
  if (!last && !separator) return std::optional<std::size_t>();
  return std::optional<std::size_t>(end + gap);
}

Result<std::optional<std::size_t>> MboxReader::find_end() {
  bool in_header = true;
  for (std::size_t at = 0;;) {
    if (at > limits_.max_record_bytes) return std::optional<std::size_t>();
    WINNOW_TRY(const bool separator, is_separator(at));
    if (separator) return std::optional<std::size_t>(at);
    WINNOW_TRY(const std::size_t end, input_.line_end(at, limits_.max_record_bytes + 1));
    if (end == at) return std::optional<std::size_t>(at);  // the end of the input
    if (in_header && is_blank(input_.view().substr(at, end - at))) {
      in_header = false;
      if (trust_content_length_) {
        WINNOW_TRY(const auto known, end_by_content_length(end));
        if (known) return known;
        trust_content_length_ = false;
      }
    }
    at = end;
  }
}

// Its bytes pass by: the front is kept, all of them are counted and hashed.
Status MboxReader::read_too_large(RawRecord& out) {
  Sha256 digest;
  out.raw = std::string(input_.view().substr(0, limits_.max_kept_bytes));
  for (bool at_line_start = true;;) {
    if (at_line_start) {
      WINNOW_TRY(const bool separator, is_separator(0));
      if (separator) break;
    }
    WINNOW_TRY(const std::size_t end, input_.line_end(0, kMaxLine));
    if (end == 0) break;
    const auto piece = input_.view().substr(0, end);
    at_line_start = piece.ends_with('\n');
    digest.update(piece);
    out.size += piece.size();
    input_.consume(end);
  }
  out.digest = digest.finish();
  out.problem =
      Problem{ProblemKind::TooLarge,
              fmt::format("a mail of {} bytes, at most {} are read; the first {} are kept",
                          out.size, limits_.max_record_bytes, out.raw.size())};
  return {};
}

Result<bool> MboxReader::next(RawRecord& out) {
  if (at_start_) {
    at_start_ = false;
    WINNOW_TRY(input_.fill_to(3));
    if (input_.view().starts_with("\xEF\xBB\xBF")) input_.consume(3);
  }
  out = RawRecord();
  WINNOW_TRY(const bool more, input_.fill_to(1));
  if (!more) return false;
  out.position = {.input = name_, .offset = input_.offset()};
  // Text before the first separator is a mail too: whatever stands in the file is accounted for.
  WINNOW_TRY(const std::size_t first_line, input_.line_end(0, kMaxLine));
  if (is_mbox_from_line(input_.view().substr(0, first_line))) input_.consume(first_line);
  WINNOW_TRY(const auto end, find_end());
  if (!end) {
    WINNOW_TRY(read_too_large(out));
    return true;
  }
  out.raw = unquoted_mbox_text(input_.view().substr(0, *end));
  input_.consume(*end);
  out.size = out.raw.size();
  out.digest = sha256(out.raw);
  if (trim_ascii(out.raw).empty()) {
    out.problem = Problem{ProblemKind::Empty, "a separator line without a mail after it"};
  }
  return true;
}

}  // namespace winnow
