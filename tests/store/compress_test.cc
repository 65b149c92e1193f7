#include "store/compress.h"

#include <thread>

#include <fmt/format.h>

#include "base/digest.h"
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

// Records are compared by their bytes, also compressed: what a thread compressed before, or at
// which level, shows in nothing.
TEST(Compress, DoesNotDependOnWhatWasCompressedBefore) {
  testing::for_each_seed(20, [](Rng& rng) {
    const auto text = [&] {
      std::string made;
      for (auto words = rng.below(3000); words > 0; --words)
        made += fmt::format("\"key{}\":{},", rng.below(40), rng.below(1000));
      return made;
    };
    const auto probe = text();
    std::string fresh;
    std::thread([&] { fresh = compress(probe); }).join();  // a thread begins with nothing
    for (int i = 0; i < 10; ++i) {
      compress(text(), static_cast<int>(rng.below(19)) + 1);
      EXPECT_EQ(compress(probe), fresh);
    }
  });
}

TEST(Compress, UnpacksNoMoreThanAllowed) {
  std::string zeros;
  zeros.resize(50'000'000);
  const auto bomb = compress(zeros);
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

// As `gzip -9` packs "a text that is long enough", and 100,000 zero bytes.
constexpr std::string_view kGzip =
    "H4sIAAAAAAACA0tUKEmtKFEoyUgsUcgsVsjJz0tXSM3LL03PAACsevJlGgAAAA==";
constexpr std::string_view kGzipBomb =
    "H4sIAAAAAAACA+3BMQEAAADCoPVPbQ0PoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AIBXA32VEdSghgEA";

std::string unbase64(std::string_view text) { return from_base64(text).value(); }

TEST(Gunzip, UnpacksOneMemberOrMore) {
  const auto packed = unbase64(kGzip);
  const std::string text = "a text that is long enough";
  EXPECT_EQ(gunzip(packed, text.size()).value(), text);
  EXPECT_EQ(gunzip(packed + packed, 1000).value(), text + text);
}

TEST(Gunzip, UnpacksNoMoreThanAllowed) {
  EXPECT_EQ(gunzip(unbase64(kGzipBomb), 100'000).value(), std::string(100'000, '\0'));
  EXPECT_EQ(code_of(gunzip(unbase64(kGzipBomb), 99'999)), Code::Exhausted);
  EXPECT_EQ(code_of(gunzip(unbase64(kGzip), 0)), Code::Exhausted);
}

TEST(Gunzip, DamageIsFound) {
  const auto packed = unbase64(kGzip);
  EXPECT_EQ(code_of(gunzip("", 1000)), Code::Corrupt);
  EXPECT_EQ(code_of(gunzip(packed + "more", 1000)), Code::Corrupt);
  for (std::size_t at = 0; at < packed.size(); ++at) {
    auto damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const auto text = gunzip(damaged, 1000);
    // The time and the system of the packer in the head mean nothing.
    if (text) {
      EXPECT_EQ(*text, *gunzip(packed, 1000));
    }
    EXPECT_EQ(code_of(gunzip(packed.substr(0, at), 1000)), Code::Corrupt) << at;
  }
}

}  // namespace
}  // namespace winnow
