#include "http/server.h"

#include <atomic>
#include <ctime>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "tests/http/client.h"
#include "tests/http/test_certificate.h"
#include "tests/http/tls_wire.h"
#include "tests/support/support.h"

namespace winnow::http {
namespace {

using testing::Client;
using namespace std::chrono_literals;

// Says what it was told, and keeps what it is asked to keep.
class Echo final : public Handler {
 public:
  Admission admit(const Request& head) override {
    if (head.path == "/members") return {.body_bytes = 10, .status = 401, .why = "members only"};
    return {.body_bytes = head.path == "/large" ? 4UL << 20 : 100'000};
  }
  void handle(Exchange& exchange) override {
    const auto& request = exchange.request();
    if (request.path == "/later") {
      const std::lock_guard lock(mutex);
      pending.push_back(exchange.defer());
      return;
    }
    if (request.path == "/events") {
      const std::lock_guard lock(mutex);
      streams.push_back(exchange.stream());
      return;
    }
    if (request.path == "/throws") throw std::runtime_error("a bug");
    auto& response = exchange.response();
    response.set(200, "text/plain", request.body);
    response.add("x-method", request.method_name);
    response.add("x-query", request.query);
    response.add("x-told", request.field("x-told"));
    ++handled;
  }
  void refuse(int status, std::string_view why, Response& response) override {
    response.set(status, "text/plain", why);
  }

  std::atomic<int> handled{0};
  std::mutex mutex;
  std::vector<Pending> pending;
  std::vector<EventStream> streams;
};

enum class Way { Plain, Tls };

class Listening : public ::testing::Test {
 protected:
  explicit Listening(Way by) : way(by) {}
  void start(ServerOptions options = {}) {
    if (way == Way::Tls) {
      options.tls =
          Tls::load(testing::write_certificate(folder.path(), testing::test_certificate())).value();
    }
    server = Server::start(options, echo).value();
  }
  std::unique_ptr<testing::Wire> wire() const {
    if (way == Way::Plain) return testing::plain_wire(server->port());
    return std::make_unique<testing::TlsWire>(server->port());
  }
  Client connect() const { return Client(wire()); }
  template <typename Condition>
  bool soon(Condition condition) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }
  const Way way;
  testing::TemporaryFolder folder;
  Echo echo;
  std::unique_ptr<Server> server;
};

// What holds whichever way the bytes take.
class Serving : public Listening, public ::testing::WithParamInterface<Way> {
 protected:
  Serving() : Listening(GetParam()) {}
};
INSTANTIATE_TEST_SUITE_P(Each, Serving, ::testing::Values(Way::Plain, Way::Tls),
                         [](const auto& way) {
                           return std::string(way.param == Way::Plain ? "Plain" : "Tls");
                         });

std::string get(std::string_view target, std::string_view fields = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n{}\r\n", target, fields);
}
std::string post(std::string_view target, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", target,
                     body.size(), body);
}

TEST_P(Serving, AnswersOneRequestAfterAnother) {
  start();
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(post("/a?b=c&d", fmt::format("body {}", i))));
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, fmt::format("body {}", i));
    EXPECT_EQ(answer.field("x-method"), "POST");
    EXPECT_EQ(answer.field("x-query"), "b=c&d");
    EXPECT_EQ(answer.field("date").size(), 29U);
  }
}

TEST_P(Serving, AnswersPipelinedRequestsInOrder) {
  start();
  auto client = connect();
  std::string all;
  for (int i = 0; i < 200; ++i) all += post("/", std::string(static_cast<std::size_t>(i * 7), 'a'));
  ASSERT_TRUE(client.send(all));
  for (std::size_t i = 0; i < 200; ++i) ASSERT_EQ(client.read_answer().body.size(), i * 7) << i;
}

TEST_P(Serving, TakesRequestsByteByByte) {
  start();
  auto client = connect();
  for (const char c : get("/slow", "X-Told: it\r\n") + post("/", "xyz")) {
    ASSERT_TRUE(client.send({&c, 1}));
    std::this_thread::sleep_for(200us);
  }
  EXPECT_EQ(client.read_answer().field("x-told"), "it");
  EXPECT_EQ(client.read_answer().body, "xyz");
}

