#include "fetch/fetch.h"

#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "http/server.h"
#include "tests/http/test_certificate.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

// Answers what it was sent, in the way that the path asks for.
class Mirror final : public http::Handler {
 public:
  http::Admission admit(const http::Request&) override { return {.body_bytes = 1UL << 20}; }
  void handle(http::Exchange& exchange) override {
    const auto& request = exchange.request();
    if (request.path == "/never") {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(exchange.defer());
      return;
    }
    auto& response = exchange.response();
    if (request.path == "/elsewhere") {
      response.add("location", "/mirror");
      return response.set(302, "text/plain", "");
    }
    if (request.path == "/large")
      return response.set(200, "text/plain", std::string(Fetch::kMaxBytes + 1, 'x'));
    response.set(request.path == "/busy" ? 429 : 200, "text/plain",
                 fmt::format("{} {} {} {}", request.method_name, request.field("content-type"),
                             request.field("authorization"), request.body));
  }
  void refuse(int status, std::string_view why, http::Response& response) override {
    response.set(status, "text/plain", why);
  }
  void let_go() {  // of requests that are never answered
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<http::Pending> waiting_;
};

class FetchTest : public ::testing::Test {
 protected:
  ~FetchTest() override { mirror_.let_go(); }
  std::string url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", server_->port(), path);
  }
  Mirror mirror_;
  std::unique_ptr<http::Server> server_ = http::Server::start({}, mirror_).value();
  Fetch fetch_;
};

TEST_F(FetchTest, SaysWhatItIsToldAndGivesBackWhatItHears) {
  const auto got = fetch_.get(url("/mirror"));
  ASSERT_OK(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "GET   ");
  const std::string body(100'000, 'm');
  const auto posted = fetch_.post(url("/mirror"), "message/rfc822", body, "Bearer secret");
  ASSERT_OK(posted);
  EXPECT_EQ(posted->body, "POST message/rfc822 Bearer secret " + body);
  EXPECT_EQ(fetch_.get(url("/mirror"))->body, "GET   ") << "nothing is left of the one before";
  EXPECT_EQ(fetch_.get(url("/mirror"), "Bearer secret")->body, "GET  Bearer secret ");
  EXPECT_EQ(fetch_.post(url("/busy"), "text/plain", "", "")->status, 429);
}

TEST_F(FetchTest, GoesNowhereByItself) {
  const auto answer = fetch_.get(url("/elsewhere"));
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(code_of(fetch_.get("file:///etc/passwd")), Code::Unavailable);
}

TEST_F(FetchTest, AnAnswerWithoutEndIsCutOff) {
  EXPECT_EQ(code_of(fetch_.get(url("/large"))), Code::Exhausted);
  EXPECT_OK(fetch_.get(url("/mirror")));
}

TEST_F(FetchTest, NobodyThereIsAnErrorThatHidesTheQuery) {
  const auto gone = url("/mirror?code=secret");
  server_.reset();
  const auto answer = fetch_.get(gone);
  ASSERT_EQ(code_of(answer), Code::Unavailable);
  EXPECT_EQ(answer.error().text().find("secret"), std::string::npos) << answer.error().text();
}

TEST_F(FetchTest, WaitsAsLongAsItsUserSays) {
  Fetch impatient({.total = std::chrono::milliseconds(100)});
  EXPECT_EQ(code_of(impatient.get(url("/never"))), Code::Unavailable);
}

TEST_F(FetchTest, BelievesWhomItsUserBelieves) {
  const testing::TemporaryFolder folder;
  const auto files = testing::write_certificate(folder.path(), testing::test_certificate());
  const auto tls = http::Tls::load(files);
  ASSERT_OK(tls);
  const auto encrypted = http::Server::start({.tls = *tls}, mirror_);
  ASSERT_OK(encrypted);
  const auto secret = fmt::format("https://127.0.0.1:{}/mirror", (*encrypted)->port());
  EXPECT_EQ(code_of(fetch_.get(secret)), Code::Unavailable) << "nobody vouches for it";
  Fetch trusting({.authorities = files.certificate.string()});
  const auto answer = trusting.get(secret);
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 200);
}

TEST_F(FetchTest, WhatIsUnderWayCanBeStopped) {
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    fetch_.stop();
  });
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(fetch_.get(url("/never"))), Code::Unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(8));
  stopper.join();
  EXPECT_EQ(code_of(fetch_.get(url("/mirror"))), Code::Unavailable) << "and all that follows";
}

}  // namespace
}  // namespace winnow
