// What is special about TLS. That all else goes on through it is server_test.cc's to say.
#include "http/tls.h"

#include <thread>

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "http/server.h"
#include "tests/http/client.h"
#include "tests/http/test_certificate.h"
#include "tests/http/tls_wire.h"
#include "tests/support/support.h"

namespace winnow::http {
namespace {

using testing::Client;
using testing::code_of;
using testing::TlsOffer;
using testing::TlsWire;
using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const Timestamp kNow = Timestamp::from_civil(2026, 3, 4);

class TellsHow final : public Handler {
 public:
  Admission admit(const Request&) override { return {}; }
  void handle(Exchange& exchange) override {
    const bool encrypted = exchange.request().is_encrypted;
    if (exchange.request().path == "/events") {
      exchange.stream();
      return;
    }
    exchange.response().set(200, "text/plain", encrypted ? "encrypted" : "open");
  }
  void refuse(int status, std::string_view why, Response& response) override {
    response.set(status, "text/plain", why);
  }
};

class TlsServer : public ::testing::Test {
 protected:
  void start(const testing::CertificateWish& wish = {}) {
    files = testing::write_certificate(folder.path(), testing::test_certificate(wish));
    tls = Tls::load(files).value();
    options.tls = tls;
    server = Server::start(options, handler).value();
  }
  testing::TemporaryFolder folder;
  TlsFiles files;
  std::shared_ptr<Tls> tls;
  ServerOptions options;
  TellsHow handler;
  std::unique_ptr<Server> server;
};

TEST_F(TlsServer, TheRequestKnowsAndEveryAnswerTellsToComeSoAgain) {
  start();
  Client client(std::make_unique<TlsWire>(server->port()));
  ASSERT_TRUE(client.send(kGet));
  auto answer = client.read_answer();
  EXPECT_EQ(answer.body, "encrypted");
  EXPECT_EQ(answer.field("strict-transport-security"), "max-age=31536000");
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\n\r\n"));
  answer = client.read_answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("strict-transport-security"), "max-age=31536000");
  Client listener(std::make_unique<TlsWire>(server->port()));
  ASSERT_TRUE(listener.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_NE(listener.read_until("\r\n\r\n", 5s).find("strict-transport-security"),
            std::string::npos);

  const auto plain = Server::start({}, handler).value();
  Client open(plain->port());
  ASSERT_TRUE(open.send(kGet));
  answer = open.read_answer();
  EXPECT_EQ(answer.body, "open");
  EXPECT_EQ(answer.field("strict-transport-security"), "");
}

struct Offer {
  const char* name;
  TlsOffer offer;
  std::string version;  // agreed upon; empty: none
};
class TlsOffers : public TlsServer, public ::testing::WithParamInterface<Offer> {};

TEST_P(TlsOffers, AreTakenOrRefused) {
  start({.rsa_bits = 2048});  // any cipher could use it
  auto wire = std::make_unique<TlsWire>(server->port(), GetParam().offer);
  EXPECT_EQ(wire->is_open(), !GetParam().version.empty()) << wire->why();
  if (wire->is_open()) {
    EXPECT_EQ(wire->version(), GetParam().version);
    Client client(std::move(wire));
    ASSERT_TRUE(client.send(kGet));
    EXPECT_EQ(client.read_answer().status, 200);
  }
  Client next(std::make_unique<TlsWire>(server->port()));
  ASSERT_TRUE(next.send(kGet));
  EXPECT_EQ(next.read_answer().status, 200) << "others go on";
}

TlsOffer only_12(std::string ciphers) {
  return {.most = TLS1_2_VERSION, .ciphers = std::move(ciphers)};
}
TlsOffer speaking(std::string protocols) { return {.protocols = std::move(protocols)}; }

INSTANTIATE_TEST_SUITE_P(
    Each, TlsOffers,
    ::testing::Values(Offer{"Newest", {}, "TLSv1.3"},
                      Offer{"Only13", {.least = TLS1_3_VERSION}, "TLSv1.3"},
                      Offer{"Only12", only_12(""), "TLSv1.2"},
                      Offer{"Only11", {.most = TLS1_1_VERSION}, ""},
                      Offer{"Only10", {.most = TLS1_VERSION}, ""},
                      Offer{"Gcm", only_12("ECDHE-RSA-AES128-GCM-SHA256"), "TLSv1.2"},
                      Offer{"ChaCha", only_12("ECDHE-RSA-CHACHA20-POLY1305"), "TLSv1.2"},
                      Offer{"Cbc", only_12("ECDHE-RSA-AES256-SHA384"), ""},
                      Offer{"CbcSha1", only_12("ECDHE-RSA-AES128-SHA"), ""},
                      Offer{"NoForwardSecrecy", only_12("AES128-GCM-SHA256"), ""},
                      Offer{"FiniteFieldGroups", only_12("DHE-RSA-AES128-GCM-SHA256"), ""},
                      Offer{"NoAuthentication", only_12("aNULL"), ""},
                      Offer{"NoEncryption", only_12("eNULL"), ""},
                      Offer{"Http11", speaking("\x08http/1.1"), "TLSv1.3"},
                      Offer{"Http2OrHttp11", speaking("\x02h2\x08http/1.1"), "TLSv1.3"},
                      Offer{"OnlyHttp2", speaking("\x02h2"), ""},
                      Offer{"OtherProtocol", speaking("\x03mqt"), ""}),
    [](const auto& offer) { return std::string(offer.param.name); });

TEST_F(TlsServer, SaysWhichProtocolItSpeaks) {
  start();
  EXPECT_EQ(TlsWire(server->port(), speaking("\x02h2\x08http/1.1")).protocol(), "http/1.1");
  EXPECT_EQ(TlsWire(server->port()).protocol(), "");
}

TEST_F(TlsServer, SessionsAreResumedByTicket) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto wire = std::make_unique<TlsWire>(server->port(), TlsOffer{.most = version});
    auto* const first = wire.get();
    Client client(std::move(wire));
    ASSERT_TRUE(client.send(kGet));
    ASSERT_EQ(client.read_answer().status, 200);
    EXPECT_FALSE(first->is_resumed());
    ASSERT_FALSE(first->session().empty());
    TlsWire second(server->port(), {.most = version, .session = first->session()});
    EXPECT_TRUE(second.is_resumed());
  }
}

