#include <gmock/gmock.h>

#include "ingest/records/mbox_reader.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;

struct FromLine {
  const char* line;
  bool want;
};

TEST(MboxFromLine, NeedsADate) {
  for (const auto& [line, want] : {
           FromLine{"From a@b.example Tue Mar  3 14:05:06 2026\n", true},
           FromLine{"From a@b.example  Tue Mar  3 14:05 2026\r\n", true},
           FromLine{"From a@b.example Tue Mar  3 14:05:06 CET 2026\n", true},
           FromLine{"From a@b.example Tue Mar  3 14:05:06 2026 +0100\n", true},
           FromLine{"From - Tue Mar 03 14:05:06 2026\n", true},
           FromLine{"From \"a b\"@c.example Tue Mar  3 14:05:06 2026 remote from x\n", true},
           FromLine{"From now on, all is well.\n", false},
           FromLine{"From Tuesday 14:05 until March 2026\n", false},
           FromLine{"From a@b.example Tue Mar  3 2026\n", false},
           FromLine{">From a@b.example Tue Mar  3 14:05:06 2026\n", false},
           FromLine{"from a@b.example Tue Mar  3 14:05:06 2026\n", false},
           FromLine{"From\n", false},
       }) {
    EXPECT_EQ(is_mbox_from_line(line), want) << line;
  }
}

std::vector<RawRecord> read_records(std::string text, std::size_t chunk = SIZE_MAX,
                                    const ReadLimits& limits = {}) {
  MboxReader reader(std::make_unique<TextBytes>(std::move(text), chunk), "in.mbox", 0, limits);
  std::vector<RawRecord> records;
  for (RawRecord record; reader.next(record).value();) records.push_back(record);
  return records;
}

std::vector<std::string> read_mails(std::string text, std::size_t chunk = SIZE_MAX) {
  std::vector<std::string> mails;
  for (auto& record : read_records(std::move(text), chunk)) mails.push_back(record.raw);
  return mails;
}

constexpr const char* kFrom = "From a@b.example Tue Mar  3 14:05:06 2026\n";

TEST(Mbox, SplitsAtSeparatorsOnly) {
  const std::string text = std::string(kFrom) + "Subject: one\n\nFrom here on, prose.\n\n" + kFrom +
                           "Subject: two\n\n>From the start\n>>From twice\n\n";
  EXPECT_THAT(read_mails(text), ElementsAre("Subject: one\n\nFrom here on, prose.\n",
                                            "Subject: two\n\nFrom the start\n>From twice\n"));
}

TEST(Mbox, AQuotedSeparatorWithoutAHeaderBehindItIsProse) {
  const std::string mail =
      "Subject: one\n\nthe log said\n\nFrom a@b.example Tue Mar  3 14:05:06 2026\nand no more\n";
  EXPECT_THAT(read_mails(kFrom + mail + "\n"), ElementsAre(mail));
}

TEST(Mbox, CrLfAndMissingLastLineEnd) {
  EXPECT_THAT(
      read_mails("From a@b.example Tue Mar  3 14:05:06 2026\r\nSubject: x\r\n\r\nbody\r\n\r\n"
                 "From a@b.example Tue Mar  3 14:05:06 2026\r\nSubject: y\r\n\r\nend"),
      ElementsAre("Subject: x\r\n\r\nbody\r\n", "Subject: y\r\n\r\nend"));
}

TEST(Mbox, TextBeforeTheFirstSeparatorIsNotLost) {
  EXPECT_THAT(read_mails("Subject: zero\n\nx\n\n" + std::string(kFrom) + "Subject: one\n\ny\n"),
              ElementsAre("Subject: zero\n\nx\n", "Subject: one\n\ny\n"));
}

TEST(Mbox, ContentLengthSparesUnquotedSeparators) {
  const std::string body = std::string("see\n\n") + kFrom + "Subject: inner\n\nx\n";
  const std::string mail =
      "Subject: one\nContent-Length: " + std::to_string(body.size()) + "\n\n" + body;
  const std::string next = "Subject: two\nContent-Length: 2\n\ny\n";
  EXPECT_THAT(read_mails(kFrom + mail + "\n" + kFrom + next), ElementsAre(mail, next));
}

TEST(Mbox, AWrongContentLengthIsNotBelieved) {
  for (const char* length : {"3", "40", "99999999", "18446744073709551615", "x"}) {
    const std::string mail = std::string("Subject: one\nContent-Length: ") + length + "\n\nbody\n";
    const std::string next = "Subject: two\n\ny\n";
    EXPECT_THAT(read_mails(kFrom + mail + "\n" + kFrom + next), ElementsAre(mail, next)) << length;
  }
}

// A mail that arrived in a folder without Content-Length brings its own: it must not hide the mails
// behind it.
TEST(Mbox, AMailCannotSwallowTheNextByItsContentLength) {
  const std::string first = "Subject: honest\n\nx\n";
  const std::string victim = "Subject: victim\n\ny\n";
  const std::string swallowed = "z\n\n" + std::string(kFrom) + victim;
  const std::string bad =
      "Subject: bad\nContent-Length: " + std::to_string(swallowed.size()) + "\n\nz\n";
  EXPECT_THAT(read_mails(kFrom + first + "\n" + kFrom + bad + "\n" + kFrom + victim),
              ElementsAre(first, bad, victim));
}

TEST(Mbox, ATooLargeMailIsToldAndTheNextOneRead) {
  const ReadLimits limits{.max_record_bytes = 1000, .max_kept_bytes = 50};
  std::string large = "Subject: large\n\n";
  for (int i = 0; i < 500; ++i) large += "line of text\n";
  const auto records =
      read_records(kFrom + large + "\n" + kFrom + "Subject: two\n\ny\n", 100, limits);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].problem->kind, ProblemKind::TooLarge);
  EXPECT_EQ(records[0].raw, large.substr(0, 50));
  EXPECT_EQ(records[0].size, large.size() + 1);
  EXPECT_EQ(records[1].raw, "Subject: two\n\ny\n");
}

// The plain reading of mboxrd: every line that begins with "From " and a date separates.
std::vector<std::string> split_naively(const std::vector<std::string>& lines) {
  std::vector<std::string> mails;
  for (const auto& line : lines) {
    if (line == kFrom) {
      mails.emplace_back();
    } else {
      const auto quotes = std::min(line.find_first_not_of('>'), line.size());
      const bool quoted = quotes > 0 && line.compare(quotes, 5, "From ") == 0;
      mails.back() += line.substr(quoted ? 1 : 0);
    }
  }
  for (auto& mail : mails) {
    if (mail.ends_with("\n\n")) mail.pop_back();
  }
  return mails;
}

TEST(Mbox, EqualsTheNaiveReading) {
  testing::for_each_seed(300, [](Rng& rng) {
    const std::vector<std::string> choices = {
        "\n", "text\n", ">From x\n", ">>From x\n", "> quoted\n", "From prose\n", "Name: value\n"};
    std::vector<std::string> lines;
    for (auto mails = rng.between(1, 5); mails > 0; --mails) {
      lines.insert(lines.end(), {kFrom, "Subject: x\n", "\n"});
      for (auto count = rng.below(8); count > 0; --count) lines.push_back(rng.pick(choices));
      if (lines.back() != "\n") lines.push_back("\n");
    }
    std::string text;
    for (const auto& line : lines) text += line;
    EXPECT_EQ(read_mails(text, rng.between(1, 40)), split_naively(lines)) << text;
  });
}

}  // namespace
}  // namespace winnow
