#include "features/entity_states.h"

#include <fmt/format.h>

#include "features/stored_entity_states.h"
#include "tests/features/small_sets.h"

namespace winnow {
namespace {

EntityState state_with(std::uint64_t count) {
  BucketCounts counts(60, 3);
  counts.add(day(1), count);
  return EntityState({counts});
}

// What every kind of EntityStates promises.
void keeps_states(EntityStates& states) {
  const StateKey key{"sender", "ann@example.com"};
  const auto before = states.get(key);
  ASSERT_OK(before);
  EXPECT_FALSE(before->has_value());
  ASSERT_OK(states.put(key, state_with(1)));
  ASSERT_OK(states.put({"sender_domain", "ann@example.com"}, state_with(2)));
  ASSERT_OK(states.put({"sender", std::string(StateKey::kMaxKeyBytes, 'x')}, state_with(3)));
  ASSERT_OK(states.put(key, state_with(4)));
  EXPECT_EQ(states.get(key).value(), state_with(4));
  const std::vector<StateKey> twice = {key, {"sender", "new"}, {"sender", "new"}, key};
  const auto empty = state_with(1);
  const std::vector<const EntityState*> if_new(4, &empty);
  std::vector<EntityState*> changing(4);
  ASSERT_OK(states.change(twice, if_new, changing));
  EXPECT_EQ(changing[0], changing[3]) << "a key named twice has one state";
  EXPECT_EQ(changing[1], changing[2]);
  EXPECT_EQ(*changing[1], state_with(1));
  EXPECT_EQ(*changing[0], state_with(4));
  EXPECT_EQ((states.get({"sender_domain", "ann@example.com"}).value()), state_with(2));
  EXPECT_EQ((states.get({"sender", std::string(StateKey::kMaxKeyBytes, 'x')}).value()),
            state_with(3));
}

TEST(MemoryEntityStates, KeepsStates) {
  MemoryEntityStates states;
  keeps_states(states);
  EXPECT_EQ(states.size(), 4U);
}

constexpr std::size_t kMuch = 1UL << 30;

TEST(StoredEntityStates, KeepsStates) {
  StateCache cache(kMuch);
  const testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder.path(), {});
  ASSERT_OK(lmdb);
  const auto table = lmdb->table("states");
  ASSERT_OK(table);
  ASSERT_OK(lmdb->update([&](LmdbWriter& writer) -> Status {
    StoredEntityStates states(writer, *table, cache);
    keeps_states(states);
    return cache.write(writer, *table);
  }));
  const auto reader = lmdb->read();
  ASSERT_OK(reader);
  cache = StateCache(kMuch);  // what is read now stands on disk
  StoredEntityStates states(*reader, *table, cache);
  EXPECT_EQ((states.get({"sender", "ann@example.com"}).value()), state_with(4));
  EXPECT_EQ(testing::code_of(states.put({"sender", "a"}, state_with(1))), Code::Denied);
}

TEST(StoredEntityStates, AreCommittedWithTheOffsetOrNotAtAll) {
  const testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder.path(), {});
  ASSERT_OK(lmdb);
  const auto table = lmdb->table("states");
  const auto offsets = lmdb->table("offsets");
  ASSERT_OK(table);
  ASSERT_OK(offsets);
  const StateKey key{"sender", "ann@example.com"};
  StateCache cache(kMuch);
  const auto observe = [&](std::string_view offset, bool fails) {
    auto status = lmdb->update([&](LmdbWriter& writer) -> Status {
      StoredEntityStates states(writer, *table, cache);
      WINNOW_TRY(states.put(key, state_with(1)));
      WINNOW_TRY(cache.write(writer, *table));
      WINNOW_TRY(writer.put(*offsets, "input", offset));
      if (fails) return Error(Code::Unavailable, "the power went out");
      return {};
    });
    status ? cache.committed() : cache.rolled_back();
    return status;
  };
  EXPECT_EQ(testing::code_of(observe("7", true)), Code::Unavailable);
  {
    const auto reader = lmdb->read();
    ASSERT_OK(reader);
    EXPECT_FALSE(StoredEntityStates(*reader, *table, cache).get(key).value().has_value());
    EXPECT_FALSE(reader->get(*offsets, "input").value().has_value());
  }
  ASSERT_OK(observe("7", false));
  const auto reader = lmdb->read();
  ASSERT_OK(reader);
  StateCache another(kMuch);
  EXPECT_EQ(StoredEntityStates(*reader, *table, cache).get(key).value(), state_with(1));
  EXPECT_EQ(StoredEntityStates(*reader, *table, another).get(key).value(), state_with(1));
}

