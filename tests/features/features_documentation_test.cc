// docs/features.md says of each function what its table says.
#include <fmt/format.h>

#include "features/detail/primitive.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

TEST(Documentation, ListsEveryFunctionAsItIs) {
  const auto page = read_file(testing::source_folder() / "docs/features.md", 1UL << 20);
  ASSERT_OK(page);
  std::string missing;
  const auto check = [&](std::string_view name, std::string_view signature,
                         std::string_view meaning) {
    const auto row =
        fmt::format("| `{}` | {} | {} |\n", escaped(name), signature, escaped(meaning));
    if (page->find(row) == std::string::npos) missing += row;
  };
  for (const auto* primitive : features::all_primitives())
    check(primitive->name, primitive->signature, primitive->meaning);
  for (const auto& aggregate : features::aggregates())
    check(aggregate.name, aggregate.signature, aggregate.meaning);
  EXPECT_EQ(missing, "") << "docs/features.md lacks these rows";
}

TEST(Primitives, HaveSignaturesThatRead) {
  for (const auto* primitive : features::all_primitives())
    features::read_signature(primitive->signature);
  for (const auto& aggregate : features::aggregates()) {
    EXPECT_EQ(features::read_signature(aggregate.signature).parameters[0], features::Type::List);
  }
}

}  // namespace
}  // namespace winnow
