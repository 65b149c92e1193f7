#include "base/bytes.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(Bytes, WhatWasPutComesBack) {
  ByteWriter writer;
  writer.put(std::uint8_t{7})
      .put(std::int64_t{-5})
      .put(1.5)
      .put_count(300)
      .put_text("abc")
      .put_raw("xy");
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.get<std::uint8_t>(), 7);
  EXPECT_EQ(reader.get<std::int64_t>(), -5);
  EXPECT_EQ(reader.get<double>(), 1.5);
  EXPECT_EQ(reader.get_count(), 300U);
  EXPECT_EQ(reader.get_text(), "abc");
  EXPECT_EQ(reader.get_raw(2), "xy");
  EXPECT_OK(reader.finish("record"));
}

TEST(Bytes, ACountHasOneSpelling) {
  for (const std::string_view longer :
       {std::string_view("\x80\0", 2), std::string_view("\xff\x80\0", 3),
        std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x03")}) {
    ByteReader reader(longer);
    EXPECT_EQ(reader.get_count(), 0U);
    EXPECT_FALSE(reader.ok());
  }
  ByteReader greatest("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  EXPECT_EQ(greatest.get_count(), UINT64_MAX);
  EXPECT_TRUE(greatest.ok());
}

TEST(Bytes, EveryTruncationIsSeen) {
  ByteWriter writer;
  writer.put_count(1'000'000).put_text("hello").put(std::uint32_t{1});
  const auto& whole = writer.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ByteReader reader(std::string_view(whole).substr(0, size));
    reader.get_count();
    reader.get_text();
    reader.get<std::uint32_t>();
    EXPECT_EQ(testing::code_of(reader.finish("record")), Code::Corrupt) << size;
  }
}

TEST(Bytes, AHostileCountIsRefusedBeforeItIsBelieved) {
  ByteWriter writer;
  writer.put_count(std::uint64_t{1} << 60);
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.get_item_count(4), 0U);
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace winnow
