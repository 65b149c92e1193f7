#include "server/console_host.h"

#include <array>

#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::Answer;
using testing::RunningService;

constexpr std::array kFiles = {
    ConsoleFile{"assets/index-a1B2_c3d.js", "console.log('a page');console.log('a page')"},
    ConsoleFile{"assets/index-a1B2_c3d.js.gz", "gzipped"},
    ConsoleFile{"assets/index-a1B2_c3d.js.br", "br"},
    ConsoleFile{"assets/plain.css", "body{}"},
    ConsoleFile{"favicon.svg", "<svg/>"},
    ConsoleFile{"index.html", "<!doctype html>"}};

class ConsoleHosting : public ::testing::Test {
 protected:
  Answer get(std::string_view path, std::string_view fields = "",
             std::string_view method = "GET") const {
    return service.ask(method, path, "", fields);
  }
  RunningService service{{.console = kFiles}, RunningService::Champion::None};
};

TEST_F(ConsoleHosting, GivesItsFilesWithTheirTypes) {
  const auto page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<!doctype html>");
  EXPECT_EQ(page.field("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.field("cache-control"), "no-cache");
  const auto script = get("/assets/index-a1B2_c3d.js");
  EXPECT_EQ(script.body, kFiles[0].bytes);
  EXPECT_EQ(script.field("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.field("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/assets/plain.css").field("cache-control"), "no-cache") << "no hash in its name";
}

TEST_F(ConsoleHosting, APlaceWithinTheConsoleIsItsPage) {
  for (const auto* path : {"/queue", "/cases/c-0123", "/sign-in", "/a/b/c/d"})
    EXPECT_EQ(get(path).body, "<!doctype html>") << path;
  EXPECT_EQ(get("/queue.txt").status, 404);
  EXPECT_EQ(get("/assets/index-zzzzzzzz.js").status, 404) << "an old page hears that it is old";
}

TEST_F(ConsoleHosting, EveryAnswerForbidsWhatAPageMustNotDo) {
  for (const auto* path : {"/", "/queue", "/favicon.svg", "/nothing.txt"}) {
    const auto answer = get(path);
    EXPECT_EQ(answer.field("content-security-policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
              "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.field("referrer-policy"), "no-referrer");
  }
}

struct Packing {
  const char* accepted;
  const char* coding;
  const char* body;
};
class PackedFiles : public ConsoleHosting, public ::testing::WithParamInterface<Packing> {};

TEST_P(PackedFiles, GoToThoseWhoTakeThem) {
  const auto answer = get("/assets/index-a1B2_c3d.js",
                          std::string("Accept-Encoding: ") + GetParam().accepted + "\r\n");
  EXPECT_EQ(answer.field("content-encoding"), GetParam().coding);
  EXPECT_EQ(answer.body, GetParam().body);
  EXPECT_EQ(answer.field("vary"), "accept-encoding");
  EXPECT_EQ(answer.field("content-type"), "text/javascript; charset=utf-8");
}
INSTANTIATE_TEST_SUITE_P(
    Each, PackedFiles,
    ::testing::Values(Packing{"gzip", "gzip", "gzipped"}, Packing{"gzip, deflate, br", "br", "br"},
                      Packing{"GZIP;q=0.5", "gzip", "gzipped"},
                      Packing{"br;q=0, gzip;q=0.001", "gzip", "gzipped"},
                      Packing{"br;q=0.0", "", "console.log('a page');console.log('a page')"},
                      Packing{"", "", "console.log('a page');console.log('a page')"},
                      Packing{"brotli", "", "console.log('a page');console.log('a page')"}));

TEST_F(ConsoleHosting, WhatIsKnownIsNotSentAgain) {
  const auto plain = get("/assets/index-a1B2_c3d.js"),
             packed = get("/assets/index-a1B2_c3d.js", "Accept-Encoding: br\r\n");
  EXPECT_NE(plain.field("etag"), packed.field("etag")) << "RFC 9110, section 8.8.3.3";
  EXPECT_EQ(
      get("/assets/index-a1B2_c3d.js", "If-None-Match: " + plain.field("etag") + "\r\n").status,
      304);
  EXPECT_EQ(
      get("/assets/index-a1B2_c3d.js", "If-None-Match: " + packed.field("etag") + "\r\n").status,
      200);
}

TEST_F(ConsoleHosting, NothingButItsFilesCanBeReached) {
  for (const auto* path :
       {"/../../../../etc/passwd", "/assets/../../winnow.yaml", "/%2e%2e/%2e%2e/winnow.yaml",
        "/assets/..%2f..%2fwinnow.yaml", "//etc/passwd.txt", "/assets/index-a1B2_c3d.js%00.css",
        "/assets\\..\\winnow.yaml", "/.", "/..", "/./index.html"}) {
    const auto answer = get(path);
    EXPECT_TRUE(answer.status == 404 || answer.body == "<!doctype html>") << path;
  }
}

TEST_F(ConsoleHosting, CanOnlyBeRead) {
  const auto refused = get("/queue", "", "POST");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.field("allow"), "GET, HEAD");
  EXPECT_EQ(get("/", "", "HEAD").status, 200);
}

TEST_F(ConsoleHosting, TheApiIsNotItsBusiness) {
  for (const auto* path : {"/v1", "/v1/", "/v1/nowhere"}) {
    EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_EQ(get(path).field("content-type"), "application/problem+json") << path;
  }
  EXPECT_EQ(get("/healthz").body, "ok\n");
}

TEST(ConsoleAbsent, SaysSoAtItsDoor) {
  const RunningService service({.console = {}}, RunningService::Champion::None);
  const auto page = service.ask("GET", "/", "");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("built without its console"), std::string::npos) << page.body;
  EXPECT_EQ(service.ask("GET", "/queue", "").status, 404);
}

}  // namespace
}  // namespace winnow::server
