#include "store/spool.h"

#include <algorithm>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::TemporaryFolder;

constexpr Spool::Config kSmall{
    .max_bytes = 16'000, .segment_bytes = 1'000, .max_payload_bytes = 4'000, .remember = {}};
const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9);

std::unique_ptr<Spool> open(const Path& folder, const Spool::Config& config = kSmall) {
  auto spool = Spool::open(folder, config, kNow);
  EXPECT_OK(spool);
  return spool ? std::move(*spool) : nullptr;
}

Status add(Spool& spool, std::string_view payload, Timestamp now = kNow) {
  const Spool::NewRecord record{3, payload};
  return spool.append({&record, 1}, now);
}

// Takes all that waits; with `forget` it is done then.
std::vector<std::string> drain(Spool& spool, bool forget = true) {
  std::vector<std::string> found;
  for (;;) {
    const auto record = spool.take();
    EXPECT_OK(record);
    if (!record || !*record) return found;
    found.push_back((*record)->payload);
    EXPECT_EQ((*record)->items, 3U);
    if (forget) EXPECT_OK(spool.forget((*record)->behind));
  }
}

std::string payload_of(int number) {
  return fmt::format("{}:{}", number, std::string(100 + number % 200, 'p'));
}

std::vector<std::string> payloads(int from, int to) {
  std::vector<std::string> all;
  for (int i = from; i < to; ++i) all.push_back(payload_of(i));
  return all;
}

TEST(Spool, GivesWhatItWasGivenInOrderAndOnce) {
  TemporaryFolder folder;
  auto spool = open(folder / "s");
  for (int i = 0; i < 30; ++i) ASSERT_OK(add(*spool, payload_of(i)));
  EXPECT_EQ(drain(*spool), payloads(0, 30));
  for (int i = 30; i < 40; ++i) ASSERT_OK(add(*spool, payload_of(i)));
  EXPECT_EQ(drain(*spool), payloads(30, 40));
  spool.reset();
  EXPECT_EQ(drain(*open(folder / "s")), payloads(0, 0));
}

TEST(Spool, WhatIsNotForgottenComesAgain) {
  TemporaryFolder folder;
  auto spool = open(folder / "s");
  for (int i = 0; i < 20; ++i) ASSERT_OK(add(*spool, payload_of(i)));
  for (int i = 0; i < 7; ++i) {
    const auto record = spool->take().value();
    if (i < 5) ASSERT_OK(spool->forget(record->behind));
  }
  spool->take_again();
  EXPECT_EQ(drain(*spool, false), payloads(5, 20));
  spool.reset();
  EXPECT_EQ(drain(*open(folder / "s")), payloads(5, 20));
}

TEST(Spool, CountsWhatWaits) {
  TemporaryFolder folder;
  auto spool = open(folder / "s");
  EXPECT_FALSE(spool->use().oldest);
  ASSERT_OK(add(*spool, "first"));
  ASSERT_OK(add(*spool, "second", kNow + std::chrono::seconds(10)));
  for (int reopened = 0; reopened < 2; ++reopened) {
    const auto use = spool->use();
    EXPECT_EQ(use.records, 2U);
    EXPECT_EQ(use.items, 6U);
    EXPECT_EQ(use.bytes, 11U);
    EXPECT_EQ(use.oldest, kNow);
    EXPECT_EQ(use.max_bytes, kSmall.max_bytes);
    EXPECT_GT(use.file_bytes, 11U);
    spool.reset();
    spool = open(folder / "s");
  }
  ASSERT_OK(spool->forget(spool->take().value()->behind));
  EXPECT_EQ(spool->use().oldest, kNow + std::chrono::seconds(10));
  EXPECT_EQ(spool->use().records, 1U);
  drain(*spool);
  EXPECT_EQ(spool->use().records, 0U);
  EXPECT_EQ(spool->use().bytes, 0U);
  EXPECT_FALSE(spool->use().oldest);
}

// The front of a payload, up to a colon.
std::string_view front_of(std::string_view payload) { return payload.substr(0, payload.find(':')); }

Spool::Config by_front() {
  auto config = kSmall;
  config.group_of = front_of;
  return config;
}