TEST_F(TlsServer, NobodyNegotiatesAgain) {
  start();
  TlsWire wire(server->port(), {.most = TLS1_2_VERSION});
  ASSERT_TRUE(wire.is_open());
  EXPECT_FALSE(wire.renegotiate());
}

TEST_F(TlsServer, SaysGoodbye) {
  start();
  auto wire = std::make_unique<TlsWire>(server->port());
  auto* const way = wire.get();
  Client client(std::move(wire));
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(way->was_told_the_end()) << "nobody cut the answer short";
}

TEST_F(TlsServer, TellsThoseWhoSpeakPlainHttp) {
  start();
  Client client(server->port());
  ASSERT_TRUE(client.send(kGet));
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(TlsServer, GarbageEndsItsConnectionOnly) {
  start();
  testing::for_each_seed(50, [&](Rng& rng) {
    Client client(server->port());
    std::string bytes(1 + rng.below(400), '\0');
    for (auto& byte : bytes) byte = static_cast<char>(rng.below(256));
    if (rng.below(2) == 0 && bytes.size() > 5) bytes.replace(0, 3, "\x16\x03\x01");
    client.send(bytes);
    client.end_sending();
    EXPECT_TRUE(client.is_closed());
  });
  Client next(std::make_unique<TlsWire>(server->port()));
  ASSERT_TRUE(next.send(kGet));
  EXPECT_EQ(next.read_answer().status, 200);
}

TEST_F(TlsServer, AHandshakeHasItsTime) {
  options.handshake = 1s;
  options.idle = 60s;
  start();
  const TlsWire established(server->port());
  Client silent(server->port()), slow(server->port());
  const auto begin = std::chrono::steady_clock::now();
  std::thread sending([&] {
    // The head of a record that announces 200 bytes, which come too slowly.
    std::string_view bytes("\x16\x03\x01\x00\xC8\x01\x00\x00\xC4", 9);
    while (slow.send(bytes.substr(0, 1)) && std::chrono::steady_clock::now() - begin < 8s) {
      if (bytes.size() > 1) bytes.remove_prefix(1);
      std::this_thread::sleep_for(100ms);
    }
  });
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(slow.is_closed());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 6s);
  sending.join();
  EXPECT_EQ(server->connections(), 1U) << "who has finished his may be idle";
}

TEST_F(TlsServer, ARenewedCertificateIsShownToWhoComesNext) {
  start({.name = "before"});
  auto wire = std::make_unique<TlsWire>(server->port());
  EXPECT_EQ(wire->name(), "before");
  Client client(std::move(wire));
  EXPECT_EQ(tls->renew().value(), false);
  testing::write_certificate(folder.path(), testing::test_certificate({.name = "after"}));
  EXPECT_EQ(tls->renew().value(), true);
  EXPECT_EQ(tls->renew().value(), false);
  EXPECT_EQ(TlsWire(server->port()).name(), "after");
  ASSERT_TRUE(client.send(kGet));
  EXPECT_EQ(client.read_answer().status, 200) << "who is there stays";
}

