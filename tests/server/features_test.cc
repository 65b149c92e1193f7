// What the champions look at, and what that was worth: GET /v1/features, /v1/features/values.
#include <fmt/format.h>

#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::raw_of;
using testing::RunningService;

class FeaturesOfChampions : public ::testing::Test {
 protected:
  Json get(std::string_view target, int status = 200, Role role = Role::Engineer) const {
    const auto answer = service.ask("GET", target, service.token(role));
    EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
    return parse_json(answer.body).value();
  }
  RunningService service;
};

TEST_F(FeaturesOfChampions, AreToldAsDeclared) {
  const auto found = get("/v1/features?domain=mail");
  EXPECT_TRUE(found["has_model"].as_bool());
  ASSERT_EQ(found["features"].size(), testing::small_features().features().size());
  const auto& links = found["features"][std::size_t{0}];
  EXPECT_EQ(links["name"].as_string(), "links");
  EXPECT_TRUE(links["in_model"].as_bool());
  EXPECT_FALSE(links["value"].as_string().empty());
  EXPECT_FALSE(found["features"][1]["in_model"].as_bool()) << "only the rules look at that";
  const auto none = get("/v1/features?domain=cloud");
  EXPECT_TRUE(none["bundle"].is_null());
  EXPECT_EQ(none["features"].size(), 0U);
  get("/v1/features", 400);
  get("/v1/features?domain=moon", 400);
}

TEST_F(FeaturesOfChampions, AreReplayedOverTheNewestEvents) {
  for (int i = 0; i < 12; ++i)
    ASSERT_EQ(service.score(raw_of({.links = i % 4, .subject = fmt::format("mail {}", i)})).status,
              200);
  const auto found = get("/v1/features/values?domain=mail");
  EXPECT_EQ(found["replayed"].as_int(), 12);
  EXPECT_EQ(found["rows"].as_int(), 12);
  EXPECT_TRUE(found["whole"].as_bool());
  EXPECT_EQ(found["sample"]["time"].size(), 12U);
  const auto& links = found["features"][std::size_t{0}];
  EXPECT_EQ(links["distinct"].as_int(), 4);
  EXPECT_EQ(links["quantiles"][6].as_double(), 3);
  EXPECT_EQ(links["sample"].size(), 12U);
  EXPECT_GT(links["importance"].as_double(), 0);
  EXPECT_EQ(found["features"][1]["importance"].as_double(), 0) << "the model does not take it";
  std::int64_t counted = 0;
  for (const auto& count : links["histogram"]["counts"]["none"].items()) counted += count.as_int();
  EXPECT_EQ(counted, 12);
  EXPECT_EQ(get("/v1/features/values?domain=mail&source=other")["rows"].as_int(), 0);
  get("/v1/features/values?domain=cloud", 404);
  get("/v1/features/values?domain=mail&events=1000000", 400);
}

TEST_F(FeaturesOfChampions, WhoWasAnsweredMayAskAgainAtOnce) {
  ASSERT_EQ(service.score(raw_of({})).status, 200);
  for (int i = 0; i < 20; ++i) get("/v1/features/values?domain=mail");
}

}  // namespace
}  // namespace winnow::server
