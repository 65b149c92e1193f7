#include "store/compress.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

TEST(Compress, GivesBackWhatWentIn) {
  testing::for_each_seed(50, [](Rng& rng) {
    std::string text(rng.below(200'000), 'a');
    for (auto& c : text) c = rng.chance(0.9) ? 'a' : static_cast<char>(rng.below(256));
    const auto packed = compress(text);
    EXPECT_EQ(decompress(packed, text.size()).value(), text);
    EXPECT_EQ(packed, compress(text)) << "the same bytes each time";
  });
}

TEST(Compress, UnpacksNoMoreThanAllowed) {
  const auto bomb = compress(std::string(50'000'000, '\0'));
  EXPECT_LT(bomb.size(), 10'000U);
  EXPECT_EQ(code_of(decompress(bomb, 1'000'000)), Code::Exhausted);
  EXPECT_EQ(code_of(decompress(compress("x"), 0)), Code::Exhausted);
}

TEST(Compress, DamageIsFound) {
  const auto packed = compress("a text that is long enough to be worth a frame, a frame, a frame");
  for (std::size_t at = 0; at < packed.size(); ++at) {
    auto damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const auto text = decompress(damaged, 1000);
    // Not every bit of a frame carries meaning; what unpacks is what was packed.
    if (text) {
      EXPECT_EQ(*text, *decompress(packed, 1000));
    }
    EXPECT_EQ(code_of(decompress(packed.substr(0, at), 1000)), Code::Corrupt) << at;
  }
}

}  // namespace
}  // namespace winnow
