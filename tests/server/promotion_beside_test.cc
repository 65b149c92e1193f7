// A bundle that remembers other things becomes champion of a service with a long log: who decided
// before goes on until its states are filled.
#include <atomic>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"
#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using testing::RunningService;
using testing::wait_until;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";
// That came before: more than the scorer folds at once, so that who decides goes on beside it.
constexpr int kMails = 600;

class PromotionsBeside : public ::testing::Test {
 protected:
  PromotionsBeside() {
    service.restart([this](ServiceOptions&, FixedClock& clock) {
      auto log = EventLog::open(service.folder() / "soc/data/events", Access::ReadWrite).value();
      std::vector<std::string> raws;
      for (int i = 0; i < kMails; ++i) raws.push_back(mail(-1 - i));
      std::vector<NewEvent> events;
      for (const auto& raw : raws) events.push_back(testing::event_of(raw, clock.now()));
      EXPECT_OK(log.append(events));
    });
    EXPECT_EQ(promote(one), 200);
    EXPECT_EQ(decides(), one);
  }
  // While a file stands where the states' folder belongs, no states are filled.
  void hold_filling() const { EXPECT_OK(write_atomically(obstacle(), "in the way")); }
  void let_fill() const { EXPECT_TRUE(std::filesystem::remove(obstacle())); }
  Path obstacle() const { return service.folder() / "soc/data/states/mail.beside"; }

  static std::string mail(int number) {
    return testing::raw_of({.subject = fmt::format("mail {}", number)});
  }
  // One that counts mails over so many days: another number is another history.
  std::string bundle(int days, std::string_view rules = "") {
    auto& registry = service.registry();
    auto features = testing::small_features().canonical();
    const std::string_view shipped = R"("buckets":30)";
    for (auto at = features.find(shipped); at != std::string::npos;
         at = features.find(shipped, at + 1))
      features.replace(at, shipped.size(), fmt::format(R"("buckets":{})", days));
    const auto artifact = [&](ArtifactKind kind, std::string_view bytes) {
      return registry.add({kind, "mail", bytes, "application/json", 1, {}}, "ada").value().ref();
    };
    return registry
        .add(Bundle{"mail",
                    {artifact(ArtifactKind::Mapping, R"({"mapping":"mail"})"),
                     artifact(ArtifactKind::FeatureSet, features),
                     artifact(ArtifactKind::Policy, testing::small_policy() + std::string(rules))}},
             "ada")
        .value()
        .text();
  }
  int change(std::string_view what, const std::string& body) const {
    return service
        .ask("POST", fmt::format("/v1/deployments/mail/{}", what), service.token(Role::Senior),
             kJson, body)
        .status;
  }
  int promote(std::string_view id) const {
    return change("promote", fmt::format(R"({{"bundle":"{}","reason":"better"}})", id));
  }
  int roll_back() const { return change("rollback", R"({"reason":"worse"})"); }

  // Asks about a mail that never came before; who decided.
  std::string decides() {
    const auto answer = service.score(mail(next_++));
    return answer.status == 200 ? parse_json(answer.body).value()["bundle"].as_string()
                                : fmt::format("status {}", answer.status);
  }
  // Asks on until this one decides; who decided meanwhile.
  std::set<std::string> until_decides(const std::string& id) {
    std::set<std::string> before;
    wait_until([&] {
      auto by = decides();
      if (by == id) return true;
      before.insert(std::move(by));
      (void)mail_status();  // people look how far they are
      return false;
    });
    return before;
  }
  Json mail_status() const {
    const auto answer = service.ask("GET", "/v1/status", service.token(Role::Analyst));
    return parse_json(answer.body).value()["domains"][0];
  }
  Json newest() const {
    const auto answer = service.ask("GET", "/v1/deployments/mail", service.token(Role::Auditor));
    return parse_json(answer.body).value()["history"][0];
  }
  // Of the sender before this one, as the states say.
  std::int64_t mails_known() {
    const auto answer = service.score(mail(next_++));
    const auto id = parse_json(answer.body).value()["id"].as_string();
    const auto decision =
        parse_json(service.ask("GET", "/v1/findings/" + id, service.token(Role::Analyst)).body);
    for (const auto& feature : decision.value()["features"].items()) {
      if (feature["name"].as_string() == "mails")
        return static_cast<std::int64_t>(feature["value"].as_double());
    }
    return -1;
  }

  RunningService service{{}, RunningService::Champion::None};
  const std::string one = bundle(30), two = bundle(29), three = bundle(28);

 private:
  int next_ = 0;
};

