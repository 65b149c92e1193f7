#include "model/detail/ubjson.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using namespace std::string_literals;

TEST(Ubjson, ReadsWhatXgboostWrites) {
  const auto document = parse_ubjson(
      "{L\0\0\0\0\0\0\0\1a[$d#L\0\0\0\0\0\0\0\2\x3f\x80\0\0\xc0\0\0\0"
      "i\1b[#i\3i\xffI\x01\x02Si\2hi"
      "U\1c[TFZ]}"s);
  ASSERT_OK(document);
  EXPECT_EQ(to_text(*document), R"({"a":[1,-2],"b":[-1,258,"hi"],"c":[true,false,null]})");
}

TEST(Ubjson, RefusesWhatIsMalformed) {
  for (const auto& bytes :
       {""s, "{"s, "["s, "[i"s, "[$d"s, "[$d#i\2\0"s, "[$Z#i\2"s, "[#i\x80"s, "Si\5abc"s, "H"s,
        "[#d\0\0\0\0"s, "{i\1ai\1i\1ai\2}"s, "i\1i\1"s, "Q"s}) {
    EXPECT_EQ(code_of(parse_ubjson(bytes)), Code::InvalidArgument) << bytes;
  }
}

TEST(Ubjson, RefusesHugeCountsBeforeItMakesRoom) {
  EXPECT_EQ(code_of(parse_ubjson("[$U#L\x7f\xff\xff\xff\xff\xff\xff\xff"s)), Code::InvalidArgument);
  EXPECT_EQ(code_of(parse_ubjson("[#L\x0f\xff\xff\xff\xff\xff\xff\xff"s)), Code::InvalidArgument);
}

TEST(Ubjson, KeepsItsLimits) {
  EXPECT_EQ(code_of(parse_ubjson(std::string(1000, '['))), Code::Exhausted);
  const auto many = "[$U#i\x64"s + std::string(100, '\1');
  EXPECT_OK(parse_ubjson(many));
  EXPECT_EQ(code_of(parse_ubjson(many, {.max_values = 50, .max_depth = 8})), Code::Exhausted);
}

}  // namespace
}  // namespace winnow
