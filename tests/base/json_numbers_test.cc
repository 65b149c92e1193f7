#include "base/json_numbers.h"

#include <cmath>

#include <fmt/format.h>

#include "base/rng.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

TEST(JsonNumbers, ReadsNamesAndNumbersInTheirOrder) {
  JsonNumbers reader(10);
  const auto read = reader.read(R"( {"links": 3, "share" : -2.5e-1, "big":18446744073709551615,)"
                                R"("yes":true,"no":false,"missing":null,"":1,"\u00e4":0} )");
  ASSERT_OK(read);
  ASSERT_EQ(read->size(), 8U);
  const auto& members = *read;
  EXPECT_EQ(members[0].name, "links");
  EXPECT_EQ(members[0].value, 3);
  EXPECT_EQ(members[1].value, -0.25);
  EXPECT_EQ(members[2].value, 18446744073709551615.0);
  EXPECT_EQ(members[3].value, 1);
  EXPECT_EQ(members[4].value, 0);
  EXPECT_TRUE(std::isnan(members[5].value));
  EXPECT_EQ(members[6].name, "");
  EXPECT_EQ(members[7].name, "ä");
}

TEST(JsonNumbers, RefusesWhatIsSomethingElse) {
  JsonNumbers reader(3);
  for (const std::string_view text :
       {"", " ", "[1]", "1", R"({"a":"1"})", R"({"a":[1]})", R"({"a":{"b":1}})", R"({"a":1)",
        R"({"a":1}{"b":2})", R"({"a":NaN})", R"({"a":01})", "{\"\xFF\":1}", R"({"a":[[[[1]]]]})"})
    EXPECT_EQ(code_of(reader.read(text)), Code::InvalidArgument) << text;
  EXPECT_EQ(code_of(reader.read(R"({"a":1,"b":2,"c":3,"d":4})")), Code::InvalidArgument);
  EXPECT_EQ(reader.read(R"({"a":1,"b":2,"c":3})")->size(), 3U) << "it goes on after a refusal";
}

TEST(JsonNumbers, ReadsTextsOfAnySizeOneAfterTheOther) {
  JsonNumbers reader(2000);
  testing::for_each_seed(20, [&](Rng& rng) {
    const auto count = rng.below(2000);
    std::string text = "{";
    for (std::uint64_t i = 0; i < count; ++i)
      text += fmt::format("{}\"name{}\":{}", i == 0 ? "" : ",", i, i * 0.5);
    text += "}";
    const auto read = reader.read(text);
    ASSERT_OK(read);
    ASSERT_EQ(read->size(), count);
    if (count > 0) {
      EXPECT_EQ(read->back().value, static_cast<double>(count - 1) * 0.5);
    }
  });
}

}  // namespace
}  // namespace winnow
