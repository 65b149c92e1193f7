#include "base/digest.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(Digest, IsSha256) {  // FIPS 180-2, appendix B.1
  EXPECT_EQ(sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256().update("a").update("bc").finish(), sha256("abc"));
}

TEST(Digest, ReadsOnlyWholeHex) {
  const auto digest = sha256("x");
  EXPECT_EQ(*Digest::from_hex(digest.hex()), digest);
  EXPECT_EQ(testing::code_of(Digest::from_hex(digest.hex().substr(2))), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(Digest::from_hex(std::string(64, 'g'))), Code::InvalidArgument);
}

TEST(Base64, FollowsRfc4648) {  // section 10
  for (const auto& [plain, coded] : {std::pair{"", ""},
                                     {"f", "Zg=="},
                                     {"fo", "Zm8="},
                                     {"foo", "Zm9v"},
                                     {"foob", "Zm9vYg=="},
                                     {"fooba", "Zm9vYmE="},
                                     {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(plain), coded);
    EXPECT_EQ(*from_base64(coded), plain);
  }
  for (const auto* wrong : {"Zg=", "Zh==", "Z===", "Zm9*", "=Zm9", "Zg==Zg=="}) {
    EXPECT_EQ(testing::code_of(from_base64(wrong)), Code::InvalidArgument) << wrong;
  }
}

}  // namespace
}  // namespace winnow
