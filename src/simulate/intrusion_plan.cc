#include "simulate/intrusion_plan.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/utf8.h"

namespace winnow::simulate {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

Duration micros(double length_s) { return Duration(static_cast<std::int64_t>(length_s * 1e6)); }

std::string random_word(Rng& rng) {
  std::string text;
  for (auto left = rng.between(9, 16); left > 0; --left)
    text.push_back(static_cast<char>('a' + rng.below(26)));
  return text;
}

// The person's own account, without privileges; `privileged` if it is asked for.
const Account& account_of(const Company& company, std::uint32_t person, bool privileged) {
  const auto found = std::ranges::find_if(company.accounts, [&](const Account& one) {
    return one.person == person && one.privileged == privileged;
  });
  ensure(found != company.accounts.end(), "everybody has an account");
  return *found;
}

// Most get in by what somebody opens, so while that person works.
Timestamp moved_to_work(const Person& person, Timestamp drawn, Rng& rng) {
  const auto day = Timestamp::from_seconds(drawn.seconds() / 86'400 * 86'400);
  const double length_s = (person.ends_h - person.begins_h) * 3600.0;
  return day + hours(person.begins_h - person.utc_offset_h) + micros(rng.unit() * length_s);
}

bool on_weekend(Timestamp at) { return civil(at).weekday == 0 || civil(at).weekday == 6; }

void plan_steps(IntrusionPlan& plan, Rng rng) {
  const auto span_s = std::chrono::duration<double>(plan.ends - plan.begins).count();
  const auto add = [&](Step step, double share) {
    plan.steps.push_back({step, plan.begins + micros(share * span_s)});
  };
  plan.steps.push_back({Step::GetIn, plan.begins});
  const auto stay_s = 60 + rng.exponential(1200);
  if (rng.chance(0.75)) plan.steps.push_back({Step::Stay, plan.begins + micros(stay_s)});
  // Looking around and guessing go on from day to day.
  const auto daily = [&](Step step, double chance) {
    if (!rng.chance(chance)) return;
    for (auto day = plan.begins; day < plan.ends; day = day + hours(24)) {
      const auto left_s = std::chrono::duration<double>(plan.ends - day).count();
      plan.steps.push_back({step, day + micros(rng.unit() * std::min(left_s, 86'400.0))});
    }
  };
  daily(Step::LookAround, 0.7);
  daily(Step::GuessPasswords, 0.4);
  const auto stolen_at = 0.15 + 0.4 * rng.unit();
  const bool steals = rng.chance(0.6);
  if (steals) add(Step::StealCredentials, stolen_at);
  const auto moved_at = stolen_at + 0.05 + 0.25 * rng.unit();
  if (rng.chance(steals ? 0.8 : 0.2)) add(Step::MoveOn, moved_at);
  const auto taken_at = 0.88 + 0.1 * rng.unit();
  if (rng.chance(0.6)) add(Step::TakeAway, taken_at);
  std::ranges::stable_sort(plan.steps, {}, &PlannedStep::at);
}

IntrusionPlan make_plan(const Company& company, std::string name, Timestamp drawn, Rng rng) {
  std::vector<const Host*> machines, servers;
  for (const auto& host : company.hosts) (host.is_server ? servers : machines).push_back(&host);
  ensure(!machines.empty() && !servers.empty(), "a company has machines and servers");
  IntrusionPlan plan;
  plan.name = std::move(name);
  plan.machine = *rng.pick(machines);
  plan.server = *rng.pick(servers);
  const auto& person = company.people[plan.machine.person];
  plan.account = account_of(company, person.id, false);
  plan.at_work = rng.chance(0.75) && !on_weekend(drawn);
  plan.begins = plan.at_work ? moved_to_work(person, drawn, rng) : drawn;
  plan.ends = plan.begins + hours(rng.between(10, 70));
  // The master has a name of ordinary words like any site, or one that nobody would choose.
  plan.master =
      rng.chance(0.6) ? ascii_lower(invented_word(rng, 4)) + ".com" : random_word(rng) + ".net";
  plan.master_address = public_ipv4(rng);
  plan.period_s = rng.pick(std::array{240.0, 600.0, 1200.0, 1800.0, 3600.0});
  plan.jitter = rng.pick(std::array{0.02, 0.1, 0.3, 0.5});
  plan.rng = rng.fork("traffic");
  plan_steps(plan, rng.fork("steps"));
  // Somebody who administers was signed in there once; what they left behind opens more doors.
  const auto& administrator = company.pick_from(Department::It, rng);
  plan.stolen = plan.takes(Step::StealCredentials) && rng.chance(0.6)
                    ? account_of(company, administrator.id, true)
                    : plan.account;
  return plan;
}

}  // namespace

bool IntrusionPlan::takes(Step step) const {
  return std::ranges::find(steps, step, &PlannedStep::step) != steps.end();
}

std::vector<PlannedStep> IntrusionPlan::steps_in(Timestamp from, Timestamp until) const {
  std::vector<PlannedStep> found;
  std::ranges::copy_if(steps, std::back_inserter(found),
                       [&](const PlannedStep& one) { return one.at >= from && one.at < until; });
  return found;
}

// Always from the beginning, so that every day and every kind of traffic sees the same calls.
std::vector<Timestamp> IntrusionPlan::calls_in(Timestamp from, Timestamp until) const {
  auto draw = rng.fork("calls");
  std::vector<Timestamp> calls;
  const auto last = std::min(until, ends);
  for (auto at = begins + seconds(5); at < last;
       at = at + micros(period_s * (1 + jitter * (2 * draw.unit() - 1)))) {
    if (at >= from) calls.push_back(at);
  }
  return calls;
}

std::vector<IntrusionPlan> plan_intrusions(const Company& company, const TrafficSpan& span) {
  const auto rng = Rng(span.seed).fork("intrusions");
  auto draw = rng.fork("times");
  const double mean_days = 7 / span.intrusions_a_week;
  std::vector<IntrusionPlan> plans;
  double day = draw.exponential(mean_days);
  for (unsigned number = 1; day < span.days; ++number, day += draw.exponential(mean_days)) {
    auto name = fmt::format("intrusion-{}", number);
    auto own = rng.fork(name);
    plans.push_back(make_plan(company, std::move(name), span.from + micros(day * 86'400), own));
  }
  std::ranges::stable_sort(plans, {}, &IntrusionPlan::begins);
  return plans;
}

}  // namespace winnow::simulate
