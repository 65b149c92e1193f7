// Logs of other sources than mail, from their files into the event log.
#include <fmt/format.h>

#include "ingest/ingest.h"
#include "store/compress.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

constexpr const char* kShop = R"(mapping: shop
title: Shop
domain: network
format: json or tsv
keys: flat
product: {name: Shop}
recognise: {has: [door]}
time: {from: ts, as: seconds}
events:
  - event: door
    class: network_activity
    set: {severity_id: =1, activity_id: =1, src_endpoint.ip: source}
)";

struct Stores {
  testing::TemporaryFolder folder;
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();
  Quarantine quarantine = Quarantine::open(folder / "quarantine.db", Access::ReadWrite).value();
  FixedClock clock{Timestamp::from_civil(2026, 3, 3)};

  static LogMappings mappings(const std::string& text = kShop) {
    return LogMappings({Mapping::compile(Yaml::parse(text, "shop.yaml").value()).value()});
  }
  Result<IngestReport> ingest(const std::string& text, LogMappings mappings = Stores::mappings(),
                              const IngestOptions& options = {}) {
    const Path file = folder / "doors.log";
    EXPECT_OK(write_atomically(file, text));
    NoProgress progress;
    return ingest_logs({&file, 1}, mappings, log, quarantine, options, clock, progress);
  }
};

const std::string kLine = R"({"ts":1772546706.5,"door":1,"source":"192.0.2.7"})";

TEST(IngestLogs, EachRecordIsKeptOnceWithTheMappingThatReadsIt) {
  Stores stores;
  const auto report = stores.ingest(kLine + "\n" + kLine + "\n");
  ASSERT_OK(report);
  EXPECT_EQ(report->read, 2U);
  EXPECT_EQ(report->stored, 1U);
  EXPECT_EQ(report->duplicates, 1U);
  const auto stored = stores.log.look_up(sha256(kLine)).value();
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->form, RecordForm::LogJson);
  EXPECT_EQ(stored->mapping, "shop");
  EXPECT_EQ(stored->source, "doors");
  EXPECT_EQ(stored->event_time, Timestamp::from_micros(1772546706500000));
  using Made = IngestReport::Made;
  EXPECT_EQ(report->made,
            (std::map<Made, std::uint64_t>{{{"shop", ocsf::ClassUid::NetworkActivity}, 2U}}));
  EXPECT_EQ(stores.ingest(kLine)->made,
            (std::map<Made, std::uint64_t>{{{"shop", std::nullopt}, 1U}}))
      << "what is stored is not mapped again";
  // What was stored can be mapped again, by another edition of the mapping too.
  auto mappings = Stores::mappings();
  const auto raw = stores.log.read_raw(*stored).value();
  EXPECT_TRUE(mappings.read(stored->mapping, stored->form, raw, stored->digest));
  EXPECT_OK(stores.log.verify());
}

// All lines of an event are its record's bytes, so that it can be mapped again from the log.
TEST(IngestLogs, AnEventOfSeveralLinesIsKeptWithAllOfThem) {
  const auto auditd = [] {
    const auto file = testing::source_folder() / "content" / "mappings" / "auditd.yaml";
    return LogMappings({Mapping::compile(Yaml::read(file.string()).value()).value()});
  };
  const std::string head = "msg=audit(1772546706.243:7): ";
  const std::string start = "type=SYSCALL " + head +
                            "arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 auid=1000 "
                            "uid=0 euid=0 ses=3 exe=\"/bin/cat\"";
  const std::string args = "type=EXECVE " + head + "argc=2 a0=\"cat\" a1=\"/etc/shadow\"";
  const std::string title = "type=PROCTITLE " + head + "proctitle=636174";
  const std::string login =
      "type=USER_LOGIN msg=audit(1772546706.250:8): pid=4 uid=0 msg='op=login acct=\"ana\" res=1'";
  Stores stores;
  const auto text = start + "\n" + login + "\n" + args + "\n" + title + "\nno audit line\n";
  const auto report = stores.ingest(text, auditd());
  ASSERT_OK(report);
  EXPECT_EQ(report->read, 3U);
  EXPECT_EQ(report->stored, 2U);
  EXPECT_EQ(report->quarantined, 1U);
  const auto whole = start + "\n" + args + "\n" + title;
  const auto stored = stores.log.look_up(sha256(whole)).value();
  ASSERT_TRUE(stored);
  const auto raw = stores.log.read_raw(*stored).value();
  EXPECT_EQ(raw, whole);
  auto again = auditd();
  const auto event = again.read(stored->mapping, stored->form, raw, stored->digest);
  ASSERT_OK(event);
  EXPECT_EQ(event->get(ocsf::Attribute::of("process.cmd_line")).as_text(), "cat /etc/shadow");
  // The same file again adds nothing.
  EXPECT_EQ(stores.ingest(text, auditd())->stored, 0U);
}

