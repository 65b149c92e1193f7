#include "server/json_body.h"

#include <array>

#include "tests/support/support.h"

namespace winnow::server {
namespace {

using testing::code_of;

Result<Json> read(std::string_view body, std::string_view type = "application/json",
                  std::string_view coding = "identity") {
  const std::array<http::Field, 2> fields = {
      {{"content-type", type}, {"content-encoding", coding}}};
  http::Request request;
  request.fields = fields;
  request.body = body;
  return json_body(request, {"state", "owner"});
}

TEST(JsonBody, IsAnObjectOfTheMembersThatTheRouteHas) {
  EXPECT_EQ(read(R"({"owner":"ann"})").value()["owner"].as_string(), "ann");
  EXPECT_OK(read("{}", "application/json; charset=utf-8"));
  const auto unknown = read(R"({"onwer":"ann"})");
  EXPECT_EQ(code_of(unknown), Code::InvalidArgument);
  EXPECT_EQ(unknown.error().hint(), "did you mean 'owner'?");
}

TEST(JsonBody, RefusesWhatIsNone) {
  for (const auto* body : {"", "null", "[]", "\"owner\"", "{", "{}{}", "{\"owner\":1,\"owner\":2}",
                           "{\"owner\":\"\xFF\"}", "{\"owner\":[[[[[[[[[[1]]]]]]]]]]}"}) {
    const auto refused = read(body);
    EXPECT_TRUE(code_of(refused) == Code::InvalidArgument || code_of(refused) == Code::Exhausted)
        << body;
  }
  EXPECT_EQ(code_of(read("{}", "text/plain")), Code::Unsupported);
  EXPECT_EQ(code_of(read("{}", "")), Code::Unsupported) << "a form of another site sends such";
  EXPECT_EQ(code_of(read("{}", "application/json", "gzip")), Code::Unsupported);
}

}  // namespace
}  // namespace winnow::server
