#include "server/openapi.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "server/routes.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

const Json& document() {
  static const Json kDocument = parse_json(openapi_document()).value();
  return kDocument;
}

const Json& operation(const Route& route) {
  return document()["paths"][route.pattern][route.method == http::Method::Post ? "post" : "get"];
}

TEST(OpenApi, HasEachRouteAndNoOther) {
  EXPECT_EQ(document()["openapi"].as_string(), "3.1.0");
  EXPECT_EQ(document()["paths"].size(), routes().size());
  for (const auto& route : routes()) EXPECT_TRUE(operation(route).is_object()) << route.pattern;
}

TEST(OpenApi, AgreesWithTheTableOnRolesStatusesAndParameters) {
  for (const auto& route : routes()) {
    const auto& described = operation(route);
    std::set<std::string> roles;
    for (const auto& role : described["x-roles"].items()) roles.insert(role.as_string());
    for (const auto role : kRoles)
      EXPECT_EQ(roles.contains(std::string(name_of(role))), route.roles.contains(role));
    EXPECT_EQ(described["security"].size() > 0, !route.roles.is_empty()) << route.pattern;
    std::vector<int> statuses;
    for (const auto& [status, answer] : described["responses"].members())
      statuses.push_back(std::stoi(status));
    EXPECT_EQ(statuses, statuses_of(route)) << route.pattern;
    std::set<std::string> names;
    for (const auto& parameter : described["parameters"].items())
      names.insert(parameter["name"].as_string());
    for (const auto& parameter : route.parameters)
      EXPECT_TRUE(names.contains(std::string(parameter.name))) << parameter.name;
    const auto brace = route.pattern.find('{');
    EXPECT_EQ(names.contains("id"), brace != std::string_view::npos) << route.pattern;
    EXPECT_EQ(described["requestBody"].is_object(), !route.body_type.empty()) << route.pattern;
  }
}

// Every "$ref" of `json`, added to `found`.
void collect_references(const Json& json, std::set<std::string>& found) {
  if (const auto* const reference = json.find("$ref")) found.insert(reference->as_string());
  for (const auto& [key, value] : json.members()) collect_references(value, found);
  for (const auto& item : json.items()) collect_references(item, found);
}

TEST(OpenApi, RefersToNothingThatIsNotThere) {
  std::set<std::string> found;
  collect_references(document(), found);
  EXPECT_FALSE(found.empty());
  constexpr std::string_view kPrefix = "#/components/schemas/";
  for (const auto& reference : found) {
    ASSERT_TRUE(reference.starts_with(kPrefix));
    EXPECT_TRUE(document()["components"]["schemas"][reference.substr(kPrefix.size())].is_object())
        << reference;
  }
}

TEST(OpenApi, TheServerAnswersAsDescribed) {
  const testing::RunningService service;
  const auto served = service.ask("GET", "/v1/openapi.json", "");
  EXPECT_EQ(served.body, openapi_document());
  const auto decided = service.score("From: a@b.example\nSubject: x\n\nx\n");
  const auto decision = parse_json(decided.body).value();
  const auto& schema = document()["components"]["schemas"]["Decision"];
  EXPECT_EQ(decision.size(), schema["properties"].size());
  for (const auto& name : schema["required"].items())
    EXPECT_NE(decision.find(name.as_string()), nullptr) << name.as_string();
  // Whatever is asked, the status is one that the description has.
  for (const auto& route : routes()) {
    const auto statuses = statuses_of(route);
    const auto path = std::string(route.pattern.substr(0, route.pattern.find('{')));
    const auto* const method = route.method == http::Method::Post ? "POST" : "GET";
    for (const auto* suffix : {"", "x", "?x=1", "?limit=-1", "?%zz=%zz"}) {
      for (const auto role : kRoles) {
        const auto answer = service.ask(method, path + suffix, service.token(role), "", "body");
        if (answer.status == 404 && path != "/v1/decisions/") continue;  // another path
        EXPECT_TRUE(std::ranges::count(statuses, answer.status) == 1)
            << method << " " << path << suffix << ": " << answer.status;
      }
    }
  }
}

}  // namespace
}  // namespace winnow::server
