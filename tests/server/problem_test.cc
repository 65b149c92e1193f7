#include "server/problem.h"

#include "base/json.h"
#include "tests/support/support.h"

namespace winnow::server {
namespace {

const Error kError = Error(Code::Corrupt, "reading '/srv/soc/data/winnow.db' failed");

Json told(const http::Response& response) { return parse_json(response.body).value(); }

TEST(Problem, TellsTheClientsMistakesInTheErrorsWords) {
  http::Response response;
  write_problem(Error(Code::NotFound, "there is no decision d-12").with_hint("list them"),
                response);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body,
            "{\"type\":\"urn:winnow:problem:not-found\",\"title\":\"Not Found\",\"status\":404,"
            "\"detail\":\"there is no decision d-12\",\"hint\":\"list them\"}\n");
}

TEST(Problem, TellsNothingOfTheServersInside) {
  for (const auto code : {Code::Corrupt, Code::Unavailable, Code::Exhausted, Code::Timeout,
                          Code::Denied, Code::NotFound, Code::Conflict, Code::InvalidArgument}) {
    http::Response response;
    write_failure(Error(code, kError.message()), response);
    EXPECT_GE(response.status, 500) << code;
    EXPECT_EQ(response.body.find("/srv"), std::string::npos) << response.body;
    EXPECT_FALSE(told(response)["detail"].as_string().empty());
  }
  http::Response response;
  write_problem(kError, response);
  EXPECT_EQ(response.body.find("/srv"), std::string::npos) << "also where a client asked";
}

TEST(Problem, AFullDiskIsNot500) {
  http::Response response;
  write_failure(Error(Code::Exhausted, "no space"), response);
  EXPECT_EQ(response.status, 507);
}

TEST(Problem, HostileTextStaysInItsPlace) {
  http::Response response;
  write_problem(400, "a \"quote\"\r\nset-cookie: x", "", response);
  EXPECT_EQ(told(response)["detail"].as_string(), "a \"quote\"\r\nset-cookie: x");
  std::string bytes;
  response.append_to(bytes, "", "", false, false);
  EXPECT_EQ(bytes.find("set-cookie"), std::string::npos);
}

}  // namespace
}  // namespace winnow::server
