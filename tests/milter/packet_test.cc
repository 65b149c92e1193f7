#include "milter/packet.h"

#include "tests/milter/mta.h"
#include "tests/support/support.h"

namespace winnow::milter {
namespace {

using testing::code_of;
using testing::packet;

TEST(MilterPacket, IsReadOnceItIsThereAsAWhole) {
  const auto bytes = packet('H', std::string("mx.example\0", 11)) + packet('Q');
  for (std::size_t size = 0; size < 16; ++size) {
    const auto part = first_packet(std::string_view(bytes).substr(0, size));
    ASSERT_OK(part);
    EXPECT_FALSE(part->has_value()) << size;
  }
  const auto first = first_packet(bytes);
  ASSERT_OK(first);
  ASSERT_TRUE(first->has_value());
  EXPECT_EQ((*first)->packet.command, Command::Helo);
  EXPECT_EQ((*first)->packet.data.size(), 11U);
  const auto second = first_packet(std::string_view(bytes).substr((*first)->bytes));
  EXPECT_EQ((*second)->packet.command, Command::Quit);
  EXPECT_TRUE((*second)->packet.data.empty());
}

TEST(MilterPacket, WhatNoMtaSendsIsRefusedBeforeItIsThere) {
  EXPECT_EQ(code_of(first_packet(std::string(4, '\0'))), Code::InvalidArgument);
  EXPECT_EQ(code_of(first_packet(packet('z'))), Code::InvalidArgument);
  EXPECT_EQ(code_of(first_packet(packet('\0'))), Code::InvalidArgument);
  EXPECT_EQ(code_of(first_packet(testing::word(kMaxPacketBytes + 1))), Code::Exhausted);
  EXPECT_EQ(code_of(first_packet("GET / HTTP/1.1\r\n\r\n")), Code::Exhausted);
  EXPECT_EQ(code_of(Terms::read("12345678901")), Code::InvalidArgument);
}

TEST(MilterPacket, TextsEndAtTheirNulOrWithTheData) {
  EXPECT_EQ((texts_in<2>(std::string_view("a\0b\0c", 5))),
            (std::array<std::string_view, 2>{"a", "b"}));
  EXPECT_EQ((texts_in<2>("a")), (std::array<std::string_view, 2>{"a", ""}));
  EXPECT_EQ((texts_in<2>(std::string_view("\0b", 2))), (std::array<std::string_view, 2>{"", "b"}));
  EXPECT_EQ((texts_in<1>("")), (std::array<std::string_view, 1>{""}));
}

}  // namespace
}  // namespace winnow::milter
