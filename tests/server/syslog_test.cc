// Syslog over UDP, TCP and TLS: what is sent is on disk, however it comes and whatever happens.
#include <set>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "server/receivers/syslog_batch.h"
#include "server/receivers/syslog_receiver.h"
#include "tests/http/test_certificate.h"
#include "tests/http/tls_wire.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr auto kPatience = 20s;
const ListenAddress kAnyPort{"127.0.0.1", 0};

std::string line(int number) {
  return fmt::format("<13>Mar  3 14:05:06 gw app: message {}", number);
}

const auto kNow = std::chrono::steady_clock::now();

// Sends datagrams from one socket.
class Datagrams {
 public:
  explicit Datagrams(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_.descriptor(), reinterpret_cast<const sockaddr*>(&to), sizeof to),
              0);
  }
  void send(std::string_view message) const {
    EXPECT_EQ(::send(socket_.descriptor(), message.data(), message.size(), 0),
              static_cast<ssize_t>(message.size()));
  }

 private:
  Socket socket_;
};

// A receiver with an intake and a spool of its own.
class SyslogReceiving : public ::testing::Test {
 protected:
  void start(SyslogOptions options, const Spool::Config& config = {}) {
    receiver.reset();
    intake.reset();
    spool.reset();
    auto own = config;
    own.group_of = source_of;
    spool = Spool::open(folder / "spool", own, clock.now()).value();
    intake = std::make_unique<Intake>(*spool, clock, metrics, activity, [] {});
    if (!options.is_wanted()) options.tcp = kAnyPort;
    receiver = SyslogReceiver::start(options, *intake).value();
  }
  std::uint16_t port(SyslogTransport transport) const { return receiver->port(transport); }
  const SyslogCounts& counts(SyslogTransport transport) const {
    return receiver->use().of[static_cast<std::size_t>(transport)];
  }
  // The next messages of the spool, those of a cut one with "..." behind, until there are `count`.
  std::vector<std::string> take(std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (taken.size() < count && std::chrono::steady_clock::now() < until) {
      if (!take_delivery()) std::this_thread::sleep_for(1ms);
    }
    return std::exchange(taken, {});
  }
  bool take_delivery() {
    auto spooled = spool->take().value();
    if (!spooled) return false;
    const auto behind = spooled->behind;
    DeliveryReader reader(std::move(*spooled));
    for (ReceivedRecord record; reader.next(record).value();) {
      const bool has_lines = record.record.raw.find('\n') != std::string::npos;
      EXPECT_EQ(record.record.form, has_lines ? RecordForm::SyslogLines : RecordForm::SyslogLog);
      const bool cut =
          record.record.problem && record.record.problem->kind == ProblemKind::TooLarge;
      taken.push_back(record.record.raw + (cut ? "..." : ""));
      last = std::move(record);
    }
    EXPECT_OK(spool->forget(behind));
    return true;
  }

  testing::TemporaryFolder folder;
  FixedClock clock{Timestamp::from_civil(2026, 3, 3, 14, 5, 8)};
  Metrics metrics{{}};
  Activity activity{clock};
  std::unique_ptr<Spool> spool;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<SyslogReceiver> receiver;
  std::vector<std::string> taken;
  ReceivedRecord last;
};

TEST_F(SyslogReceiving, TakesMessagesOfEveryTransport) {
  const auto certificate =
      http::Tls::load(testing::write_certificate(folder.path(), testing::test_certificate()))
          .value();
  start({.udp = kAnyPort, .tcp = kAnyPort, .tls = kAnyPort, .certificate = certificate});
  Datagrams(port(SyslogTransport::Udp)).send(line(1) + "\n");
  EXPECT_THAT(take(1), ElementsAre(line(1)));
  EXPECT_EQ(last.record.position.input, "syslog udp from 127.0.0.1");
  EXPECT_EQ(last.source, "syslog");
  EXPECT_EQ(last.reported_at, Timestamp::from_civil(2026, 3, 3, 14, 5, 6));

  Client plain(port(SyslogTransport::Tcp));
  plain.send(fmt::format("{} {}{}\n", line(2).size(), line(2), line(3)));
  EXPECT_THAT(take(2), ElementsAre(line(2), line(3)));
  EXPECT_EQ(last.record.position.input, "syslog tcp from 127.0.0.1");

  testing::TlsWire wire(port(SyslogTransport::Tls));
  ASSERT_TRUE(wire.is_open()) << wire.why();
  wire.send(fmt::format("{} {}", line(4).size(), line(4)));
  EXPECT_THAT(take(1), ElementsAre(line(4)));
  EXPECT_EQ(last.record.position.input, "syslog tls from 127.0.0.1");
  EXPECT_EQ(counts(SyslogTransport::Tls).messages, 1U);
}

