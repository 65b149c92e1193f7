// winnow serve on a disk that fills up under what people do, and has room again later: whoever is
// told that it was done finds it done, once, and nobody has to start anything again.
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "tests/e2e/demo.h"
#include "tests/e2e/winnow.h"
#include "tests/http/client.h"

namespace winnow::testing {
namespace {

std::string token_of(const Path& soc, const std::string& role) {
  return winnow(soc, {"tokens", "create", role, "--role", role, "--json"})
      .json()["token"]
      .as_string();
}

class FullDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    copy_demo(folder_ / "demo");
    for (const auto* role : {"analyst", "admin", "sensor"}) tokens_[role] = token_of(soc(), role);
    start();
  }
  Path soc() const { return folder_ / "demo/soc"; }
  void start() {
    server_.emplace(soc(), std::vector<std::string>{"serve", "--listen", "127.0.0.1:0"},
                    Machine{.full_while = full_});
    port_ = server_->port();
    ASSERT_NE(port_, 0);
  }
  // From here on the files with `part` in their paths cannot grow.
  void fill(std::string_view part) const { ASSERT_OK(write_atomically(full_, part)); }
  void make_room() const { std::filesystem::remove(full_); }

  Answer ask(std::string_view method, std::string_view target, const std::string& role,
             std::string_view body = "", std::string_view type = "application/json") const {
    Client client(port_);
    client.send(
        fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                    "Content-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
                    method, target, tokens_.at(role), type, body.size(), body));
    return client.read_answer(true, std::chrono::seconds(20));
  }
  // The first case of the queue, once there is one.
  std::string a_case() const {
    for (int i = 0; i < 500; ++i) {
      const auto queue = parse_json(ask("GET", "/v1/queue?state=all", "analyst").body).value();
      if (queue["cases"].size() > 0) return queue["cases"][std::size_t{0}]["id"].as_string();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return {};
  }
  int note(const std::string& id, std::string_view text) const {
    return ask("POST", fmt::format("/v1/cases/{}/notes", id), "analyst",
               fmt::format(R"({{"text":"{}"}})", text))
        .status;
  }
  int judge(const std::string& id) const {
    return ask("POST", fmt::format("/v1/cases/{}/verdict", id), "analyst",
               R"({"verdict":"true_positive","reason":"seen"})")
        .status;
  }
  int make_token(std::string_view name) const {
    return ask("POST", "/v1/tokens", "admin",
               fmt::format(R"({{"name":"{}","role":"sensor"}})", name))
        .status;
  }
  int score(int number) const {
    return ask("POST", "/v1/score/mail", "sensor",
               fmt::format("From: a@b.example\nSubject: {}\n\nx\n", number), "message/rfc822")
        .status;
  }
  int accept(int number) const {
    return ask("POST", "/v1/events/log", "sensor",
               fmt::format(R"({{"sender":"a@b.example","subject":"row {}","body":"x"}})", number))
        .status;
  }
  // The first status of `work` that is not 507 or 503, within a minute.
  template <typename Work>
  static int soon(Work work) {
    for (int i = 0;; ++i) {
      const int status = work();
      if ((status != 507 && status != 503) || i == 600) return status;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  // How often a case's history says `detail`.
  std::size_t times(const std::string& id, std::string_view detail) const {
    const auto found = parse_json(ask("GET", "/v1/cases/" + id, "analyst").body).value();
    std::size_t count = 0;
    for (const auto& event : found["history"].items())
      count += event["detail"].as_string().find(detail) != std::string::npos ? 1 : 0;
    return count;
  }
  void expect_whole_after_the_end() {
    EXPECT_EQ(server_->end(SIGTERM).exit, 0);
    for (const auto& words : {std::vector<std::string>{"audit", "verify"}, {"doctor"}}) {
      const auto outcome = winnow(soc(), words);
      EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    }
  }

  TemporaryFolder folder_;
  const Path full_ = folder_ / "full";
  std::map<std::string, std::string> tokens_;
  std::optional<RunningWinnow> server_;
  std::uint16_t port_ = 0;
};

TEST_F(FullDisk, PeopleAreToldAndNothingTheyWereToldIsLost) {
  const auto id = a_case();
  ASSERT_FALSE(id.empty());
  ASSERT_EQ(note(id, "before"), 200);
  const auto version = ask("GET", "/v1/cases/" + id, "analyst").field("etag");
  fill("/data/");
  EXPECT_EQ(note(id, "meanwhile"), 507);
  EXPECT_EQ(judge(id), 507);
  EXPECT_EQ(make_token("late"), 507);
  EXPECT_EQ(score(1), 507);
  EXPECT_EQ(accept(1), 507);
  const auto seen = ask("GET", "/v1/cases/" + id, "analyst");
  EXPECT_EQ(seen.status, 200) << "reading goes on";
  EXPECT_EQ(seen.field("etag"), version);
  make_room();
  EXPECT_EQ(soon([&] { return note(id, "after"); }), 200);
  EXPECT_EQ(soon([&] { return judge(id); }), 200);
  EXPECT_EQ(soon([&] { return make_token("late"); }), 201);
  EXPECT_EQ(soon([&] { return score(2); }), 200);
  EXPECT_EQ(soon([&] { return accept(2); }), 202);
  EXPECT_EQ(times(id, "before"), 1U);
  EXPECT_EQ(times(id, "meanwhile"), 0U);
  EXPECT_EQ(times(id, "after"), 1U);
  expect_whole_after_the_end();
}

// The audit log has room, the database has none: what is on record there is done, later.
TEST_F(FullDisk, ANoteOnRecordIsInTheCaseOnceThereIsRoom) {
  const auto id = a_case();
  ASSERT_FALSE(id.empty());
  fill("winnow.db");
  EXPECT_EQ(note(id, "meanwhile"), 507);
  EXPECT_EQ(ask("GET", "/v1/cases/" + id, "analyst").status, 200);
  make_room();
  EXPECT_EQ(soon([&] { return note(id, "after"); }), 200);
  EXPECT_EQ(times(id, "meanwhile"), 1U);
  EXPECT_EQ(times(id, "after"), 1U);
  EXPECT_EQ(soon([&] { return score(1); }), 200);
  expect_whole_after_the_end();
}

TEST_F(FullDisk, ATokenOnRecordHasItsNameOnceThereIsRoom) {
  fill("winnow.db");
  EXPECT_EQ(make_token("late"), 507);
  EXPECT_EQ(make_token("late"), 507);
  make_room();
  EXPECT_EQ(soon([&] { return make_token("late"); }), 409) << "it is there already";
  EXPECT_EQ(soon([&] { return make_token("later"); }), 201);
  expect_whole_after_the_end();
}

}  // namespace
}  // namespace winnow::testing
