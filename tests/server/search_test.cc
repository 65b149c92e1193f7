// The event log, searched: GET /v1/events.
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "server/endpoints/event_search.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using testing::LogService;
using testing::raw_of;
using testing::wait_until;

std::string dns(int minute, std::string_view address, std::string_view name) {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:00+0000","event_type":"dns","src_ip":"{}",)"
      R"("src_port":5,"dest_ip":"192.0.2.53","dest_port":53,"proto":"UDP","dns":)"
      R"({{"type":"query","id":{},"rrname":"{}","rrtype":"A"}}}})",
      minute, address, minute, name);
}

class Search : public ::testing::Test {
 protected:
  Json get(std::string_view target, int status = 200, Role role = Role::Analyst) const {
    return service.read(target, role, status);
  }
  // What of the network came, once it is in the event log.
  void post(std::string_view source, const std::vector<std::string>& lines) const {
    service.post(source, fmt::format("{}\n", fmt::join(lines, "\n")));
    service.wait_for_empty_spool();
  }
  std::vector<std::string> subjects(std::string_view query, Role role = Role::Analyst) const {
    std::vector<std::string> found;
    const auto page = get(fmt::format("/v1/events?{}", query), 200, role);
    for (const auto& event : page["events"].items()) found.push_back(event["subject"].as_string());
    return found;
  }
  using Subjects = std::vector<std::string>;
  LogService service{{"suricata.yaml"}};
};

TEST_F(Search, FindsByTimeSourceDomainClassEntityAndWords) {
  ASSERT_EQ(service.score(raw_of({.subject = "parcel"})).status, 200);
  post("ids", {dns(1, "10.0.0.7", "www.shop.example"), dns(2, "10.0.0.8", "evil.example")});
  post("ids2", {dns(3, "10.0.0.7", "deep.evil.example")});
  const Subjects all = {"dns: deep.evil.example", "dns: evil.example", "dns: www.shop.example",
                        "parcel"};
  EXPECT_EQ(subjects(""), all) << "newest first, by the events' own time";
  EXPECT_EQ(subjects("source=ids2"), Subjects{all[0]});
  EXPECT_EQ(get("/v1/events")["events"][std::size_t{0}]["class"].as_string(), "dns_activity");
  EXPECT_EQ(subjects("domain=mail"), Subjects{"parcel"});
  EXPECT_EQ(subjects("domain=network").size(), 3U);
  EXPECT_EQ(subjects("class=dns_activity&domain=mail"), Subjects());
  EXPECT_EQ(subjects("class=email_activity"), Subjects{"parcel"});
  EXPECT_EQ(subjects("entity=10.0.0.7"), (Subjects{all[0], all[2]}));
  EXPECT_EQ(subjects("entity=EVIL.example"), (Subjects{all[0], all[1]}));
  EXPECT_EQ(subjects("entity=ann%40shop.example"), Subjects{"parcel"});
  EXPECT_EQ(subjects("q=Deep%20suricata"), Subjects{all[0]}) << "all words, anywhere, either case";
  EXPECT_EQ(subjects("from=2026-03-04T08:02:00Z&before=2026-03-04T08:03:00Z"), Subjects{all[1]});
  EXPECT_EQ(subjects("q=nothing-has-this"), Subjects());
}

TEST_F(Search, GoesOnWhereThePageBeforeEnded) {
  std::vector<std::string> lines;
  for (int i = 0; i < 25; ++i)
    lines.push_back(dns(i % 5, "10.0.0.7", fmt::format("n{}.example", i)));
  post("ids", lines);
  std::set<std::string> seen;
  std::string target = "/v1/events?limit=10&q=example";
  int pages = 0;
  for (;; ++pages) {
    const auto page = get(target);
    for (const auto& event : page["events"].items())
      EXPECT_TRUE(seen.insert(event["subject"].as_string()).second) << "twice";
    if (page["next"].is_null()) break;
    EXPECT_EQ(page["searched_until"], page["events"].items().back()["event_time"]);
    target = "/v1/events?limit=10&q=example&cursor=" + page["next"].as_string();
  }
  EXPECT_EQ(seen.size(), 25U);
  EXPECT_EQ(pages, 2);
  get("/v1/events?cursor=x", 400);
  get("/v1/events?cursor=12.", 400);
}

