#include "store/lmdb.h"

#include <map>

#include <fmt/format.h>

#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

constexpr Lmdb::Config kSmall{.map_bytes = 1U << 20, .max_map_bytes = 16U << 20, .max_tables = 4};

TEST(Lmdb, HoldsWhatAMapHolds) {
  testing::for_each_seed(10, [](Rng& rng) {
    testing::TemporaryFolder folder;
    auto lmdb = Lmdb::open(folder / "l", kSmall).value();
    const auto table = lmdb.table("t").value();
    std::map<std::string, std::string> expected;
    for (int round = 0; round < 20; ++round) {
      const auto before = expected;
      const bool fails = rng.chance(0.3);
      const auto updated = lmdb.update([&](LmdbWriter& writer) -> Status {
        expected = before;
        for (int i = 0; i < 20; ++i) {
          const auto key = std::to_string(rng.below(100));
          if (rng.chance(0.3)) {
            WINNOW_TRY(writer.remove(table, key));
            expected.erase(key);
          } else {
            const std::string value(rng.below(300), 'v');
            WINNOW_TRY(writer.put(table, key, value));
            expected[key] = value;
          }
        }
        return fails ? Status(Error(Code::Denied, "no")) : Status();
      });
      EXPECT_EQ(updated.has_value(), !fails);
      if (fails) expected = before;
    }
    const auto reader = lmdb.read().value();
    std::map<std::string, std::string> found;
    auto cursor = reader.cursor(table).value();
    for (bool more = cursor.first().value(); more; more = cursor.next().value())
      found.emplace(cursor.key(), cursor.value());
    EXPECT_EQ(found, expected);
    EXPECT_EQ(reader.count(table).value(), expected.size());
  });
}

TEST(Lmdb, AReaderKeepsItsSnapshot) {
  testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder / "l", kSmall).value();
  const auto table = lmdb.table("t").value();
  ASSERT_OK(lmdb.update([&](LmdbWriter& writer) { return writer.put(table, "k", "old"); }));
  const auto reader = lmdb.read().value();
  ASSERT_OK(lmdb.update([&](LmdbWriter& writer) { return writer.put(table, "k", "new"); }));
  EXPECT_EQ(reader.get(table, "k").value(), "old");
  EXPECT_EQ(lmdb.read().value().get(table, "k").value(), "new");
  EXPECT_EQ(reader.get(table, "absent").value(), std::nullopt);
}

TEST(Lmdb, TheMapGrowsToItsLimit) {
  testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder / "l", kSmall).value();
  const auto table = lmdb.table("t").value();
  const std::string value(100'000, 'v');
  int stored = 0;
  Status status;
  for (; stored < 1000; ++stored) {
    status = lmdb.update(
        [&](LmdbWriter& writer) { return writer.put(table, std::to_string(stored), value); });
    if (!status) break;
  }
  EXPECT_EQ(code_of(status), Code::Exhausted);
  EXPECT_GT(stored, 80);
  EXPECT_EQ(lmdb.read().value().count(table).value(), static_cast<std::uint64_t>(stored))
      << "nothing is lost";
}

TEST(Lmdb, RefusesBadKeys) {
  testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder / "l", kSmall).value();
  const auto table = lmdb.table("t").value();
  EXPECT_EQ(code_of(lmdb.update([&](LmdbWriter& writer) { return writer.put(table, "", "v"); })),
            Code::InvalidArgument);
  EXPECT_EQ(code_of(lmdb.update(
                [&](LmdbWriter& writer) { return writer.put(table, std::string(512, 'k'), "v"); })),
            Code::InvalidArgument);
}

TEST(Lmdb, AFlippedByteInAValueIsFound) {
  testing::TemporaryFolder folder;
  {
    auto lmdb = Lmdb::open(folder / "l", kSmall).value();
    const auto table = lmdb.table("t").value();
    ASSERT_OK(lmdb.update(
        [&](LmdbWriter& writer) { return writer.put(table, "key", "a value to be damaged"); }));
  }
  const auto bytes = *read_file(folder / "l/data.mdb", 1U << 24);
  for (auto at = bytes.find("a value"); at != std::string::npos;
       at = bytes.find("a value", at + 1)) {
    testing::flip_byte(folder / "l/data.mdb", at);
  }
  auto lmdb = Lmdb::open(folder / "l", kSmall).value();
  const auto table = lmdb.table("t").value();
  EXPECT_EQ(code_of(lmdb.read().value().get(table, "key")), Code::Corrupt);
}

