// winnow serve as its operator and its clients meet it: kills, stops, two at once.
#include <csignal>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/digest.h"
#include "tests/e2e/demo.h"
#include "tests/e2e/winnow.h"
#include "tests/http/client.h"

namespace winnow::testing {
namespace {

const std::vector<std::string> kServe = {"serve", "--listen", "127.0.0.1:0"};

std::string mail(int number) {
  return fmt::format(
      "From: Ann <ann{}@example.com>\nTo: bob@example.org\nSubject: minutes {}\n"
      "Date: Tue, 3 Mar 2026 14:{:02}:06 +0000\nMessage-ID: <{}@example.com>\n\n"
      "Here are the minutes of meeting {}: https://example.com/{}\n",
      number % 7, number, number % 60, number, number, number);
}

std::string token_of(const Path& soc, const std::string& name, const std::string& role) {
  return winnow(soc, {"tokens", "create", name, "--role", role, "--json"})
      .json()["token"]
      .as_string();
}

std::string post(std::string_view token, std::string_view body) {
  return fmt::format(
      "POST /v1/score/mail HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n{}",
      token, body.size(), body);
}

class Serve : public ::testing::Test {
 protected:
  void SetUp() override {
    copy_demo(folder_ / "demo");
    sensor_ = token_of(soc(), "gateway", "sensor");
    analyst_ = token_of(soc(), "ann", "analyst");
  }
  Path soc() const { return folder_ / "demo/soc"; }
  TemporaryFolder folder_;
  std::string sensor_, analyst_;
};

// Sends mails, one after the other, until the server is gone; what was answered is remembered.
class Sender {
 public:
  Sender(std::uint16_t port, const std::string& token, int from,
         std::map<std::string, std::string>& answered, std::mutex& mutex)
      : thread_([=, &answered, &mutex] {
          Client client(port);
          for (int number = from;; ++number) {
            if (!client.send(post(token, mail(number)))) return;
            const auto answer = client.read_answer();
            if (answer.status != 200) return;
            const auto decision = parse_json(answer.body).value();
            const std::lock_guard lock(mutex);
            answered[decision["id"].as_string()] = decision["event"].as_string();
          }
        }) {}
  ~Sender() { thread_.join(); }

