// A log of rows that is sent over HTTP as it stands in its file: its header is no record.
#include <csignal>
#include <thread>

#include "tests/e2e/ask.h"
#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kFirewall = R"(mapping: firewall
title: Firewall
domain: network
format: csv
columns: [when, src, dst, action]
product: {name: F}
recognise: {has: [when, action], is: {action: [deny, allow]}}
time: {from: when, as: seconds}
events: [{event: any, class: base_event, set: {severity_id: =1, message: action}}]
)";
constexpr std::string_view kRows =
    "\"When\",\"Src\",\"Dst\",\"Action\"\r\n1772546706,192.0.2.1,192.0.2.2,deny\r\n";

TEST(HeaderLines, AreCountedAndNotKept) {
  const Soc soc;
  ASSERT_OK(write_atomically(soc.path() / "content/mappings/firewall.yaml", kFirewall));
  const auto sensor = soc.token_of("fw1", "sensor"), engineer = soc.token_of("eve", "engineer");
  RunningWinnow server(soc.path(), {"serve", "--listen", "127.0.0.1:0"});
  ASSERT_NE(server.port(), 0);
  EXPECT_EQ(ask(server, "POST /v1/events/firewall", sensor, kRows)["accepted"].as_int(), 2);
  // Of an unknown name, when its rows are recognised by what they hold.
  EXPECT_EQ(ask(server, "POST /v1/events/fw1", sensor, kRows)["accepted"].as_int(), 2);
  // To who is read by another mapping it is data, though no good one.
  (void)ask(server, "POST /v1/events/suricata", sensor, "when,src,dst,action\n");
  std::string metrics;
  const auto counted = [&](std::string_view line) {
    Client client(server.port());
    client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + engineer +
                "\r\n\r\n");
    metrics = client.read_answer().body;
    return metrics.find(line) != std::string::npos;
  };
  for (int i = 0; i < 300 && !counted("winnow_quarantined_total 1\n"); ++i)
    std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(counted("winnow_header_lines_total 2\n")) << metrics;
  EXPECT_TRUE(counted("winnow_quarantined_total 1\n")) << metrics;
  EXPECT_EQ(server.end(SIGTERM).exit, 0);
  const auto kept = soc.must_run({"quarantine", "list", "--json"}).json()["records"];
  ASSERT_EQ(kept.items().size(), 1U);
  EXPECT_EQ(kept[0]["mapping"].as_string(), "suricata");
}

}  // namespace
}  // namespace winnow::testing