TEST_F(TlsServer, AHalfRenewedCertificateChangesNothing) {
  start({.name = "before"});
  const auto fresh = testing::test_certificate({.name = "after"});
  ASSERT_OK(write_atomically(files.certificate, fresh.certificate));
  EXPECT_EQ(code_of(tls->renew()), Code::InvalidArgument);
  EXPECT_EQ(TlsWire(server->port()).name(), "before");
  ASSERT_OK(write_atomically(files.key, fresh.key));
  EXPECT_EQ(tls->renew().value(), true);
  EXPECT_EQ(TlsWire(server->port()).name(), "after");
}

struct BadFiles {
  const char* name;
  std::string certificate, key;
  std::string found;  // in the error's text
};
class TlsFilesTest : public ::testing::TestWithParam<BadFiles> {};

TEST_P(TlsFilesTest, AreRefusedInWordsThatHelp) {
  testing::TemporaryFolder folder;
  const auto files =
      testing::write_certificate(folder.path(), {GetParam().certificate, GetParam().key});
  const auto tls = Tls::load(files);
  ASSERT_EQ(code_of(tls), Code::InvalidArgument);
  EXPECT_NE(tls.error().text().find(GetParam().found), std::string::npos) << tls.error();
  EXPECT_NE(tls.error().text().find(folder.path().string()), std::string::npos) << tls.error();
  EXPECT_FALSE(tls.error().hint().empty());
}

std::vector<BadFiles> bad_files() {
  const auto good = testing::test_certificate(), other = testing::test_certificate();
  const auto weak = testing::test_certificate({.rsa_bits = 1024});
  auto cut = good.certificate;
  cut.resize(cut.size() / 2);
  return {
      {"NoCertificate", "", good.key, "there is no certificate in it"},
      {"CutCertificate", cut, good.key, "there is no certificate in it"},
      {"Exchanged", good.key, good.certificate, "there is no certificate in it"},
      {"NoKey", good.certificate, good.certificate, "there is no key in it"},
      {"LockedKey", good.certificate,
       "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
       "the key needs a passphrase"},
      {"OthersKey", good.certificate, other.key, "the key is not that of the first certificate"},
      {"OtherFirst", other.certificate + good.certificate, good.key,
       "the key is not that of the first certificate"},
      {"WeakKey", weak.certificate, weak.key, "too weak"}};
}
INSTANTIATE_TEST_SUITE_P(Each, TlsFilesTest, ::testing::ValuesIn(bad_files()),
                         [](const auto& bad) { return std::string(bad.param.name); });

TEST(TlsLoad, SaysWhichFileIsMissing) {
  testing::TemporaryFolder folder;
  auto files = testing::write_certificate(folder.path(), testing::test_certificate());
  std::filesystem::remove(files.key);
  const auto tls = Tls::load(files);
  ASSERT_EQ(code_of(tls), Code::NotFound);
  EXPECT_NE(tls.error().text().find("key.pem"), std::string::npos) << tls.error();
}

TEST(TlsLoad, WarnsOfWhatAnOperatorShouldMend) {
  testing::TemporaryFolder folder;
  const auto warned = [&](Timestamp from, Timestamp until) {
    const auto files = testing::write_certificate(
        folder.path(), testing::test_certificate({.from = from, .until = until}));
    const auto found = Tls::load(files).value()->warnings(kNow);
    return found.empty() ? std::string() : found.front();
  };
  const auto day = std::chrono::hours(24);
  EXPECT_EQ(warned(kNow - day, kNow + 90 * day), "");
  EXPECT_EQ(warned(kNow - day, kNow + 13 * day), "the certificate expires on 2026-03-17T00:00:00Z");
  EXPECT_EQ(warned(kNow - 2 * day, kNow - day),
            "the certificate expired on 2026-03-03T00:00:00Z: clients refuse it");
  EXPECT_EQ(warned(kNow + day, kNow + 90 * day),
            "the certificate is not valid before 2026-03-05T00:00:00Z");
  auto files = testing::write_certificate(folder.path(), testing::test_certificate());
  std::filesystem::permissions(files.key, std::filesystem::perms(0644));
  EXPECT_EQ(Tls::load(files).value()->warnings(kNow),
            std::vector{fmt::format("every user of this machine may read {}", files.key.string())});
}

}  // namespace
}  // namespace winnow::http
