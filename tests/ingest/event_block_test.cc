#include "ingest/detail/event_block.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "ingest/detail/event_entry.h"
#include "ingest/detail/recent_blocks.h"
#include "ingest/event_eraser.h"
#include "ingest/event_log.h"
#include "store/compress.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

NewEvent event_of(std::string_view raw) {
  return {.form = RecordForm::LogJson,
          .mapping = "dns",
          .raw = raw,
          .digest = sha256(raw),
          .event_time = Timestamp::from_seconds(5),
          .received_time = Timestamp::from_seconds(6),
          .source = "test"};
}

std::string random_bytes(Rng& rng, std::size_t size) {
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(rng.below(256));
  return bytes;
}

// Pieces of the first record: once that goes, what is left takes more room than all of it did.
std::vector<std::string> pieces_of_the_first(Rng& rng) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::string> records(1);
  while (records.front().size() < 4000) records.front() += kAlphabet[rng.below(kAlphabet.size())];
  for (int i = 0; i < 14; ++i) {
    std::string pieces;
    while (pieces.size() < 3900) pieces += records.front().substr(rng.below(3700), 300);
    records.push_back(pieces);
  }
  return records;
}

// Alike, repeated, empty, of no pattern at all, or pieces of one of them.
std::vector<std::string> some_records(Rng& rng) {
  std::vector<std::string> records;
  const auto kind = rng.below(5);
  if (kind == 4) return pieces_of_the_first(rng);
  for (std::uint64_t i = 0; i < 2 + rng.below(40); ++i) {
    const auto number = fmt::format("{}:{}", records.size(), rng.below(1000));
    if (kind == 0) records.push_back(random_bytes(rng, rng.below(1500)) + number);
    if (kind == 1) records.push_back(fmt::format(R"({{"host":"a-{}","port":53}})", number));
    if (kind == 2 && i % 2 == 1) records.push_back(records.back() + " again");
    if (kind == 2 && i % 2 == 0) records.push_back(random_bytes(rng, rng.below(700)));
    if (kind == 3) records.push_back(std::string(rng.below(1000), 'z') + number);
  }
  if (rng.below(3) == 0) records.emplace_back();
  return records;
}

std::string payload_of(const std::vector<std::string>& records) {
  std::vector<NewEvent> events;
  for (const auto& record : records) events.push_back(event_of(record));
  std::vector<const NewEvent*> pointers;
  for (const auto& event : events) pointers.push_back(&event);
  return block_payload(pointers);
}

TEST(EventBlock, GivesBackEachAndGivesUpAny) {
  testing::for_each_seed(300, [](Rng& rng) {
    const auto records = some_records(rng);
    auto payload = payload_of(records);
    std::unordered_set<Digest> gone;
    for (int step = 0; step < 3; ++step) {
      const auto read = EventBlock::read(payload);
      ASSERT_OK(read);
      const auto& block = *read;
      const auto bytes = block.unpack().value();
      ASSERT_EQ(block.items().size(), records.size());
      for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& item = block.items()[i];
        EXPECT_EQ(item.event.digest, sha256(records[i]));
        EXPECT_EQ(item.event.raw_bytes, records[i].size());
        EXPECT_EQ(item.event.mapping, "dns");
        EXPECT_EQ(item.is_kept, !gone.contains(item.event.digest));
        if (!item.is_kept) continue;
        EXPECT_EQ(bytes.substr(item.begin, item.event.raw_bytes), records[i]);
      }
      EXPECT_FALSE(block.keeps_any_of(gone)) << "they are gone already";
      EXPECT_FALSE(block.keeps_any_of({sha256("another")}));
      std::unordered_set<Digest> more;
      for (const auto& record : records) {
        if (rng.below(3) == 0 && !gone.contains(sha256(record))) more.insert(sha256(record));
      }
      if (more.empty()) continue;
      ASSERT_TRUE(block.keeps_any_of(more));
      const auto shorter = rest_of({block.items(), bytes}, more, payload.size());
      ASSERT_OK(shorter);
      ASSERT_LE(shorter->payload.size(), payload.size());
      ASSERT_EQ(EventBlock::read(shorter->payload)->stands_aside(), !shorter->aside.empty());
      payload = (shorter->aside.empty() ? shorter->payload : shorter->aside) +
                std::string(rng.below(16), '\0');
      gone.insert(more.begin(), more.end());
    }
  });
}

