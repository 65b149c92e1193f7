#include "base/json_paths.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

struct Case {
  const char* name;
  const char* record;
  std::vector<std::string_view> paths;
};

class JsonPathsOf : public ::testing::TestWithParam<Case> {};

TEST_P(JsonPathsOf, AreThoseOfItsValues) {
  JsonPaths paths;
  ASSERT_OK(paths.read(GetParam().record));
  EXPECT_EQ(paths.paths(), GetParam().paths);
}

INSTANTIATE_TEST_SUITE_P(
    Records, JsonPathsOf,
    ::testing::Values(
        Case{"Members", R"({"b":1,"a":"x","c":true})", {"b", "a", "c"}},
        Case{"Inner", R"({"a":{"b":{"c":1},"d":2},"e":3})", {"a.b.c", "a.d", "e"}},
        Case{"Nulls", R"({"a":null,"b":{"c":null}})", {}},
        Case{"EmptyObjects", R"({"a":{},"b":[{}]})", {"a", "b.*"}},
        Case{"Lists", R"({"a":[1,2,3],"b":[],"c":[null]})", {"a.*"}},
        Case{"ItemsInTurn", R"({"a":[{"b":1,"c":2},{"b":3}]})", {"a.*.b", "a.*.c", "a.*.b"}},
        Case{"Escapes", R"({"\u0061\"":1})", {"a\""}},
        Case{"LongNumbers", R"({"a":123456789012345678901234567890,"b":1})", {"a", "b"}}),
    [](const auto& one) { return one.param.name; });

TEST(JsonPaths, RecordsOfOneShapeHaveOne) {
  JsonPaths paths;
  const auto shape = [&](std::string_view record) {
    EXPECT_OK(paths.read(record));
    return paths.shape();
  };
  const auto one = shape(R"({"a":{"b":1},"c":[1,2]})");
  EXPECT_EQ(shape(R"({"a":{"b":"text"},"c":[3]})"), one);
  EXPECT_NE(shape(R"({"c":[1,2],"a":{"b":1}})"), one);
  EXPECT_NE(shape(R"({"a":{"b":1}})"), one);
  // The same letters, other steps.
  EXPECT_NE(shape(R"({"ab":1,"c":1})"), shape(R"({"a":1,"bc":1})"));
}

// Each path repeats the keys above it: few bytes could become gigabytes.
TEST(JsonPaths, LongKeysAboveManyMembersAreNotMultiplied) {
  const auto bytes_below = [](std::size_t length) {
    std::string record = "{\"" + std::string(length, 'k') + "\":{\"m\":0";
    for (int i = 0; i < 5000; ++i) record += ",\"" + std::to_string(i) + "\":1";
    JsonPaths paths;
    EXPECT_OK(paths.read(record + "},\"z\":1}"));
    std::size_t bytes = 0;
    for (const auto path : paths.paths()) bytes += path.size();
    return bytes;
  };
  EXPECT_EQ(bytes_below(500'000), 1U) << "a key that is too long hides what is below it alone";
  EXPECT_GT(bytes_below(1000), JsonPaths::kMostBytes);
  EXPECT_LT(bytes_below(1000), JsonPaths::kMostBytes + JsonPaths::kMostLength);
}

TEST(JsonPaths, WhatIsNoJsonIsRefusedAndForgotten) {
  JsonPaths paths;
  ASSERT_OK(paths.read(R"({"a":1})"));
  EXPECT_EQ(testing::code_of(paths.read(R"({"b":)")), Code::InvalidArgument);
  EXPECT_TRUE(paths.paths().empty());
  EXPECT_EQ(testing::code_of(paths.read("")), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
