#include "ingest/records/record_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/records/csv.h"
#include "ingest/records/csv_reader.h"
#include "ingest/records/folder_source.h"
#include "ingest/records/mail_file_reader.h"
#include "ingest/records/mbox_reader.h"
#include "ingest/records/ndjson_reader.h"

namespace winnow {
namespace {

constexpr std::size_t kFrontBytes = 64UL << 10;  // what the format is recognised by

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
  const auto line = text.substr(0, end);
  text.remove_prefix(end);
  return line;
}

// "Name: value" with a name of letters, digits and '-' only: stricter than RFC 5322, since a line
// of prose or of a log should not pass for a header.
bool looks_like_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > 76) return false;
  return std::ranges::all_of(line.substr(0, colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool looks_like_mail(std::string_view text) {
  const auto first = take_line(text);
  if (!looks_like_header(first) && !first.starts_with(">From ")) return false;
  if (text.empty()) return true;
  const auto second = take_line(text);
  return looks_like_header(second) || trim_ascii(second).empty() || second.starts_with(' ') ||
         second.starts_with('\t');
}

std::optional<InputFormat> format_by_name(std::string_view name) {
  const auto dot = name.rfind('.');
  const auto extension = dot == std::string_view::npos ? "" : ascii_lower(name.substr(dot + 1));
  if (extension == "eml") return InputFormat::Mail;
  if (extension == "mbox" || extension == "mbx") return InputFormat::Mbox;
  if (extension == "csv" || extension == "tsv") return InputFormat::Csv;
  if (extension == "ndjson" || extension == "jsonl") return InputFormat::NdJson;
  return std::nullopt;
}

struct OpenedInput {
  std::unique_ptr<ByteSource> bytes;
  std::string name;
  std::uint64_t total = 0;
  std::optional<InputFormat> format;
};

Result<OpenedInput> open_input(const Path& path, std::optional<InputFormat> format) {
  const bool standard_input = path == "-";
  WINNOW_TRY(InputFile file, standard_input ? Result<InputFile>(InputFile::standard_input())
                                            : InputFile::open(path));
  OpenedInput input;
  input.name = path.string();
  input.total = file.size_hint();
  std::string front;
  for (std::size_t got = 1; got > 0 && front.size() < kFrontBytes;) {
    WINNOW_TRY(got, file.read_some(front, kFrontBytes - front.size()));
  }
  input.format = format ? format : recognise_format(front, path.filename().string());
  input.bytes =
      std::make_unique<PeekedBytes>(std::move(front), std::make_unique<FileBytes>(std::move(file)));
  return input;
}

Result<std::unique_ptr<RecordSource>> open_reader(OpenedInput input, const ReadLimits& limits) {
  std::unique_ptr<RecordSource> source;
  switch (*input.format) {
    case InputFormat::Mail:
      source =
          std::make_unique<MailFileReader>(std::move(input.bytes), input.name, input.total, limits);
      break;
    case InputFormat::Mbox:
      source =
          std::make_unique<MboxReader>(std::move(input.bytes), input.name, input.total, limits);
      break;
    case InputFormat::Csv: {
      WINNOW_TRY(source, CsvReader::open(std::move(input.bytes), input.name, input.total, limits));
      break;
    }
    case InputFormat::NdJson:
      source =
          std::make_unique<NdJsonReader>(std::move(input.bytes), input.name, input.total, limits);
      break;
  }
  return source;
}

}  // namespace

std::string_view name_of(InputFormat format) {
  switch (format) {
    case InputFormat::Mail:
      return "mail";
    case InputFormat::Mbox:
      return "mbox";
    case InputFormat::Csv:
      return "csv";
    case InputFormat::NdJson:
      return "ndjson";
  }
  return "unknown";
}

std::optional<InputFormat> read_input_format(std::string_view name) {
  for (const auto format :
       {InputFormat::Mail, InputFormat::Mbox, InputFormat::Csv, InputFormat::NdJson}) {
    if (name == name_of(format)) return format;
  }
  return std::nullopt;
}

std::optional<InputFormat> recognise_format(std::string_view front, std::string_view name) {
  if (front.starts_with("\xEF\xBB\xBF")) front.remove_prefix(3);
  const auto by_name = format_by_name(name);
  // One mail a file, by its name: a From line, if there is one, is not a separator.
  if (by_name == InputFormat::Mail || trim_ascii(front).empty()) return by_name;
  auto rest = front;
  if (is_mbox_from_line(take_line(rest))) return InputFormat::Mbox;
  if (trim_ascii(front).starts_with('{')) return InputFormat::NdJson;
  if (looks_like_mail(front)) return InputFormat::Mail;
  rest = front;
  std::string_view header = take_line(rest);
  while (trim_ascii(header).empty() && !rest.empty()) header = take_line(rest);
  const auto columns = read_csv_fields(header, find_csv_delimiter(header));
  if (columns.size() > 1 && MailColumns::read(columns)) return InputFormat::Csv;
  return by_name;
}

Result<std::unique_ptr<RecordSource>> open_file_in_folder(const Path& path,
                                                          std::optional<InputFormat> format,
                                                          const ReadLimits& limits) {
  WINNOW_TRY(auto input, open_input(path, format));
  if (input.format) {
    auto opened = open_reader(std::move(input), limits);
    if (opened || opened.error().code() != Code::InvalidArgument) return opened;
    // A table without known columns, among mails: one more file that cannot be used.
  }
  return open_unusable_file(path, "neither a mail, an mbox nor a mail log", limits);
}

Result<std::unique_ptr<RecordSource>> open_unusable_file(const Path& path, std::string why,
                                                         const ReadLimits& limits) {
  WINNOW_TRY(auto input, open_input(path, InputFormat::Mail));
  return std::unique_ptr<RecordSource>(
      std::make_unique<MailFileReader>(std::move(input.bytes), input.name, input.total, limits,
                                       Problem{ProblemKind::UnknownFormat, std::move(why)}));
}

Result<std::unique_ptr<RecordSource>> open_received(std::string bytes, InputFormat format,
                                                    std::string name, const ReadLimits& limits) {
  const std::uint64_t total = bytes.size();
  return open_reader(
      {std::make_unique<TextBytes>(std::move(bytes)), std::move(name), total, format}, limits);
}

Result<std::unique_ptr<RecordSource>> open_record_source(const Path& input,
                                                         std::optional<InputFormat> format,
                                                         const ReadLimits& limits) {
  std::error_code error;
  if (input != "-" && std::filesystem::is_directory(input, error)) {
    WINNOW_TRY(std::unique_ptr<RecordSource> source, FolderSource::open(input, format, limits));
    return source;
  }
  WINNOW_TRY(auto opened, open_input(input, format));
  if (!opened.format) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is neither a mail, an mbox, a CSV nor an NDJSON mail log",
                             input.string()))
        .with_hint("if it is one all the same, name its format");
  }
  return open_reader(std::move(opened), limits);
}

}  // namespace winnow