TEST_F(PromotionsBeside, WhoDecidedBeforeGoesOnUntilTheStatesAreFilled) {
  hold_filling();
  ASSERT_EQ(promote(two), 200);
  const auto status = mail_status();  // at once: nobody needs to have begun
  EXPECT_EQ(status["champion"]["bundle"].as_string(), one);
  EXPECT_EQ(status["next"]["bundle"].as_string(), two);
  const auto metrics = service.ask("GET", "/metrics", service.token(Role::Auditor)).body;
  EXPECT_NE(metrics.find("winnow_filling_events{domain=\"mail\"} "), std::string::npos);
  EXPECT_TRUE(newest()["took_effect"].is_null());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(decides(), one) << "no answer waits for the states";
  std::string problem;
  wait_until([&] {
    const auto next = mail_status()["next"];
    if (next["problem"].is_string()) problem = next["problem"].as_string();
    return !problem.empty();
  });
  EXPECT_NE(problem.find("states/mail.beside"), std::string::npos) << problem;
  EXPECT_EQ(problem.find(service.folder().string()), std::string::npos) << problem;
  let_fill();
  EXPECT_EQ(until_decides(two), std::set<std::string>{one}) << "nobody was refused";
  EXPECT_TRUE(mail_status()["next"].is_null());
  wait_until([&] { return !newest()["took_effect"].is_null(); });
  EXPECT_EQ(newest()["champion"].as_string(), two);
  EXPECT_GE(mails_known(), kMails) << "the states know the whole log";

  // The states that decided before are kept: the way back is short.
  EXPECT_EQ(roll_back(), 200);
  until_decides(one);
  EXPECT_GE(mails_known(), kMails);
}

TEST_F(PromotionsBeside, AnotherOneMeanwhileTakesItsPlace) {
  hold_filling();
  ASSERT_EQ(promote(two), 200);
  EXPECT_EQ(decides(), one);
  ASSERT_EQ(promote(three), 200);
  EXPECT_EQ(decides(), one);
  let_fill();
  EXPECT_EQ(until_decides(three), std::set<std::string>{one});
}

// One that would decide at once, and another one that waits, while the scorer is busy.
TEST_F(PromotionsBeside, TheChampionToldIsTheOneThatDecides) {
  const auto like_one = bundle(30, "# others\n");
  hold_filling();
  std::atomic<bool> is_held = false, may_go_on = false;
  set_write_fault([&](std::string_view step, const Path& path) -> Status {
    if (step != "append" || path.string().find("/events/") == std::string::npos) return {};
    is_held = true;
    while (!may_go_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return {};
  });
  std::string by;
  std::thread client([&] { by = decides(); });
  wait_until([&] { return is_held.load(); });
  EXPECT_EQ(promote(like_one), 200);
  EXPECT_EQ(promote(two), 200);
  may_go_on = true;
  client.join();
  set_write_fault({});
  EXPECT_EQ(by, one);
  EXPECT_EQ(decides(), one);
  wait_until([&] { return mail_status()["champion"]["bundle"].as_string() == one; });
}

// A filling that failed once slows nothing down: by a few records a second it would take minutes.
TEST_F(PromotionsBeside, WhatWasAcceptedIsDecidedAsFastAsBeforeAFailedFilling) {
  hold_filling();
  ASSERT_EQ(promote(two), 200);
  wait_until([&] { return mail_status()["next"]["problem"].is_string(); });
  ASSERT_EQ(roll_back(), 200);
  std::string rows;
  for (int i = 0; i < 3'000; ++i)
    rows += fmt::format(R"({{"sender":"a@b.example","subject":"row {}","body":"x"}})", i) + "\n";
  const auto accepted = service.ask("POST", "/v1/events/gateway", service.token(Role::Sensor),
                                    "Content-Type: application/x-ndjson\r\n", rows);
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  std::jthread client([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      EXPECT_EQ(decides(), one);
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
  });
  service.wait_for_empty_spool();
}

TEST_F(PromotionsBeside, ARollbackMeanwhileLeavesWhoDecides) {
  hold_filling();
  ASSERT_EQ(promote(two), 200);
  EXPECT_EQ(decides(), one);
  EXPECT_EQ(mail_status()["next"]["bundle"].as_string(), two);
  ASSERT_EQ(roll_back(), 200);
  EXPECT_EQ(decides(), one);
  wait_until([&] { return mail_status()["next"].is_null(); });
  EXPECT_EQ(mail_status()["champion"]["bundle"].as_string(), one);
}

}  // namespace
}  // namespace winnow::server
