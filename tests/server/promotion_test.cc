// Another bundle becomes champion while mail comes in.
#include <atomic>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "base/json.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::RunningService;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class Promotions : public ::testing::Test {
 protected:
  // A bundle in the registry, which decides by rules; those of different names differ.
  std::string bundle(std::string_view name, std::string domain = "mail") {
    auto& registry = service.registry();
    const auto policy = testing::small_policy() + fmt::format("# {}\n", name);
    const auto features = testing::small_features();
    const auto artifact = [&](ArtifactKind kind, std::string_view bytes) {
      return registry.add({kind, "mail", bytes, "application/json", 1, {}}, "ada").value().ref();
    };
    return registry
        .add(Bundle{std::move(domain),
                    {artifact(ArtifactKind::Mapping, R"({"mapping":"mail"})"),
                     artifact(ArtifactKind::FeatureSet, features.canonical()),
                     artifact(ArtifactKind::Policy, policy)}},
             "ada")
        .value()
        .text();
  }
  testing::Answer promote(std::string_view id, Role role = Role::Senior,
                          std::string_view domain = "mail") const {
    return service.ask("POST", fmt::format("/v1/deployments/{}/promote", domain),
                       service.token(role), kJson,
                       fmt::format(R"({{"bundle":"{}","reason":"better"}})", id));
  }
  std::string decided_by(int mail) const {
    const auto answer = service.score(testing::raw_of({.subject = fmt::format("mail {}", mail)}));
    return answer.status == 200 ? parse_json(answer.body).value()["bundle"].as_string()
                                : fmt::format("status {}", answer.status);
  }
  RunningService service{{}, RunningService::Champion::None};
};

TEST_F(Promotions, TheNextMailIsDecidedByTheNewChampion) {
  const auto one = bundle("one"), two = bundle("two");
  EXPECT_EQ(decided_by(1), "status 503");
  const auto promoted = promote(one);
  ASSERT_EQ(promoted.status, 200) << promoted.body;
  EXPECT_EQ(parse_json(promoted.body).value()["actor"].as_string(), "senior");
  EXPECT_EQ(decided_by(1), one);
  ASSERT_EQ(promote(two.substr(0, 20)).status, 200);
  EXPECT_EQ(decided_by(2), two);
  const auto back = service.ask("POST", "/v1/deployments/mail/rollback", service.token(Role::Admin),
                                kJson, R"({"reason":"worse"})");
  ASSERT_EQ(back.status, 200) << back.body;
  EXPECT_EQ(decided_by(3), one);
  const auto listed = service.ask("GET", "/v1/deployments/mail", service.token(Role::Auditor));
  EXPECT_EQ(parse_json(listed.body).value()["history"].size(), 3U);
}

TEST_F(Promotions, MailThatComesMeanwhileIsDecidedByOneOrTheOther) {
  const auto one = bundle("one"), two = bundle("two");
  ASSERT_EQ(promote(one).status, 200);
  std::atomic<bool> done{false};
  std::map<std::string, int> found;
  std::thread client([&] {
    for (int i = 0; !done || i < 20; ++i) ++found[decided_by(i)];
  });
  EXPECT_EQ(promote(two).status, 200);
  EXPECT_EQ(decided_by(-1), two) << "what comes after the answer is the new one's";
  done = true;
  client.join();
  for (const auto& [champion, mails] : found)
    EXPECT_TRUE(champion == one || champion == two) << champion;
}

TEST_F(Promotions, OneThatCannotReadItsStoresIsNotReadyUntilItCan) {
  const auto states = service.folder() / "soc/data/states";
  ASSERT_OK(write_atomically(states, "a file where a folder belongs"));
  ASSERT_EQ(promote(bundle("one")).status, 200);
  EXPECT_TRUE(decided_by(1).starts_with("status 50"));
  EXPECT_EQ(service.ask("GET", "/readyz", "").status, 503);
  std::filesystem::remove(states);
  // Without being asked for a decision.
  testing::wait_until([&] { return service.ask("GET", "/readyz", "").status == 200; });
}

TEST_F(Promotions, WhatMayNotDecideIsRefused) {
  const auto one = bundle("one"), elsewhere = bundle("one", "network");
  EXPECT_EQ(promote(one, Role::Engineer).status, 403);
  EXPECT_EQ(promote(one, Role::Analyst).status, 403);
  EXPECT_EQ(promote("b-" + std::string(64, '0')).status, 404);
  EXPECT_EQ(promote(elsewhere).status, 409) << "another domain's";
  EXPECT_EQ(promote(one).status, 200);
  EXPECT_EQ(promote(one).status, 409) << "it is champion already";
  for (const auto* body : {R"({"bundle":"b-1"})", R"({"bundle":"b-1","reason":""})", "{}"}) {
    EXPECT_EQ(
        service.ask("POST", "/v1/deployments/mail/promote", service.token(Role::Admin), kJson, body)
            .status,
        400)
        << body;
  }
  EXPECT_EQ(service
                .ask("POST", "/v1/deployments/mail/rollback", service.token(Role::Admin), kJson,
                     R"({"reason":"x"})")
                .status,
            404)
      << "there is none before the first";
  EXPECT_EQ(decided_by(1), one);
}

}  // namespace
}  // namespace winnow::server
