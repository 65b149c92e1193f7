#include "ingest/records/log_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/records/folder_source.h"
#include "ingest/records/json_values.h"
#include "ingest/records/line_records.h"
#include "ingest/records/packed_bytes.h"

namespace winnow {
namespace {

constexpr std::size_t kFront = 64UL << 10;  // what the layout is recognised by

// Behind `{"Records":[` or `[`; 0 where the text does not begin so.
std::size_t behind_array_start(std::string_view text) {
  constexpr std::string_view kSteps[] = {"{", "\"Records\"", ":", "["};
  std::size_t at = 0;
  const auto skip = [&] { at = std::min(text.find_first_not_of(" \t\r\n", at), text.size()); };
  skip();
  if (text.substr(at).starts_with('[')) return at + 1;
  for (const auto step : kSteps) {
    skip();
    if (!text.substr(at).starts_with(step)) return 0;
    at += step.size();
  }
  return at;
}

LineJoiner::Limits joins_within(const ReadLimits& limits) {
  LineJoiner::Limits joins;
  joins.bytes = std::min<std::size_t>(joins.bytes, limits.max_record_bytes);
  return joins;
}

}  // namespace

LogSource::LogSource(std::unique_ptr<ByteSource> bytes, std::string name, std::uint64_t total,
                     const ReadLimits& limits)
    : input_(std::move(bytes)),
      name_(std::move(name)),
      total_(total),
      limits_(limits),
      joiner_(joins_within(limits)) {}

Status LogSource::find_layout() {
  // What stands before a damaged place is read all the same: whoever comes to it is told.
  const auto filled = input_.fill_to(kFront);
  if (!filled && input_.view().empty()) return filled.error();
  WINNOW_TRY(skip_byte_order_mark(input_));
  const auto front = input_.view().substr(0, kFront);
  const bool is_part = !filled || front.size() == kFront;
  layout_ = Layout::Lines;
  if (const auto start = behind_array_start(front); start > 0) {
    input_.consume(start);
    in_array_ = true;
    layout_ = Layout::Values;
  } else if (trim_ascii(front).starts_with('{')) {
    // An object that does not end on the line on which it begins.
    const auto begin = front.find('{');
    const auto line = front.substr(begin, front.find('\n', begin) - begin);
    const bool is_cut = line.size() + begin == front.size() && is_part;
    // One that ends nowhere is a broken line: those behind it are records all the same.
    const bool ends = is_part || json_value_end(front.substr(begin)) != std::string_view::npos;
    if (json_value_end(line) == std::string_view::npos && !is_cut && ends) layout_ = Layout::Values;
  }
  return {};
}

void LogSource::begin_record(RawRecord& out) const {
  out = RawRecord();
  out.form = RecordForm::LogJson;
  out.position = {
      .input = name_, .offset = input_.offset(), .line = layout_ == Layout::Lines ? line_ : 0};
}

bool LogSource::take_joined(RawRecord& out) {
  auto joined = joiner_.take();
  if (!joined) return false;
  begin_record(out);
  out.position.offset = joined->offset;
  out.position.line = joined->line;
  out.raw = std::move(joined->raw);
  out.size = out.raw.size();
  out.digest = sha256(out.raw);
  return true;
}

Result<bool> LogSource::next_line(RawRecord& out) {
  for (;;) {
    if (take_joined(out)) return true;
    ++line_;
    const std::uint64_t limit = limits_.max_record_bytes;
    WINNOW_TRY(const std::size_t end, input_.line_end(0, limit));
    if (end == 0) {
      joiner_.end_all();
      return take_joined(out);
    }
    begin_record(out);
    const auto line = input_.view().substr(0, end);
    const bool is_row = header_.is_of_row(line);
    if (end == limit && !line.ends_with('\n')) {
      WINNOW_TRY(read_too_large_line(input_, "", limits_, out));
      return true;
    }
    const auto text = without_line_end(line);
    const bool is_header = header_.take(text);
    if (!is_header && !trim_ascii(text).empty()) {
      if (is_row) {
        out.form = RecordForm::LogRow;
        out.raw = header_.lines();
        out.raw += text;
      } else {
        out.raw = trim_ascii(text);
        if (joiner_.add(out.raw, out.position.offset, line_)) out.raw.clear();
      }
    }
    input_.consume(end);
    if (out.raw.empty()) continue;
    out.size = out.raw.size();
    out.digest = sha256(out.raw);
    return true;
  }
}

// Where the value at the view's front ends; npos where it does not, within the limit.
Result<std::size_t> LogSource::whole_value_end() {
  for (std::size_t wanted = InputBuffer::kChunk;; wanted *= 2) {
    const auto size = std::min<std::size_t>(wanted, limits_.max_record_bytes);
    const auto has_all = input_.fill_to(size);
    const auto end = json_value_end(input_.view());
    if (end == std::string_view::npos && !has_all) return has_all.error();
    if (end != std::string_view::npos || !*has_all || size == limits_.max_record_bytes) return end;
  }
}

Result<bool> LogSource::next_value(RawRecord& out) {
  for (;;) {
    WINNOW_TRY(input_.fill_to(1));
    const auto view = input_.view();
    if (view.empty()) return false;
    const auto blanks =
        std::min(view.find_first_not_of(in_array_ ? " \t\r\n," : " \t\r\n"), view.size());
    if (blanks > 0) {
      input_.consume(blanks);
      continue;
    }
    if (in_array_ && view.front() == ']') {
      // What stands behind the records of a delivery, and is none: the end of its object.
      if (const auto filled = input_.fill_to(kFront); !filled && input_.view().size() < 2)
        return filled.error();
      in_array_ = false;
      input_.consume(std::min(input_.view().find_first_not_of("] \t\r\n}"), input_.view().size()));
      continue;
    }
    begin_record(out);
    WINNOW_TRY(const std::size_t end, whole_value_end());
    if (end == std::string_view::npos) {
      // Where the next record begins cannot be told any more: the rest is one record.
      WINNOW_TRY(read_too_large_rest(input_, limits_, out));
      out.problem = Problem{ProblemKind::BadJson, "a value that does not end"};
      return true;
    }
    out.raw = input_.view().substr(0, end);
    input_.consume(end);
    out.size = out.raw.size();
    out.digest = sha256(out.raw);
    return true;
  }
}

Result<bool> LogSource::next(RawRecord& out) {
  const auto found = layout_ == Layout::Unknown ? find_layout() : Status();
  auto more = !found                     ? Result<bool>(found.error())
              : layout_ == Layout::Lines ? next_line(out)
                                         : next_value(out);
  if (!more) return more.error().with_context(fmt::format("reading '{}'", name_));
  return more;
}

Result<std::unique_ptr<RecordSource>> open_log_file(const Path& input, const ReadLimits& limits) {
  WINNOW_TRY(InputFile file, input == "-" ? Result<InputFile>(InputFile::standard_input())
                                          : InputFile::open(input));
  const auto size = file.size_hint();
  auto opened = open_log_bytes(std::make_unique<FileBytes>(std::move(file)), input.string());
  if (!opened && opened.error().code() == Code::Corrupt)
    return opened.error().with_context(fmt::format("reading '{}'", input.string()));
  WINNOW_TRY(auto log, std::move(opened));
  return std::unique_ptr<RecordSource>(std::make_unique<LogSource>(
      std::move(log.bytes), input.string(), log.is_packed ? 0 : size, limits));
}

Result<std::unique_ptr<RecordSource>> open_log(const Path& input, const ReadLimits& limits) {
  std::error_code error;
  if (input == "-" || !std::filesystem::is_directory(input, error))
    return open_log_file(input, limits);
  WINNOW_TRY(std::unique_ptr<RecordSource> folder, FolderSource::of_logs(input, limits));
  return folder;
}

}  // namespace winnow
