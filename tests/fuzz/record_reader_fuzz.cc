// Whatever comes by whichever door: it is settled, as a record of one mapping, as mail or with a
// problem, and stays what it was settled as; then it is an event or refused.
#include <cstdlib>

#include "ingest/record_reader.h"

namespace {

constexpr const char* kMapping = R"(
mapping: fuzz
title: Fuzz
domain: network
format: json or tsv
keys: flat
product: {name: Fuzz}
recognise: {has: [ts], lacks: [subject]}
time: {from: ts, as: seconds}
events: [{event: any, class: base_event, set: {severity_id: =1, message: text}}]
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  static LogMappings logs({Mapping::compile(Yaml::parse(kMapping, "fuzz").value()).value()});
  static const RecordMapping mails;
  RecordReader reader(&mails, &logs);
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto form : {RecordForm::LogJson, RecordForm::LogRow, RecordForm::SyslogLog,
                          RecordForm::HecLog, RecordForm::SyslogLines}) {
    RawRecord record;
    record.form = form;
    record.raw = text;
    record.size = text.size();
    record.digest = sha256(text);
    const auto mapping = reader.settle(record, {});
    if (record.problem) continue;
    if (mapping.empty() != is_mail(record.form)) std::abort();
    if (record.digest != sha256(record.raw)) std::abort();
    const auto event = reader.read(record, mapping, {.reported = Timestamp::from_seconds(1)});
    if (event && to_text(event->json(ocsf::Event::Unmapped::Include)).empty()) std::abort();
    const auto settled = record.form;
    if (reader.settle(record, {}) != mapping || record.form != settled) std::abort();
  }
  return 0;
}
