// The whole way: an MTA, the milter, a service with a bundle.
#include <fmt/format.h>

#include "milter/milter.h"
#include "milter/scoring_client.h"
#include "tests/milter/mta.h"
#include "tests/server/running_service.h"

namespace winnow::milter {
namespace {

using testing::Mta;
using testing::RunningService;

struct Whole {
  explicit Whole(RunningService::Champion champion = RunningService::Champion::Small)
      : service({}, champion) {}
  RunningService service;
  ScoringClient client{{.url = fmt::format("http://127.0.0.1:{}", service.port()),
                        .token = service.token(server::Role::Sensor),
                        .timeout = std::chrono::seconds(60)}};
  FixedClock clock{RunningService::kNow};
  std::unique_ptr<Milter> milter =
      Milter::start(
          {.listen = ListenAddress::parse("inet:0@127.0.0.1").value()},
          [this](std::string_view mail) { return client.score(mail); }, clock)
          .value();
};

TEST(MilterAndService, ADecisionIsNamedInTheMailAndOnRecord) {
  Whole whole;
  Mta mta(whole.milter->address());
  mta.begin();
  const auto fate = mta.deliver();
  ASSERT_EQ(fate.inserted.size(), 3U);
  constexpr std::string_view kName = "X-Winnow-Decision: ";
  ASSERT_TRUE(fate.inserted[2].starts_with(kName));
  const auto answer =
      whole.service.ask("GET", "/v1/decisions/" + fate.inserted[2].substr(kName.size()),
                        whole.service.token(server::Role::Analyst));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto decision = parse_json(answer.body).value();
  EXPECT_EQ("X-Winnow-Route: " + decision["route"].as_string(), fate.inserted[0]);
  EXPECT_EQ(decision["sender"].as_string(), "ann@shop.example");
}

TEST(MilterAndService, ThereIsNoConcernAboutASensorsToken) {
  Whole whole;
  EXPECT_TRUE(whole.client.concerns(RunningService::kNow).empty());
}

TEST(MilterAndService, TheSameMailAgainKeepsItsDecision) {
  Whole whole;
  Mta mta(whole.milter->address());
  mta.begin();
  const auto first = mta.deliver(), second = mta.deliver();
  EXPECT_EQ(first.inserted, second.inserted);
}

TEST(MilterAndService, WithoutAChampionSendersComeAgain) {
  Whole whole(RunningService::Champion::None);
  Mta mta(whole.milter->address());
  mta.begin();
  EXPECT_EQ(mta.deliver().refusal.substr(0, 3), "451");
}

}  // namespace
}  // namespace winnow::milter
