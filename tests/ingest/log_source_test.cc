#include "ingest/records/log_source.h"

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

std::vector<std::string> records_of(const std::string& text, std::size_t chunk = SIZE_MAX,
                                    const ReadLimits& limits = {}) {
  LogSource source(std::make_unique<TextBytes>(text, chunk), "log", text.size(), limits);
  std::vector<std::string> records;
  for (;;) {
    RawRecord record;
    const auto more = source.next(record);
    EXPECT_TRUE(more) << more.error();
    if (!more || !*more) return records;
    EXPECT_EQ(record.digest, record.problem ? record.digest : sha256(record.raw));
    records.push_back(
        record.problem ? fmt::format("{} of {} bytes", name_of(record.problem->kind), record.size)
                       : record.raw);
  }
}

using Texts = std::vector<std::string>;

TEST(LogSource, ReadsObjectsHoweverTheyStand) {
  EXPECT_EQ(records_of("{\"a\":1}\r\n\n  {\"b\":2}"), (Texts{"{\"a\":1}", "{\"b\":2}"}));
  EXPECT_EQ(records_of("\xEF\xBB\xBF{\n \"a\": 1\n}\n{\n \"b\": 2\n}\n"),
            (Texts{"{\n \"a\": 1\n}", "{\n \"b\": 2\n}"}));
  EXPECT_EQ(records_of(" [ {\"a\":1},\n{\"b\":[2]} ]\n"), (Texts{"{\"a\":1}", "{\"b\":[2]}"}));
  EXPECT_EQ(records_of("{ \"Records\" : [{\"a\":1},{\"b\":\"]\"}]}\n"),
            (Texts{"{\"a\":1}", "{\"b\":\"]\"}"}));
  EXPECT_EQ(records_of(""), Texts{});
}

TEST(LogSource, ARowIsReadWithTheHeaderAboveIt) {
  const std::string head = "#separator \\x09\n#path\tconn\n#fields\ta\tb\n";
  const std::string other = "#path\tdns\n#fields\tc\n";
  EXPECT_EQ(
      records_of(head + "#open\t2026-03-03\n1\t2\n3\t4\n#close\t2026-03-04\n" + other + "5\n"),
      (Texts{head + "1\t2", head + "3\t4", other + "5"}));
}

TEST(LogSource, FlowsAreReadWithTheNamesAboveThem) {
  const std::string head = "version srcaddr dstaddr log-status\n";
  const std::string other = "dstaddr,srcaddr,log_status\n";
  EXPECT_EQ(records_of(head + "2 192.0.2.1 192.0.2.2 OK\n" + other + "192.0.2.2,192.0.2.1,OK\n"),
            (Texts{head + "2 192.0.2.1 192.0.2.2 OK", other + "192.0.2.2,192.0.2.1,OK"}));
  // Words about them are no header.
  EXPECT_EQ(records_of("the srcaddr 5 and dstaddr differ\nrest\n"),
            (Texts{"the srcaddr 5 and dstaddr differ", "rest"}));
}

TEST(LogSource, TheSameRowIsTheSameRecordInEveryFile) {
  EXPECT_EQ(records_of("#fields\ta\n#open\tmonday\n1\n"),
            records_of("#fields\ta\n#open\ttuesday\n1\n"));
}

TEST(LogSource, WhereReadsAreCutChangesNothing) {
  const std::string texts[] = {"{\"a\":1}\n{\"b\":{\"c\":\"}\"}}\nrest\n",
                               "{\"Records\":[{\"a\":1},{\"b\":2}]}", "#fields\ta\n1\n2\n",
                               "{\n\"a\":1}\n{\"b\":2}"};
  for (const auto& text : texts) {
    for (const std::size_t chunk : {1, 2, 3, 7})
      EXPECT_EQ(records_of(text, chunk), records_of(text)) << text;
  }
}

// Lines of an audit log.
const std::string kSyscall = "type=SYSCALL msg=audit(5.043:7): syscall=59";
const std::string kLogin = "type=USER_LOGIN msg=audit(5.050:8): pid=7";
const std::string kTitle = "type=PROCTITLE msg=audit(5.043:7): proctitle=6173";

TEST(LogSource, LinesOfOneEventAreOneRecord) {
  EXPECT_EQ(records_of(kSyscall + "\r\n" + kLogin + "\n" + kTitle + "\n"),
            (Texts{kLogin, kSyscall + "\n" + kTitle}));
  // With the place of its first line.
  const auto text = "\n" + kSyscall + "\n" + kTitle + "\n";
  LogSource source(std::make_unique<TextBytes>(text, 5), "log", text.size(), {});
  RawRecord record;
  ASSERT_TRUE(source.next(record).value());
  EXPECT_EQ(record.raw, kSyscall + "\n" + kTitle);
  EXPECT_EQ(record.position.offset, 1U);
  EXPECT_EQ(record.position.line, 2U);
  // What would not fit into a record stays apart.
  EXPECT_EQ(records_of(text, SIZE_MAX, {.max_record_bytes = 60}), (Texts{kSyscall, kTitle}));
}

TEST(LogSource, TooLargeAndUnendingRecordsAreToldAndTheOthersRead) {
  ReadLimits limits;
  limits.max_record_bytes = 20;
  limits.max_kept_bytes = 5;
  EXPECT_EQ(records_of("{\"a\":\"" + std::string(100, 'x') + "\"}\n{\"b\":2}\n", SIZE_MAX, limits),
            (Texts{"too large of 108 bytes", "{\"b\":2}"}));
  EXPECT_EQ(records_of("[{\"a\":1},{\"b\":"), (Texts{"{\"a\":1}", "bad json of 5 bytes"}));
}

}  // namespace
}  // namespace winnow
