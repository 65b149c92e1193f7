// What goes when its time is over goes while the service serves.
#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "ingest/event_log.h"
#include "registry/audit_log.h"
#include "server/threads/daily.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::testing {
namespace {

using server::Role;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const RetentionPolicy kNinetyDays = {{RetainedKind::Mails, days(90)},
                                     {RetainedKind::LabelledMails, days(90)},
                                     {RetainedKind::Cases, days(90)},
                                     {RetainedKind::Decisions, days(90)},
                                     {RetainedKind::Quarantine, days(90)}};

class RetentionOfAService : public ::testing::Test {
 protected:
  Answer ask(std::string_view method, std::string_view target, Role role,
             const std::string& body = "") const {
    return service_.ask(method, target, service_.token(role),
                        body.empty() ? "" : "Content-Type: application/json\r\n", body);
  }
  static Json json(const Answer& answer) {
    auto parsed = parse_json(answer.body);
    EXPECT_OK(parsed);
    return std::move(parsed).value();
  }
  static SmallMail mail(int number, int links) {
    return {.from = fmt::format("p{}@pay-now.com", number),
            .links = links,
            .subject = fmt::format("words-{}-q8Z2", number)};
  }
  std::string score(const SmallMail& mail) const {
    const auto answer = service_.score(raw_of(mail));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json(answer)["id"].as_string();
  }
  // Judges the case of a finding, once there is one: that resolves it.
  void judge(const std::string& finding) const {
    for (int i = 0; i < 2'000; ++i) {
      const auto found = json(ask("GET", "/v1/findings/" + finding, Role::Analyst));
      const auto id = found["case"].is_null() ? "c-none" : found["case"].as_string();
      const auto judged = ask("POST", fmt::format("/v1/cases/{}/verdict", id), Role::Analyst,
                              R"({"verdict":"true_positive","reason":"phishing"})");
      if (judged.status == 200) return;
    }
    ADD_FAILURE() << "no case is made of it";
  }
  void restart_later(hours later, RetentionPolicy policy = kNinetyDays) {
    service_.restart([&](server::ServiceOptions& options, FixedClock& clock) {
      clock.advance(later);
      options.retention.policy = std::move(policy);
    });
  }
  // Has it applied, and waits until it has ended.
  Json apply() const {
    const auto asked = ask("POST", "/v1/retention/apply", Role::Admin);
    EXPECT_EQ(asked.status, 202) << asked.body;
    Json told;
    wait_until([&] {
      told = json(ask("GET", "/v1/retention", Role::Auditor));
      return !told["running"].as_bool() && !told["last"].is_null();
    });
    return told["last"];
  }
  bool is_on_disk(std::string_view words) const {
    for (const auto& file : list_files(service_.folder() / "soc/data").value()) {
      const auto bytes = read_file(file, 1UL << 30);
      if (bytes && bytes->find(words) != std::string::npos) return true;
    }
    return false;
  }

