#include "store/segment_log.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "store/segment_record.h"
#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

constexpr SegmentLog::Config kSmall{.segment_bytes = 600, .max_record_bytes = 1000};

struct Stored {
  RecordPosition at;
  std::string payload;
  RecordKind kind;
};

Result<std::vector<Stored>> scan_all(const Path& folder, std::optional<RecordPosition> from = {}) {
  std::vector<Stored> found;
  WINNOW_TRY(auto scan, SegmentScan::open(folder, from));
  for (;;) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more) return found;
    found.push_back({scan.record().at, std::string(scan.record().payload), scan.record().kind});
  }
}

std::vector<std::string> payloads(const std::vector<Stored>& records) {
  std::vector<std::string> out;
  for (const auto& record : records) out.push_back(record.payload);
  return out;
}

// Appends `count` records in random batches over several segments and returns them.
std::vector<Stored> fill(SegmentLog& log, int count, Rng& rng) {
  std::vector<Stored> written;
  for (int i = 0; i < count; ++i) {
    const auto payload = fmt::format("{}:{}", i, std::string(rng.below(120), 'p'));
    const auto kind = static_cast<RecordKind>(rng.below(3));
    written.push_back({log.append(payload, kind).value(), payload, kind});
    if (rng.chance(0.3) || i + 1 == count) EXPECT_OK(log.commit());
  }
  return written;
}

TEST(SegmentLog, ReadsBackWhatWasAppended) {
  testing::for_each_seed(20, [](Rng& rng) {
    testing::TemporaryFolder folder;
    auto log = SegmentLog::open(folder / "s", kSmall).value();
    auto written = fill(log, 40, rng);
    log = SegmentLog::open(folder / "s", kSmall).value();
    EXPECT_EQ(log.cut_bytes(), 0U);
    const auto found = scan_all(folder / "s").value();
    ASSERT_EQ(payloads(found), payloads(written));
    ASSERT_GT(found.back().at.segment, 2U) << "several segments";
    for (const auto& record : written) EXPECT_EQ(log.read(record.at).value(), record.payload);
    const auto& middle = written[written.size() / 2];
    const auto rest = scan_all(folder / "s", middle.at).value();
    EXPECT_EQ(rest.front().payload, middle.payload);
    EXPECT_EQ(rest.size(), written.size() - written.size() / 2);
    EXPECT_EQ(code_of(log.read({99, 32})), Code::NotFound);
    EXPECT_EQ(log.read({1, 33}).has_value(), false);
  });
}

TEST(SegmentLog, WhatWasNotCommittedIsNotThere) {
  testing::TemporaryFolder folder;
  auto log = SegmentLog::open(folder / "s", kSmall).value();
  ASSERT_OK(log.append("one"));
  ASSERT_OK(log.commit());
  ASSERT_OK(log.append("two"));
  log.discard();
  ASSERT_OK(log.append("three"));
  EXPECT_EQ(scan_all(folder / "s")->size(), 1U);
  ASSERT_OK(log.commit());
  EXPECT_EQ(payloads(*scan_all(folder / "s")), (std::vector<std::string>{"one", "three"}));
  EXPECT_EQ(code_of(log.append(std::string(1001, 'x'))), Code::Exhausted);
}

TEST(SegmentLog, RoomAheadOfTheRecordsIsNoPartOfThem) {
  testing::for_each_seed(8, [](Rng& rng) {
    testing::TemporaryFolder folder;
    const SegmentLog::Config with_room{
        .segment_bytes = 600, .max_record_bytes = 1000, .room_bytes = 1 + rng.below(900)};
    std::vector<Stored> all;
    for (int reopened = 0; reopened < 4; ++reopened) {
      auto log = SegmentLog::open(folder.path(), with_room).value();
      EXPECT_EQ(log.cut_bytes(), 0U) << "zeros are no unfinished write";
      EXPECT_TRUE(log.is_current());
      const auto more = fill(log, 10, rng);
      EXPECT_TRUE(log.is_current());
      all.insert(all.end(), more.begin(), more.end());
      EXPECT_EQ(payloads(scan_all(folder.path()).value()), payloads(all));
      for (const auto& record : more) EXPECT_EQ(log.read(record.at).value(), record.payload);
    }
    const auto without = SegmentLog::open(folder.path(), kSmall).value();
    EXPECT_EQ(payloads(scan_all(folder.path()).value()), payloads(all)) << "each reads the other's";
  });
}