TEST(IngestLogs, TheIndexIsMadeAgainFromTheLogWithItsMappings) {
  Stores stores;
  ASSERT_OK(
      stores.ingest("#path\tdoor\n#fields\tts\tdoor\tsource\n1.5\t1\t192.0.2.7\n" + kLine + "\n"));
  stores.log = EventLog::open(stores.folder / "other", Access::ReadWrite).value();
  for (const auto* name : {"index.db", "index.db-wal", "index.db-shm"})
    std::filesystem::remove(stores.folder / "events" / name);
  stores.log = EventLog::open(stores.folder / "events", Access::ReadWrite).value();
  const auto arrivals = stores.log.arrivals(0, 10).value();
  ASSERT_EQ(arrivals.size(), 2U);
  EXPECT_EQ(arrivals[0].form, RecordForm::LogRow);
  EXPECT_EQ(arrivals[0].mapping, "shop");
  EXPECT_EQ(arrivals[1].mapping, "shop");
}

TEST(IngestLogs, AScanFindsTheRecordsOfMappings) {
  Stores stores;
  ASSERT_OK(stores.ingest(kLine));
  const auto count = [&](std::vector<std::string> mappings) {
    return stores.log.count({.mappings = std::move(mappings)}).value();
  };
  EXPECT_EQ(count({""}), 0U);  // mails
  EXPECT_EQ(count({"shop"}), 1U);
  EXPECT_EQ(count({"", "shop", "sho\"p"}), 1U);
  EXPECT_EQ(count({"sho"}), 0U);
  EXPECT_EQ(count({}), 0U);
  EXPECT_EQ(stores.log.count({}).value(), 1U);
  EXPECT_FALSE(stores.log.scan({.mappings = {{""}}}).next().value());
}

TEST(IngestLogs, WhatCannotBeMappedIsTriedAgainByAMendedMapping) {
  Stores stores;
  const std::string odd = R"({"ts":1772546706,"door":1,"from":"192.0.2.7"})";
  const auto report = stores.ingest(kLine + "\n" + odd + "\nno json\n", Stores::mappings(),
                                    {.label = Label::Malicious});
  ASSERT_OK(report);
  EXPECT_EQ(report->stored, 1U);
  EXPECT_EQ(report->quarantined, 2U);
  const auto kept = stores.quarantine.list({}, 0, 10).value();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_NE(kept[0].problem.message.find("'door' has no dst_endpoint, src_endpoint"),
            std::string::npos);
  EXPECT_EQ(kept[0].form, RecordForm::LogJson);

  std::string mended = kShop;
  mended.replace(mended.find("src_endpoint.ip: source"), 23,
                 "src_endpoint.ip: {first: [source, from]}");
  auto logs = Stores::mappings(mended);
  RecordReader reader(nullptr, &logs);
  const auto counts = stores.quarantine.retry(
      {}, stores.clock.now(), [&](const QuarantinedRecord& record, std::string_view raw) -> Status {
        WINNOW_TRY(store_quarantined(record, raw, reader, stores.log, Label::None));
        return {};
      });
  ASSERT_OK(counts);
  EXPECT_EQ(counts->released, 1U);
  const auto stored = stores.log.look_up(sha256(odd)).value();
  EXPECT_EQ(stored->mapping, "shop");
  EXPECT_EQ(stored->label, Label::Malicious) << "as it was brought";
}

