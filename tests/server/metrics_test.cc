#include "server/metrics.h"

#include <regex>

#include "server/routes.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

TEST(Metrics, CountsByRouteAndStatus) {
  const std::vector<std::string> routes = {R"(method="GET",route="/a")",
                                           R"(method="GET",route="/b")"};
  Metrics metrics(routes);
  metrics.note_answer(0, 200, std::chrono::milliseconds(3));
  metrics.note_answer(0, 200, std::chrono::milliseconds(30));
  metrics.note_answer(1, 418, {});
  metrics.note_answer(Metrics::kNoRoute, 400, {});
  const auto text = metrics.text({});
  for (const auto* line :
       {"winnow_http_requests_total{method=\"GET\",route=\"/a\",status=\"200\"} 2\n",
        "winnow_http_requests_total{method=\"GET\",route=\"/b\",status=\"0\"} 1\n",
        "winnow_http_requests_total{method=\"none\",route=\"none\",status=\"400\"} 1\n",
        "winnow_http_request_seconds_bucket{method=\"GET\",route=\"/a\",le=\"0.0025\"} 0\n",
        "winnow_http_request_seconds_bucket{method=\"GET\",route=\"/a\",le=\"0.005\"} 1\n",
        "winnow_http_request_seconds_bucket{method=\"GET\",route=\"/a\",le=\"+Inf\"} 2\n",
        "winnow_http_request_seconds_count{method=\"GET\",route=\"/a\"} 2\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

TEST(Metrics, NameEveryStatusThatARouteAnswersWith) {
  for (const auto& route : routes()) {
    for (const int status : statuses_of(route))
      EXPECT_TRUE(Metrics::names(status)) << route.pattern << " " << status;
  }
  EXPECT_FALSE(Metrics::names(0));
  EXPECT_FALSE(Metrics::names(418));
}

TEST(Metrics, TellWhenTheCertificateExpires) {
  Metrics metrics({});
  EXPECT_EQ(metrics.text({}).find("winnow_tls"), std::string::npos);
  EXPECT_NE(metrics.text({.certificate_expires = Timestamp::from_seconds(1'800'000'000)})
                .find("\nwinnow_tls_certificate_expires_seconds 1800000000\n"),
            std::string::npos);
}

TEST(Metrics, AreInThePrometheusTextFormat) {
  const testing::RunningService service;
  service.score("From: a@b.example\nSubject: x\n\nx\n");
  service.score("");
  const auto answer = service.ask("GET", "/metrics", service.token(Role::Engineer));
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("content-type"), "text/plain; version=0.0.4");
  static const std::regex kLine(
      R"re((# (HELP|TYPE) [a-z_]+ .+)|([a-z_]+(\{([a-z]+="[^"\n]*",?)+\})? [0-9.e+-]+))re");
  for (std::size_t from = 0; from < answer.body.size();) {
    const auto end = answer.body.find('\n', from);
    ASSERT_NE(end, std::string::npos) << "the last line ends";
    const auto line = answer.body.substr(from, end - from);
    EXPECT_TRUE(std::regex_match(line, kLine)) << line;
    from = end + 1;
  }
  EXPECT_NE(answer.body.find("winnow_decisions_total{route=\"queue\"}"), std::string::npos);
  EXPECT_NE(answer.body.find("winnow_quarantined_total 1\n"), std::string::npos) << answer.body;
  EXPECT_EQ(answer.body.find("process_resident_memory_bytes 0\n"), std::string::npos);
}

}  // namespace
}  // namespace winnow::server
