// docs/identity.md says of each witness what the table of the code says.
#include <fmt/format.h>

#include "identity/witness.h"
#include "tests/support/support.h"

namespace winnow::identity {
namespace {

std::string time_text(Duration time) {
  const auto minutes = time / std::chrono::minutes(1);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60) : fmt::format("{} min", minutes);
}

TEST(IdentityDocumentation, HasEachWitnessAsItIs) {
  const auto text =
      read_file(winnow::testing::source_folder() / "docs/identity.md", 1UL << 20).value();
  std::size_t from = text.find("| witness | strength |");
  ASSERT_NE(from, std::string::npos);
  for (const auto& facts : witnesses()) {
    from = text.find(fmt::format("\n| {} | {} | ", facts.name, name_of(facts.strength)), from);
    ASSERT_NE(from, std::string::npos) << facts.name << ": not there, or not in the code's order";
    const auto row = text.substr(from + 1, text.find('\n', from + 1) - from - 1);
    EXPECT_TRUE(row.ends_with(time_text(facts.holds) + " |")) << row;
  }
}

}  // namespace
}  // namespace winnow::identity