TEST_F(SyslogReceiving, LetsOnlyClientsInWhoseCertificateIsKnown) {
  const auto known = testing::test_certificate({.name = "shipper"});
  const auto stranger = testing::test_certificate({.name = "stranger"});
  auto files = testing::write_certificate(folder.path(), testing::test_certificate());
  files.client_ca = folder / "clients.pem";
  EXPECT_OK(write_atomically(*files.client_ca, known.certificate));
  start({.tls = kAnyPort, .certificate = http::Tls::load(files).value()});
  const auto sends = [&](const testing::TestCertificate* shown, int number) {
    testing::TlsWire wire(port(SyslogTransport::Tls), {.shown = shown});
    wire.send(line(number) + "\n");
    wire.end_sending();
    return wire.receive(5s).has_value();  // what is refused is refused here, at the latest
  };
  sends(nullptr, 1);
  sends(&stranger, 2);
  sends(&known, 3);
  EXPECT_THAT(take(1), ElementsAre(line(3)));
}

TEST_F(SyslogReceiving, ALastMessageNeedsNoEnd) {
  start({});
  Client client(port(SyslogTransport::Tcp));
  client.send(line(1) + "\n" + line(2));
  client.end_sending();
  EXPECT_TRUE(client.is_closed());
  EXPECT_THAT(take(2), ElementsAre(line(1), line(2)));
}

TEST_F(SyslogReceiving, OfWhatIsTooLargeTheFrontIsKept) {
  start({.udp = kAnyPort, .tcp = kAnyPort, .max_message = 20});
  Client client(port(SyslogTransport::Tcp));
  client.send(line(1) + "\n<1>short\n");
  EXPECT_THAT(take(2), ElementsAre(line(1).substr(0, 20) + "...", "<1>short"));
  Datagrams(port(SyslogTransport::Udp)).send(line(2));
  EXPECT_THAT(take(1), ElementsAre(line(2).substr(0, 20) + "..."));
  EXPECT_EQ(counts(SyslogTransport::Tcp).cut, 1U);
  EXPECT_EQ(counts(SyslogTransport::Udp).cut, 1U);
}

TEST_F(SyslogReceiving, NothingIsLostOfAStreamWhileTheSpoolIsFull) {
  start({}, {.max_bytes = 512UL << 10, .segment_bytes = 64UL << 10, .room_bytes = 4096});
  constexpr int kMessages = 600;
  std::thread sender([port = port(SyslogTransport::Tcp)] {
    Client client(port);
    for (int i = 0; i < kMessages; ++i) client.send(line(i) + std::string(2000, 'x') + "\n");
    client.end_sending();
    client.is_closed(kPatience);
  });
  while (metrics.text({}).find("winnow_spool_refused_total 0\n") != std::string::npos)
    std::this_thread::sleep_for(1ms);  // until it is full
  const auto found = take(kMessages);
  sender.join();
  ASSERT_EQ(found.size(), std::size_t{kMessages});
  for (int i = 0; i < kMessages; ++i)
    ASSERT_TRUE(found[static_cast<std::size_t>(i)].starts_with(line(i) + "x")) << i;
}

TEST_F(SyslogReceiving, WhatWasSentBeforeTheEndIsAccepted) {
  start({.udp = kAnyPort, .tcp = kAnyPort});
  const Datagrams datagrams(port(SyslogTransport::Udp));
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<Client>(port(SyslogTransport::Tcp)));
    clients.back()->send(line(0) + "\n");
  }
  take(50);  // all are connected
  for (int i = 0; i < 50; ++i) {
    datagrams.send(line(1000 + i));
    clients[static_cast<std::size_t>(i)]->send(line(i) + "\n");
  }
  receiver->drain(kPatience);
  std::set<std::string> found;
  for (auto& message : take(100)) found.insert(std::move(message));
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(found.contains(line(i))) << i;
    EXPECT_TRUE(found.contains(line(1000 + i))) << i;
  }
}

