#include "server/routes.h"

#include "tests/support/support.h"

namespace winnow::server {
namespace {

using http::Method;

void nothing(Call&) {}

Route route(Method method, std::string_view pattern) {
  return {.method = method,
          .pattern = pattern,
          .roles = {},
          .perform = nothing,
          .statuses = {200},
          .summary = ""};
}

const std::vector<Route> kTable = {
    route(Method::Get, "/v1/cases/{id}"),  route(Method::Patch, "/v1/cases/{id}"),
    route(Method::Post, "/v1/cases/bulk"), route(Method::Post, "/v1/cases/{id}/notes"),
    route(Method::Delete, "/v1/session"),  route(Method::Post, "/v1/session"),
};

struct Asked {
  Method method;
  const char* path;
  int row;  // of kTable; -1: none
  const char* variable;
  const char* methods;
};

class Matching : public ::testing::TestWithParam<Asked> {};

TEST_P(Matching, FindsTheRowAndItsVariable) {
  const auto& asked = GetParam();
  const auto match = match_route(kTable, asked.method, asked.path);
  EXPECT_EQ(match.route == nullptr ? -1 : match.route - kTable.data(), asked.row);
  EXPECT_EQ(match.variable, asked.variable);
  EXPECT_EQ(methods_of(kTable, asked.path), asked.methods);
  EXPECT_EQ(match.has_path, *asked.methods != 0);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Matching,
    ::testing::Values(Asked{Method::Get, "/v1/cases/c-1", 0, "c-1", "GET, HEAD, PATCH"},
                      Asked{Method::Head, "/v1/cases/c-1", 0, "c-1", "GET, HEAD, PATCH"},
                      Asked{Method::Patch, "/v1/cases/c-1", 1, "c-1", "GET, HEAD, PATCH"},
                      Asked{Method::Put, "/v1/cases/c-1", -1, "", "GET, HEAD, PATCH"},
                      Asked{Method::Post, "/v1/cases/bulk", 2, "", "POST"},
                      Asked{Method::Get, "/v1/cases/bulk", -1, "", "POST"},
                      Asked{Method::Post, "/v1/cases/c-1/notes", 3, "c-1", "POST"},
                      Asked{Method::Post, "/v1/cases/bulk/notes", 3, "bulk", "POST"},
                      Asked{Method::Post, "/v1/cases//notes", -1, "", ""},
                      Asked{Method::Post, "/v1/cases/a/b/notes", -1, "", ""},
                      Asked{Method::Get, "/v1/cases/", -1, "", ""},
                      Asked{Method::Get, "/v1/cases", -1, "", ""},
                      Asked{Method::Get, "/v1/cases/c-1/", -1, "", ""},
                      Asked{Method::Post, "/v1/session", 5, "", "DELETE, POST"},
                      Asked{Method::Other, "/v1/session", -1, "", "DELETE, POST"},
                      Asked{Method::Get, "*", -1, "", ""}));

TEST(RouteRows, AreEachReachedByTheirOwnPath) {
  for (const auto& row : routes()) {
    std::string path(row.pattern);
    if (const auto brace = path.find('{'); brace != std::string::npos)
      path.replace(brace, path.find('}') + 1 - brace, "x");
    EXPECT_EQ(match_route(routes(), row.method, path).route, &row) << row.pattern;
  }
}

}  // namespace
}  // namespace winnow::server
