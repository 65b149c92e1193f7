// Legal holds over HTTP.
#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::testing {
namespace {

using server::Role;

class HoldsOverHttp : public ::testing::Test {
 protected:
  Answer get(std::string_view target, Role role) const {
    return service_.ask("GET", target, service_.token(role));
  }
  Answer place(const Json& body, Role role = Role::Admin) const {
    return service_.ask("POST", "/v1/holds", service_.token(role),
                        "Content-Type: application/json\r\n", to_text(body));
  }
  Answer release(std::string_view id, Role role = Role::Admin) const {
    return service_.ask("DELETE", fmt::format("/v1/holds/{}", id), service_.token(role));
  }
  static Json json(const Answer& answer) {
    auto parsed = parse_json(answer.body);
    EXPECT_OK(parsed);
    return std::move(parsed).value();
  }
  static Json wish(std::string_view member, std::string_view value) {
    return Json::object(
        {{"scope", Json::object({{std::string(member), value}})}, {"reason", "matter 17"}});
  }
  // Scores a mail that is told of, and waits for its case: any change goes through the thread that
  // makes cases between two of them.
  std::string case_of(const SmallMail& mail) {
    const auto id = json(service_.score(raw_of(mail)))["id"].as_string();
    for (int i = 0; i < 2'000; ++i) {
      const auto finding = json(get("/v1/findings/" + id, Role::Analyst));
      if (!finding["case"].is_null()) return finding["case"].as_string();
      release("h-none");
    }
    ADD_FAILURE() << "no case is made of it";
    return "";
  }
  // What somebody is told of the holds on a case.
  std::string holds_of(std::string_view id, Role role) const {
    return to_text(json(get(fmt::format("/v1/cases/{}", id), role))["holds"]);
  }

  RunningService service_{{.gate = {.requests = {.a_second = 1e6, .burst = 1e6, .known = 100}}}};
};

TEST_F(HoldsOverHttp, ArePlacedListedAndReleased) {
  const auto placed = place(wish("mailbox", "Ann@soc.example"));
  ASSERT_EQ(placed.status, 201) << placed.body;
  const auto id = json(placed)["id"].as_string();
  EXPECT_EQ(json(placed)["scope"]["mailbox"].as_string(), "ann@soc.example");
  EXPECT_EQ(json(placed)["by"].as_string(), "admin");
  ASSERT_EQ(place(wish("from", "2026-01-01T00:00:00Z")).status, 201);
  auto listed = json(get("/v1/holds", Role::Auditor))["holds"];
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[1]["id"].as_string(), id) << "newest first";
  const auto released = release(id);
  ASSERT_EQ(released.status, 200) << released.body;
  EXPECT_EQ(json(released)["released_by"].as_string(), "admin");
  EXPECT_EQ(release(id).status, 409);
  EXPECT_EQ(release("h-none").status, 404);
  listed = json(get("/v1/holds", Role::Senior))["holds"];
  EXPECT_FALSE(listed[1]["released_at"].is_null()) << "it stays on record";
}

TEST_F(HoldsOverHttp, BodiesThatMakeNoSenseAreRefused) {
  for (const auto& body :
       {Json::object(), Json::object({{"reason", "x"}}),
        Json::object({{"scope", Json::object()}, {"reason", "x"}}),
        Json::object({{"scope", Json::object({{"colour", "red"}})}, {"reason", "x"}}),
        Json::object({{"scope", Json::object({{"until", "2026-01-01T00:00:00Z"}})}}),
        wish("mailbox", "nobody"), wish("case", "c-1"), wish("from", "soon")}) {
    EXPECT_EQ(place(body).status, 400) << to_text(body);
  }
  EXPECT_EQ(json(get("/v1/holds", Role::Admin))["holds"].size(), 0U);
}

TEST_F(HoldsOverHttp, ACaseNamesThoseAboutItToWhoMaySeeThem) {
  const auto id = case_of({.from = "desk@pay-now.com", .links = 3, .subject = "Invoice 4411"});
  EXPECT_EQ(holds_of(id, Role::Senior), "[]");
  const auto held = [&](const Json& body) { return json(place(body))["id"].as_string(); };
  const auto by_case = held(wish("case", id)),
             by_sender = held(wish("mailbox", "desk@pay-now.com"));
  held(wish("case", "c-0123456789abcdef01234567"));
  held(wish("mailbox", "somebody@else.example"));
  held(wish("from", "2027-01-01T00:00:00Z"));
  held(wish("until", "2020-01-01T00:00:00Z"));
  const auto both = fmt::format(R"(["{}","{}"])", by_case, by_sender);
  EXPECT_EQ(holds_of(id, Role::Senior), both);
  EXPECT_EQ(holds_of(id, Role::Auditor), both);
  EXPECT_EQ(holds_of(id, Role::Admin), both);
  EXPECT_EQ(holds_of(id, Role::Analyst), "null") << "it may be about somebody who works the queue";
  EXPECT_EQ(holds_of(id, Role::Engineer), "null");
  release(by_case);
  EXPECT_EQ(holds_of(id, Role::Senior), fmt::format(R"(["{}"])", by_sender));
}

}  // namespace
}  // namespace winnow::testing