TEST(SegmentLog, WithRoomACommitMakesNoFileLarger) {
  testing::TemporaryFolder folder;
  auto log = SegmentLog::open(folder.path(), {.room_bytes = 10'000}).value();
  const auto size = [&] { return std::filesystem::file_size(folder / "0000000001.seg"); };
  const auto add = [&] {
    ASSERT_OK(log.append(std::string(100, 'x')));
    ASSERT_OK(log.commit());
  };
  add();
  const auto begun = size();
  for (int i = 0; i < 50; ++i) add();
  EXPECT_EQ(size(), begun);
}

TEST(SegmentLog, WithoutRoomOnTheDiskItGrowsAsFarAsItCan) {
  testing::TemporaryFolder folder;
  auto log = SegmentLog::open(folder.path(), {.room_bytes = 10'000}).value();
  set_write_fault([first = true](std::string_view step, const Path& path) mutable -> Status {
    if (step != "append" || !std::exchange(first, false)) return {};
    return Error(Code::Exhausted, fmt::format("no space left for '{}'", path.string()));
  });
  ASSERT_OK(log.append("a record"));
  const auto committed = log.commit();
  set_write_fault({});
  ASSERT_OK(committed);
  EXPECT_LT(std::filesystem::file_size(folder / "0000000001.seg"), 200U);
  EXPECT_EQ(payloads(scan_all(folder.path()).value()), std::vector<std::string>{"a record"});
}

TEST(SegmentLog, ATailCutAnywhereLosesOnlyWhatIsGone) {
  testing::TemporaryFolder folder;
  std::vector<Stored> written;
  {
    auto log = SegmentLog::open(folder / "s", {}).value();
    testing::for_each_seed(1, [&](Rng& rng) { written = fill(log, 10, rng); });
  }
  const auto file = folder / "s" / "0000000001.seg";
  const auto bytes = *read_file(file, 1U << 20);
  for (std::size_t size = bytes.size(); size >= 32; --size) {
    ASSERT_OK(write_atomically(file, bytes.substr(0, size)));
    auto log = SegmentLog::open(folder / "s", {});
    ASSERT_OK(log);
    const auto found = *scan_all(folder / "s");
    for (const auto& record : written) {
      const bool whole = record.at.offset + 16 + record.payload.size() <= size;
      EXPECT_EQ(log->read(record.at).has_value(), whole) << size;
    }
    ASSERT_OK(log->append("next"));
    ASSERT_OK(log->commit());
    EXPECT_EQ(scan_all(folder / "s")->size(), found.size() + 1);
  }
}

TEST(SegmentLog, AFlippedBitOfAnythingAcknowledgedIsNamed) {
  testing::TemporaryFolder folder;
  std::vector<Stored> written;
  {
    auto log = SegmentLog::open(folder / "s", kSmall).value();
    testing::for_each_seed(1, [&](Rng& rng) { written = fill(log, 20, rng); });
  }
  for (const auto& path : *list_files(folder / "s")) {
    const auto bytes = *read_file(path, 1U << 20);
    const bool last = path == list_files(folder / "s")->back();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      testing::flip_byte(path, at, static_cast<unsigned char>(1U << at % 8));
      const auto found = scan_all(folder / "s");
      // The marker behind the last batch holds no data: without it all records are still there.
      const bool in_last_marker = last && at >= bytes.size() - 16;
      if (in_last_marker) {
        EXPECT_EQ(payloads(found.value()), payloads(written));
      } else {
        ASSERT_EQ(code_of(found), Code::Corrupt) << path << " " << at;
        EXPECT_THAT(found.error().message(), ::testing::HasSubstr(path.string()));
        if (last) {
          EXPECT_EQ(code_of(SegmentLog::open(folder / "s", kSmall)), Code::Corrupt);
        }
      }
      ASSERT_OK(write_atomically(path, bytes));
    }
  }
}

TEST(SegmentLog, AMissingSwappedOrShortenedSegmentIsFound) {
  testing::TemporaryFolder folder;
  {
    auto log = SegmentLog::open(folder / "s", kSmall).value();
    testing::for_each_seed(1, [&](Rng& rng) { fill(log, 30, rng); });
  }
  const auto files = *list_files(folder / "s");
  ASSERT_GE(files.size(), 3U);
  const auto first = *read_file(files[0], 1U << 20), second = *read_file(files[1], 1U << 20);
  std::filesystem::remove(files[1]);
  EXPECT_EQ(code_of(scan_all(folder / "s")), Code::Corrupt);
  ASSERT_OK(write_atomically(files[1], first));
  EXPECT_EQ(code_of(scan_all(folder / "s")), Code::Corrupt);
  ASSERT_OK(write_atomically(files[1], second.substr(0, second.size() - 16)));
  EXPECT_EQ(code_of(scan_all(folder / "s")), Code::Corrupt) << "only its last marker is gone";
  ASSERT_OK(write_atomically(files[1], second));
  EXPECT_OK(scan_all(folder / "s"));
}

TEST(SegmentLog, AnyFailedWriteLeavesTheLogAsItWasOrComplete) {
  for (const bool stay_failed : {false, true}) {
    for (int fail_at = 0;; ++fail_at) {
      testing::TemporaryFolder folder;
      std::vector<std::string> acknowledged;
      bool fired = false;
      {
        auto log = SegmentLog::open(folder / "s", kSmall).value();
        const testing::FailingWrites faults(fail_at, stay_failed);
        for (int i = 0; i < 12; ++i) {
          const auto payload =
              fmt::format("{}:{}", i, std::string(static_cast<std::size_t>(100 - i), 'p'));
          if (!log.append(payload)) continue;
          if (log.commit()) acknowledged.push_back(payload);
        }
        fired = faults.fired();
      }
      ASSERT_OK(SegmentLog::open(folder / "s", kSmall));
      const auto found = payloads(*scan_all(folder / "s"));
      // A batch whose sync failed may be there: it was written, and nobody was told.
      EXPECT_TRUE(
          std::includes(found.begin(), found.end(), acknowledged.begin(), acknowledged.end(),
                        [](const auto& a, const auto& b) { return std::stoi(a) < std::stoi(b); }))
          << fail_at;
      if (!fired) break;
    }
  }
}

TEST(SegmentLog, WhatWasCommittedSurvivesAKill) {
  testing::for_each_seed(12, [](Rng& rng) {
    testing::TemporaryFolder folder;
    const auto acknowledged = testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          auto log = SegmentLog::open(folder / "s", kSmall).value();
          for (int i = 0;; ++i) {
            for (int k = 0; k < 3; ++k) {
              if (!log.append(fmt::format("{}", 3 * i + k))) return;
            }
            if (!log.commit()) return;
            acknowledge();
          }
        },
        rng, 40'000);
    ASSERT_OK(SegmentLog::open(folder / "s", kSmall));
    const auto found = *scan_all(folder / "s");
    EXPECT_GE(found.size(), acknowledged * 3);
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].payload, std::to_string(i));
  });
}