TEST(Spool, CountsWhatWaitsByGroup) {
  TemporaryFolder folder;
  auto spool = open(folder / "s", by_front());
  for (const auto* payload : {"a:1", "b:22", "a:333"}) ASSERT_OK(add(*spool, payload));
  for (int reopened = 0; reopened < 2; ++reopened) {
    const auto groups = spool->waiting_by_group();
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups.at("a").records, 2U);
    EXPECT_EQ(groups.at("a").items, 6U);
    EXPECT_EQ(groups.at("a").bytes, 8U);
    EXPECT_EQ(groups.at("b").records, 1U);
    spool.reset();
    spool = open(folder / "s", by_front());
  }
  ASSERT_OK(spool->forget(spool->take().value()->behind));
  EXPECT_EQ(spool->waiting_by_group().at("a").records, 1U);
  spool->take_again();
  ASSERT_OK(spool->forget(spool->take().value()->behind));
  EXPECT_EQ(spool->waiting_by_group().at("b").records, 0U);
  EXPECT_FALSE(spool->waiting_by_group().at("b").since);
  drain(*spool);
  EXPECT_TRUE(spool->waiting_by_group().empty());
}

TEST(Spool, CountsSoManyGroupsAndTheOthersTogether) {
  TemporaryFolder folder;
  auto config = by_front();
  config.max_bytes = 1'000'000;
  auto spool = open(folder / "s", config);
  constexpr std::size_t kGroups = Spool::kMostGroups + 50;
  for (std::size_t i = 0; i < kGroups; ++i) ASSERT_OK(add(*spool, fmt::format("{}:", i)));
  EXPECT_EQ(spool->waiting_by_group().size(), Spool::kMostGroups + 1);
  EXPECT_EQ(spool->waiting_by_group().at("(others)").records, 50U);
  for (std::size_t i = 0; i < kGroups / 2; ++i)
    ASSERT_OK(spool->forget(spool->take().value()->behind));
  ASSERT_OK(add(*spool, fmt::format("{}:", kGroups - 1)));
  EXPECT_EQ(spool->waiting_by_group().at("(others)").records, 51U)
      << "who came there leaves there, though others left meanwhile";
  drain(*spool);
  EXPECT_TRUE(spool->waiting_by_group().empty());
  EXPECT_EQ(spool->use().records, 0U);
}

TEST(Spool, ClocksThatJumpDoNotChangeHowLongSomethingWaits) {
  using std::chrono::hours;
  using std::chrono::steady_clock;
  TemporaryFolder folder;
  auto spool = open(folder / "s");
  const auto begun = steady_clock::now();
  ASSERT_OK(add(*spool, "of tomorrow", kNow + hours(24)));
  ASSERT_OK(add(*spool, "of now"));
  EXPECT_GE(spool->use().since, begun);
  EXPECT_LE(spool->use().since, steady_clock::now());
  // What waited while nobody looked at a clock that goes on, waited as long as the other one says.
  struct Waited {
    Timestamp now;
    std::chrono::seconds wanted;
  };
  for (const auto& [now, wanted] : {Waited{kNow + hours(26), hours(2)}, Waited{kNow, hours(0)}}) {
    spool.reset();
    const auto before = steady_clock::now();
    spool = Spool::open(folder / "s", kSmall, now).value();
    EXPECT_GE(spool->use().since, before - wanted);
    EXPECT_LE(spool->use().since, steady_clock::now() - wanted);
  }
}

