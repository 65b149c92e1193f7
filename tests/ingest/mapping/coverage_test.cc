#include "ingest/mapping/coverage.h"

#include <fmt/format.h>

#include "tests/ingest/mapping/shop_mapping.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::compiled;
using testing::kSource;
using testing::text_of;

constexpr auto kNow = Timestamp::from_seconds(1'772'500'000);

TEST(Coverage, TellsWhatBecomesOfEachField) {
  Coverage coverage(compiled(text_of(kSource + "    unmapped: [note]\n")).value());
  coverage.add(RecordForm::LogJson,
               R"({"ts":1,"source":"192.0.2.1","note":"n","more":{"x":[{"y":1}]}})", kNow);
  coverage.add(RecordForm::LogJson, R"({"ts":1,"source":"192.0.2.1","more":null})", kNow);
  coverage.add(RecordForm::LogJson, R"({"ts":1})", kNow);
  EXPECT_EQ(coverage.records(), 3U);
  ASSERT_EQ(coverage.events().size(), 1U);
  const auto& event = coverage.events()[0];
  EXPECT_EQ(event.records, 2U);
  std::string told;
  for (const auto& [path, field] : event.fields)
    told += fmt::format("{}={}:{} ", path, name_of(field.fate), field.records);
  EXPECT_EQ(told, "more.x.*.y=ignored:1 note=unmapped:1 source=ocsf:2 ts=ocsf:2 ");
  EXPECT_EQ(coverage.refused().begin()->first, "'flow' has no dst_endpoint, src_endpoint");
}

TEST(CountedKeys, AreThoseOfTheFirstRecordOfTheSameShape) {
  const auto mapping = compiled(text_of(kSource + "    unmapped: [note]\n")).value();
  LogReader reader(mapping);
  const auto count = [&](std::string_view record) {
    const auto read = reader.read_kind(RecordForm::LogJson, record, Digest()).value();
    const auto counted = count_keys(mapping, read.kind, read.event, RecordForm::LogJson, record);
    return std::pair(counted.all, counted.unknown);
  };
  const std::pair of_three_one_unknown(3U, 1U);
  EXPECT_EQ(count(R"({"ts":1,"source":"192.0.2.1","other":1})"), of_three_one_unknown);
  EXPECT_EQ(count(R"({"ts":2,"source":"192.0.2.2","other":[]})"), std::pair(2U, 0U));
  EXPECT_EQ(count(R"({"ts":3,"source":"192.0.2.3","other":"text"})"), of_three_one_unknown);
  EXPECT_EQ(count(R"({"other":"text","ts":3,"source":"192.0.2.3"})"), of_three_one_unknown);
  // Another mapping reads other keys of the same record.
  const auto other = compiled(text_of(kSource + "    unmapped: [other]\n")).value();
  const auto read =
      LogReader(other)
          .read_kind(RecordForm::LogJson, R"({"ts":1,"source":"192.0.2.1","other":1})", Digest())
          .value();
  EXPECT_EQ(count_keys(other, read.kind, read.event, RecordForm::LogJson,
                       R"({"ts":1,"source":"192.0.2.1","other":1})")
                .unknown,
            0U);
}

TEST(Coverage, TellsForWhichAttributesAFieldIsAndWhereItSaysNonsense) {
  Coverage coverage(compiled(text_of(kSource + "      src_endpoint.port: port\n"
                                               "      src_endpoint.name: source\n"))
                        .value());
  for (const auto* port : {"443", "\"https\"", "70000"}) {
    coverage.add(RecordForm::LogJson,
                 fmt::format(R"({{"ts":1,"source":"192.0.2.1","port":{}}})", port), kNow);
  }
  const auto& fields = coverage.events()[0].fields;
  EXPECT_EQ(fields.at("port").records, 3U);
  EXPECT_EQ(fields.at("port").unreadable, 2U);
  EXPECT_EQ(fields.at("port").attributes, std::vector<std::string>{"src_endpoint.port"});
  EXPECT_EQ(fields.at("source").unreadable, 0U);
  EXPECT_EQ(fields.at("source").attributes,
            (std::vector<std::string>{"src_endpoint.ip", "src_endpoint.name"}));
  EXPECT_EQ(fields.at("ts").attributes, std::vector<std::string>{"time"});
}

TEST(Coverage, LooksIntoTextsThatAreObjects) {
  auto text = text_of(kSource + "      src_endpoint.port: port\n");
  text.replace(text.find("keys: flat"), 10,
               "keys: nested\nshapes: {within: [\"\", data], "
               "json_texts: [data]}");
  const auto mapping = compiled(text).value();
  Coverage coverage(mapping);
  constexpr std::string_view kRecord =
      R"({"ts":1,"data":"{\"source\":\"192.0.2.1\",\"port\":\"x\",\"more\":1}"})";
  coverage.add(RecordForm::LogJson, kRecord, kNow);
  coverage.add(RecordForm::LogJson, R"({"ts":1,"source":"192.0.2.1","data":"no object"})", kNow);
  std::string told;
  for (const auto& [path, field] : coverage.events()[0].fields)
    told += fmt::format("{}={}:{}:{} ", path, name_of(field.fate), field.records, field.unreadable);
  EXPECT_EQ(told,
            "data=ignored:1:0 data.more=ignored:1:0 data.port=ocsf:1:1 data.source=ocsf:1:0 "
            "source=ocsf:1:0 ts=ocsf:2:0 ");
  LogReader reader(mapping);
  const auto read = reader.read_kind(RecordForm::LogJson, kRecord, Digest()).value();
  const auto counts = count_keys(mapping, read.kind, read.event, RecordForm::LogJson, kRecord);
  EXPECT_EQ(counts.all, 4U);
  EXPECT_EQ(counts.unknown, 1U);
  ASSERT_EQ(counts.fields.size(), 3U);
  EXPECT_EQ(counts.fields[0].path, "data.port");
  EXPECT_TRUE(counts.fields[0].is_unreadable);
  EXPECT_FALSE(counts.fields[1].is_unreadable);
}

}  // namespace
}  // namespace winnow
