#include "base/byte_set.h"

#include <algorithm>

#include "tests/support/support.h"

namespace winnow {
namespace {

std::string random_bytes(Rng& rng, std::size_t longest, std::uint64_t alphabet) {
  std::string bytes;
  for (auto left = rng.below(longest + 1); left > 0; --left)
    bytes.push_back(static_cast<char>(250 + rng.below(alphabet)));  // both signs of char
  return bytes;
}

TEST(ByteSet, FindsWhatTheStandardLibraryFinds) {
  testing::for_each_seed(500, [](Rng& rng) {
    const auto members = random_bytes(rng, 4, 10);
    const auto text = random_bytes(rng, 20, 12);
    const ByteSet set{members};
    for (std::size_t at = 0; at <= text.size() + 1; ++at) {
      EXPECT_EQ(set.find_in(text, at), std::min(text.find_first_of(members, at), text.size()));
      EXPECT_EQ(set.find_not_in(text, at),
                std::min(text.find_first_not_of(members, at), text.size()));
    }
    EXPECT_EQ(set.holds_any_of(text), text.find_first_of(members) != std::string::npos);
    EXPECT_EQ(set.holds_all_of(text), text.find_first_not_of(members) == std::string::npos);
  });
}

TEST(ByteSet, ARangeHoldsBothItsEnds) {
  const auto set = ByteSet("x").and_range('\xFE', '\xFF').and_range('\0', '\0');
  std::string held;
  for (int byte = 0; byte < 256; ++byte) {
    if (set.contains(static_cast<char>(byte))) held.push_back(static_cast<char>(byte));
  }
  EXPECT_EQ(held, std::string_view("\0x\xFE\xFF", 4));
}

}  // namespace
}  // namespace winnow
