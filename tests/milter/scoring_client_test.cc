#include "milter/scoring_client.h"

#include <mutex>

#include <fmt/format.h>

#include "http/server.h"
#include "tests/support/support.h"

namespace winnow::milter {
namespace {

// Answers what the test wants answered, or nothing at all.
class FakeServer final : public http::Handler {
 public:
  http::Admission admit(const http::Request&) override { return {.body_bytes = 1UL << 20}; }
  void handle(http::Exchange& exchange) override {
    const auto& request = exchange.request();
    const std::lock_guard lock(mutex_);
    ++asked;
    seen = fmt::format("{} {} {} {} {}", request.method_name, request.target,
                       request.field("content-type"), request.field("authorization"), request.body);
    if (!takes.empty() && request.field("authorization") != takes)
      return exchange.response().set(401, "application/json", "{}");
    if (status == 0) return waiting_.push_back(exchange.defer());
    exchange.response().set(status, "application/json", body);
  }
  void refuse(int refused, std::string_view why, http::Response& response) override {
    response.set(refused, "text/plain", why);
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }

  int status = 200;  // 0: no answer. Set while nothing is asked
  std::string body;
  std::string takes{};  // the only authorization it takes; empty: any
  int asked = 0;
  std::string seen;

 private:
  std::mutex mutex_;
  std::vector<http::Pending> waiting_;
};

class ScoringClientTest : public ::testing::Test {
 protected:
  ~ScoringClientTest() override { fake.let_go(); }
  ScoringServer server(std::chrono::milliseconds timeout = std::chrono::seconds(20)) const {
    return {.url = fmt::format("http://127.0.0.1:{}", http_->port()),
            .token = "wnw_1",
            .timeout = timeout};
  }
  FakeServer fake;
  std::unique_ptr<http::Server> http_ = http::Server::start({}, fake).value();
};

bool is(const Outcome& outcome, Unscored why) {
  const auto* const unscored = std::get_if<Unscored>(&outcome);
  return unscored != nullptr && *unscored == why;
}

TEST_F(ScoringClientTest, SendsTheMailAndTakesTheDecision) {
  fake.body = R"({"id":"d-0a1b","route":"escalate","probability":0.93,"sender":"x"})";
  ScoringClient client(server());
  const auto outcome = client.score("From: a@b\r\n\r\nx");
  const auto* const scored = std::get_if<Scored>(&outcome);
  ASSERT_NE(scored, nullptr);
  EXPECT_EQ(scored->decision, "d-0a1b");
  EXPECT_EQ(scored->route, Route::Escalate);
  EXPECT_EQ(scored->probability, 0.93);
  EXPECT_EQ(fake.seen, "POST /v1/score/mail message/rfc822 Bearer wnw_1 From: a@b\r\n\r\nx");
}

TEST_F(ScoringClientTest, AsksOnceWhateverTheAnswer) {
  ScoringClient client(server());
  for (const auto& [status, why] :
       std::vector<std::pair<int, Unscored>>{{413, Unscored::TooLarge},
                                             {422, Unscored::Unusable},
                                             {400, Unscored::Unavailable},
                                             {401, Unscored::Unavailable},
                                             {403, Unscored::Unavailable},
                                             {429, Unscored::Unavailable},
                                             {500, Unscored::Unavailable},
                                             {503, Unscored::Unavailable},
                                             {507, Unscored::Unavailable}}) {
    fake.status = status;
    fake.asked = 0;
    EXPECT_TRUE(is(client.score("mail"), why)) << status;
    EXPECT_EQ(fake.asked, 1) << status;
  }
}

TEST(ScoringAnswer, IsTakenOnlyWhereItSaysWhatItShould) {
  for (const auto* const body :
       {"", "{", "[]", "{}", R"({"id":"d-0a"})", R"({"route":"close"})",
        R"({"id":"d-0a","route":"drop"})", R"({"id":"d-0a\r\nX: y","route":"close"})",
        R"({"id":"d-","route":"close"})", R"({"id":7,"route":"close"})"})
    EXPECT_TRUE(is(outcome_of(200, body), Unscored::Unavailable)) << body;
  const auto unsure = outcome_of(200, R"({"id":"d-0a","route":"queue","probability":null})");
  ASSERT_NE(std::get_if<Scored>(&unsure), nullptr);
  EXPECT_FALSE(std::get<Scored>(unsure).probability);
}

TEST_F(ScoringClientTest, ANewTokenInTheFileCountsOnceTheOldOneIsRefused) {
  const testing::TemporaryFolder folder;
  auto wish = server();
  wish.token_file = folder / "token";
  fake.body = R"({"id":"d-0a","route":"close","probability":0.1})";
  fake.takes = "Bearer wnw_2";
  ScoringClient client(wish);
  EXPECT_TRUE(is(client.score("mail"), Unscored::Unavailable)) << "there is none yet";
  ASSERT_OK(write_atomically(wish.token_file, "wnw_1\n"));
  fake.asked = 0;
  EXPECT_TRUE(is(client.score("mail"), Unscored::Unavailable)) << "it is the old one";
  EXPECT_EQ(fake.asked, 1);
  ASSERT_OK(write_atomically(wish.token_file, "wnw_2\n"));
  const auto outcome = client.score("mail");
  EXPECT_NE(std::get_if<Scored>(&outcome), nullptr);
  fake.asked = 0;
  client.score("mail");
  EXPECT_EQ(fake.asked, 1) << "the new one is used from now on";
}

TEST_F(ScoringClientTest, TellsOfItsTokenBeforeMailsHaveToWait) {
  const auto now = Timestamp::from_civil(2026, 3, 1);
  ScoringClient client(server());
  using Concerns = std::vector<std::string>;
  fake.body = R"({"name":"gw","role":"sensor","expires_at":null})";
  EXPECT_EQ(client.concerns(now), Concerns());
  EXPECT_EQ(fake.seen, "GET /v1/me  Bearer wnw_1 ");
  fake.body = R"({"name":"gw","role":"sensor","expires_at":"2026-03-15T00:00:00Z"})";
  EXPECT_EQ(client.concerns(now), Concerns());
  EXPECT_EQ(client.concerns(now + std::chrono::hours(1)), Concerns{"the token ends on 2026-03-15"});
  fake.body = R"({"name":"gw","role":"analyst","expires_at":null})";
  EXPECT_EQ(client.concerns(now), Concerns{"the token's role is 'analyst', and sensor is needed"});
  fake.status = 401;
  EXPECT_EQ(client.concerns(now), Concerns{"the scoring server answers the token with 401"});
  http_.reset();
  EXPECT_EQ(client.concerns(now).size(), 1U);
}

TEST_F(ScoringClientTest, WaitsNoLongerThanItMay) {
  fake.status = 0;
  ScoringClient client(server(std::chrono::milliseconds(150)));
  EXPECT_TRUE(is(client.score("mail"), Unscored::Unavailable));
}

TEST_F(ScoringClientTest, NobodyThereIsUnavailableUntilSomebodyIs) {
  fake.body = R"({"id":"d-0a","route":"close","probability":0.1})";
  ScoringClient client(server());
  EXPECT_NE(std::get_if<Scored>(&static_cast<const Outcome&>(client.score("mail"))), nullptr);
  const auto port = http_->port();
  http_.reset();
  EXPECT_TRUE(is(client.score("mail"), Unscored::Unavailable));
  auto again = http::Server::start({.port = port}, fake);
  ASSERT_OK(again);
  http_ = std::move(*again);
  const auto outcome = client.score("mail");
  EXPECT_NE(std::get_if<Scored>(&outcome), nullptr) << "the dead connection is not used again";
}

}  // namespace
}  // namespace winnow::milter
