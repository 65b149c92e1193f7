#include "cli/console.h"

#include "tests/support/support.h"

namespace winnow::cli {
namespace {

TEST(Console, TextFromMailsCannotRepaintTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\rc\nd\xff"), "a?[31mb c d\uFFFD");
  EXPECT_EQ(printable("invoice\u202Efdp.exe"), "invoice?fdp.exe");
  EXPECT_EQ(printable("größe 請求書"), "größe 請求書");
}

TEST(Console, NumbersReadWell) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1'234'567), "1,234,567");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1536), "1.5 KiB");
}

TEST(Table, FitsTheTerminalByCuttingItsLastColumn) {
  Console console({.width = 40});
  Table table({{"id"}, {"n", true}, {"subject"}});
  table.add({"d-1", "7", std::string(100, 'x')});
  table.add({"d-22", "1234", "請求書"});
  ::testing::internal::CaptureStdout();
  table.print(console);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(),
            "id       n  subject\n"
            "d-1      7  " +
                std::string(27, 'x') +
                "…\n"
                "d-22  1234  請求書\n");
}

TEST(Console, JsonAndTextExcludeEachOther) {
  ::testing::internal::CaptureStdout();
  Console json({.json = true});
  json.line("text");
  json.document("things", Json::object({{"n", 1}}));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "{\"schema\":\"winnow.things/1\",\"n\":1}\n");
  ::testing::internal::CaptureStdout();
  Console text(Console::Settings{});
  text.line("text");
  text.document("things", Json::object({{"n", 1}}));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "text\n");
}

}  // namespace
}  // namespace winnow::cli
