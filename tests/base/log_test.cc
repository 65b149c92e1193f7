#include "base/log.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace winnow {
namespace {

// What clients, mails and file names may bring into a field.
const std::string kHostile = std::string(
                                 "\n{\"level\":\"error\"}\r\n\x1b[31mred\x1b[0m \"quoted\" \\ "
                                 "\xff\xfe \xe2\x80\xa8 {}{0} %s") +
                             '\0' + "behind";

class LogLine : public ::testing::Test {
 protected:
  ~LogLine() override { log::configure(log::Level::Info, log::Form::Text); }
  static std::string written(log::Form form) {
    log::configure(log::Level::Info, form);
    ::testing::internal::CaptureStderr();
    log::warn("a constant phrase", {{"hostile", kHostile},
                                    {"nested", Json::object({{kHostile, Json::array({kHostile})}})},
                                    {"number", 7}});
    log::debug("not at this level");
    return ::testing::internal::GetCapturedStderr();
  }
};

TEST_F(LogLine, IsOneJsonObjectWhateverItsFieldsHold) {
  const auto text = written(log::Form::JsonLines);
  ASSERT_EQ(std::ranges::count(text, '\n'), 1) << text;
  EXPECT_EQ(text.back(), '\n');
  EXPECT_TRUE(std::ranges::none_of(text.substr(0, text.size() - 1), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  })) << text;
  const auto json = parse_json(text);
  ASSERT_TRUE(json.has_value()) << text;
  EXPECT_EQ((*json)["level"].as_string(), "warn");
  EXPECT_EQ((*json)["message"].as_string(), "a constant phrase");
  EXPECT_EQ((*json)["number"].as_int(), 7);
  EXPECT_TRUE((*json)["hostile"].as_string().starts_with("\n{\"level\"")) << "what it held is kept";
  EXPECT_TRUE((*json)["hostile"].as_string().ends_with("behind"));
}

TEST_F(LogLine, IsOneLineOnATerminalAndMovesNoCursor) {
  const auto text = written(log::Form::Text);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
}

}  // namespace
}  // namespace winnow
