// The list of assets over HTTP.
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::Answer;
using testing::RunningService;

constexpr std::string_view kList =
    R"({"assets":[{"kind":"host","name":"DC1.soc.example","criticality":"critical","owner":"IT","tags":["tier-0"]}]})";

class Assets : public ::testing::Test {
 protected:
  Answer get(Role role = Role::Analyst, std::string_view fields = "") const {
    return service.ask("GET", "/v1/assets", service.token(role), fields);
  }
  Answer put(std::string_view body, Role role = Role::Engineer,
             const std::string& seen = "") const {
    std::string fields = "Content-Type: application/json\r\n";
    if (!seen.empty()) fields += "If-Match: " + seen + "\r\n";
    return service.ask("PUT", "/v1/assets", service.token(role), fields, body);
  }
  RunningService service;
};

TEST_F(Assets, AreReplacedByWhoSawThoseBefore) {
  const auto none = get();
  ASSERT_EQ(none.status, 200) << none.body;
  EXPECT_EQ(parse_json(none.body).value()["assets"].size(), 0U);
  EXPECT_TRUE(parse_json(none.body).value()["snapshot"].is_null());
  const auto first = put(kList, Role::Engineer, none.field("etag"));
  ASSERT_EQ(first.status, 200) << first.body;
  const auto told = parse_json(get().body).value();
  ASSERT_EQ(told["assets"].size(), 1U);
  EXPECT_EQ(told["assets"][0]["name"].as_string(), "dc1.soc.example");
  EXPECT_EQ(told["assets"][0]["criticality"].as_string(), "critical");
  EXPECT_EQ(told["snapshot"].as_string().size(), 64U);
  // Somebody who saw the list before.
  EXPECT_EQ(put(R"({"assets":[]})", Role::Engineer, none.field("etag")).status, 412);
  EXPECT_EQ(parse_json(get().body).value()["assets"].size(), 1U);
  EXPECT_EQ(get(Role::Analyst, "If-None-Match: " + first.field("etag") + "\r\n").status, 304);
  EXPECT_EQ(put(R"({"assets":[]})", Role::Admin, first.field("etag")).status, 200);
  EXPECT_EQ(parse_json(get().body).value()["assets"].size(), 0U);
  // On record, with who brought it.
  const auto audit = parse_json(service
                                    .ask("GET", "/v1/audit?action=artifact.added&limit=1",
                                         service.token(Role::Auditor))
                                    .body)
                         .value();
  EXPECT_EQ(audit["entries"][0]["actor"].as_string(), "admin");
}

TEST_F(Assets, AreChangedByEngineersAndAdmins) {
  for (const auto role : kRoles) {
    const bool may = role == Role::Engineer || role == Role::Admin;
    EXPECT_EQ(put(kList, role).status, may ? 200 : 403) << name_of(role);
    EXPECT_EQ(get(role).status, kPeople.contains(role) ? 200 : 403) << name_of(role);
  }
}

TEST_F(Assets, MistakesAreRefusedAllOrNothing) {
  for (const auto* const body :
       {"", "[]", "{}", R"({"assets":{}})", R"({"assets":[{"kind":"host"}]})",
        R"({"assets":[{"kind":"host","name":"dc1","critical":"high"}]})",
        R"({"assets":[{"kind":"host","name":"dc1"},{"kind":"host","name":"DC1"}]})",
        R"({"assets":[{"kind":"user","name":"ann"}]})"}) {
    EXPECT_EQ(put(body).status, 400) << body;
  }
  EXPECT_EQ(parse_json(get().body).value()["assets"].size(), 0U);
}

}  // namespace
}  // namespace winnow::server
