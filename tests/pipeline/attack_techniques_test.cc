#include "pipeline/attack_techniques.h"

#include <regex>

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(AttackTechniques, HaveNames) {
  EXPECT_EQ(technique_name("T1071.001"), "Application Layer Protocol: Web Protocols");
  EXPECT_EQ(technique_text("T1046"), "T1046 Network Service Discovery");
  EXPECT_EQ(technique_name("T9999"), "");
  EXPECT_EQ(technique_text("T9999"), "T9999");
  EXPECT_EQ(technique_name(""), "");
  EXPECT_EQ(technique_name("T1001"), "Data Obfuscation") << "the first";
}

TEST(AttackTechniques, OfEveryShippedPolicyHaveNames) {
  static const std::regex kTechnique("technique: (T[0-9.]+)");
  for (const auto* policy : {"mail", "network", "endpoint", "cloud", "alerts"}) {
    const auto file =
        testing::source_folder() / "content/policies" / (std::string(policy) + ".yaml");
    const auto text = read_file(file, 1UL << 20).value();
    for (std::sregex_iterator it(text.begin(), text.end(), kTechnique), end; it != end; ++it)
      EXPECT_NE(technique_name((*it)[1].str()), "") << policy << ": " << (*it)[1];
  }
}

}  // namespace
}  // namespace winnow