TEST(Lmdb, AFileCutShortIsRefused) {
  testing::TemporaryFolder folder;
  {
    auto lmdb = Lmdb::open(folder / "l", kSmall).value();
    const auto table = lmdb.table("t").value();
    ASSERT_OK(lmdb.update(
        [&](LmdbWriter& writer) { return writer.put(table, "key", std::string(100'000, 'v')); }));
  }
  std::filesystem::resize_file(folder / "l/data.mdb", 3 * 4096);
  EXPECT_EQ(code_of(Lmdb::open(folder / "l", kSmall)), Code::Corrupt);
  ASSERT_OK(write_atomically(folder / "l/data.mdb", std::string(20'000, 'x')));
  EXPECT_EQ(code_of(Lmdb::open(folder / "l", kSmall)), Code::Corrupt);
}

TEST(Lmdb, WhatWasCommittedSurvivesAKill) {
  testing::for_each_seed(8, [](Rng& rng) {
    testing::TemporaryFolder folder;
    const auto acknowledged = testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          auto lmdb = Lmdb::open(folder / "l", kSmall).value();
          const auto table = lmdb.table("t").value();
          for (int i = 0;; ++i) {
            const auto put = [&](LmdbWriter& writer) {
              return writer.put(table, fmt::format("{:08}", i), "value");
            };
            if (!lmdb.update(put)) return;
            acknowledge();
          }
        },
        rng, 60'000);
    auto lmdb = Lmdb::open(folder / "l", kSmall).value();
    const auto table = lmdb.table("t").value();
    EXPECT_GE(lmdb.read().value().count(table).value(), acknowledged);
  });
}

TEST(Lmdb, ABackupIsACopy) {
  testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder / "l", kSmall).value();
  const auto table = lmdb.table("t").value();
  ASSERT_OK(lmdb.update([&](LmdbWriter& writer) { return writer.put(table, "k", "v"); }));
  ASSERT_OK(make_folders(folder / "copy"));
  ASSERT_OK(lmdb.back_up_to(folder / "copy"));
  auto copy = Lmdb::open(folder / "copy", kSmall).value();
  const auto copied = copy.table("t").value();
  EXPECT_EQ(copy.read().value().get(copied, "k").value(), "v");
}

// A thousand values of 300 bytes in two tables.
void fill(const Path& folder) {
  auto lmdb = Lmdb::open(folder, kSmall).value();
  for (const auto* name : {"one", "two"}) {
    const auto table = lmdb.table(name).value();
    ASSERT_OK(lmdb.update([&](LmdbWriter& writer) -> Status {
      for (int i = 0; i < 500; ++i) {
        const auto value = fmt::format("{}-{}-{}", name, i, std::string(300, 'v'));
        WINNOW_TRY(writer.put(table, std::to_string(i), value));
      }
      return {};
    }));
  }
}

TEST(LmdbVerify, CountsEveryValueOfEveryTable) {
  testing::TemporaryFolder folder;
  fill(folder / "l");
  EXPECT_EQ(Lmdb::verify(folder / "l").value(), 1000U);
  EXPECT_FALSE(Lmdb::verify(folder / "absent"));
}

TEST(LmdbVerify, FindsAFlippedByteOfAnyValue) {
  testing::TemporaryFolder folder;
  fill(folder / "l");
  const auto file = folder / "l" / "data.mdb";
  const auto whole = read_file(file, 16UL << 20).value();
  for (const auto* value : {"one-0-v", "one-499-v", "two-250-v"}) {
    // LMDB leaves old pages in its file: every copy, so that the one in use is among them.
    auto damaged = whole;
    for (auto at = whole.find(value); at != std::string::npos; at = whole.find(value, at + 1))
      damaged[at + 200] ^= 1;
    ASSERT_OK(write_atomically(file, damaged));
    const auto verified = Lmdb::verify(folder / "l");
    EXPECT_EQ(code_of(verified), Code::Corrupt) << value;
    ASSERT_FALSE(verified);
    EXPECT_NE(verified.error().message().find("check sum"), std::string::npos);
  }
}

TEST(LmdbVerify, OutlivesPagesThatLeadNowhere) {
  testing::TemporaryFolder folder;
  fill(folder / "l");
  const auto file = folder / "l" / "data.mdb";
  const auto whole = read_file(file, 16UL << 20).value();
  testing::for_each_seed(20, [&](Rng& rng) {
    auto damaged = whole;
    const auto page = 2 + rng.below(damaged.size() / 4096 - 2);  // not the two of the heading
    for (int i = 0; i < 16; ++i)
      damaged[page * 4096 + rng.below(64)] = static_cast<char>(rng.below(256));
    ASSERT_OK(write_atomically(file, damaged));
    const auto verified = Lmdb::verify(folder / "l");  // a page that nobody uses may say anything
    EXPECT_TRUE(verified || verified.error().code() == Code::Corrupt);
  });
  ASSERT_OK(write_atomically(file, whole));
  EXPECT_OK(Lmdb::verify(folder / "l"));
}

}  // namespace
}  // namespace winnow
