// Streams of records out of files, folders and pipes of any size, in memory that does not grow with
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/file.h"
#include "ingest/records/raw_record.h"

namespace winnow {

enum class InputFormat : std::uint8_t { Mail, Mbox, Csv, NdJson };
std::string_view name_of(InputFormat format);  // "mail", "mbox", "csv", "ndjson"
std::optional<InputFormat> read_input_format(std::string_view name);

// One pass over the records of an input, in the order they stand there. Not thread-safe.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // Reads the next record into `out`; false at the end. A bad record is a record with a `problem`,
  // not an error. Errors: Unavailable (the disk), Denied, NotFound (a file that went away).
  virtual Result<bool> next(RawRecord& out) = 0;
  virtual std::uint64_t bytes_read() const = 0;
  virtual std::uint64_t bytes_total() const = 0;             // 0 where unknown
  virtual std::uint64_t files_skipped() const { return 0; }  // hidden ones, and a Maildir's tmp
};

// What the front of an input looks like; nothing where it is none of the formats. `name` (of the
// file) decides only what the bytes leave open.
std::optional<InputFormat> recognise_format(std::string_view front, std::string_view name);

// Opens a file, a folder (every file below it, sorted; a Maildir's `cur` and `new`), or standard
// input for "-". `format` applies to every file; without it each is recognised by its content.
// Errors: NotFound, Denied, InvalidArgument (one file of no known format, a CSV without known
// columns), Unavailable.
Result<std::unique_ptr<RecordSource>> open_record_source(const Path& input,
                                                         std::optional<InputFormat> format,
                                                         const ReadLimits& limits = {});

// The same for bytes that came over a network; `name` says from where, for people. Errors:
// InvalidArgument (a CSV without known columns).
Result<std::unique_ptr<RecordSource>> open_received(std::string bytes, InputFormat format,
                                                    std::string name,
                                                    const ReadLimits& limits = {});

}  // namespace winnow
