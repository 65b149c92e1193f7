#include "ingest/records/csv_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/records/csv.h"
#include "ingest/records/line_records.h"

namespace winnow {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = 64UL << 10;
// A stray quote is found only by looking ahead to the record limit. Doing so a bounded number of
// times keeps a hostile file from costing the square of its size.
constexpr int kMaxStrayQuotes = 64;

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
                     const ReadLimits& limits)
    : input_(std::move(bytes)),
      name_(std::move(name)),
      total_(total),
      limits_(limits),
      unclosed_left_(kMaxStrayQuotes) {}

Result<std::unique_ptr<CsvReader>> CsvReader::open(std::unique_ptr<ByteSource> bytes,
                                                   std::string name, std::uint64_t total,
                                                   const ReadLimits& limits) {
  std::unique_ptr<CsvReader> reader(
      new CsvReader(std::move(bytes), std::move(name), total, limits));
  if (auto read = reader->read_header(); !read) {
    return std::move(read).error().with_context(fmt::format("reading '{}'", reader->name_));
  }
  return reader;
}

Status CsvReader::read_header() {
  WINNOW_TRY(skip_byte_order_mark(input_));
  WINNOW_TRY(skip_empty_lines());
  WINNOW_TRY(const std::size_t end, input_.line_end(0, kMaxHeaderBytes));
  const auto line = without_line_end(input_.view().substr(0, end));
  if (end == kMaxHeaderBytes) {
    return Error(Code::InvalidArgument,
                 fmt::format("the header line is longer than {} bytes", kMaxHeaderBytes));
  }
  delimiter_ = find_csv_delimiter(line);
  WINNOW_TRY(columns_, MailColumns::read(read_csv_fields(line, delimiter_)));
  header_ = std::string(line) + "\n";
  input_.consume(end);
  ++line_;
  return {};
}

Status CsvReader::skip_empty_lines() {
  for (;;) {
    WINNOW_TRY(input_.fill_to(2));
    const auto front = input_.view();
    const std::size_t size = front.starts_with("\r\n") ? 2 : front.starts_with('\n') ? 1 : 0;
    if (size == 0) return {};
    input_.consume(size);
    ++line_;
  }
}

Result<std::optional<CsvReader::Taken>> CsvReader::take_line(bool unclosed) {
  const std::uint64_t limit = limits_.max_csv_record_bytes;
  WINNOW_TRY(const std::size_t end, input_.line_end(0, limit));
  const auto line = input_.view().substr(0, end);
  if (end == limit && !line.ends_with('\n')) return std::optional<Taken>();
  return std::optional(Taken{line, line.ends_with('\n') ? 1U : 0U, unclosed});
}

Result<std::optional<CsvReader::Taken>> CsvReader::take() {
  if (unclosed_left_ == 0) {
    WINNOW_TRY(auto line, take_line(false));
    if (line) {
      const auto scan = scan_csv_record(line->bytes, delimiter_, true);
      line->unclosed = scan.outcome == CsvScan::Outcome::Unclosed;
    }
    return line;
  }
  for (bool last = false;;) {
    const auto seen = input_.view().substr(0, limits_.max_csv_record_bytes);
    const bool at_limit = seen.size() == limits_.max_csv_record_bytes;
    const auto scan = scan_csv_record(seen, delimiter_, last || at_limit);
    if (scan.outcome == CsvScan::Outcome::Record && (scan.size < seen.size() || !at_limit)) {
      return std::optional(Taken{seen.substr(0, scan.size), scan.lines});
    }
    if (scan.outcome == CsvScan::Outcome::Unclosed) {
      --unclosed_left_;
      return take_line(true);
    }
    if (at_limit) return std::optional<Taken>();
    WINNOW_TRY(const bool more, input_.fill());
    last = !more;
  }
}

void CsvReader::judge(const std::vector<std::string>& fields, RawRecord& out) const {
  const auto field = [&](MailColumn column) -> std::string_view {
    const auto at = columns_.position(column);
    return at && *at < fields.size() ? std::string_view(fields[*at]) : std::string_view();
  };
  const auto extra = fields.begin() + std::min(fields.size(), columns_.count());
  if (std::any_of(extra, fields.end(), [](const auto& text) { return !text.empty(); })) {
    out.problem = Problem{ProblemKind::BadCsv, fmt::format("{} fields where the header has {}",
                                                           fields.size(), columns_.count())};
    return;
  }
  if (trim_ascii(field(MailColumn::Body)).empty() &&
      trim_ascii(field(MailColumn::Subject)).empty()) {
    out.problem = Problem{ProblemKind::Empty, "neither a subject nor a body"};
    return;
  }
  set_label(out, field(MailColumn::Label), columns_.positive_label());
  if (fields.size() < columns_.count()) {
    out.note = Problem{ProblemKind::MissingColumns, fmt::format("{} fields where the header has {}",
                                                                fields.size(), columns_.count())};
  }
}

Result<bool> CsvReader::next(RawRecord& out) {
  WINNOW_TRY(skip_empty_lines());
  WINNOW_TRY(const bool more, input_.fill_to(1));
  if (!more) return false;
  out = RawRecord();
  out.form = RecordForm::Csv;
  out.position = {.input = name_, .offset = input_.offset(), .line = line_};
  WINNOW_TRY(const auto taken, take());
  if (!taken) {
    ++line_;
    WINNOW_TRY(read_too_large_line(input_, header_, limits_, out));
    return true;
  }
  const auto record = without_line_end(taken->bytes);
  out.raw = header_;
  out.raw.append(record);
  out.size = out.raw.size();
  out.digest = sha256(out.raw);
  if (taken->unclosed) {
    out.problem = Problem{ProblemKind::BadCsv, "a quote that is never closed"};
  } else {
    judge(read_csv_fields(record, delimiter_), out);
  }
  line_ += taken->lines;
  input_.consume(taken->bytes.size());
  return true;
}

}  // namespace winnow
