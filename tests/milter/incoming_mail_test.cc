#include "milter/incoming_mail.h"

#include "tests/support/support.h"

namespace winnow::milter {
namespace {

using namespace std::string_view_literals;
using State = IncomingMail::State;

struct IncomingMailTest : ::testing::Test {
  Room room{1UL << 20};
  IncomingMail mail{256UL << 10, room};
  std::string all() { return std::string(mail.with_trace("T: 1\r\n")); }
};

TEST_F(IncomingMailTest, IsPutTogetherAsTheMtaHasIt) {
  mail.field("From", " Ann <ann@shop.example>");
  mail.field("Subject", "  two\n\tlines\r\n and\ta third ");
  mail.field("X-Odd", "");
  mail.field("X-8bit", " caf\xE9 \0 nul"sv);
  mail.end_of_fields();
  mail.body("one\r\n.\rtwo");
  mail.body("\0three\n"sv);
  EXPECT_EQ(all(),
            "T: 1\r\nFrom: Ann <ann@shop.example>\r\nSubject:  two\r\n\tlines\r\n and\ta third \r\n"
            "X-Odd:\r\nX-8bit: caf\xE9 \0 nul\r\n\r\none\r\n.\rtwo\0three\n"sv);
}

TEST_F(IncomingMailTest, HasItsBlankLineAlsoWithoutABody) {
  mail.field("A", " b");
  EXPECT_EQ(all(), "T: 1\r\nA: b\r\n\r\n");
}

TEST_F(IncomingMailTest, KnowsTheFieldsThatCallThemselvesOurs) {
  mail.field("x-winnow-route", " close");
  mail.field("X-WINNOW-Score", " 0");
  mail.field("X-Winnow-Route", " close");
  mail.field("X-Winnowing", " fine");
  mail.field("Subject", " X-Winnow-Route: in a text is no field\n X-Winnow-Route: nor in a fold");
  ASSERT_EQ(mail.forged().size(), 3U);
  EXPECT_EQ(mail.forged()[0].name, "x-winnow-route");
  EXPECT_EQ(mail.forged()[0].index, 1U);
  EXPECT_EQ(mail.forged()[1].index, 1U);
  EXPECT_EQ(mail.forged()[2].name, "X-Winnow-Route");
  EXPECT_EQ(mail.forged()[2].index, 2U);
  EXPECT_FALSE(mail.is_beyond_repair());
}

TEST_F(IncomingMailTest, IsBeyondRepairWithOneHiddenBehindALoneEndOfLine) {
  mail.field("Subject", " hello\rx-winnow-route: close");
  EXPECT_TRUE(mail.is_beyond_repair());
  mail.clear();
  EXPECT_FALSE(mail.is_beyond_repair());
  mail.field("Subject", " hello\r\rfine\r");
  EXPECT_FALSE(mail.is_beyond_repair());
}

TEST_F(IncomingMailTest, KeepsNothingOfOneWithANameThatNobodyWrites) {
  const auto longest = "X-Winnow-" + std::string(IncomingMail::kLongestForged - 9, 'a');
  mail.field(longest, " b");
  EXPECT_FALSE(mail.is_beyond_repair());
  mail.field(longest + "a", " b");
  EXPECT_TRUE(mail.is_beyond_repair());
  mail.field("X-Winnow-A", " b");
  EXPECT_EQ(mail.forged().size(), 1U);
}

TEST_F(IncomingMailTest, IsBeyondRepairWithMoreForgedOnesThanAreRemoved) {
  for (std::size_t i = 0; i < IncomingMail::kMostForged; ++i) mail.field("X-Winnow-A", " b");
  EXPECT_FALSE(mail.is_beyond_repair());
  for (int i = 0; i < 1000; ++i) mail.field("X-Winnow-" + std::to_string(i), " b");
  EXPECT_TRUE(mail.is_beyond_repair());
  EXPECT_LE(mail.forged().size(), IncomingMail::kMostForged + 1) << "and no more is kept of them";
}

TEST_F(IncomingMailTest, TooLargeKeepsNothingAndCountsOn) {
  mail.field("A", " b");
  for (int i = 0; i < 300; ++i) mail.body(std::string(1000, 'x'));
  EXPECT_EQ(mail.state(), State::TooLarge);
  EXPECT_EQ(mail.bytes(), 6 + 2 + 300'000U);
  EXPECT_TRUE(room.take(1UL << 20)) << "its memory is free again";
  room.give_back(1UL << 20);
  mail.clear();
  EXPECT_EQ(mail.state(), State::Whole);
  mail.body("small");
  EXPECT_EQ(all(), "T: 1\r\n\r\nsmall");
}

TEST_F(IncomingMailTest, AMailOfExactlyTheLimitIsWhole) {
  mail.body(std::string((256UL << 10) - 2 - 6, 'x'));
  EXPECT_EQ(all().size(), 256UL << 10);
  EXPECT_EQ(mail.state(), State::Whole);
}

TEST_F(IncomingMailTest, MailsShareOneRoom) {
  ASSERT_TRUE(room.take((1UL << 20) - (100UL << 10)));
  mail.body(std::string(50'000, 'x'));
  EXPECT_EQ(mail.state(), State::Whole);
  IncomingMail other(256UL << 10, room);
  other.body(std::string(50'000, 'x'));
  EXPECT_EQ(other.state(), State::NoRoom);
  mail.clear();
  other.clear();
  other.body(std::string(50'000, 'x'));
  EXPECT_EQ(other.state(), State::Whole);
}

}  // namespace
}  // namespace winnow::milter