TEST_F(SyslogReceiving, ConnectionsAreBoundedAndTheSilentGiveWay) {
  start({.tcp = kAnyPort, .connections = 3});
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(port(SyslogTransport::Tcp)));
    clients.back()->send(line(i) + "\n");
    take(1);
  }
  EXPECT_TRUE(Client(port(SyslogTransport::Tcp)).is_closed());
  EXPECT_EQ(counts(SyslogTransport::Tcp).closed, 1U);
  clients[0]->send(line(3) + "\n");
  EXPECT_THAT(take(1), ElementsAre(line(3)));

  receiver->drain(0s);
  start({.tcp = kAnyPort, .connections = 1, .silence = 0s});
  Client silent(port(SyslogTransport::Tcp));
  silent.send("<1>the end of this never comes");
  while (counts(SyslogTransport::Tcp).connections == 0) std::this_thread::sleep_for(1ms);
  Client next(port(SyslogTransport::Tcp));
  next.send(line(5) + "\n");
  EXPECT_TRUE(silent.is_closed());
  EXPECT_EQ(take(2).back(), line(5));
}

TEST_F(SyslogReceiving, ManySendersAreReadByOneThread) {
  start({});
  constexpr std::size_t kSenders = 300;
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < kSenders; ++i)
    clients.push_back(std::make_unique<Client>(port(SyslogTransport::Tcp)));
  for (int round = 0; round < 3; ++round) {
    for (const auto& client : clients) client->send(line(round) + "\n");
  }
  EXPECT_EQ(take(3 * kSenders).size(), 3 * kSenders);
  EXPECT_EQ(counts(SyslogTransport::Tcp).connections, kSenders);
}

TEST_F(SyslogReceiving, AHandshakeThatNeverComesHoldsNothingUp) {
  const auto certificate =
      http::Tls::load(testing::write_certificate(folder.path(), testing::test_certificate()))
          .value();
  start({.tcp = kAnyPort, .tls = kAnyPort, .certificate = certificate});
  Client nonsense(port(SyslogTransport::Tls)), silent(port(SyslogTransport::Tls));
  nonsense.send(line(1) + "\n");
  EXPECT_TRUE(nonsense.is_closed());
  Client client(port(SyslogTransport::Tcp));
  client.send(line(2) + "\n");
  EXPECT_THAT(take(1), ElementsAre(line(2)));
}

constexpr std::size_t kRoom = 4UL << 20;

TEST(SyslogBatch, AFloodLeavesOthersTheirShare) {
  SyslogBatch batch(kRoom);
  const std::string message(1000, 'x');
  std::size_t flood = 0;
  while (batch.add_datagram("192.0.2.1", message, false)) ++flood;
  EXPECT_GT(flood * message.size(), kRoom / 3);
  EXPECT_TRUE(batch.add_datagram("192.0.2.2", message, false));
  EXPECT_FALSE(batch.add_datagram("192.0.2.1", message, false));
  EXPECT_TRUE(batch.has_room_for_streams());
  const auto deliveries = batch.take("source", kNow);
  EXPECT_EQ(deliveries.size(), 2U);
  EXPECT_EQ(deliveries[0].records + deliveries[1].records, flood + 1);
  EXPECT_TRUE(batch.is_empty());
  EXPECT_TRUE(batch.add_datagram("192.0.2.1", message, false));
}

std::string audit_line(std::string_view type, int serial) {
  return fmt::format("<86>Mar  3 14:05:06 gw audispd: type={} msg=audit(5.043:{}): pid=7", type,
                     serial);
}

