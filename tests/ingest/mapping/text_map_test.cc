#include "ingest/mapping/detail/text_map.h"

#include <map>

#include "tests/support/support.h"

namespace winnow::mapping {
namespace {

TEST(TextMap, AnEmptyOneHasNothing) {
  const TextMap<int> map;
  EXPECT_EQ(map.find(""), nullptr);
  EXPECT_EQ(map.find("a text of more than sixteen bytes"), nullptr);
}

TEST(TextMap, TextsOfTheSameEndsAreToldApart) {
  TextMap<int> map;
  map["eight...(1)eight..."] = 1;
  map["eight...(2)eight..."] = 2;
  EXPECT_EQ(*map.find("eight...(1)eight..."), 1);
  EXPECT_EQ(*map.find("eight...(2)eight..."), 2);
  EXPECT_EQ(map.find("eight...(3)eight..."), nullptr);
}

// Texts of few letters and every length, so that many share their ends.
TEST(TextMap, HoldsWhatAMapOfTheLibraryHolds) {
  testing::for_each_seed(100, [](Rng& rng) {
    const auto text = [&] {
      std::string made;
      for (auto size = rng.below(24); size > 0; --size)
        made += static_cast<char>('a' + rng.below(2));
      return made;
    };
    TextMap<std::uint64_t> map;
    std::map<std::string, std::uint64_t> want;
    for (int i = 0; i < 200; ++i) {
      const auto key = text();
      const auto value = rng.below(1000);
      map[key] = value;
      want[key] = value;
    }
    EXPECT_EQ(map.items().size(), want.size());
    for (const auto& [key, value] : want) {
      ASSERT_NE(map.find(key), nullptr) << key;
      EXPECT_EQ(*map.find(key), value);
    }
    for (int i = 0; i < 200; ++i) {
      const auto key = text();
      EXPECT_EQ(map.find(key) != nullptr, want.contains(key)) << key;
    }
  });
}

}  // namespace
}  // namespace winnow::mapping
