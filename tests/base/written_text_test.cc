#include "base/written_text.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

TEST(WrittenText, LosesItsOuterBlanksAndKeepsItsLines) {
  EXPECT_EQ(written_text("  first\n\tsecond  ", 100, "note").value(), "first\n\tsecond");
  EXPECT_EQ(written_text(std::string(100, 'x'), 100, "note")->size(), 100U);
  EXPECT_EQ(written_line(" Ann \xc3\x84. ", 100, "actor").value(), "Ann \xc3\x84.");
}

TEST(WrittenText, IsRefusedByName) {
  using namespace std::string_literals;
  for (const auto& text : {""s, " \n "s, std::string(101, 'x'), "\xff"s, "a\0b"s, "a\x1b[31mb"s}) {
    const auto read = written_text(text, 100, "note");
    ASSERT_EQ(code_of(read), Code::InvalidArgument) << text;
    EXPECT_NE(read.error().message().find("note"), std::string::npos);
  }
  EXPECT_EQ(code_of(written_line("two\nlines", 100, "actor")), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