TEST_F(SyslogReceiving, MessagesOfOneEventAreOneRecord) {
  start({});
  const auto whole = audit_line("SYSCALL", 1) + "\n" + audit_line("EXECVE", 1);
  // A pause between them, which is shorter than what is waited for.
  Client client(port(SyslogTransport::Tcp));
  client.send(audit_line("SYSCALL", 1) + "\n");
  client.send(line(1) + "\n");
  EXPECT_THAT(take(1), ElementsAre(line(1)));
  client.send(audit_line("EXECVE", 1) + "\n");
  EXPECT_THAT(take(1), ElementsAre(whole)) << "when nothing came for it";
  EXPECT_EQ(last.reported_at, Timestamp::from_civil(2026, 3, 3, 14, 5, 6));
}

TEST(SyslogBatch, WhatWaitsForItsEventIsBounded) {
  SyslogBatch batch(kRoom);
  const auto add = [&](std::string_view type, int serial) {
    batch.add(SyslogTransport::Tcp, "192.0.2.1", audit_line(type, serial), false);
  };
  const auto take = [&](SyslogBatch::Time now, bool everything = false) {
    std::uint32_t records = 0;
    for (const auto& delivery : batch.take("source", now, everything)) records += delivery.records;
    return records;
  };
  add("SYSCALL", 1);
  EXPECT_EQ(take(kNow), 0U);
  EXPECT_FALSE(batch.is_empty());
  add("CWD", 1);
  add("USER_AUTH", 2);
  EXPECT_EQ(take(kNow + SyslogBatch::kMostWait / 2), 1U);
  EXPECT_EQ(take(kNow + SyslogBatch::kMostWait + 1ms), 1U);
  EXPECT_TRUE(batch.is_empty());
  add("SYSCALL", 3);
  EXPECT_EQ(take(kNow, true), 1U);
}

TEST(SyslogBatch, WhatWaitsForItsEventLeavesRoom) {
  constexpr std::size_t kSmall = 64UL << 10;
  SyslogBatch batch(kSmall);
  for (int i = 0; i < 200; ++i) {
    batch.add(SyslogTransport::Tcp, fmt::format("192.0.2.{}", i),
              audit_line("SYSCALL", i) + std::string(1000, 'x'), false);
  }
  EXPECT_GT(batch.take("source", kNow).size(), 150U);
  EXPECT_GT(batch.bytes(), 0U);
  EXPECT_LT(batch.bytes(), kSmall / 2);
}

TEST(SyslogBatch, SendersAreBounded) {
  SyslogBatch batch(kRoom);
  std::size_t taken = 0;
  for (int i = 0; i < 5000; ++i)
    taken += batch.add_datagram(fmt::format("2001:db8::{:x}", i), "message", false) ? 1 : 0;
  EXPECT_EQ(taken, 5000U);
  EXPECT_EQ(batch.take("source", kNow).size(), SyslogBatch::kMostSenders + 1);
}

// All the way: rows of a mail log in syslog lines are decided, what is none is in quarantine.
TEST(SyslogService, RowsOfAMailLogAreDecided) {
  ServiceOptions options;
  options.syslog.tcp = kAnyPort;
  testing::RunningService service(std::move(options));
  const auto ask = [&](std::string_view target) {
    return service.ask("GET", target, service.token(Role::Analyst)).body;
  };
  Client client(service.service().syslog_port(SyslogTransport::Tcp));
  client.send(
      "<22>Mar  4 08:59:00 gw mail: @cee: {\"sender\":\"ann@shop.example\",\"subject\":"
      "\"from syslog\",\"body\":\"text\"}\n<22>Mar  4 08:59:01 gw kernel: it rains\n");
  Json source;
  for (int i = 0; i < 2000 && source["quarantined"].as_int() == 0; ++i) {
    std::this_thread::sleep_for(10ms);
    source = parse_json(ask("/v1/status")).value()["sources"][std::size_t{0}];
  }
  EXPECT_EQ(source["name"].as_string(), "syslog");
  const auto decided = parse_json(ask("/v1/decisions?limit=5")).value()["decisions"];
  ASSERT_EQ(decided.items().size(), 1U);
  EXPECT_EQ(decided[std::size_t{0}]["subject"].as_string(), "from syslog");
  EXPECT_EQ(decided[std::size_t{0}]["event_time"].as_string(), "2026-03-04T08:59:00Z");
  EXPECT_NE(ask("/metrics").find("winnow_syslog_messages_total{transport=\"tcp\"} 2\n"),
            std::string::npos);
}

}  // namespace
}  // namespace winnow::server