// Cut short: its whole lines are kept, and the whole file adds only what they lack.
TEST(IngestLogs, ADamagedFileIsReadUpToTheDamageAndOnceInAll) {
  Stores stores;
  std::string lines;
  for (int i = 0; i < 500; ++i)
    lines += fmt::format("{{\"ts\":17725467{:02}.5,\"door\":\"{}\",\"source\":\"192.0.2.7\"}}\n",
                         i % 60, sha256(std::to_string(i)).hex());
  const auto packed = compress(lines.substr(0, 20'000)) + compress(lines.substr(20'000));
  const auto cut = stores.ingest(packed.substr(0, packed.size() - 100));
  ASSERT_OK(cut);
  ASSERT_TRUE(cut->ended_by);
  EXPECT_EQ(cut->ended_by->code(), Code::Corrupt);
  const auto before = stores.log.count({}).value();
  EXPECT_EQ(cut->stored, before) << "what was read is counted all the same";
  EXPECT_GT(before, 100U);
  EXPECT_LT(before, 500U);
  const auto whole = stores.ingest(packed);
  ASSERT_OK(whole);
  EXPECT_EQ(whole->stored, 500U - before);
  EXPECT_EQ(whole->duplicates, before);
  EXPECT_EQ(whole->unusable, 0U);
}

TEST(IngestLogs, TextThatNobodyKnowsIsToldAsSuch) {
  Stores stores;
  const auto report = stores.ingest("Mar  3 a line of text\n" + kLine + "\n[1,\n");
  ASSERT_OK(report);
  EXPECT_EQ(report->unusable, 2U);
  EXPECT_EQ(report->problems.at(ProblemKind::UnknownFormat), 1U);
  EXPECT_EQ(report->problems.at(ProblemKind::BadJson), 1U);
  EXPECT_EQ(report->unrecognised, 1U);
}

TEST(IngestLogs, TheLineAboveRowsIsNoRecord) {
  Stores stores;
  constexpr const char* kRows = R"(mapping: rows
title: Rows
domain: network
format: csv
columns: [at, who]
product: {name: P}
recognise: {has: [at]}
time: {from: at, as: seconds}
events: [{event: any, class: base_event, set: {severity_id: =1, message: who}}]
)";
  const auto report = stores.ingest("at,who\n5,ana\n6,bo\n", Stores::mappings(kRows));
  ASSERT_OK(report);
  EXPECT_EQ(report->read, 2U);
  EXPECT_EQ(report->stored, 2U);
  EXPECT_EQ(report->headers, 1U);
  EXPECT_EQ(report->unusable, 0U);
}

TEST(IngestLogs, AFileThatIsNoLogIsRefusedBeforeAnythingIsStored) {
  Stores stores;
  const std::vector<Path> files = {stores.folder / "a.json", stores.folder / "b.evtx"};
  ASSERT_OK(write_atomically(files[0], kLine));
  ASSERT_OK(write_atomically(files[1], std::string("ElfFile\0", 8)));
  auto mappings = Stores::mappings();
  NoProgress progress;
  const auto refused =
      ingest_logs(files, mappings, stores.log, stores.quarantine, {}, stores.clock, progress);
  EXPECT_EQ(testing::code_of(refused), Code::Unsupported);
  EXPECT_EQ(stores.log.count({}).value(), 0U);
}

}  // namespace
}  // namespace winnow