TEST(StoredEntityStates, ACorruptStateIsNamed) {
  const testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder.path(), {});
  ASSERT_OK(lmdb);
  const auto table = lmdb->table("states");
  ASSERT_OK(table);
  ASSERT_OK(lmdb->update([&](LmdbWriter& writer) {
    return writer.put(*table, std::string_view("sender\0ann", 10), "no state");
  }));
  const auto reader = lmdb->read();
  ASSERT_OK(reader);
  StateCache cache(kMuch);
  EXPECT_EQ(testing::code_of(StoredEntityStates(*reader, *table, cache).get({"sender", "ann"})),
            Code::Corrupt);
}

// What is evicted is read again: with room for a handful of states or for all of them, the same
// changes, some rolled back, leave the same states.
TEST(StateCache, ForgetsNothingThatItEvicts) {
  testing::for_each_seed(10, [](Rng& rng) {
    const testing::TemporaryFolder folder;
    auto lmdb = Lmdb::open(folder.path(), {.durable_commits = false});
    ASSERT_OK(lmdb);
    const auto table = lmdb->table("states");
    ASSERT_OK(table);
    constexpr std::size_t kLittle = 20'000;
    StateCache cache(kLittle);
    MemoryEntityStates truth;
    const auto empty = state_with(0);
    for (int step = 0; step < 40; ++step) {
      std::vector<std::pair<StateKey, int>> changes;
      for (int i = 0; i < 20; ++i)
        changes.emplace_back(StateKey{"host", fmt::format("h{}", rng.below(300))}, rng.below(40));
      const bool fails = rng.chance(0.3);
      const auto apply = [&](EntityStates& states) -> Status {
        for (const auto& [key, n] : changes) {
          const EntityState* const if_new = &empty;
          EntityState* state = nullptr;
          WINNOW_TRY(states.change({&key, 1}, {&if_new, 1}, {&state, 1}));
          std::get<BucketCounts>(state->accumulators()[0]).add(day(n), 1);
        }
        return {};
      };
      const auto status = lmdb->update([&](LmdbWriter& writer) -> Status {
        StoredEntityStates states(writer, *table, cache);
        WINNOW_TRY(apply(states));
        WINNOW_TRY(cache.write(writer, *table));
        if (fails) return Error(Code::Unavailable, "the power went out");
        return {};
      });
      EXPECT_EQ(status.has_value(), !fails);
      status ? cache.committed() : cache.rolled_back();
      if (!fails) ASSERT_OK(apply(truth));
      EXPECT_LE(cache.bytes(), kLittle);
    }
    EXPECT_LT(cache.size(), truth.size());
    const auto reader = lmdb->read();
    ASSERT_OK(reader);
    const StoredEntityStates states(*reader, *table, cache);
    for (int i = 0; i < 300; ++i) {
      const StateKey key{"host", fmt::format("h{}", i)};
      EXPECT_EQ(states.get(key).value(), truth.get(key).value()) << key.key;
    }
  });
}

TEST(StateSlice, ComesBackFromItsBytes) {
  const StateSlice slice({{{"b", "2"}, state_with(1)},
                          {{"a", "1"}, {}},
                          {{"b", "1"}, state_with(2)},
                          {{"a", "1"}, {}}});
  ASSERT_EQ(slice.items().size(), 3U);
  EXPECT_EQ(slice.items()[0].key.history, "a");
  const auto read = StateSlice::from_bytes(slice.bytes());
  ASSERT_OK(read);
  EXPECT_EQ(*read, slice);
  EXPECT_EQ(*read->find({"b", "1"}), state_with(2));
  EXPECT_EQ(read->find({"a", "1"}), nullptr);
  EXPECT_EQ(read->find({"c", "1"}), nullptr);
}

TEST(StateSlice, RefusesWhatIsCutOrOutOfOrder) {
  const auto bytes = StateSlice({{{"a", "1"}, {}}, {{"b", "2"}, state_with(1)}}).bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(testing::code_of(StateSlice::from_bytes(std::string_view(bytes).substr(0, size))),
              Code::Corrupt);
  }
  auto swapped = StateSlice({{{"a", "1"}, {}}, {{"b", "2"}, {}}}).bytes();
  std::swap(swapped[3], swapped[8]);
  EXPECT_EQ(testing::code_of(StateSlice::from_bytes(swapped)), Code::Corrupt);
}

}  // namespace
}  // namespace winnow
