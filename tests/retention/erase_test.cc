// What goes from the disk with removed decisions, and what stays.
#include "retention/erase.h"

#include "pipeline/serving_states.h"
#include "pipeline/states_beside.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(EraseOutbox, LeavesTheStatesOfEachDomainAndTakesTheFormerOnes) {
  const testing::TemporaryFolder folder;
  const auto states = folder / "states";
  auto decisions = DecisionStore::open(folder / "d.db", Access::ReadWrite).value();
  const auto now = Timestamp::from_civil(2026, 6, 1);
  const auto bundle_of = [](Domain domain) {
    return BundleId("b-" + std::string(name_of(domain)));
  };
  for (const auto domain : kDomains)
    ASSERT_OK(note_use(ServingStates::folder_of(states, domain), {bundle_of(domain), now}));
  const auto former = beside(ServingStates::folder_of(states, Domain::Mail));
  const auto filling = beside(ServingStates::folder_of(states, Domain::Network));
  ASSERT_OK(note_use(former, {BundleId("b-former"), now}));
  ASSERT_OK(ServingStates::open(filling, sha256("a history")));
  ASSERT_OK(erase_outbox(states, decisions));
  for (const auto domain : kDomains) {
    const auto use = use_of(ServingStates::folder_of(states, domain)).value();
    ASSERT_TRUE(use) << name_of(domain);
    EXPECT_EQ(use->bundle, bundle_of(domain));
  }
  EXPECT_FALSE(std::filesystem::exists(former)) << "it held decisions";
  EXPECT_TRUE(std::filesystem::exists(filling / "data.mdb")) << "it did not";
}

TEST(EraseOutbox, StatesBesideThatCannotBeReadGo) {
  const testing::TemporaryFolder folder;
  const auto states = folder / "states";
  auto decisions = DecisionStore::open(folder / "d.db", Access::ReadWrite).value();
  const auto former = beside(ServingStates::folder_of(states, Domain::Mail));
  ASSERT_OK(note_use(former, {BundleId("b-former"), Timestamp::from_civil(2026, 6, 1)}));
  ASSERT_OK(write_atomically(former / "data.mdb", std::string(8192, 'x')));
  ASSERT_OK(erase_outbox(states, decisions));
  EXPECT_FALSE(std::filesystem::exists(former));
}

}  // namespace
}  // namespace winnow
