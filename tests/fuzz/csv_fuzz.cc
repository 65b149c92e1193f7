// Reading a mail log as CSV: how its bytes arrive must not change the records, and each record can
// be read alone.
#include <cstdlib>

#include "ingest/records/csv.h"
#include "ingest/records/csv_reader.h"

namespace {

std::vector<winnow::RawRecord> read(std::string_view text, std::size_t chunk) {
  constexpr winnow::ReadLimits kLimits{
      .max_record_bytes = 512, .max_csv_record_bytes = 512, .max_kept_bytes = 64};
  auto reader = winnow::CsvReader::open(
      std::make_unique<winnow::TextBytes>(std::string(text), chunk), "-", 0, kLimits);
  std::vector<winnow::RawRecord> records;
  for (winnow::RawRecord record; reader && (*reader)->next(record).value();) {
    records.push_back(record);
  }
  return records;
}

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
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = read(text, SIZE_MAX);
  const auto pieces = read(text, 5);
  if (whole.size() != pieces.size()) std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i].digest != pieces[i].digest || whole[i].raw != pieces[i].raw) std::abort();
    if (!whole[i].problem) check_alone(whole[i]);
  }
  return 0;
}