TEST_P(Serving, TakesBodiesOfAnySizeUpToTheRoutesLimit) {
  start();
  auto client = connect();
  for (const std::size_t size : {0UL, 1UL, 20'000UL, 32'768UL, 99'999UL, 100'000UL}) {
    const std::string body(size, 'b');
    ASSERT_TRUE(client.send(post("/", body)));
    ASSERT_EQ(client.read_answer().body, body) << size;
  }
  const std::string large(4UL << 20, 'c');
  ASSERT_TRUE(client.send(post("/large", large)));
  EXPECT_EQ(client.read_answer().body, large);
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n"));
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST_P(Serving, RefusesWhatIsTooMuchInTheWordsOfItsHandler) {
  start();
  auto client = connect();
  ASSERT_TRUE(client.send(post("/members", "0123456789")));
  EXPECT_EQ(client.read_answer().status, 200);
  ASSERT_TRUE(client.send(post("/members", "0123456789a")));
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.body, "members only");
}

TEST_P(Serving, TakesChunkedBodiesWithinTheLimit) {
  start();
  auto client = connect();
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  ASSERT_TRUE(client.send(head + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n" + get("/next")));
  EXPECT_EQ(client.read_answer().body, "abcdefg");
  EXPECT_EQ(client.read_answer().status, 200);
  ASSERT_TRUE(client.send(head));
  const std::string chunk = fmt::format("{:x}\r\n{}\r\n", 60'000, std::string(60'000, 'x'));
  client.send(chunk + chunk);
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST_P(Serving, SaysContinueToThoseWhoWait) {
  start();
  auto client = connect();
  ASSERT_TRUE(
      client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                  "Content-Length: 3\r\n\r\n"));
  EXPECT_EQ(client.read_answer().status, 100);
  ASSERT_TRUE(client.send("abc"));
  EXPECT_EQ(client.read_answer().body, "abc");
  ASSERT_TRUE(
      client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                  "Content-Length: 999999\r\n\r\n"));
  EXPECT_EQ(client.read_answer().status, 413) << "before the body was sent in vain";
}

TEST_P(Serving, SendsNoBodyForHead) {
  start();
  auto client = connect();
  ASSERT_TRUE(client.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n" + get("/")));
  EXPECT_EQ(client.read_answer(false).status, 200);
  EXPECT_EQ(client.read_answer().field("x-method"), "GET");
}

TEST_P(Serving, ClosesWhereTheClientAsksForIt) {
  start();
  auto old = connect();
  ASSERT_TRUE(old.send("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(old.read_answer().status, 200);
  EXPECT_TRUE(old.is_closed());
  auto polite = connect();
  ASSERT_TRUE(polite.send(get("/", "Connection: close\r\n")));
  EXPECT_EQ(polite.read_answer().field("connection"), "close");
  EXPECT_TRUE(polite.is_closed());
}

TEST_P(Serving, AnswersAClientThatIsHalfClosed) {
  start();
  auto client = connect();
  ASSERT_TRUE(client.send(get("/")));
  client.end_sending();
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.is_closed());
}

// Its second request waits unread, and its end behind that: no reason to look at it all the time.
TEST_P(Serving, AHalfClosedClientThatWaitsCostsNothing) {
  if (way == Way::Tls) GTEST_SKIP() << "there it is taken for gone";
  start();
  auto client = connect();
  ASSERT_TRUE(client.send(get("/later")));
  ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.pending.empty(); }));
  ASSERT_TRUE(client.send(get("/after")));
  client.end_sending();
  std::this_thread::sleep_for(50ms);
  const auto before = std::clock();
  std::this_thread::sleep_for(300ms);
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 10);
  echo.pending.clear();
  EXPECT_EQ(client.read_answer().status, 500);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST_P(Serving, AnswersLaterFromAnotherThread) {
  start();
  auto client = connect();
  ASSERT_TRUE(client.send(post("/later", "question") + get("/after")));
  ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.pending.empty(); }));
  EXPECT_EQ(echo.handled, 0) << "the next request waits";
  std::thread worker([&] {
    const std::lock_guard lock(echo.mutex);
    Response response;
    response.set(202, "text/plain", fmt::format("answer to {}", echo.pending[0].request().body));
    echo.pending[0].answer(std::move(response));
  });
  const auto answer = client.read_answer();
  worker.join();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "answer to question");
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST_P(Serving, AForgottenRequestIsAnsweredAllTheSame) {
  start();
  auto client = connect();
  ASSERT_TRUE(client.send(get("/later")));
  ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.pending.empty(); }));
  echo.pending.clear();
  EXPECT_EQ(client.read_answer().status, 500);
}

