#include "base/json.h"

#include <bit>
#include <cmath>

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

TEST(Json, ReadsAndWritesWhatWasWritten) {
  const std::string text = R"({"b":[1,-2.5,"x\n\"",null,true],"a":{"deep":[]}})";
  EXPECT_EQ(to_text(*parse_json(text)), text);
}

struct NumberCase {
  std::uint64_t bits;
  const char* text;
};
class Rfc8785Number : public ::testing::TestWithParam<NumberCase> {};
TEST_P(Rfc8785Number, HasOneForm) {
  std::string out;
  append_json_number(out, std::bit_cast<double>(GetParam().bits));
  EXPECT_EQ(out, GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(  // RFC 8785 appendix B
    AppendixB, Rfc8785Number,
    ::testing::Values(NumberCase{0x0000000000000000, "0"}, NumberCase{0x8000000000000000, "0"},
                      NumberCase{0x0000000000000001, "5e-324"},
                      NumberCase{0x8000000000000001, "-5e-324"},
                      NumberCase{0x7fefffffffffffff, "1.7976931348623157e+308"},
                      NumberCase{0x4340000000000000, "9007199254740992"},
                      NumberCase{0x4430000000000000, "295147905179352830000"},
                      NumberCase{0x44b52d02c7e14af5, "9.999999999999997e+22"},
                      NumberCase{0x44b52d02c7e14af6, "1e+23"},
                      NumberCase{0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                      NumberCase{0x444b1ae4d6e2ef4e, "999999999999999700000"},
                      NumberCase{0x444b1ae4d6e2ef50, "1e+21"},
                      NumberCase{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                      NumberCase{0x3eb0c6f7a0b5ed8d, "0.000001"},
                      NumberCase{0x41b3de4355555555, "333333333.3333333"},
                      NumberCase{0xbecbf647612f3696, "-0.0000033333333333333333"}));

TEST(Json, NothingAtAllIsNoJson) {
  EXPECT_EQ(testing::code_of(parse_json(std::string_view())), testing::code_of(parse_json("")));
  EXPECT_FALSE(parse_json(std::string_view()));
}

TEST(Json, CanonicalFormSortsByUtf16) {  // RFC 8785 section 3.2.3
  const auto json = parse_json(
      "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
      "\"\\u00f6\":7}");
  ASSERT_OK(json);
  EXPECT_EQ(
      *to_canonical(*json),
      "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\U0001F600\":5,\"\ufb33\":3}");
}

TEST(Json, CanonicalFormRefusesWhatHasNone) {
  EXPECT_EQ(code_of(to_canonical(Json(std::nan("")))), Code::InvalidArgument);
  EXPECT_EQ(code_of(to_canonical(Json(std::int64_t{1} << 60))), Code::InvalidArgument);
  EXPECT_EQ(code_of(to_canonical(Json(INT64_MIN))), Code::InvalidArgument);
  EXPECT_EQ(code_of(to_canonical(Json("\xff"))), Code::InvalidArgument);
}

TEST(Json, IntegersBeyond64BitsAreTheDoublesTheyStandFor) {  // as canonical JSON writes them
  const std::string text =
      R"([-9223372036854775808,18446744073709552000,-100000000000000000000,"184467440737095520001\\"])";
  const auto json = parse_json(text);
  ASSERT_OK(json);
  EXPECT_EQ((*json)[0], Json(INT64_MIN));  // its neighbours change nothing
  EXPECT_EQ((*json)[1].as_double(), 18446744073709552000.0);
  EXPECT_EQ((*json)[2].as_double(), -1e20);
  EXPECT_EQ(to_text(*json), text);
  EXPECT_EQ(code_of(parse_json("[00000000000000000000001]")), Code::InvalidArgument);
}

TEST(Json, TheCanonicalFormOfADoubleReadsBackAsItself) {
  for (const double number : {1e15, 1e16, 1e17, 0x1p60, -0x1p63, 0x1p64, 1e20, 1e21, 1e-7}) {
    const auto canonical = to_canonical(Json(number)).value();
    EXPECT_EQ(to_canonical(parse_json(canonical).value()).value(), canonical);
  }
}

TEST(Json, RefusesWhatIsNotOneBoundedDocument) {
  for (const auto* wrong :
       {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "1 2", "\"\xff\"", "nul", "[1e999]"}) {
    EXPECT_EQ(code_of(parse_json(wrong)), Code::InvalidArgument) << wrong;
  }
  EXPECT_EQ(code_of(parse_json(std::string(5000, '[') + std::string(5000, ']'))), Code::Exhausted);
  EXPECT_EQ(code_of(parse_json("[1,2,3]", {.max_bytes = 3})), Code::Exhausted);
  EXPECT_OK(parse_json("[[1]]", {.max_depth = 2}));
  EXPECT_EQ(code_of(parse_json("[[[1]]]", {.max_depth = 2})), Code::Exhausted);
}

TEST(Json, NeededMembersSayWhatTheyFound) {
  const auto json = *parse_json(R"({"n": "x"})");
  EXPECT_EQ(json.need_int("n").error().message(),
            "member 'n' should be an integer and is a string");
  EXPECT_EQ(json.need_string("m").error().message(),
            "member 'm' should be a string and is nothing");
}

}  // namespace
}  // namespace winnow
