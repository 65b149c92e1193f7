#include "ingest/records/syslog_frames.h"

#include <vector>

#include <gmock/gmock.h>

#include "base/rng.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using std::string_literals::operator""s;

constexpr std::size_t kMost = 16;

// Messages, those that were cut with "..." behind.
std::vector<std::string> frames_of(std::string_view bytes, std::size_t chunk = SIZE_MAX) {
  SyslogFrames frames(kMost);
  std::vector<std::string> found;
  const auto take = [&](const std::optional<SyslogFrames::Frame>& frame) {
    if (frame) found.push_back(std::string(frame->message) + (frame->cut ? "..." : ""));
    return frame.has_value();
  };
  while (!bytes.empty()) {
    frames.add(bytes.substr(0, chunk));
    bytes.remove_prefix(std::min(chunk, bytes.size()));
    while (take(frames.next())) {
    }
  }
  take(frames.finish());
  return found;
}

TEST(SyslogFrames, EndAtLineEnds) {
  EXPECT_THAT(frames_of("<1>a\n<2>b\r\n\n<3>c\0<4>d"s),
              ElementsAre("<1>a", "<2>b", "<3>c", "<4>d"));
}

TEST(SyslogFrames, EndWhereTheirLengthSays) {
  EXPECT_THAT(frames_of("4 <1>a7 <2>b\nc\n4 <3>d"), ElementsAre("<1>a", "<2>b\nc", "<3>d"));
}

TEST(SyslogFrames, BothFramingsMayAlternate) {
  EXPECT_THAT(frames_of("4 <1>a<2>b\n4 <3>c"), ElementsAre("<1>a", "<2>b", "<3>c"));
}

TEST(SyslogFrames, DigitsThatAreNoLengthBeginALine) {
  EXPECT_THAT(frames_of("2026-03-03 a\n12 apples\n1234567890 <1>\n0 <1>\n"),
              ElementsAre("2026-03-03 a", "12 apples", "1234567890 <1>", "0 <1>"));
}

TEST(SyslogFrames, OfWhatIsTooLargeTheFrontIsKept) {
  EXPECT_THAT(frames_of("<1>4567890123456\n<2>45678901234567890\n<3>c\n"),
              ElementsAre("<1>4567890123456", "<2>4567890123456...", "<3>c"));
  EXPECT_THAT(frames_of("20 <2>456789012345678904 <3>c"),
              ElementsAre("<2>4567890123456...", "<3>c"));
}

TEST(SyslogFrames, WhatEndsEarlyIsToldSo) {
  EXPECT_THAT(frames_of("<1>a\n<2>b"), ElementsAre("<1>a", "<2>b"));
  EXPECT_THAT(frames_of("9 <1>a"), ElementsAre("<1>a..."));
  EXPECT_THAT(frames_of("99 <2>45678901234567890"), ElementsAre("<2>4567890123456..."));
  EXPECT_THAT(frames_of("12"), ElementsAre("12"));
}

TEST(SyslogFrames, AreTheSameWhereverTheStreamIsCut) {
  testing::for_each_seed(300, [](Rng& rng) {
    static constexpr std::string_view kPieces[] = {"4 ", "19 ",  "<1>", "a",    "bcdefghijklmnop",
                                                   "\n", "\r\n", "0",   "12 <", " "};
    std::string bytes;
    for (auto left = rng.below(30); left > 0; --left)
      bytes += kPieces[rng.below(std::size(kPieces))];
    const auto whole = frames_of(bytes);
    EXPECT_EQ(frames_of(bytes, 1), whole) << bytes;
    EXPECT_EQ(frames_of(bytes, 1 + rng.below(7)), whole) << bytes;
  });
}

}  // namespace
}  // namespace winnow