TEST_P(Serving, AClientMayLeaveBeforeItsAnswer) {
  start();
  {
    auto client = connect();
    ASSERT_TRUE(client.send(post("/later", "still there?")));
    ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.pending.empty(); }));
  }
  ASSERT_TRUE(soon([&] { return server->connections() == 0; }));
  EXPECT_EQ(echo.pending[0].request().body, "still there?");
  echo.pending[0].answer({});
  auto next = connect();
  ASSERT_TRUE(next.send(get("/")));
  EXPECT_EQ(next.read_answer().status, 200);
}

TEST_P(Serving, AHandlersBugIsThatRequestsOnly) {
  start();
  auto client = connect();
  ASSERT_TRUE(client.send(get("/throws") + get("/")));
  EXPECT_EQ(client.read_answer().status, 500);
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST_P(Serving, StreamsEvents) {
  start();
  auto client = connect();
  ASSERT_TRUE(client.send(get("/events")));
  EXPECT_NE(client.read_until("\r\n\r\n", 5s).find("text/event-stream"), std::string::npos);
  ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.streams.empty(); }));
  EXPECT_TRUE(echo.streams[0].push("finding", "two\nlines"));
  EXPECT_EQ(client.read_until("\n\n", 5s), "event: finding\ndata: two\ndata: lines\n\n");
}

TEST_P(Serving, AStreamThatNobodyReadsIsClosed) {
  ServerOptions options;
  options.stream_bytes = 64UL << 10;
  start(options);
  auto client = connect();
  ASSERT_TRUE(client.send(get("/events")));
  ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.streams.empty(); }));
  const std::string data(10'000, 'x');
  EXPECT_TRUE(soon([&] {
    for (int i = 0; i < 100; ++i) echo.streams[0].push("e", data);
    return !echo.streams[0].is_open();
  }));
  EXPECT_FALSE(echo.streams[0].push("e", data));
}

TEST_P(Serving, TheClosedClientsStreamSaysSo) {
  start();
  {
    auto client = connect();
    ASSERT_TRUE(client.send(get("/events")));
    ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.streams.empty(); }));
  }
  EXPECT_TRUE(soon([&] { return !echo.streams[0].is_open(); }));
}

// What a client must not be able to do, and the answer that it gets.
struct Bad {
  const char* name;
  std::string bytes;
  int status;
};

class BadRequests : public Listening, public ::testing::WithParamInterface<Bad> {
 protected:
  BadRequests() : Listening(Way::Plain) {}
};

TEST_P(BadRequests, AreRefusedAndTheConnectionEnds) {
  start();
  auto client = connect();
  client.send(GetParam().bytes);
  EXPECT_EQ(client.read_answer().status, GetParam().status);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(echo.handled, 0);
  auto next = connect();
  ASSERT_TRUE(next.send(get("/")));
  EXPECT_EQ(next.read_answer().status, 200) << "others go on";
}

