#include "store/segment_log.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

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

}  // namespace
}  // namespace winnow
