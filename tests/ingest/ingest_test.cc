#include "ingest/ingest.h"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 1);

// A workspace's stores in a folder of their own, and one call to fill them.
struct Stores {
  testing::TemporaryFolder folder;
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();
  Quarantine quarantine = Quarantine::open(folder / "quarantine.db", Access::ReadWrite).value();
  RecordMapping mapping;
  FixedClock clock{kNow};

  Result<IngestReport> ingest(const std::vector<Path>& inputs, const IngestOptions& options = {}) {
    NoProgress progress;
    return ingest_mail(inputs, mapping, log, quarantine, options, clock, progress);
  }
  Path write(std::string_view name, std::string_view text) const {
    Path path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
};

std::string mail(int number) {
  return fmt::format(
      "From: a{0}@b.example\nTo: c@d.example\nDate: Tue, 3 Mar 2026 14:{0:02}:00 +0000\n"
      "Subject: number {0}\n\nText of mail {0}.\n",
      number);
}

TEST(Ingest, StoresWhatItCanUseAndQuarantinesTheRest) {
  Stores stores;
  const auto log = stores.write("log.csv",
                                "sender,date,subject,body,label\n"
                                "a@b.example,2026-01-02T03:04:05Z,hello,text,0\n"
                                "a@b.example,2026-01-03T03:04:05Z,hello,text,1\n"
                                "a@b.example,no date,hello,text,ham\n"
                                "a@b.example,2026-01-03,hello,text,who knows\n"
                                "a@b.example,2026-01-03,,,0\n");
  const auto report = stores.ingest({log});
  ASSERT_OK(report);
  EXPECT_EQ(report->read, 5U);
  EXPECT_EQ(report->stored, 3U);
  EXPECT_EQ(report->unusable, 2U);
  EXPECT_EQ(report->quarantined, 2U);
  EXPECT_THAT(report->problems,
              ElementsAre(Pair(ProblemKind::Empty, 1), Pair(ProblemKind::BadLabel, 1),
                          Pair(ProblemKind::BadDate, 1)));
  std::vector<std::string> seen;
  for (auto scan = stores.log.scan({}); scan.next().value();) {
    seen.push_back(scan.event().event_time.date() + " " + std::string(name_of(scan.event().label)));
  }
  EXPECT_THAT(seen, ElementsAre("2026-01-02 benign", "2026-01-03 phish", "2026-03-01 benign"));
  EXPECT_EQ(
      stores.quarantine.find(stores.quarantine.list({}, 0, 1)->front().digest.hex())->position.line,
      5U);
}

TEST(Ingest, TheSameInputAgainAddsNothing) {
  Stores stores;
  const auto folder = stores.write("mails/1.eml", mail(1)).parent_path();
  stores.write("mails/2.eml", mail(2));
  stores.write("mails/copy-of-1.eml", mail(1));
  stores.write("mails/notes.txt", "no mail\n");
  const auto first = stores.ingest({folder}).value();
  EXPECT_EQ(first.stored, 2U);
  EXPECT_EQ(first.duplicates, 1U);
  EXPECT_EQ(first.quarantined, 1U);
  const auto again = stores.ingest({folder}).value();
  EXPECT_EQ(again.read, 4U);
  EXPECT_EQ(again.stored, 0U);
  EXPECT_EQ(again.duplicates, 3U);
  EXPECT_EQ(again.unusable, 1U);
  EXPECT_EQ(again.quarantined, 0U);
  EXPECT_EQ(stores.log.count({}).value(), 2U);
  EXPECT_EQ(stores.quarantine.count().value(), 1U);
}

TEST(Ingest, LabelsAndNamesWhatItStores) {
  Stores stores;
  const auto path =
      stores.write("box.mbox", "From a@b.example Tue Mar  3 14:05:06 2026\n" + mail(1));
  ASSERT_OK(stores.ingest({path}, {.label = Label::Phish}));
  auto scan = stores.log.scan({});
  ASSERT_TRUE(scan.next().value());
  EXPECT_EQ(scan.event().source, "box");
  EXPECT_EQ(scan.event().label, Label::Phish);
  EXPECT_EQ(scan.event().label_origin, "option");
  EXPECT_EQ(scan.event().event_time, Timestamp::parse("2026-03-03T14:01:00Z").value());
  const auto relabelled = stores.ingest({path}, {.label = Label::Benign}).value();
  EXPECT_EQ(relabelled.label_conflicts, 1U);
}

TEST(Ingest, ARecordThatContradictsTheGivenLabelIsQuarantined) {
  Stores stores;
  const auto path = stores.write("log.csv", "subject,body,label\nx,y,0\nx,z,1\n");
  const auto report = stores.ingest({path}, {.label = Label::Phish}).value();
  EXPECT_EQ(report.stored, 1U);
  EXPECT_THAT(report.problems, Contains(Pair(ProblemKind::BadLabel, 1)));
}

TEST(Ingest, StoredBytesMapToTheirEventAgain) {
  Stores stores;
  ASSERT_OK(stores.ingest(
      {stores.write("1.eml", mail(1)),
       stores.write("log.tsv", "from\tsubject\ttext\na@b.example\t\"x\ty\"\tbody\n"),
       stores.write("log.ndjson",
                    "{\"to\":[\"a@b.example\",\"c@d.example\"],\"subject\":\"s\"}\n")}));
  int mapped = 0;
  for (auto scan = stores.log.scan({}); scan.next().value(); ++mapped) {
    const auto raw = scan.read_raw().value();
    const auto event = stores.mapping.apply(scan.event().form, raw);
    ASSERT_OK(event);
    EXPECT_EQ(event->raw_digest(), scan.event().digest);
  }
  EXPECT_EQ(mapped, 3);
}

TEST(Ingest, AnInputThatIsNoMailAtAllIsAnErrorAndWhatCameBeforeIsKept) {
  Stores stores;
  const auto good = stores.write("1.eml", mail(1));
  const auto bad = stores.write("prices.csv", "id,price\n1,2\n");
  EXPECT_EQ(testing::code_of(stores.ingest({good, bad})), Code::InvalidArgument);
  EXPECT_EQ(stores.log.count({}).value(), 1U);
}

TEST(Ingest, QuarantinedRecordsCanBeUsedLater) {
  Stores stores;
  ASSERT_OK(stores.ingest({stores.write("log.csv", "subject,body,label\nx,y,dubious\n,,\n")}));
  const auto record = stores.quarantine.list({.kind = ProblemKind::BadLabel}, 0, 1)->front();
  const auto use_as = [&](Label label) {
    return [&stores, label](const QuarantinedRecord& item, std::string_view raw) -> Status {
      RecordReader reader(&stores.mapping, nullptr);
      WINNOW_TRY(store_quarantined(item, raw, reader, stores.log, label));
      return {};
    };
  };
  EXPECT_EQ(testing::code_of(stores.quarantine.retry_one(record, kNow, use_as(Label::None))),
            Code::InvalidArgument);
  EXPECT_EQ(stores.log.count({}).value(), 0U);
  ASSERT_OK(stores.quarantine.retry_one(record, kNow, use_as(Label::Spam)));
  auto used = stores.log.scan({.label = Label::Spam});
  ASSERT_TRUE(used.next().value());
  EXPECT_EQ(used.event().event_time, record.first_seen)
      << "without a date it counts as of when it was received, not of when it was tried again";
  EXPECT_EQ(stores.quarantine.count().value(), 1U);
}

// Every write, sync and rename fails once, as on a full disk; the second try does what is left.
TEST(Ingest, AFailedWriteLosesNothingAndASecondRunCompletes) {
  std::string mbox;
  for (int i = 0; i < 20; ++i)
    mbox += "From a@b.example Tue Mar  3 14:05:06 2026\n" + mail(i) + "\n";
  bool failed = true;
  for (int fail_at = 0; failed; ++fail_at) {
    Stores stores;
    const auto input = stores.write("box.mbox", mbox);
    const auto csv = stores.write("bad.csv", "subject,body\n,\n");
    int step = 0;
    failed = false;
    set_write_fault([&](std::string_view, const Path&) -> Status {
      failed = failed || step == fail_at;
      return step++ == fail_at ? Status(Error(Code::Exhausted, "the disk is full")) : Status();
    });
    const auto first = stores.ingest({input, csv});
    set_write_fault({});
    EXPECT_TRUE(first || failed);  // some writes spare later work only: theirs may fail unnoticed
    auto second = stores.ingest({input, csv});
    if (!second) {  // a failed sync: only opening again tells what the disk holds
      stores.log = EventLog::open(stores.folder / "other", Access::ReadWrite).value();
      stores.log = EventLog::open(stores.folder / "events", Access::ReadWrite).value();
      second = stores.ingest({input, csv});
    }
    ASSERT_OK(second);
    EXPECT_EQ(stores.log.verify().value(), 20U);
    EXPECT_EQ(stores.quarantine.count().value(), 1U);
  }
}

std::vector<ReceivedRecord> received(const std::vector<std::string>& mails) {
  std::vector<ReceivedRecord> records;
  for (const auto& raw : mails)
    records.push_back(
        {received_mail(raw, {.max_record_bytes = 1000, .max_kept_bytes = 10}), "gate"});
  return records;
}

TEST(IngestReceived, TellsOfEachRecordWhatBecameOfIt) {
  Stores stores;
  RecordReader reader(&stores.mapping, nullptr);
  const auto take_in = [&](const std::vector<std::string>& mails) {
    return ingest_received(received(mails), reader, stores.log, stores.quarantine, stores.clock)
        .value();
  };
  EXPECT_FALSE(take_in({mail(1)}).front().known);
  const auto outcomes = take_in({mail(2), mail(1), " \n", std::string(1001, 'x'), mail(3)});
  ASSERT_EQ(outcomes.size(), 5U);
  EXPECT_EQ(outcomes[0].digest, sha256(mail(2)));
  EXPECT_FALSE(outcomes[0].known);
  EXPECT_TRUE(outcomes[1].known);
  ASSERT_TRUE(outcomes[2].problem);
  EXPECT_EQ(outcomes[2].problem->kind, ProblemKind::Empty);
  ASSERT_TRUE(outcomes[3].problem);
  EXPECT_EQ(outcomes[3].problem->kind, ProblemKind::TooLarge);
  EXPECT_EQ(outcomes[3].digest, sha256(std::string(1001, 'x'))) << "of all its bytes";
  EXPECT_FALSE(outcomes[4].problem);
  EXPECT_EQ(stores.log.count({}).value(), 3U);
  EXPECT_EQ(stores.log.find(sha256(mail(3)).hex())->source, "gate");
  const auto kept = stores.quarantine.list({}, 0, 10).value();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[1].kept_bytes, 10U);
  EXPECT_EQ(kept[1].source, "gate");
}

