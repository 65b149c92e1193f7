#include "ingest/quarantine.h"

#include <gmock/gmock.h>

#include "store/sqlite.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 1);

RawRecord record_of(std::string raw, ProblemKind kind) {
  RawRecord record;
  record.raw = std::move(raw);
  record.size = record.raw.size();
  record.digest = sha256(record.raw);
  record.position = {.input = "log.csv", .offset = 100, .line = 7};
  record.problem = Problem{kind, "why"};
  return record;
}

std::uint64_t add(Quarantine& quarantine, const std::vector<RawRecord>& records) {
  std::vector<NewQuarantined> items;
  for (const auto& record : records)
    items.push_back(
        {.record = &record, .source = "source", .label = Label::Phish, .label_origin = "option"});
  return quarantine.add(items, kNow).value();
}

std::vector<std::string> kept_in(const Quarantine& quarantine,
                                 const QuarantineFilter& filter = {}) {
  std::vector<std::string> raws;
  for (const auto& record : quarantine.list(filter, 0, 100).value()) {
    raws.push_back(quarantine.read_raw(record).value());
  }
  return raws;
}

TEST(Quarantine, KeepsEachRecordOnceWithItsReasonAndPlace) {
  testing::TemporaryFolder folder;
  {
    auto quarantine = Quarantine::open(folder / "q.db", Access::ReadWrite).value();
    EXPECT_EQ(add(quarantine,
                  {record_of("a", ProblemKind::BadCsv), record_of("b", ProblemKind::BadLabel)}),
              2U);
    EXPECT_EQ(add(quarantine, {record_of("a", ProblemKind::BadCsv)}), 0U);
  }
  const auto quarantine = Quarantine::open(folder / "q.db", Access::ReadOnly).value();
  EXPECT_EQ(quarantine.count().value(), 2U);
  EXPECT_THAT(kept_in(quarantine), ElementsAre("a", "b"));
  EXPECT_THAT(kept_in(quarantine, {.kind = ProblemKind::BadLabel}), ElementsAre("b"));
  EXPECT_EQ(quarantine.count({.source = "elsewhere"}).value(), 0U);
  const auto found = quarantine.find(sha256("a").hex().substr(0, 8)).value();
  EXPECT_EQ(found.problem.kind, ProblemKind::BadCsv);
  EXPECT_EQ(found.problem.message, "why");
  EXPECT_EQ(found.position.text(), "log.csv, line 7");
  EXPECT_EQ(found.label, Label::Phish);
  EXPECT_EQ(found.first_seen, kNow);
  EXPECT_EQ(found.tries, 0U);
}

TEST(Quarantine, TellsItsReasonsTheMostFrequentFirst) {
  testing::TemporaryFolder folder;
  auto quarantine = Quarantine::open(folder / "q.db", Access::ReadWrite).value();
  EXPECT_TRUE(quarantine.reasons(10).value().empty());
  auto other = record_of("c", ProblemKind::BadCsv);
  other.problem->message = "another why";
  add(quarantine,
      {other, record_of("a", ProblemKind::BadCsv), record_of("b", ProblemKind::BadCsv)});
  const auto reasons = quarantine.reasons(10).value();
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].problem.message, "why");
  EXPECT_EQ(reasons[0].records, 2U);
  EXPECT_EQ(reasons[0].source, "source");
  EXPECT_EQ(reasons[0].last_seen, kNow);
  EXPECT_EQ(reasons[1].records, 1U);
  EXPECT_EQ(quarantine.reasons(1).value().size(), 1U);
  EXPECT_THAT(kept_in(quarantine, {.reason = "another why"}), ElementsAre("c"));
}

