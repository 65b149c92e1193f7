#include "search/entity_keys.h"

#include "tests/support/support.h"

namespace winnow::search {
namespace {

using ocsf::EntityKind;

bool is(EntityKind kind, std::string_view key, std::string_view wanted) {
  return is_entity({kind, ocsf::Role::Source, key}, wanted);
}

TEST(EntityKeys, AreFoundByThemselvesAndByWhatTheyLieBelow) {
  EXPECT_TRUE(is(EntityKind::Host, "WS-7", "ws-7"));
  EXPECT_FALSE(is(EntityKind::Host, "ws-71", "ws-7"));
  EXPECT_TRUE(is(EntityKind::Domain, "a.evil.example", "evil.example"));
  EXPECT_FALSE(is(EntityKind::Domain, "notevil.example", "evil.example"));
  EXPECT_TRUE(is(EntityKind::Mailbox, "eve@evil.example", "evil.example"));
  EXPECT_FALSE(is(EntityKind::Mailbox, "eve@a.evil.example", "evil.example"));
  EXPECT_FALSE(is(EntityKind::Ip, "110.0.0.7", "10.0.0.7"));
}

// What a filter is asked for is among what it was given.
TEST(EntityKeys, WhateverFindsAnEntityIsOneOfItsKeys) {
  testing::for_each_seed(2'000, [](Rng& rng) {
    const auto text = [&rng](std::string_view letters, std::uint64_t most) {
      std::string made;
      for (auto left = 1 + rng.below(most); left > 0; --left)
        made += letters[rng.below(letters.size())];
      return made;
    };
    const auto key = text("aB.@", 12);
    const auto kind = static_cast<EntityKind>(rng.below(9));
    const ocsf::Entity entity{kind, ocsf::Role::Actor, key};
    std::unordered_set<std::uint64_t> keys;
    add_keys(entity, keys);
    for (int i = 0; i < 40; ++i) {
      const auto wanted = text("ab.@", 6);
      EXPECT_TRUE(!is_entity(entity, wanted) || keys.contains(key_of(wanted))) << wanted;
    }
  });
}

}  // namespace
}  // namespace winnow::search