// 1,024 events, of which one names the host, and ten that no filter has.
TEST_F(Search, PassesOverWhatCannotNameTheEntity) {
  std::vector<std::string> lines;
  for (int i = 0; i < 1'034; ++i)
    lines.push_back(dns(i % 60, "10.0.0.7", fmt::format("{}{}.example", i == 5 ? "rare" : "n", i)));
  post("ids", lines);
  const auto skipped = [this](std::string_view entity) {
    return get(fmt::format("/v1/events?entity={}", entity))["skipped"].as_int();
  };
  wait_until([&] { return skipped("nobody.example") == 1'024; });
  EXPECT_EQ(skipped("nobody.example"), 1'024);
  const auto none = get("/v1/events?entity=nobody.example");
  EXPECT_EQ(none["examined"].as_int(), 1'034);
  EXPECT_EQ(none["read"].as_int(), 10);
  EXPECT_TRUE(none["next"].is_null());
  EXPECT_EQ(subjects("entity=rare5.example"), Subjects{"dns: rare5.example"});
  EXPECT_EQ(skipped("rare5.example"), 512);
  EXPECT_EQ(get("/v1/events?q=rare5")["skipped"].as_int(), 0) << "words are looked for everywhere";

  // Filters made while nothing said that a question names a domain.
  const auto file = service.mappings() / "suricata.yaml";
  const auto shipped = read_file(file, 1UL << 20).value();
  const std::string line = "      - {domain: query.hostname, role: mentioned}\n";
  auto silent = shipped;
  ASSERT_NE(silent.find(line), silent.npos);
  silent.erase(silent.find(line), line.size());
  ASSERT_OK(write_atomically(file, silent));
  wait_until([&] { return skipped("rare5.example") == 1'024; });
  EXPECT_EQ(subjects("entity=rare5.example"), Subjects());
  ASSERT_OK(write_atomically(file, shipped));
  wait_until([&] { return !subjects("entity=rare5.example").empty(); });
  EXPECT_EQ(subjects("entity=rare5.example"), Subjects{"dns: rare5.example"});
}

TEST_F(Search, WhatCannotBeReadOrFoundIsToldAndNotHidden) {
  post("ids", {dns(1, "10.0.0.7", "a.example")});
  service.restart([this](ServiceOptions&, FixedClock&) {
    std::filesystem::remove(service.mappings() / "suricata.yaml");
  });
  const auto page = get("/v1/events");
  ASSERT_EQ(page["events"].size(), 1U);
  const auto& event = page["events"][std::size_t{0}];
  EXPECT_TRUE(event["class"].is_null());
  EXPECT_TRUE(event["domain"].is_null());
  EXPECT_EQ(event["mapping"].as_string(), "suricata");
  const auto whole = get("/v1/events/digest/" + event["digest"].as_string());
  EXPECT_TRUE(whole["ocsf"].is_null());
  get("/v1/events/digest/" + std::string(64, '0'), 404);
  get("/v1/events/digest/xyz", 400);
  get("/v1/events?domain=moon", 400);
  get("/v1/events?class=moon_activity", 400);
  get("/v1/events?q=1%202%203%204%205%206%207%208%209", 400);
  EXPECT_EQ(service.ask("GET", "/v1/events", service.token(Role::Sensor)).status, 403);
}

TEST_F(Search, AnEventIsToldWholeWithItsDecision) {
  ASSERT_EQ(service.score(raw_of({.links = 3, .subject = "parcel"})).status, 200);
  post("ids", {dns(1, "10.0.0.7", "a.example")});
  const auto page = get("/v1/events");
  const auto network = get("/v1/events/digest/" + page["events"][0]["digest"].as_string());
  EXPECT_EQ(network["ocsf"]["query"]["hostname"].as_string(), "a.example");
  EXPECT_TRUE(network["mail"].is_null());
  EXPECT_TRUE(network["decision"].is_null()) << "nothing decides on the network";
  const auto mail = get("/v1/events/digest/" + page["events"][1]["digest"].as_string());
  EXPECT_EQ(mail["mail"]["subject"].as_string(), "parcel");
  EXPECT_FALSE(mail["mail"]["redacted"].as_bool());
  EXPECT_EQ(mail["decision"]["route"].as_string(), "escalate");
  const auto shown =
      get("/v1/events/digest/" + page["events"][1]["digest"].as_string(), 200, Role::Auditor);
  EXPECT_TRUE(shown["mail"]["redacted"].as_bool());
}

TEST(EventCursor, IsReadAsItWasWritten) {
  for (const std::int64_t micros :
       {std::int64_t{0}, std::int64_t{-5}, std::int64_t{1772582400000000}}) {
    const EventPlace place{Timestamp::from_micros(micros), 42};
    const auto read = place_of_cursor(cursor_of(place));
    ASSERT_OK(read);
    EXPECT_EQ(read->event_time, place.event_time);
    EXPECT_EQ(read->id, place.id);
  }
  for (const std::string_view wrong : {"", ".", "1.", ".1", "1.2.3", "a.b", "1.-2"})
    EXPECT_EQ(testing::code_of(place_of_cursor(wrong)), Code::InvalidArgument) << wrong;
}

}  // namespace
}  // namespace winnow::server