  RunningService service_{{.gate = {.requests = {.a_second = 1e6, .burst = 1e6, .known = 100}}}};
};

TEST_F(RetentionOfAService, WhatIsOverGoesFromEveryFileAndNobodyWaitsForIt) {
  for (int i = 0; i < 20; ++i) score(mail(i, 0));
  judge(score(mail(20, 3)));
  restart_later(hours(24 * 100));
  score(mail(22, 0));
  ASSERT_TRUE(is_on_disk("words-7-q8Z2"));
  std::atomic<bool> done = false;
  std::thread sender([&] {
    for (int i = 100; !done; ++i) score(mail(i, i % 7 == 0 ? 3 : 0));
  });
  const auto last = apply();
  done = true;
  sender.join();
  EXPECT_TRUE(last["problem"].is_null()) << to_text(last);
  EXPECT_EQ(last["by"].as_string(), "admin");
  EXPECT_EQ(last["mails_erased"].as_int(), 21);
  EXPECT_EQ(last["rows"].as_int(), 21 + 20 + 1) << "mails, decisions, a case";
  service_.service().drain(std::chrono::seconds(5));
  for (int i = 0; i < 21; ++i) EXPECT_FALSE(is_on_disk(fmt::format("words-{}-q8Z2", i))) << i;
  EXPECT_TRUE(is_on_disk("words-22-q8Z2")) << "young";
  NoProgress progress;
  const auto data = service_.folder() / "soc/data";
  EXPECT_OK(EventLog::open(data / "events", Access::ReadOnly)->verify());
  const auto verified = verify_audit_log(data / "audit", service_.registry().keys(), {}, progress);
  ASSERT_OK(verified);
  EXPECT_TRUE(verified->holds());
}

TEST_F(RetentionOfAService, WhatIsHeldOrWorkedOnStays) {
  score(mail(1, 0));
  score(mail(2, 0));
  score(mail(3, 3));  // a finding
  wait_until([&] { return json(ask("GET", "/v1/queue", Role::Analyst))["total"].as_int() == 1; });
  restart_later(hours(24 * 100));
  const auto held = ask("POST", "/v1/holds", Role::Admin,
                        R"({"scope":{"mailbox":"p1@pay-now.com"},"reason":"matter 17"})");
  ASSERT_EQ(held.status, 201) << held.body;
  // What the next run would do is told before, and telling changes nothing.
  const auto plans = json(ask("GET", "/v1/retention/plan", Role::Senior))["plans"];
  const auto of_mails = std::ranges::find_if(plans.items(), [](const Json& plan) {
    return plan["rule"].as_string() == "retention.mails: 90d";
  });
  ASSERT_NE(of_mails, plans.items().end()) << to_text(plans);
  EXPECT_EQ((*of_mails)["rows"].as_int(), 1);
  EXPECT_EQ((*of_mails)["held"].as_int(), 1);
  EXPECT_EQ((*of_mails)["open"].as_int(), 1);
  EXPECT_TRUE(is_on_disk("words-2-q8Z2"));
  EXPECT_EQ(apply()["rows"].as_int(), 2);
  EXPECT_TRUE(is_on_disk("words-1-q8Z2"));
  EXPECT_FALSE(is_on_disk("words-2-q8Z2"));
  ASSERT_EQ(ask("DELETE", "/v1/holds/" + json(held)["id"].as_string(), Role::Admin).status, 200);
  EXPECT_EQ(apply()["rows"].as_int(), 2);
  EXPECT_FALSE(is_on_disk("words-1-q8Z2"));
  EXPECT_TRUE(is_on_disk("words-3-q8Z2"));
}

TEST_F(RetentionOfAService, StoppedInTheMiddleTheNextRunDoesTheRest) {
  const int count = 2 * static_cast<int>(kRemovedAtOnce) + 40;
  for (int i = 0; i < count; ++i) score(mail(i, 0));
  restart_later(hours(24 * 100));
  ASSERT_EQ(ask("POST", "/v1/retention/apply", Role::Admin).status, 202);
  restart_later(hours(0));
  EXPECT_TRUE(apply()["problem"].is_null());
  service_.service().drain(std::chrono::seconds(5));
  const auto events = EventLog::open(service_.folder() / "soc/data/events", Access::ReadOnly);
  ASSERT_OK(events);
  for (const auto& event : events->arrivals(0, 10'000).value()) EXPECT_TRUE(event.removed);
  EXPECT_FALSE(is_on_disk("-q8Z2"));
}

TEST_F(RetentionOfAService, WithoutARuleThereIsNothingToApply) {
  EXPECT_EQ(ask("POST", "/v1/retention/apply", Role::Admin).status, 409);
  EXPECT_EQ(ask("GET", "/v1/retention/plan", Role::Auditor).body, "{\"plans\":[]}\n");
  const auto told = json(ask("GET", "/v1/retention", Role::Senior));
  EXPECT_EQ(told["rules"].size(), 0U);
  EXPECT_TRUE(told["next_at"].is_null());
}

const Timestamp kMorning = Timestamp::from_civil(2026, 3, 4, 9);

TEST(Daily, IsDueOnceADayBehindItsMoment) {
  server::Daily daily(minutes(180), kMorning, hours(5));
  EXPECT_EQ(daily.next(), Timestamp::from_civil(2026, 3, 5, 3));
  EXPECT_FALSE(daily.is_due(Timestamp::from_civil(2026, 3, 5, 2, 59)));
  EXPECT_TRUE(daily.is_due(Timestamp::from_civil(2026, 3, 5, 3)));
  EXPECT_FALSE(daily.is_due(Timestamp::from_civil(2026, 3, 5, 23)));
  EXPECT_FALSE(daily.is_due(Timestamp::from_civil(2026, 3, 6, 2)));
  EXPECT_TRUE(daily.is_due(Timestamp::from_civil(2026, 3, 8, 4))) << "once for all that it slept";
  EXPECT_FALSE(daily.is_due(Timestamp::from_civil(2026, 3, 8, 5)));
  EXPECT_FALSE(daily.is_due(Timestamp::from_civil(2026, 3, 7, 5))) << "set back";
}

TEST(Daily, TellsThatTheClockWasSet) {
  const server::Daily daily(minutes(180), kMorning, hours(5));
  EXPECT_FALSE(daily.was_set(kMorning + hours(24), hours(5 + 24)));
  EXPECT_FALSE(daily.was_set(kMorning + hours(24), hours(5 + 24) + minutes(59)));
  EXPECT_TRUE(daily.was_set(kMorning + hours(24 * 400), hours(5 + 24)));
  EXPECT_TRUE(daily.was_set(kMorning - hours(2), hours(6)));
}

}  // namespace
}  // namespace winnow::testing
