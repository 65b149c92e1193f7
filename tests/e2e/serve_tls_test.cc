// winnow serve with a certificate, as its operator starts it and its clients meet it.
#include <csignal>

#include <fmt/format.h>

#include "tests/e2e/winnow.h"
#include "tests/http/client.h"
#include "tests/http/test_certificate.h"
#include "tests/http/tls_wire.h"

namespace winnow::testing {
namespace {

class ServeTls : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(winnow(folder_.path(), {"init", "soc"}).exit, 0);
    files_ = write_certificate(folder_.path(), test_certificate({.name = "soc.example"}));
  }
  Path soc() const { return folder_ / "soc"; }
  static std::vector<std::string> serve(const Path& certificate, const Path& key) {
    return {"serve",     "--listen",  "127.0.0.1:0", "--tls-certificate", certificate.string(),
            "--tls-key", key.string()};
  }
  TemporaryFolder folder_;
  http::TlsFiles files_;
};

TEST_F(ServeTls, SpeaksItToBrowsersAndNothingElse) {
  const auto token = winnow(soc(), {"tokens", "create", "ann", "--role", "analyst", "--json"})
                         .json()["token"]
                         .as_string();
  RunningWinnow server(soc(), serve(files_.certificate, files_.key));
  const auto port = server.port();
  ASSERT_NE(port, 0);
  auto wire = std::make_unique<TlsWire>(port);
  ASSERT_TRUE(wire->is_open()) << wire->why();
  EXPECT_EQ(wire->name(), "soc.example");
  EXPECT_EQ(wire->version(), "TLSv1.3");
  Client browser(std::move(wire));
  const auto body = fmt::format(R"({{"token":"{}"}})", token);
  browser.send(
      fmt::format("POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                  "application/json\r\nContent-Length: {}\r\n\r\n{}",
                  body.size(), body));
  const auto signed_in = browser.read_answer();
  EXPECT_EQ(signed_in.status, 200) << signed_in.body;
  const auto cookie = signed_in.field("set-cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-winnow_session=")) << cookie;
  EXPECT_NE(cookie.find("; Secure"), std::string::npos) << cookie;
  EXPECT_NE(signed_in.field("strict-transport-security"), "");
  browser.send(fmt::format("GET /v1/me HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\n\r\n",
                           cookie.substr(0, cookie.find(';'))));
  EXPECT_EQ(browser.read_answer().status, 200);
  Client plain(port);
  plain.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(plain.read_answer().status, 200);
  const auto ended = server.end(SIGTERM);
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_NE(ended.out.find("https://127.0.0.1:"), std::string::npos) << ended.out;
}

TEST_F(ServeTls, SaysWhatIsWrongWithItsFilesAndDoesNotStart) {
  ASSERT_OK(make_folders(folder_ / "other"));
  const auto other = write_certificate(folder_ / "other", test_certificate());
  const auto refused = [&](const std::vector<std::string>& words) {
    const auto outcome = winnow(soc(), words);
    EXPECT_NE(outcome.exit, 0);
    EXPECT_EQ(outcome.out, "") << "nothing is served";
    return outcome.err;
  };
  const auto wrong_key = refused(serve(files_.certificate, other.key));
  EXPECT_NE(wrong_key.find("the key is not that of the first certificate"), std::string::npos)
      << wrong_key;
  EXPECT_NE(refused(serve(files_.certificate, folder_ / "none.pem")).find("none.pem"),
            std::string::npos);
  const auto half = refused({"serve", "--tls-certificate", files_.certificate.string()});
  EXPECT_NE(half.find("no key for it"), std::string::npos) << half;
  const auto swapped = refused(serve(files_.key, files_.certificate));
  EXPECT_NE(swapped.find("certificate"), std::string::npos) << swapped;
}

}  // namespace
}  // namespace winnow::testing
