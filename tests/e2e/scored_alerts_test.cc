// Alerts that a playbook sends to winnow serve one by one, and waits for: what it is told is what
// the command line says, survives a kill, and replays.
#include <csignal>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "tests/e2e/winnow.h"
#include "tests/http/client.h"

namespace winnow::testing {
namespace {

const std::vector<std::string> kServe = {"serve", "--listen", "127.0.0.1:0", "--quiet"};

std::string alert(int number) {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:{:02}+0000","event_type":"alert","flow_id":{},)"
      R"("src_ip":"10.0.0.{}","src_port":5,"dest_ip":"192.0.2.9","dest_port":80,"proto":"TCP",)"
      R"("alert":{{"gid":1,"signature_id":{},"signature":"alert {}","category":"c",)"
      R"("severity":{}}}}})",
      number / 60 % 60, number % 60, number, number % 7, number % 5, number % 5, 1 + number % 3);
}

// A workspace whose network is decided by the shipped rules alone.
class ScoredAlerts : public ::testing::Test {
 protected:
  void SetUp() override {
    EXPECT_ENDS(winnow(folder_.path(), {"init", "soc"}), 0);
    EXPECT_ENDS(run({"bundles", "build", "--domain", "network", "--model", "none"}), 0);
    EXPECT_ENDS(run({"deployments", "promote", "latest", "--reason", "rules alone"}), 0);
    token_ = run({"tokens", "create", "playbook", "--role", "sensor", "--json"})
                 .json()["token"]
                 .as_string();
  }
  Path soc() const { return folder_ / "soc"; }
  Outcome run(const std::vector<std::string>& words) const { return winnow(soc(), words); }
  Answer ask(Client& client, const std::string& record) const {
    const bool sent = client.send(fmt::format(
        "POST /v1/score/event HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        token_, record.size(), record));
    return sent ? client.read_answer() : Answer();
  }

  TemporaryFolder folder_;
  std::string token_;
};

TEST_F(ScoredAlerts, AreToldWhatTheCommandLineSays) {
  constexpr int kAlerts = 40;
  std::string lines;
  for (int i = 0; i < kAlerts; ++i) lines += alert(i) + "\n";
  const auto copy = folder_ / "copy";
  std::filesystem::copy(soc(), copy, std::filesystem::copy_options::recursive);
  ASSERT_OK(write_atomically(copy / "new.eve.json", lines));
  const auto scored = winnow(copy, {"score", "network", "new.eve.json", "--json"});
  ASSERT_EQ(scored.exit, 0) << scored.err;
  std::map<std::string, Json> by_event;
  const auto told = scored.json();
  for (const auto& decision : told["decisions"].items())
    by_event.emplace(decision["event"].as_string(), decision);

  RunningWinnow server(soc(), kServe);
  Client client(server.port());
  int findings = 0;
  for (int i = 0; i < kAlerts; ++i) {
    const auto answer = ask(client, alert(i));
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto decision = parse_json(answer.body).value();
    const auto& said = by_event.at(decision["event"].as_string());
    for (const auto* member : {"id", "route", "because", "reasons", "techniques", "subject"})
      EXPECT_EQ(to_text(decision[member]), to_text(said[member])) << member << answer.body;
    findings += decision["route"].as_string() == "close" ? 0 : 1;
  }
  EXPECT_GT(findings, 0);
  EXPECT_LT(findings, kAlerts);
}

// Asks, one alert after the other, until the server is gone; what was answered is remembered.
class Playbook {
 public:
  using Ask = std::function<Answer(Client& client, const std::string& record)>;
  Playbook(std::uint16_t port, Ask ask, int from, std::map<int, std::string>& answered,
           std::mutex& mutex)
      : thread_([=, &answered, &mutex] {
          Client client(port);
          for (int number = from;; ++number) {
            const auto answer = ask(client, alert(number));
            if (answer.status != 200) return;
            const std::lock_guard lock(mutex);
            answered[number] = parse_json(answer.body).value()["id"].as_string();
          }
        }) {}
  ~Playbook() { thread_.join(); }

 private:
  std::thread thread_;
};

TEST_F(ScoredAlerts, WhatWasAnsweredSurvivesAKillAndReplays) {
  std::map<int, std::string> answered;  // by number, the decision
  std::mutex mutex;
  Rng rng(23);
  const auto ask = [this](Client& client, const std::string& record) {
    return this->ask(client, record);
  };
  for (int round = 0; round < 6; ++round) {
    RunningWinnow server(soc(), kServe);
    const auto port = server.port();
    ASSERT_NE(port, 0);
    const Playbook one(port, ask, round * 100'000, answered, mutex),
        two(port, ask, round * 100'000 + 50'000, answered, mutex);
    std::this_thread::sleep_for(std::chrono::milliseconds(rng.between(100, 600)));
    server.end(SIGKILL);
  }
  ASSERT_GT(answered.size(), 20U);
  RunningWinnow server(soc(), kServe);
  Client client(server.port());
  for (const auto& [number, id] : answered) {
    const auto again = ask(client, alert(number));
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(parse_json(again.body).value()["id"].as_string(), id);
  }
  EXPECT_EQ(server.end(SIGTERM).exit, 0);
  const auto replay = run({"decisions", "replay", "--limit", "100000", "--json"});
  EXPECT_ENDS(replay, 0);
  EXPECT_GE(replay.json()["equal"].as_int(), static_cast<std::int64_t>(answered.size()));
  EXPECT_ENDS(run({"doctor"}), 0);
}

}  // namespace
}  // namespace winnow::testing