 private:
  std::thread thread_;
};

TEST_F(Serve, WhatWasAnsweredSurvivesAKillAndIsThereOnce) {
  std::map<std::string, std::string> answered;  // decision, event
  std::mutex mutex;
  Rng rng(21);
  for (int round = 0; round < 10; ++round) {
    RunningWinnow server(soc(), kServe);
    const auto port = server.port();
    ASSERT_NE(port, 0);
    const Sender one(port, sensor_, round * 100'000, answered, mutex),
        two(port, sensor_, round * 100'000 + 50'000, answered, mutex);
    std::this_thread::sleep_for(std::chrono::milliseconds(rng.between(20, 600)));
    server.end(SIGKILL);
  }
  ASSERT_GT(answered.size(), 20U);
  RunningWinnow server(soc(), kServe);
  Client client(server.port());
  std::map<std::string, std::string> listed;
  for (std::string cursor = "first"; !cursor.empty();) {
    client.send(fmt::format(
        "GET /v1/decisions?limit=500&sender=example.com{} HTTP/1.1\r\nHost: localhost\r\n"
        "Authorization: Bearer {}\r\n\r\n",
        cursor == "first" ? "" : "&cursor=" + cursor, analyst_));
    const auto page = parse_json(client.read_answer().body).value();
    for (const auto& decision : page["decisions"].items()) {
      const bool is_new =
          listed.emplace(decision["id"].as_string(), decision["event"].as_string()).second;
      EXPECT_TRUE(is_new) << "once";
    }
    cursor = page["next"].as_string();
  }
  std::set<std::string> events;
  for (const auto& [id, event] : listed)
    EXPECT_TRUE(events.insert(event).second) << "decided twice";
  for (const auto& [id, event] : answered) {
    ASSERT_TRUE(listed.contains(id)) << "lost: " << id;
    EXPECT_EQ(listed[id], event);
  }
  EXPECT_EQ(server.end(SIGTERM).exit, 0);
  const auto verified = winnow(soc(), {"audit", "verify"});
  EXPECT_EQ(verified.exit, 0) << verified.out;
  const auto doctor = winnow(soc(), {"doctor"});
  EXPECT_EQ(doctor.exit, 0) << doctor.out;
  const auto replay = winnow(soc(), {"decisions", "replay", "--limit", "50"});
  EXPECT_EQ(replay.exit, 0) << replay.out;
}

// Posts rows of a mail log, batch after batch, until the server is gone; counts what was accepted.
class LogSender {
 public:
  LogSender(std::uint16_t port, const std::string& token, int& accepted)
      : thread_([=, &accepted] {
          Client client(port);
          for (;; ++accepted) {
            std::string rows;
            for (int i = 0; i < kRows; ++i)
              rows += fmt::format(R"({{"sender":"ann@example.com","subject":"row {}","body":"x"}})"
                                  "\n",
                                  accepted * kRows + i);
            const bool sent = client.send(fmt::format(
                "POST /v1/events/log HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                "Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n{}",
                token, rows.size(), rows));
            if (!sent || client.read_answer().status != 202) return;
          }
        }) {}
  ~LogSender() { thread_.join(); }
  static constexpr int kRows = 5;

 private:
  std::thread thread_;
};

TEST_F(Serve, WhatWasAcceptedSurvivesAKillAndIsDecidedOnce) {
  int accepted = 0;  // batches
  Rng rng(22);
  for (int round = 0; round < 6; ++round) {
    RunningWinnow server(soc(), kServe);
    const auto port = server.port();
    ASSERT_NE(port, 0);
    const LogSender sender(port, sensor_, accepted);
    std::this_thread::sleep_for(std::chrono::milliseconds(rng.between(20, 400)));
    server.end(SIGKILL);
  }
  ASSERT_GT(accepted, 20);
  RunningWinnow server(soc(), kServe);
  Client client(server.port());
  const auto ask = [&](std::string_view target) {
    client.send(
        fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
                    target, analyst_));
    return parse_json(client.read_answer().body).value();
  };
  for (int i = 0; i < 3'000 && ask("/v1/status")["spool"]["records"].as_int() > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::set<std::string> decided;
  for (std::string cursor = "first"; !cursor.empty();) {
    const auto page = ask(fmt::format("/v1/decisions?limit=500&sender=example.com{}",
                                      cursor == "first" ? "" : "&cursor=" + cursor));
    for (const auto& decision : page["decisions"].items())
      EXPECT_TRUE(decided.insert(decision["subject"].as_string()).second) << "decided twice";
    cursor = page["next"].as_string();
  }
  for (int row = 0; row < accepted * LogSender::kRows; ++row)
    ASSERT_TRUE(decided.contains(fmt::format("row {}", row))) << "lost";
  EXPECT_EQ(server.end(SIGTERM).exit, 0);
  const auto doctor = winnow(soc(), {"doctor"});
  EXPECT_EQ(doctor.exit, 0) << doctor.out;
  EXPECT_NE(doctor.out.find("0 deliveries wait"), std::string::npos) << doctor.out;
  EXPECT_EQ(winnow(soc(), {"backup", "../copy"}).exit, 0);
}

TEST_F(Serve, ASecondOneIsToldWhoHasTheWorkspace) {
  RunningWinnow first(soc(), kServe);
  ASSERT_NE(first.port(), 0);
  const auto second = winnow(soc(), kServe);
  EXPECT_EQ(second.exit, 1);
  EXPECT_NE(second.err.find("another process (process "), std::string::npos) << second.err;
  EXPECT_EQ(first.end(SIGINT).exit, 0);
}

TEST_F(Serve, AnswersAsTheCommandLineDoes) {
  const auto raw = mail(1);
  std::string answered;
  {
    RunningWinnow server(soc(), kServe);
    Client client(server.port());
    client.send(post(sensor_, raw));
    answered = client.read_answer().body;
  }
  ASSERT_OK(write_atomically(folder_ / "one.eml", raw));
  const auto scored = winnow(soc(), {"score", "mail", "../../one.eml", "--json"}).json();
  ASSERT_EQ(scored["decisions"].size(), 1U);
  EXPECT_EQ(to_text(scored["decisions"][0]) + "\n", answered);
}

TEST_F(Serve, ARevokedTokenIsRefused) {
  ASSERT_EQ(winnow(soc(), {"tokens", "revoke", "gateway"}).exit, 0);
  RunningWinnow server(soc(), kServe);
  Client client(server.port());
  client.send(post(sensor_, mail(1)));
  EXPECT_EQ(client.read_answer().status, 401);
  const auto log = winnow(soc(), {"audit", "list", "--json"});
  EXPECT_EQ(log.out.find(sensor_.substr(sensor_.rfind('_') + 1)), std::string::npos);
}

// Whatever clients send: programs read that log.
// A verdict reaches the event log with the next mail that is decided. Here none came.
TEST_F(Serve, AMailThatSomebodyJudgedIsKeptAsALabelledOne) {
  std::string finding;
  {
    RunningWinnow server(soc(), kServe);
    Client client(server.port());
    const auto ask = [&](std::string_view method, const std::string& path, std::string_view body) {
      client.send(
          fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                      method, path, analyst_, body.size(), body));
      return client.read_answer();
    };
    Json cases;
    for (int i = 0; i < 200 && cases.items().empty(); ++i) {
      cases = parse_json(ask("GET", "/v1/queue", "").body).value()["cases"];
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ASSERT_FALSE(cases.items().empty());
    const auto path = "/v1/cases/" + cases.items()[0]["id"].as_string();
    finding =
        parse_json(ask("GET", path, "").body).value()["finding_list"].items()[0]["id"].as_string();
    const auto judged =
        ask("POST", path + "/verdict", R"({"verdict":"true_positive","reason":"phishing"})");
    ASSERT_EQ(judged.status, 200) << judged.body;
    EXPECT_EQ(server.end(SIGTERM).exit, 0);
  }
  const auto settings = soc() / "winnow.yaml";
  ASSERT_OK(write_atomically(settings, read_file(settings, 1UL << 20).value() +
                                           "\nretention: {mails: 90d, labelled_mails: 730d}\n"));
  const auto applied =
      winnow(soc(), {"retention", "apply", "--json"}, {}, {.clock_shift_s = 100L * 24 * 3600});
  ASSERT_EQ(applied.exit, 0) << applied.err;
  EXPECT_GT(applied.json()["erased"]["mails"].as_int(), 0) << "those that nobody judged";
  const auto explained = winnow(soc(), {"decisions", "explain", finding, "--json"}).json();
  EXPECT_TRUE(explained["mail_removed"].is_null()) << to_text(explained["mail_removed"]);
}

// The cookie and the CSRF value of a browser that signs in with that token.
std::pair<std::string, std::string> signed_in(std::uint16_t port, const std::string& token) {
  Client client(port);
  const auto body = fmt::format(R"({{"token":"{}"}})", token);
  client.send(
      fmt::format("POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                  "application/json\r\nContent-Length: {}\r\n\r\n{}",
                  body.size(), body));
  const auto answer = client.read_answer();
  const auto cookie = answer.field("set-cookie");
  return {cookie.substr(0, cookie.find(';')), parse_json(answer.body).value()["csrf"].as_string()};
}

TEST_F(Serve, SessionsOutliveAKillAndSigningOutDoesToo) {
  const auto status = [](std::uint16_t port, const std::string& request) {
    Client client(port);
    client.send(request + "\r\n\r\n");
    return client.read_answer().status;
  };
  const auto me = [](const std::string& cookie) {
    return fmt::format("GET /v1/me HTTP/1.1\r\nHost: localhost\r\nCookie: {}", cookie);
  };
  const auto dora = token_of(soc(), "dora", "senior");
  RunningWinnow first(soc(), kServe);
  const auto [stays, unused] = signed_in(first.port(), analyst_);
  const auto [leaves, csrf] = signed_in(first.port(), analyst_);
  const auto [revoked, unused_too] = signed_in(first.port(), dora);
  first.end(SIGKILL);
  RunningWinnow second(soc(), kServe);
  for (const auto& cookie : {stays, leaves, revoked})
    EXPECT_EQ(status(second.port(), me(cookie)), 200);
  EXPECT_EQ(status(second.port(), fmt::format("DELETE /v1/session HTTP/1.1\r\nHost: localhost\r\n"
                                              "Cookie: {}\r\nX-Winnow-CSRF: {}",
                                              leaves, csrf)),
            204);
  EXPECT_EQ(winnow(soc(), {"tokens", "revoke", "dora"}).exit, 0);
  second.end(SIGKILL);
  RunningWinnow third(soc(), kServe);
  EXPECT_EQ(status(third.port(), me(stays)), 200);
  EXPECT_EQ(status(third.port(), me(leaves)), 401);
  EXPECT_EQ(status(third.port(), me(revoked)), 401);
  const auto listed = winnow(soc(), {"sessions", "list", "--json"}).json()["sessions"];
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["name"].as_string(), "ann");
  EXPECT_EQ(winnow(soc(), {"sessions", "end", "ann"}).exit, 0);
  third.end(SIGKILL);
  EXPECT_EQ(winnow(soc(), {"sessions", "list"}).out, "nobody is signed in\n");
  RunningWinnow fourth(soc(), kServe);
  EXPECT_EQ(status(fourth.port(), me(stays)), 401);
}

TEST_F(Serve, EveryLineOfItsLogIsOneJsonObject) {
  RunningWinnow server(soc(), kServe);
  const auto port = server.port();
  ASSERT_NE(port, 0);
  const std::string evil = "x\x1b[31m\"}{\\\xff\xe2\x80\xa8";
  const auto say = [&](const std::string& head, const std::string& body = "") {
    Client client(port);
    client.send(fmt::format("{}\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{}", head,
                            body.size(), body));
    return client.read_answer().status;
  };
  const auto as = [](const std::string& token) { return "\r\nAuthorization: Bearer " + token; };
  EXPECT_NE(say("GET /v1/me HTTP/1.1" + as(evil)), 200);
  EXPECT_EQ(say("GET /v1/me HTTP/1.1" + as("wnw_%0a{\"level\":\"error\"}")), 401);
  EXPECT_NE(say("GET /" + evil + "%0a%0d%1b HTTP/1.1" + as(analyst_)), 200);
  EXPECT_EQ(say("GET /v1/decisions/%0a%1b%22 HTTP/1.1" + as(analyst_)), 400);
  EXPECT_EQ(say("POST /v1/session HTTP/1.1\r\nContent-Type: application/json",
                R"({"token":"wnw_\n\u001b\u0000\""})"),
            401);
  EXPECT_EQ(
      say("POST /v1/events/a%22%7D%7B%5C HTTP/1.1\r\nContent-Type: message/rfc822" + as(sensor_),
          "Subject: " + evil + "\n\n" + evil),
      202);
  EXPECT_EQ(say("POST /_bulk HTTP/1.1\r\nContent-Type: application/x-ndjson" + as(sensor_),
                "{\"index\":{\"_index\":\"a\\nb\\u001b\"}}\n{\"subject\":\"\\n\\u001b\"}\n"),
            200);
  say(evil + " " + evil);
  const auto outcome = server.end(SIGTERM);
  EXPECT_EQ(outcome.exit, 0);
  std::set<std::string> messages;
  std::size_t begin = 0;
  for (auto end = outcome.err.find('\n'); end != std::string::npos;
       begin = end + 1, end = outcome.err.find('\n', begin)) {
    const auto line = outcome.err.substr(begin, end - begin);
    const auto json = parse_json(line);
    ASSERT_TRUE(json && json->is_object()) << line;
    EXPECT_TRUE((*json)["time"].is_string() && (*json)["level"].is_string()) << line;
    messages.insert((*json)["message"].as_string());
  }
  EXPECT_EQ(begin, outcome.err.size()) << "the last line ends";
  for (const auto* const expected : {"serving", "sign-in failed", "stopped"})
    EXPECT_TRUE(messages.contains(expected)) << outcome.err;
}

TEST(ServeAddress, IsChecked) {
  TemporaryFolder folder;
  ASSERT_EQ(winnow(folder.path(), {"init", "soc"}).exit, 0);
  for (const auto* listen : {"8420", "localhost:8420", "127.0.0.1:99999", "127.0.0.1:"}) {
    const auto refused = winnow(folder / "soc", {"serve", "--listen", listen});
    EXPECT_EQ(refused.exit, 2) << listen << refused.err;
  }
}

}  // namespace
}  // namespace winnow::testing