TEST(SegmentLog, OldSegmentsCanBeForgotten) {
  testing::TemporaryFolder folder;
  auto log = SegmentLog::open(folder / "s", kSmall).value();
  std::vector<Stored> written;
  testing::for_each_seed(1, [&](Rng& rng) { written = fill(log, 30, rng); });
  const auto& kept = written[20];
  ASSERT_OK(log.forget_before(kept.at));
  EXPECT_EQ(scan_all(folder / "s")->front().at.segment, kept.at.segment);
  EXPECT_EQ(log.read(kept.at).value(), kept.payload);
  EXPECT_EQ(code_of(log.read(written.front().at)), Code::NotFound);
  EXPECT_OK(SegmentLog::open(folder / "s", kSmall));
}

// Every third record becomes a short one of kind 9.
Result<std::optional<ShorterRecord>> every_third(const SegmentRecord& record) {
  if (record.payload.empty() || record.payload.front() % 3 != 0)
    return std::optional<ShorterRecord>();
  return std::optional(ShorterRecord{9, std::string(record.payload.substr(0, 1))});
}

TEST(ShortenSegment, OthersStayWhereTheyStand) {
  testing::for_each_seed(20, [](Rng& rng) {
    testing::TemporaryFolder folder;
    auto log = SegmentLog::open(folder / "s", kSmall).value();
    auto written = fill(log, 60, rng);
    const auto last = log.end().segment;
    std::uint64_t given_up = 0;
    for (std::uint64_t segment = 1; segment < last; ++segment) {
      const auto before = std::filesystem::file_size(folder / fmt::format("s/{:010}.seg", segment));
      given_up += shorten_segment(folder / "s", segment, every_third).value();
      EXPECT_EQ(std::filesystem::file_size(folder / fmt::format("s/{:010}.seg", segment)), before);
    }
    EXPECT_GT(given_up, 0U);
    const auto found = scan_all(folder / "s").value();
    ASSERT_EQ(found.size(), written.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool shortened = written[i].at.segment < last && written[i].payload.front() % 3 == 0;
      EXPECT_EQ(found[i].kind, shortened ? 9 : written[i].kind);
      // Where hardly anything is left, zeros fill it up.
      if (shortened) {
        EXPECT_EQ(found[i].payload.front(), written[i].payload.front());
        EXPECT_EQ(found[i].payload.find_first_not_of('\0', 1), std::string::npos);
      } else {
        EXPECT_EQ(found[i].at, written[i].at);
        EXPECT_EQ(found[i].payload, written[i].payload);
        EXPECT_EQ(log.read(written[i].at).value(), written[i].payload);
      }
    }
    // Again it finds nothing to give up; appending goes on.
    for (std::uint64_t segment = 1; segment < last; ++segment) {
      EXPECT_EQ(shorten_segment(folder / "s", segment,
                                [](const SegmentRecord& record) {
                                  return record.kind == 9 ? Result(std::optional<ShorterRecord>())
                                                          : every_third(record);
                                })
                    .value(),
                0U);
    }
    log = SegmentLog::open(folder / "s", kSmall).value();
    EXPECT_OK(log.append("more"));
    EXPECT_OK(log.commit());
    EXPECT_EQ(scan_all(folder / "s").value().size(), written.size() + 1);
  });
}