TEST(IngestReceived, TheEventIsWhatTheLogWouldGive) {
  Stores stores;
  RecordReader reader(&stores.mapping, nullptr);
  const std::vector<std::string> mails = {mail(1), "From: a@b.example\nSubject: no date\n\nx\n",
                                          "From: a@b.example\nDate: yesterday\n\nx\n"};
  const auto outcomes =
      ingest_received(received(mails), reader, stores.log, stores.quarantine, stores.clock).value();
  for (const auto& outcome : outcomes) {
    const auto stored = stores.log.find(outcome.digest.hex()).value();
    const auto raw = stores.log.read_raw(stored).value();
    ASSERT_TRUE(outcome.event);
    EXPECT_EQ(outcome.event->time(), stored.event_time);
    const auto mapped = stores.mapping.apply(stored, raw).value();
    EXPECT_EQ(to_text(outcome.event->json(ocsf::Event::Unmapped::Include)),
              to_text(mapped.json(ocsf::Event::Unmapped::Include)));
  }
  const auto again =
      ingest_received(received(mails), reader, stores.log, stores.quarantine, stores.clock).value();
  for (const auto& outcome : again) EXPECT_FALSE(outcome.event) << "what is known is not mapped";
}

TEST(IngestReceived, WhatWasRemovedIsMappedAgainAtTheTimeOfItsPlaceInTheLog) {
  Stores stores;
  RecordReader reader(&stores.mapping, nullptr);
  const std::vector<std::string> mails = {mail(1), "From: a@b.example\nSubject: no date\n\nx\n"};
  const auto take_in = [&] {
    return ingest_received(received(mails), reader, stores.log, stores.quarantine, stores.clock)
        .value();
  };
  const auto before = take_in();
  const std::vector<Digest> all = {before[0].digest, before[1].digest};
  ASSERT_EQ(stores.log.remove(all, {stores.clock.now(), "a rule"}).value(), 2U);
  stores.clock.advance(std::chrono::hours(24));
  const auto again = take_in();
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_TRUE(again[i].known);
    ASSERT_TRUE(again[i].event);
    EXPECT_EQ(again[i].event->time(), before[i].event->time());
  }
  EXPECT_EQ(stores.log.count({}).value(), 0U) << "it is not kept again";
}

TEST(IngestReceived, OneCommitServesAll) {
  Stores stores;
  RecordReader reader(&stores.mapping, nullptr);
  std::vector<std::string> mails;
  for (int i = 0; i < 200; ++i) mails.push_back(mail(i % 60) + std::to_string(i));
  int syncs = 0;
  set_write_fault([&](std::string_view step, const Path& path) -> Status {
    syncs += step == "sync" && path.string().find("/log/") != std::string::npos ? 1 : 0;
    return {};
  });
  const auto outcomes =
      ingest_received(received(mails), reader, stores.log, stores.quarantine, stores.clock);
  set_write_fault({});
  ASSERT_OK(outcomes);
  EXPECT_EQ(outcomes->size(), 200U);
  EXPECT_EQ(syncs, 1);
}

}  // namespace
}  // namespace winnow
