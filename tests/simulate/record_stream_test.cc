// What holds of every simulated log.
#include "simulate/record_stream.h"

#include <fmt/format.h>

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

}  // namespace
}  // namespace winnow::simulate