TEST(ShortenSegment, WhatWasGivenUpIsInNoFile) {
  testing::TemporaryFolder folder;
  auto log = SegmentLog::open(folder / "s", kSmall).value();
  const auto secret = "0" + std::string(900, 's');
  ASSERT_OK(log.append(secret));
  ASSERT_OK(log.append("kept"));
  ASSERT_OK(log.commit());
  EXPECT_EQ(code_of(shorten_segment(folder / "s", 1, every_third)), Code::InvalidArgument)
      << "the last one is appended to";
  ASSERT_OK(log.begin_segment());
  ASSERT_OK(log.begin_segment());
  EXPECT_EQ(log.end().segment, 2U) << "an empty one is new enough";
  EXPECT_EQ(shorten_segment(folder / "s", 1, every_third).value(), secret.size() - 1);
  for (const auto& file : list_files(folder.path()).value())
    EXPECT_EQ(read_file(file, 1 << 20)->find("sss"), std::string::npos) << file;
  EXPECT_THAT(payloads(scan_all(folder / "s").value()), ::testing::ElementsAre("0", "kept"));
}

// Somebody goes on looking for what keeps its kind, where it stood.
TEST(ShortenSegment, WhatKeepsItsKindStaysWhereItStood) {
  testing::TemporaryFolder folder;
  auto log = SegmentLog::open(folder / "s", {}).value();
  std::vector<RecordPosition> places;
  for (int i = 0; i < 60; ++i) {
    const auto name = std::string(1, static_cast<char>('0' + i % 3));
    places.push_back(log.append(name + std::string(100 + i, 'x'), 5).value());
    if (i % 4 == 0) ASSERT_OK(log.commit());
  }
  ASSERT_OK(log.commit());
  ASSERT_OK(log.begin_segment());
  const auto some = [](const SegmentRecord& record) -> Result<std::optional<ShorterRecord>> {
    const char name = record.payload.front();
    if (name == '0') return std::optional<ShorterRecord>();
    return std::optional(
        ShorterRecord{name == '1' ? RecordKind{9} : record.kind,
                      std::string(record.payload.substr(0, record.payload.size() * 2 / 3))});
  };
  ASSERT_OK(shorten_segment(folder / "s", 1, some));
  for (int i = 0; i < 60; ++i) {
    if (i % 3 == 1) continue;
    const auto record = read_whole_record(folder / "s", places[static_cast<std::size_t>(i)]);
    ASSERT_OK(record);
    EXPECT_EQ(record->kind, 5);
    EXPECT_EQ(record->payload.front(), i % 3 == 0 ? '0' : '2');
  }
  EXPECT_EQ(scan_all(folder / "s").value().size(), 60U);
}

