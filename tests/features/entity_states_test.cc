#include "features/entity_states.h"

#include <functional>

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
  EXPECT_EQ((states.get({"sender_domain", "ann@example.com"}).value()), state_with(2));
  EXPECT_EQ((states.get({"sender", std::string(StateKey::kMaxKeyBytes, 'x')}).value()),
            state_with(3));
}

TEST(MemoryEntityStates, KeepsStates) {
  MemoryEntityStates states;
  keeps_states(states);
  EXPECT_EQ(states.size(), 3U);
}

TEST(StoredEntityStates, KeepsStates) {
  const testing::TemporaryFolder folder;
  auto lmdb = Lmdb::open(folder.path(), {});
  ASSERT_OK(lmdb);
  const auto table = lmdb->table("states");
  ASSERT_OK(table);
  ASSERT_OK(lmdb->update([&](LmdbWriter& writer) -> Status {
    StoredEntityStates states(writer, *table);
    keeps_states(states);
    return {};
  }));
  const auto reader = lmdb->read();
  ASSERT_OK(reader);
  StoredEntityStates states(*reader, *table);
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
  const auto observe = [&](std::string_view offset, bool fails) {
    return lmdb->update([&](LmdbWriter& writer) -> Status {
      StoredEntityStates states(writer, *table);
      WINNOW_TRY(states.put(key, state_with(1)));
      WINNOW_TRY(writer.put(*offsets, "input", offset));
      if (fails) return Error(Code::Unavailable, "the power went out");
      return {};
    });
  };
  EXPECT_EQ(testing::code_of(observe("7", true)), Code::Unavailable);
  {
    const auto reader = lmdb->read();
    ASSERT_OK(reader);
    EXPECT_FALSE(StoredEntityStates(*reader, *table).get(key).value().has_value());
    EXPECT_FALSE(reader->get(*offsets, "input").value().has_value());
  }
  ASSERT_OK(observe("7", false));
  const auto reader = lmdb->read();
  ASSERT_OK(reader);
  EXPECT_EQ(StoredEntityStates(*reader, *table).get(key).value(), state_with(1));
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
  EXPECT_EQ(testing::code_of(StoredEntityStates(*reader, *table).get({"sender", "ann"})),
            Code::Corrupt);
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
