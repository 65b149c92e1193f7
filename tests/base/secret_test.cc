#include "base/secret.h"

#include <gtest/gtest.h>

namespace winnow {
namespace {

TEST(Secret, RandomBytesDifferEachTime) {
  const auto first = random_bytes(32), second = random_bytes(32);
  EXPECT_EQ(first.size(), 32U);
  EXPECT_NE(first, second);
  EXPECT_TRUE(random_bytes(0).empty());
}

TEST(Secret, EqualMeansEveryByte) {
  const std::string secret = random_bytes(32);
  EXPECT_TRUE(equal_in_constant_time(secret, std::string(secret)));
  for (std::size_t i = 0; i < secret.size(); ++i) {
    auto other = secret;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(equal_in_constant_time(secret, other)) << i;
  }
  EXPECT_FALSE(equal_in_constant_time(secret, secret.substr(1)));
  EXPECT_TRUE(equal_in_constant_time("", ""));
}

}  // namespace
}  // namespace winnow