TEST(ShortenSegment, ManySmallRecordsInARowLeaveOneHole) {
  testing::TemporaryFolder folder;
  auto log = SegmentLog::open(folder / "s", {}).value();
  for (int i = 0; i < 1'000; ++i) {  // each a batch, with its marker
    ASSERT_OK(log.append("0" + std::string(200, 's')));
    ASSERT_OK(log.commit());
  }
  ASSERT_OK(log.begin_segment());
  ASSERT_OK(shorten_segment(folder / "s", 1, every_third));
  EXPECT_EQ(scan_all(folder / "s").value().size(), 1'000U);
  const auto bytes = read_file(folder / "s/0000000001.seg", 1 << 20).value();
  const auto hole = std::string(bytes.size() / 2, '\0');
  EXPECT_NE(bytes.find(hole), std::string::npos);
}

TEST(ShortenSegment, AFailureLeavesTheFileAsItWas) {
  for (int fail_at = 0;; ++fail_at) {
    testing::TemporaryFolder folder;
    auto log = SegmentLog::open(folder / "s", kSmall).value();
    ASSERT_OK(log.append("0" + std::string(500, 's')));
    ASSERT_OK(log.commit());
    ASSERT_OK(log.begin_segment());
    const auto before = read_file(folder / "s/0000000001.seg", 1 << 20).value();
    bool fired = false;
    {
      const testing::FailingWrites failing(fail_at);
      const auto done = shorten_segment(folder / "s", 1, every_third);
      fired = failing.fired();
      EXPECT_EQ(done.has_value(), !fired);
    }
    const auto after = read_file(folder / "s/0000000001.seg", 1 << 20).value();
    EXPECT_TRUE(after == before || scan_all(folder / "s").value().front().kind == 9);
    EXPECT_OK(shorten_segment(folder / "s", 1, every_third));
    EXPECT_EQ(scan_all(folder / "s").value().front().kind, 9);
    if (!fired) break;
  }
}

}  // namespace
}  // namespace winnow