std::string many_fields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) fields += fmt::format("F{}: v\r\n", i);
  return fields;
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadRequests,
    ::testing::Values(
        Bad{"Rubbish", "\x16\x03\x01\x02\r\n\r\n", 400},
        Bad{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400}, Bad{"TwoHosts", get("/", "Host: y\r\n"), 400},
        Bad{"AbsentTarget", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Bad{"AbsoluteTarget", get("http://evil.example/"), 400},
        Bad{"HttpTwo", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
        Bad{"BareLineFeeds", "GET / HTTP/1.1\nHost: x\n\n\r\n\r\n", 505},
        Bad{"SpaceBeforeColon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
        Bad{"FoldedField", get("/", "X-A: b\r\n c\r\n"), 400},
        Bad{"LengthAndChunked",
            get("/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
        Bad{"ChunkedAndLength",
            get("/", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + "0\r\n\r\n", 400},
        Bad{"TwoLengths", get("/", "Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd", 400},
        Bad{"NegativeLength", get("/", "Content-Length: -1\r\n"), 400},
        Bad{"HugeLength", get("/", "Content-Length: 99999999999999999999999\r\n"), 400},
        Bad{"OtherCoding", get("/", "Transfer-Encoding: gzip\r\n"), 501},
        Bad{"ChunkedNotLast", get("/", "Transfer-Encoding: chunked, gzip\r\n"), 501},
        Bad{"BadChunk", get("/", "Transfer-Encoding: chunked\r\n") + "zz\r\n", 400},
        Bad{"HugeChunk", get("/", "Transfer-Encoding: chunked\r\n") + "fffffffff\r\n", 413},
        Bad{"OtherExpectation", get("/", "Expect: tea\r\n"), 417},
        Bad{"ManyFields", get("/", many_fields(101)), 431},
        Bad{"LongTarget", get("/" + std::string(20'000, 'a')), 431},
        Bad{"LongField", get("/", "X-A: " + std::string(20'000, 'a') + "\r\n"), 431}),
    [](const auto& bad) { return std::string(bad.param.name); });

TEST_P(Serving, ClosesSlowAndSilentClients) {
  ServerOptions options;
  options.idle = 1s;
  options.request = 1s;
  start(options);
  auto silent = connect(), slow = connect(), unread = connect();
  ASSERT_TRUE(slow.send("GET / HTTP/1.1\r\nHos"));
  EXPECT_EQ(slow.read_answer().status, 408);
  EXPECT_TRUE(slow.is_closed());
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(soon([&] { return server->connections() == 0; }));
}

TEST_P(Serving, OneThousandIdleClientsDoNotKeepOthersOut) {
  ServerOptions options;
  options.connections = 200;
  start(options);
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 800; ++i) idle.push_back(std::make_unique<Client>(wire()));
  auto client = connect();
  ASSERT_TRUE(client.send(get("/")));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_LE(server->connections(), 200U);
}

TEST_P(Serving, DrainLetsRequestsEndAndTakesNoMore) {
  start();
  auto busy = connect(), idle = connect();
  ASSERT_TRUE(busy.send(get("/later")));
  ASSERT_TRUE(soon([&] { return std::lock_guard(echo.mutex), !echo.pending.empty(); }));
  std::thread draining([&] { server->drain(5s); });
  EXPECT_TRUE(idle.is_closed());
  echo.pending.clear();
  EXPECT_EQ(busy.read_answer().field("connection"), "close");
  EXPECT_TRUE(busy.is_closed());
  draining.join();
  EXPECT_EQ(server->connections(), 0U);
}

TEST_P(Serving, SeveralThreadsShareAPort) {
  ServerOptions options;
  options.threads = 2;
  start(options);
  for (int i = 0; i < 50; ++i) {
    auto client = connect();
    ASSERT_TRUE(client.send(get("/")));
    ASSERT_EQ(client.read_answer().status, 200);
  }
}

TEST(ServerStart, SaysWhatIsWrong) {
  Echo echo;
  ServerOptions options;
  options.address = "nowhere";
  EXPECT_EQ(Server::start(options, echo).error().code(), Code::InvalidArgument);
  const auto first = Server::start({}, echo).value();
  options.address = "127.0.0.1";
  options.port = first->port();
  const auto second = Server::start(options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Code::Conflict);
  EXPECT_NE(second.error().text().find("the port is taken"), std::string::npos);
}

TEST(ResponseFields, NeverEndTheirLine) {
  Response response;
  response.add("x", "a\r\nset-cookie: b\n\x7F");
  std::string out;
  response.append_to(out, "now", "", true, false);
  EXPECT_NE(out.find("x: a  set-cookie: b  \r\n"), std::string::npos);
}

}  // namespace
}  // namespace winnow::http