TEST(EventBlock, WithoutAnyEventIsStillOnRecord) {
  const std::vector<std::string> records = {"one", "two"};
  const auto payload = payload_of(records);
  const auto whole = EventBlock::read(payload).value();
  const auto empty = rest_of({whole.items(), whole.unpack().value()},
                             {sha256("one"), sha256("two")}, payload.size())
                         .value();
  EXPECT_THAT(empty.aside, IsEmpty());
  const auto block = EventBlock::read(empty.payload).value();
  EXPECT_EQ(block.items().size(), 2U);
  EXPECT_EQ(block.unpack().value(), "");
}

// Whatever the bytes are, reading them ends with an answer or with Corrupt.
TEST(EventBlock, DamageIsRefused) {
  testing::for_each_seed(300, [](Rng& rng) {
    auto payload = payload_of(some_records(rng));
    if (rng.below(2) == 0) {
      payload.resize(rng.below(payload.size()));
    } else {
      payload[rng.below(payload.size())] ^= static_cast<char>(1 + rng.below(255));
    }
    const auto block = EventBlock::read(payload);
    const auto bytes = block ? block->unpack() : Result<std::string>(block.error());
    if (!bytes) {
      EXPECT_EQ(bytes.error().code(), Code::Corrupt) << bytes.error();
    }
  });
}

TEST(EventBlock, MoreBytesThanItSaysAreDamage) {
  const std::string raw = "one";
  auto event = event_of(raw);
  const auto longer = compress("more than one");
  ByteWriter payload;
  put_event_head(event, payload.put_count(1).put(std::uint8_t{1}));
  payload.put_text(longer);
  EXPECT_EQ(testing::code_of(EventBlock::read(payload.bytes())->unpack()), Code::Corrupt);
}

std::vector<std::string> many_records() {
  std::vector<std::string> records;
  for (int i = 0; i < 400; ++i)
    records.push_back(fmt::format("record {} {}", i, std::string(700, static_cast<char>(i))));
  records[100] = std::string(9000, 'l');  // a long one among them
  return records;
}

std::vector<NewEvent> events_of(const std::vector<std::string>& records) {
  std::vector<NewEvent> events;
  for (const auto& record : records) events.push_back(event_of(record));
  return events;
}

std::size_t count_of(const Path& log, RecordKind kind) {
  std::size_t count = 0;
  for (auto scan = SegmentScan::open(log).value(); scan.next().value();)
    count += scan.record().kind == kind ? 1 : 0;
  return count;
}

TEST(EventLogBlocks, ShortRecordsStandTogetherAndAreReadAlone) {
  testing::TemporaryFolder folder;
  const auto records = many_records();
  {
    auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    EXPECT_EQ(log.append(events_of(records))->stored, records.size());
    const std::string alone = "alone";
    ASSERT_OK(log.append(std::vector{event_of(alone)}));
  }
  EXPECT_EQ(count_of(folder / "log", kBlockRecord), 6U) << "64 KiB each, and before the long one";
  EXPECT_EQ(count_of(folder / "log", kEventRecord), 2U) << "long, and alone";
  const auto log = EventLog::open(folder.path(), Access::ReadOnly).value();
  EXPECT_EQ(log.verify().value(), records.size() + 1);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& record = records[i * 37 % records.size()];
    EXPECT_EQ(log.read_raw(*log.look_up(sha256(record)).value()).value(), record);
  }
  const auto arrived = log.arrivals(0, 1000).value();
  for (std::size_t i = 0; i < records.size(); ++i) EXPECT_EQ(arrived[i].digest, sha256(records[i]));
}

