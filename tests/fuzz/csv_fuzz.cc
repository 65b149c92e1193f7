// Reading a mail log as CSV: how its bytes arrive must not change the records, and each record can
// be read alone.
#include <cstdlib>

#include "ingest/records/csv.h"
#include "ingest/records/csv_reader.h"
#include "tests/fuzz/in_pieces.h"

namespace {

// A usable record holds exactly one record behind its header line.
void check_alone(const winnow::RawRecord& record) {
  const auto header_end = record.raw.find('\n') + 1;
  const auto alone = std::string_view(record.raw).substr(header_end);
  const char delimiter = winnow::find_csv_delimiter(record.raw.substr(0, header_end - 1));
  const auto scan = winnow::scan_csv_record(alone, delimiter, true);
  if (scan.outcome != winnow::CsvScan::Outcome::Record || scan.size != alone.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  constexpr ReadLimits kLimits{
      .max_record_bytes = 512, .max_csv_record_bytes = 512, .max_kept_bytes = 64};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto records = read_in_pieces(text, [&](std::unique_ptr<ByteSource> bytes) {
    auto reader = CsvReader::open(std::move(bytes), "-", 0, kLimits);
    return reader ? all_of(**reader) : std::vector<RawRecord>();
  });
  for (const auto& record : records) {
    if (!record.problem) check_alone(record);
  }
  return 0;
}
