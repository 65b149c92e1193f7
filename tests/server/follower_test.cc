// What the command line changes beside a running service.
#include <chrono>
#include <thread>

#include "registry/workspace.h"
#include "rollout/deployments.h"
#include "server/access/tokens.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::RunningService;

class Following : public ::testing::Test {
 protected:
  // As another process opens it.
  std::unique_ptr<Workspace> beside() {
    return Workspace::open(service.folder() / "soc", Access::ReadWrite, clock_).value();
  }
  // Seldom enough that the limit on failed sign-ins does not come between.
  template <typename Condition>
  static bool soon(Condition condition) {
    for (int i = 0; i < 20; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(400));
    }
    return false;
  }
  RunningService service{{}, RunningService::Champion::None};
  FixedClock clock_{RunningService::kNow};
};

TEST_F(Following, ATokenMadeOrRevokedBesideItCounts) {
  const auto other = beside();
  auto tokens = Tokens::open(other->registry(), other->database_file()).value();
  const auto made = tokens.create("night-shift", Role::Analyst, std::nullopt, "ada").value();
  const auto status = [&] { return service.ask("GET", "/v1/me", made.text).status; };
  EXPECT_TRUE(soon([&] { return status() == 200; }));
  ASSERT_OK(tokens.revoke("night-shift", "ada"));
  EXPECT_TRUE(soon([&] { return status() == 401; }));
}

TEST_F(Following, ABundlePromotedBesideItDecides) {
  const auto other = beside();
  auto& registry = other->registry();
  const auto artifact = [&](ArtifactKind kind, std::string_view bytes) {
    return registry.add({kind, "mail", bytes, "application/json", 1, {}}, "ada").value().ref();
  };
  const auto policy = testing::small_policy();
  const auto features = testing::small_features();
  const auto bundle = registry
                          .add(Bundle{"mail",
                                      {artifact(ArtifactKind::Mapping, R"({"mapping":"mail"})"),
                                       artifact(ArtifactKind::FeatureSet, features.canonical()),
                                       artifact(ArtifactKind::Policy, policy)}},
                               "ada")
                          .value();
  EXPECT_EQ(service.score(testing::raw_of({})).status, 503);
  auto deployments = Deployments::open(registry, other->database_file(), Access::ReadWrite).value();
  ASSERT_OK(deployments.promote(bundle.text(), "ada", "the first"));
  EXPECT_TRUE(soon([&] { return service.score(testing::raw_of({})).status == 200; }));
}

}  // namespace
}  // namespace winnow::server