// One of each block goes, from several blocks that stand next to each other.
TEST(EventLogBlocks, OneGoesAndItsNeighboursStay) {
  testing::TemporaryFolder folder;
  const auto records = many_records();
  std::vector<Digest> gone;
  {
    auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    ASSERT_OK(log.append(events_of(records)));
    for (std::size_t i = 3; i < records.size(); i += 40) gone.push_back(sha256(records[i]));
    const auto before = log.look_up(gone.front()).value();
    ASSERT_OK(log.read_raw(*before));
    ASSERT_EQ(log.remove(gone, {Timestamp::from_seconds(9), "a rule"}).value(), gone.size());
    ASSERT_OK(log.begin_segment());
    const auto step = EventEraser::open(folder.path())->step().value();
    EXPECT_EQ(step.events, gone.size());
    EXPECT_GT(step.bytes, 0U);
    EXPECT_EQ(testing::code_of(log.read_raw(*before)), Code::NotFound) << "looked up before";
  }
  for (auto scan = SegmentScan::open(folder / "log").value(); scan.next().value();) {
    if (scan.record().kind != kBlockRecord) continue;
    const auto block = EventBlock::read(scan.record().payload).value();
    for (std::size_t i = 3; i < records.size(); i += 40)
      EXPECT_EQ(block.unpack()->find(records[i]), std::string::npos);
  }
  for (const bool indexed_anew : {false, true}) {
    if (indexed_anew) {
      for (const auto* const name : {"index.db", "index.db-wal", "index.db-shm"})
        std::filesystem::remove(folder / name);
    }
    const auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    EXPECT_EQ(log.verify().value(), records.size() - gone.size());
    EXPECT_EQ(log.count({.of = EventFilter::Of::Removed}).value(), gone.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto stored = log.look_up(sha256(records[i])).value();
      ASSERT_TRUE(stored);
      EXPECT_EQ(stored->id, i + 1);
      const auto raw = log.read_raw(*stored);
      if (i % 40 == 3) {
        EXPECT_EQ(testing::code_of(raw), Code::NotFound);
      } else {
        EXPECT_EQ(raw.value(), records[i]);
      }
    }
  }
}

TEST(RecentBlocks, KeepsThoseAskedForLastWhileTheirSegmentStays) {
  const auto at = [](std::size_t block) { return RecordPosition{1, 32 + block * 1000}; };
  const auto bytes = [](std::size_t block) { return fmt::format("block {}", block); };
  const SegmentVersion version{1, 1}, another{2, 1};
  RecentBlocks recent;
  for (std::size_t i = 0; i < RecentBlocks::kMost; ++i)
    EXPECT_EQ(recent.keep(at(i), version, {{}, bytes(i)}).bytes, bytes(i));
  ASSERT_NE(recent.find(at(0), version), nullptr);
  EXPECT_EQ(recent.find(at(0), version)->bytes, bytes(0));
  recent.keep(at(99), version, {{}, bytes(99)});
  EXPECT_EQ(recent.find(at(1), version), nullptr) << "nobody asked for it the longest";
  for (std::size_t i = 2; i < RecentBlocks::kMost; ++i)
    EXPECT_NE(recent.find(at(i), version), nullptr) << i;
  EXPECT_EQ(recent.find(at(0), another), nullptr) << "bytes of it may have gone";
  EXPECT_EQ(recent.find(at(0), version), nullptr) << "so it is not kept";
  recent.clear();
  EXPECT_EQ(recent.find(at(99), version), nullptr);
}

// A log with records that are pieces of the first, so that the rest of their block may find no room
// where it stood, and one record in a later segment.
class EventLogAside : public ::testing::Test {
 protected:
  EventLogAside() {
    Rng rng(11);
    records_ = pieces_of_the_first(rng);
    EXPECT_OK(log_.append(events_of(records_)));
    EXPECT_OK(log_.begin_segment());
    EXPECT_OK(log_.append(std::vector{event_of(kLater)}));
  }
  std::vector<Path> aside() const {
    std::error_code error;
    return std::filesystem::exists(folder_ / "log/aside", error)
               ? list_files(folder_ / "log/aside").value()
               : std::vector<Path>();
  }
  void remove(const std::vector<std::string>& gone) {
    std::vector<Digest> digests;
    for (const auto& record : gone) digests.push_back(sha256(record));
    ASSERT_EQ(log_.remove(digests, {Timestamp::from_seconds(9), "a rule"}).value(), gone.size());
    ASSERT_OK(log_.begin_segment());
  }
  Status erase() {
    WINNOW_TRY(auto eraser, EventEraser::open(folder_.path()));
    for (EventEraser::Step step{.more = true}; step.more;) {
      WINNOW_TRY(step, eraser.step());
    }
    return {};
  }
  void index_anew() {
    { const auto closed = std::move(log_); }
    for (const auto* const name : {"index.db", "index.db-wal", "index.db-shm"})
      std::filesystem::remove(folder_ / name);
    log_ = EventLog::open(folder_.path(), Access::ReadWrite).value();
  }
  // The records from `first` on are there, the others are gone.
  void expect_from(std::size_t first) {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const auto raw = log_.read_raw(*log_.look_up(sha256(records_[i])).value());
      if (i < first) {
        EXPECT_EQ(testing::code_of(raw), Code::NotFound) << i;
      } else {
        EXPECT_EQ(raw.value(), records_[i]) << i;
      }
    }
    EXPECT_OK(log_.verify());
  }

  const std::string kLater = "of a later segment";
  testing::TemporaryFolder folder_;
  std::vector<std::string> records_;
  EventLog log_ = EventLog::open(folder_.path(), Access::ReadWrite).value();
};

