#include "server/openapi.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"
#include "server/routes.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

const Json& document() {
  static const Json kDocument = parse_json(openapi_document()).value();
  return kDocument;
}

const Json& operation(const Route& route) {
  return document()["paths"][route.pattern][ascii_lower(http::name_of(route.method))];
}

TEST(OpenApi, HasEachRouteAndNoOther) {
  EXPECT_EQ(document()["openapi"].as_string(), "3.1.0");
  std::size_t operations = 0;
  for (const auto& [path, methods] : document()["paths"].members()) operations += methods.size();
  EXPECT_EQ(operations, routes().size());
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
    const auto variable = variable_of(route.pattern);
    EXPECT_EQ(names.size(), route.parameters.size() + (variable.empty() ? 0 : 1)) << route.pattern;
    EXPECT_EQ(names.contains(std::string(variable)), !variable.empty()) << route.pattern;
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
    const auto method = http::name_of(route.method);
    for (const auto* suffix : {"", "x", "?x=1", "?limit=-1", "?%zz=%zz"}) {
      const auto target = testing::target_of(route) + suffix;
      if (match_route(routes(), route.method, target.substr(0, target.find('?'))).route != &route)
        continue;  // another path
      for (const auto role : kRoles) {
        const auto answer = service.ask(method, target, service.token(role), "", "body");
        EXPECT_TRUE(std::ranges::count(statuses, answer.status) == 1)
            << method << " " << target << ": " << answer.status;
      }
    }
  }
}

}  // namespace
}  // namespace winnow::server
