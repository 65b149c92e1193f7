// What holds of every simulated log.
#include "simulate/record_stream.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/digest.h"
#include "tests/simulate/simulated_logs.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

struct Log {
  std::string_view name;
  std::vector<SimulatedRecord> (*records)(std::uint64_t seed, unsigned days);
};

class SimulatedLogs : public ::testing::TestWithParam<Log> {
 protected:
  static std::vector<SimulatedRecord> records(std::uint64_t seed, unsigned days) {
    return GetParam().records(seed, days);
  }
};

INSTANTIATE_TEST_SUITE_P(Of, SimulatedLogs,
                         ::testing::Values(Log{"network", network_log},
                                           Log{"endpoint", endpoint_log}, Log{"cloud", cloud_log}),
                         [](const auto& told) { return std::string(told.param.name); });

TEST_P(SimulatedLogs, AreTheSameBytesForTheSameSeed) {
  const auto one = records(3, 4), same = records(3, 4), other = records(4, 4);
  ASSERT_EQ(one.size(), same.size());
  for (std::size_t i = 0; i < one.size(); ++i) ASSERT_EQ(one[i].raw, same[i].raw);
  EXPECT_NE(one[0].raw, other[0].raw);
}

// One known digest: a change of the generator, or a machine that draws otherwise, is seen.
TEST_P(SimulatedLogs, AreTheBytesThatTheyWereBefore) {
  std::string all;
  for (const auto& record : records(1, 8)) all += record.raw + "\n";
  testing::expect_golden(sha256(all).hex() + "\n",
                         fmt::format("simulate/golden/{}_traffic.sha256", GetParam().name));
}

TEST_P(SimulatedLogs, BeginAlikeHoweverLongTheyAre) {
  const auto few = records(3, 3), more = records(3, 5);
  ASSERT_LT(few.size(), more.size());
  for (std::size_t i = 0; i < few.size(); ++i) ASSERT_EQ(few[i].raw, more[i].raw);
}

TEST_P(SimulatedLogs, AreInTheOrderOfTime) {
  const auto all = records(5, 6);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &SimulatedRecord::time));
}

SimulatedRecord at(Timestamp time) { return {.time = time, .raw = time.text(), .intrusion = {}}; }

TEST(RecordStream, PutsWhatEndsBehindMidnightWhereItBelongs) {
  const auto from = Timestamp::from_civil(2026, 1, 5);
  using std::chrono::hours;
  RecordStream stream(from, 3, [](const RecordStream::Day& day) {
    return std::vector{at(day.begins - hours(2)), at(day.begins + hours(9)),
                       at(day.begins + hours(25))};
  });
  std::vector<std::int64_t> told;
  for (const auto& record : all_of(std::move(stream)))
    told.push_back((record.time - from) / hours(1));
  EXPECT_THAT(told, ::testing::ElementsAre(-2, 9, 22, 25, 33, 46, 49, 57, 73));
}

TEST(RecordStream, SkipsDaysWithoutMakingThem) {
  const auto from = Timestamp::from_civil(2026, 1, 5);
  using std::chrono::hours;
  std::vector<unsigned> made;
  const auto make = [&](const RecordStream::Day& day) {
    made.push_back(day.number);
    return std::vector{at(day.begins + hours(9)), at(day.begins + hours(26))};
  };
  const auto whole = all_of(RecordStream(from, 30, make));
  made.clear();
  RecordStream stream(from, 30, make);
  stream.skip_to(from + hours(24 * 20 + 1));
  const auto rest = all_of(std::move(stream));
  EXPECT_EQ(made.front(), 19U) << "which ends behind midnight";
  ASSERT_EQ(rest.size(), 2 * 10 + 1U);
  for (std::size_t i = 0; i < rest.size(); ++i)
    EXPECT_EQ(rest[i].raw, whole[whole.size() - rest.size() + i].raw);
  // In the middle of a day that is made already.
  RecordStream begun(from, 2, make);
  SimulatedRecord next;
  begun.skip_to(from + hours(1));
  ASSERT_TRUE(begun.next(next));
  begun.skip_to(from + hours(27));
  ASSERT_TRUE(begun.next(next));
  EXPECT_EQ(next.time, from + hours(33));
}

}  // namespace
}  // namespace winnow::simulate
