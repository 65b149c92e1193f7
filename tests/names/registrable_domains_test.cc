#include "names/registrable_domains.h"

#include <array>

#include <fmt/format.h>

#include "names/domain.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

// Far more names than are remembered, in any order, some of them often.
TEST(RegistrableDomains, SayWhatTheListSays) {
  testing::for_each_seed(20, [](Rng& rng) {
    RegistrableDomains domains;
    for (int i = 0; i < 500; ++i) {
      const auto* const suffix =
          std::to_array({".example", ".co.uk", "co.uk", ".github.io", ".com", ""})[rng.below(6)];
      const auto name = fmt::format("{}{}", rng.below(2) == 0 ? "" : "a.b", rng.below(60)) + suffix;
      EXPECT_EQ(domains.of(name), registrable_domain(name)) << name;
    }
  });
}

TEST(RegistrableDomains, AnswerWithAViewOfTheQuestion) {
  RegistrableDomains domains;
  for (int i = 0; i < 2; ++i) {
    const std::string name = "www.shop.example.co.uk";
    EXPECT_EQ(domains.of(name).data(), name.data() + name.find("example"));
  }
  EXPECT_EQ(domains.of(""), "");
  EXPECT_EQ(domains.of("192.0.2.1"), "");
}

}  // namespace
}  // namespace winnow