TEST(Quarantine, KeepsAnyBytes) {
  testing::TemporaryFolder folder;
  auto quarantine = Quarantine::open(folder / "q.db", Access::ReadWrite).value();
  std::string raw;
  for (int i = 0; i < 100'000; ++i) raw.push_back(static_cast<char>(i * 31));
  add(quarantine, {record_of(raw, ProblemKind::Unmapped)});
  EXPECT_THAT(kept_in(quarantine), ElementsAre(raw));
}

TEST(Quarantine, ARetriedRecordLeavesOnlyWhenItWasUsed) {
  testing::TemporaryFolder folder;
  auto quarantine = Quarantine::open(folder / "q.db", Access::ReadWrite).value();
  add(quarantine,
      {record_of("good", ProblemKind::Unmapped), record_of("bad", ProblemKind::Unmapped)});
  const auto later = kNow + std::chrono::hours(1);
  const auto counts = quarantine.retry({}, later, [](const auto&, std::string_view raw) {
    return raw == "good" ? Status() : Error(Code::InvalidArgument, "still no mail");
  });
  ASSERT_OK(counts);
  EXPECT_EQ(counts->tried, 2U);
  EXPECT_EQ(counts->released, 1U);
  const auto left = quarantine.list({}, 0, 10).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].problem.message, "still no mail");
  EXPECT_EQ(left[0].tries, 1U);
  EXPECT_EQ(left[0].last_tried, later);
  EXPECT_EQ(testing::code_of(quarantine.find(sha256("good").hex())), Code::NotFound);
}

TEST(Quarantine, AFailingStoreEndsTheRetryAndLosesNothing) {
  testing::TemporaryFolder folder;
  auto quarantine = Quarantine::open(folder / "q.db", Access::ReadWrite).value();
  add(quarantine, {record_of("a", ProblemKind::Unmapped), record_of("b", ProblemKind::Unmapped)});
  const auto retried = quarantine.retry({}, kNow, [](const auto&, std::string_view) {
    return Status(Error(Code::Exhausted, "the disk is full"));
  });
  EXPECT_EQ(testing::code_of(retried), Code::Exhausted);
  EXPECT_EQ(quarantine.count().value(), 2U);
  EXPECT_EQ(quarantine.list({}, 0, 1)->front().tries, 0U);
}

TEST(Quarantine, ARecordWhoseBytesAreDamagedDoesNotKeepTheOthers) {
  testing::TemporaryFolder folder;
  const auto file = folder / "q.db";
  auto quarantine = Quarantine::open(file, Access::ReadWrite).value();
  for (const auto* raw : {"a", "damaged", "b"})
    add(quarantine, {record_of(raw, ProblemKind::Unmapped)});
  ASSERT_OK(Sqlite::open(file, Access::ReadWrite)
                ->run("UPDATE quarantine_bytes SET kept_digest = ?1 WHERE id = 2", sha256("x")));
  std::vector<std::string> used;
  const auto page = quarantine.list({}, 0, 10).value();
  const auto counts = quarantine.retry_together(
      page, kNow, [&](auto records, auto raws) -> Result<std::vector<Status>> {
        used.assign(raws.begin(), raws.end());
        return std::vector<Status>(records.size());
      });
  ASSERT_OK(counts);
  EXPECT_EQ(counts->tried, 3U);
  EXPECT_EQ(counts->released, 2U);
  EXPECT_THAT(used, ElementsAre("a", "b"));
  const auto left = quarantine.list({}, 0, 10).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_THAT(left[0].problem.message, ::testing::HasSubstr("have changed"));
  EXPECT_EQ(testing::code_of(quarantine.retry_one(left[0], kNow, {})), Code::Corrupt);
}

TEST(Quarantine, WhatIsRemovedGoesFromTheFileAndTheRestStays) {
  testing::TemporaryFolder folder;
  const auto file = folder / "q.db";
  {
    auto quarantine = Quarantine::open(file, Access::ReadWrite).value();
    add(quarantine,
        {record_of("zq8first", ProblemKind::BadCsv), record_of("zq9second", ProblemKind::BadCsv)});
    EXPECT_EQ(quarantine.count({.seen_before = kNow}).value(), 0U);
    EXPECT_EQ(quarantine.list({.seen_before = kNow + std::chrono::seconds(1)}, 0, 10)->size(), 2U);
    const std::vector<Digest> wanted{sha256("zq8first"), sha256("nobody knows it")};
    EXPECT_EQ(quarantine.remove(wanted).value(), 1U);
    EXPECT_EQ(quarantine.remove(wanted).value(), 0U);
    EXPECT_THAT(kept_in(quarantine), ElementsAre("zq9second"));
  }
  for (const auto& path : list_files(folder.path()).value())
    EXPECT_EQ(read_file(path, 1 << 26)->find("zq8first"), std::string::npos) << path;
}

}  // namespace
}  // namespace winnow