TEST(Spool, RefusesWhenFullAndHasRoomOnceItIsWorkedOff) {
  TemporaryFolder folder;
  auto spool = open(folder / "s");
  int accepted = 0;
  while (add(*spool, payload_of(accepted))) ++accepted;
  EXPECT_EQ(code_of(add(*spool, payload_of(accepted))), Code::Exhausted);
  EXPECT_LE(spool->use().file_bytes, kSmall.max_bytes);
  EXPECT_GT(spool->use().file_bytes, kSmall.max_bytes - 500);
  EXPECT_EQ(drain(*spool), payloads(0, accepted));
  EXPECT_LT(spool->use().file_bytes, 2 * kSmall.segment_bytes);
  ASSERT_OK(add(*spool, payload_of(accepted)));
  EXPECT_EQ(drain(*spool), payloads(accepted, accepted + 1));
  EXPECT_EQ(code_of(add(*spool, std::string(4'001, 'x'))), Code::Exhausted) << "too large";
  ASSERT_OK(add(*spool, payload_of(1)));
}

TEST(Spool, IsOfOneProcessAlone) {
  TemporaryFolder folder;
  const auto spool = open(folder / "s");
  EXPECT_EQ(code_of(Spool::open(folder / "s", kSmall, kNow)), Code::Conflict);
}

TEST(Spool, OneThreadAppendsWhileAnotherTakes) {
  TemporaryFolder folder;
  const auto spool = open(folder / "s", {.max_bytes = 1UL << 20, .segment_bytes = 4'000});
  constexpr int kMany = 400;
  std::thread writer([&] {
    for (int i = 0; i < kMany; ++i) EXPECT_OK(add(*spool, payload_of(i)));
  });
  std::vector<std::string> found;
  while (found.size() < kMany) {
    for (auto& payload : drain(*spool)) found.push_back(std::move(payload));
    std::this_thread::yield();
  }
  writer.join();
  EXPECT_EQ(found, payloads(0, kMany));
}

TEST(Spool, AFailedWriteAcceptsNothingAndTheNextOneWorks) {
  for (int fail_at = 0; fail_at < 12; ++fail_at) {
    TemporaryFolder folder;
    auto spool = open(folder / "s");
    std::vector<std::string> accepted;
    {
      const testing::FailingWrites failing(fail_at);
      for (int i = 0; i < 12; ++i) {
        if (add(*spool, payload_of(i))) accepted.push_back(payload_of(i));
      }
      ASSERT_TRUE(failing.fired());
    }
    EXPECT_GE(accepted.size(), 10U) << "failed at " << fail_at;
    EXPECT_EQ(spool->use().records, accepted.size());
    EXPECT_EQ(drain(*spool, false), accepted);
    spool.reset();
    EXPECT_EQ(drain(*open(folder / "s")), accepted);
  }
}

TEST(Spool, ATailCutAnywhereLosesOnlyWhatIsGone) {
  TemporaryFolder folder;
  {
    const auto spool = open(folder / "s", {.room_bytes = 200});
    for (int i = 0; i < 5; ++i) ASSERT_OK(add(*spool, payload_of(i)));
  }
  const auto file = folder / "s" / "0000000001.seg";
  const auto bytes = read_file(file, 1U << 20).value();
  for (std::size_t size = bytes.size(); size >= 32; size -= std::min<std::size_t>(size, 7)) {
    ASSERT_OK(write_atomically(file, bytes.substr(0, size)));
    auto spool = open(folder / "s", {.room_bytes = 200});
    const auto found = drain(*spool, false);
    EXPECT_EQ(found, payloads(0, static_cast<int>(found.size())));
    ASSERT_OK(add(*spool, "next"));
    EXPECT_EQ(drain(*spool, false).back(), "next");
  }
}

TEST(Spool, WhatStandsBeforeAndBehindDamageIsTaken) {
  testing::for_each_seed(24, [](Rng& rng) {
    TemporaryFolder folder;
    {
      auto spool = open(folder / "s");
      for (int i = 0; i < 20; ++i) ASSERT_OK(add(*spool, payload_of(i)));
    }
    std::vector<Path> segments;
    for (const auto& path : list_files(folder / "s").value())
      if (path.extension() == ".seg") segments.push_back(path);
    ASSERT_GT(segments.size(), 2U);
    const auto& hit = segments[rng.below(segments.size())];
    testing::flip_byte(hit, rng.below(std::filesystem::file_size(hit)));
    auto spool = open(folder / "s");
    const auto found = drain(*spool);
    EXPECT_GE(found.size(), 19U) << "one record is lost at most";
    const auto all = payloads(0, 20);
    EXPECT_TRUE(std::ranges::includes(std::set(all.begin(), all.end()),
                                      std::set(found.begin(), found.end())));
    // A header or a marker holds no record.
    const auto damages = spool->use().damages;
    EXPECT_LE(20U - found.size(), damages) << "what is lost is told";
    EXPECT_EQ(spool->use().records, 0U);
    ASSERT_OK(add(*spool, "next"));
    EXPECT_EQ(drain(*spool), std::vector<std::string>{"next"});
    for (int i = 0; i < 20; ++i) ASSERT_OK(add(*spool, payload_of(i)));
    drain(*spool);
    const bool kept = std::filesystem::exists(Path(hit).replace_extension("damaged"));
    EXPECT_EQ(kept, damages > 0) << "what is damaged is not deleted";
  });
}

TEST(Spool, WhatWasDamagedWhileItWaitedIsNotWaitedForForEver) {
  TemporaryFolder folder;
  auto spool = open(folder / "s");
  for (int i = 0; i < 20; ++i) ASSERT_OK(add(*spool, payload_of(i)));
  testing::flip_byte(folder / "s" / "0000000002.seg", 100);
  EXPECT_EQ(drain(*spool).size(), 19U);
  EXPECT_EQ(spool->use().damages, 1U);
  EXPECT_EQ(spool->use().records, 0U);
  EXPECT_FALSE(spool->use().since);
}

TEST(Spool, VerifyingCountsWhatWaitsAndNamesDamage) {
  TemporaryFolder folder;
  EXPECT_EQ(verify_spool(folder / "none").value(), 0U);
  {
    auto spool = open(folder / "s");
    for (int i = 0; i < 20; ++i) ASSERT_OK(add(*spool, payload_of(i)));
    ASSERT_OK(spool->forget(spool->take().value()->behind));
    EXPECT_EQ(verify_spool(folder / "s").value(), 19U);
  }
  EXPECT_EQ(verify_spool(folder / "s").value(), 19U);
  testing::flip_byte(folder / "s" / "0000000003.seg", 60);
  const auto damaged = verify_spool(folder / "s");
  ASSERT_EQ(code_of(damaged), Code::Corrupt);
  EXPECT_THAT(damaged.error().message(), ::testing::HasSubstr("0000000003.seg"));
}

TEST(Spool, ACursorThatIsNoneOrOfAnotherSpoolLosesNothing) {
  for (const std::string_view cursor : {"", "nonsense", "WNSPL"}) {
    TemporaryFolder folder;
    {
      auto spool = open(folder / "s", {});
      for (int i = 0; i < 5; ++i) ASSERT_OK(add(*spool, payload_of(i)));
      ASSERT_OK(spool->forget(spool->take().value()->behind));
    }
    ASSERT_OK(write_atomically(folder / "s" / "cursor", cursor));
    EXPECT_EQ(drain(*open(folder / "s", {})), payloads(0, 5)) << "some of it twice";
  }
}

TEST(SpoolCrash, KilledAtAnyMomentItKeepsWhatItAccepted) {
  testing::for_each_seed(8, [](Rng& rng) {
    TemporaryFolder folder;
    int known = 0;
    for (int round = 0; round < 4; ++round) {
      const auto accepted = testing::killed_while(
          [&](const std::function<void()>& acknowledge) {
            const auto spool = Spool::open(folder / "s", {.segment_bytes = 1'000}, kNow);
            for (int i = known; spool && add(**spool, payload_of(i)); ++i) acknowledge();
          },
          rng, 60'000);
      const auto found = drain(*open(folder / "s", {}), false);
      EXPECT_GE(found.size(), static_cast<std::uint64_t>(known) + accepted);
      known = static_cast<int>(found.size());
      EXPECT_EQ(found, payloads(0, known)) << "in order, each once";
    }
  });
}

TEST(SpoolCrash, KilledAtAnyMomentItForgetsNothingThatWasNotDone) {
  testing::for_each_seed(8, [](Rng& rng) {
    TemporaryFolder folder;
    constexpr int kMany = 200;
    {
      const auto spool = open(folder / "s", {.segment_bytes = 1'000});
      for (int i = 0; i < kMany; ++i) ASSERT_OK(add(*spool, payload_of(i)));
    }
    const auto done = testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          const auto spool =
              Spool::open(folder / "s", {.segment_bytes = 1'000, .remember = {}}, kNow);
          while (spool) {
            const auto record = (*spool)->take();
            if (!record || !*record) return;
            acknowledge();
            if (!(*spool)->forget((*record)->behind)) return;
          }
        },
        rng, 20'000);
    const auto found = drain(*open(folder / "s", {}), false);
    EXPECT_GE(found.size(), kMany - done);
    EXPECT_EQ(found, payloads(kMany - static_cast<int>(found.size()), kMany));
  });
}

}  // namespace
}  // namespace winnow