TEST_F(EventLogAside, WhatIsLeftHasRoomWhateverItIs) {
  remove({records_[0], kLater});
  ASSERT_OK(erase());
  const auto segment = read_file(folder_ / "log/0000000002.seg", 1 << 20).value();
  EXPECT_EQ(segment.find(kLater), std::string::npos) << "what stands behind goes as ever";
  ASSERT_EQ(aside().size(), 1U);
  expect_from(1);
  index_anew();
  expect_from(1);
  remove({records_[1]});
  ASSERT_OK(erase());
  ASSERT_EQ(aside().size(), 1U);
  expect_from(2);
  remove({records_.begin() + 2, records_.end()});
  ASSERT_OK(erase());
  EXPECT_THAT(aside(), IsEmpty());
  expect_from(records_.size());
  index_anew();
  expect_from(records_.size());
}

TEST_F(EventLogAside, ALostRestIsDamage) {
  remove({records_[0]});
  ASSERT_OK(erase());
  std::filesystem::remove(aside().front());
  const auto verified = log_.verify();
  ASSERT_EQ(testing::code_of(verified), Code::Corrupt);
  EXPECT_THAT(verified.error().text(),
              HasSubstr("0000000001-0000000032.block', the rest of a block of events, is missing"));
}

// Nothing is lost at any moment, and the same steps do what is left to do.
TEST_F(EventLogAside, EachWriteMayFail) {
  bool failed = true;
  for (std::size_t gone = 1, fail_at = 0; gone < 3; ++gone) {
    remove({records_[gone - 1]});
    for (fail_at = 0, failed = true; failed; ++fail_at) {
      std::size_t step = 0;
      set_write_fault([&](std::string_view, const Path&) -> Status {
        return step++ == fail_at ? Status(Error(Code::Exhausted, "the disk is full")) : Status();
      });
      failed = !erase();
      set_write_fault({});
      expect_from(gone);
    }
    EXPECT_GT(fail_at, 6U);
    ASSERT_EQ(aside().size(), 1U);
  }
}

// As logs were before there were blocks.
TEST(EventLogBlocks, ShortRecordsOfTheirOwnAreStillRead) {
  testing::TemporaryFolder folder;
  {
    auto log = SegmentLog::open(folder / "log", {}).value();
    for (const auto* const raw : {"a", "b"})
      ASSERT_OK(log.append(event_payload(event_of(raw)), kEventRecord));
    ASSERT_OK(log.commit());
  }
  auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
  EXPECT_EQ(log.read_raw(*log.look_up(sha256("b")).value()).value(), "b");
  EXPECT_EQ(log.append(std::vector{event_of("a"), event_of("c"), event_of("d")})->stored, 2U);
  EXPECT_EQ(log.verify().value(), 4U);
}

TEST(EventLogBlocks, NoFlippedByteChangesAnEventUnseen) {
  testing::TemporaryFolder folder;
  std::vector<std::string> records;
  for (int i = 0; i < 12; ++i)
    records.push_back(fmt::format("mail {} {}", i, std::string(90, 'x')));
  {
    auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    ASSERT_OK(log.append(events_of(records)));
  }
  const auto segment = list_files(folder / "log").value().front();
  const auto bytes = read_file(segment, 1 << 20).value();
  std::size_t found = 0, flips = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 5, ++flips) {
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    ASSERT_OK(write_atomically(segment, flipped));
    const auto log = EventLog::open(folder.path(), Access::ReadOnly).value();
    for (const auto& record : records) {
      const auto raw = log.read_raw(*log.look_up(sha256(record)).value());
      if (raw) {
        EXPECT_EQ(*raw, record);
      } else {
        EXPECT_EQ(raw.error().code(), Code::Corrupt) << raw.error();
      }
    }
    found += log.verify() ? 0 : 1;
  }
  EXPECT_GT(found, flips * 9 / 10);
}

}  // namespace
}  // namespace winnow
