#include "simulate/intrusion_plan.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace winnow::simulate {
namespace {

std::vector<IntrusionPlan> plans(std::uint64_t seed, unsigned days) {
  const auto company = Company::build({.seed = seed, .people = 20});
  return plan_intrusions(company, {.seed = seed, .days = days, .intrusions_a_week = 10});
}

TEST(IntrusionPlan, ALongerSpanBeginsAlike) {
  const auto few = plans(3, 20), more = plans(3, 40);
  ASSERT_LT(few.size(), more.size());
  for (std::size_t i = 0; i + 1 < few.size(); ++i) {
    EXPECT_EQ(few[i].name, more[i].name);
    EXPECT_EQ(few[i].begins, more[i].begins);
    EXPECT_EQ(few[i].machine.name, more[i].machine.name);
    EXPECT_EQ(few[i].steps.size(), more[i].steps.size());
  }
}

TEST(IntrusionPlan, StepsFollowOneAnotherWithinTheIntrusion) {
  std::size_t stolen = 0, privileged = 0;
  for (const auto& plan : plans(5, 300)) {
    ASSERT_FALSE(plan.steps.empty());
    EXPECT_EQ(plan.steps.front().step, Step::GetIn);
    EXPECT_TRUE(std::ranges::is_sorted(plan.steps, {}, &PlannedStep::at));
    for (const auto& step : plan.steps) {
      EXPECT_GE(step.at, plan.begins);
      EXPECT_LT(step.at, plan.ends);
    }
    EXPECT_FALSE(plan.machine.is_server);
    EXPECT_TRUE(plan.server.is_server);
    EXPECT_EQ(plan.account.person, plan.machine.person);
    EXPECT_TRUE(plan.takes(Step::StealCredentials) || plan.stolen.name == plan.account.name);
    stolen += plan.takes(Step::StealCredentials) ? 1 : 0;
    privileged += plan.stolen.privileged ? 1 : 0;
  }
  EXPECT_GT(privileged, 0U);
  EXPECT_GT(stolen, privileged);
}

// Network, machines and cloud each ask day by day: together they see each call and step once.
TEST(IntrusionPlan, DaysDivideStepsAndCalls) {
  using std::chrono::hours;
  for (const auto& plan : plans(7, 60)) {
    std::vector<Timestamp> calls;
    std::size_t steps = 0;
    for (auto day = plan.begins - hours(5); day < plan.ends; day = day + hours(24)) {
      const auto today = plan.calls_in(day, day + hours(24));
      calls.insert(calls.end(), today.begin(), today.end());
      steps += plan.steps_in(day, day + hours(24)).size();
    }
    EXPECT_EQ(calls, plan.calls_in(plan.begins, plan.ends));
    EXPECT_EQ(steps, plan.steps.size());
    EXPECT_GE(calls.size(), 6U);
  }
}

}  // namespace
}  // namespace winnow::simulate
