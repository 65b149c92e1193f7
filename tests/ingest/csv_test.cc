#include "ingest/records/csv.h"

#include <gmock/gmock.h>

#include "ingest/records/csv_reader.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Case {
  const char* name;
  std::string_view text;
  std::vector<std::string> want;  // the fields of the first record
  std::size_t size;               // its bytes
};

class CsvRecord : public ::testing::TestWithParam<Case> {};

TEST_P(CsvRecord, ReadsAsMeant) {
  const auto& [name, text, want, size] = GetParam();
  const auto scan = scan_csv_record(text, ',', true);
  ASSERT_EQ(scan.outcome, CsvScan::Outcome::Record);
  EXPECT_EQ(scan.size, size);
  EXPECT_EQ(read_csv_fields(text.substr(0, scan.size), ','), want);
}

INSTANTIATE_TEST_SUITE_P(
    Wild, CsvRecord,
    ::testing::Values(
        Case{"Plain", "a,b,c\nd", {"a", "b", "c"}, 6}, Case{"CrLf", "a,b\r\nc", {"a", "b"}, 5},
        Case{"NoLineEnd", "a,b", {"a", "b"}, 3}, Case{"EmptyFields", ",,\n", {"", "", ""}, 3},
        Case{"Quoted", "\"a,b\",c\n", {"a,b", "c"}, 8},
        Case{"LineFeedInQuotes", "\"a\nb\",c\nx", {"a\nb", "c"}, 8},
        Case{"DoubledQuote", "\"say \"\"hi\"\"\",c\n", {"say \"hi\"", "c"}, 15},
        Case{"EmptyQuoted", "\"\",\"\"\n", {"", ""}, 6},
        Case{"QuoteWithinPlainField", "5\" disk,c\n", {"5\" disk", "c"}, 10},
        Case{"ForgottenDoubling", "\"the \"big\" one\",c\n", {"the \"big\" one", "c"}, 18},
        Case{"QuotedLastBeforeCrLf", "a,\"b\"\r\nc", {"a", "b"}, 7},
        Case{"QuotedLastAtEnd", "a,\"b\"", {"a", "b"}, 5},
        Case{"BareCarriageReturnIsText", "a\rb,c\n", {"a\rb", "c"}, 6}),
    [](const auto& test) { return test.param.name; });

TEST(CsvRecord, AnUnclosedQuoteIsTold) {
  EXPECT_EQ(scan_csv_record("a,\"b\nc\n", ',', true).outcome, CsvScan::Outcome::Unclosed);
  EXPECT_EQ(scan_csv_record("a,\"b\nc\n", ',', false).outcome, CsvScan::Outcome::More);
}

TEST(CsvDelimiter, IsTheOneThatSplitsMost) {
  EXPECT_EQ(find_csv_delimiter("sender,receiver,body"), ',');
  EXPECT_EQ(find_csv_delimiter("sender;receiver;body, or text"), ';');
  EXPECT_EQ(find_csv_delimiter("sender\treceiver\tbody"), '\t');
  EXPECT_EQ(find_csv_delimiter("sender|receiver|body"), '|');
  EXPECT_EQ(find_csv_delimiter("body"), ',');
}

std::string random_field(Rng& rng) {
  constexpr std::string_view kLetters = "ab\"\"\",;\t|\n\r \xC3\xA9";
  std::string field;
  for (auto length = rng.below(12); length > 0; --length) {
    field.push_back(kLetters[rng.below(kLetters.size())]);
  }
  return field;
}

TEST(Csv, WhatIsWrittenReadsBack) {
  testing::for_each_seed(500, [](Rng& rng) {
    const char delimiter = ",;\t|"[rng.below(4)];
    std::vector<std::vector<std::string>> records(rng.between(1, 8));
    std::string text;
    for (auto& record : records) {
      record.resize(rng.between(1, 6));
      for (std::size_t i = 0; i < record.size(); ++i) {
        record[i] = random_field(rng);
        if (i > 0) text.push_back(delimiter);
        append_csv_field(text, record[i], delimiter);
      }
      text += rng.chance(0.5) ? "\n" : "\r\n";
    }
    std::string_view rest = text;
    for (const auto& record : records) {
      const auto scan = scan_csv_record(rest, delimiter, true);
      ASSERT_EQ(scan.outcome, CsvScan::Outcome::Record) << text;
      EXPECT_EQ(read_csv_fields(rest.substr(0, scan.size), delimiter), record) << text;
      rest.remove_prefix(scan.size);
    }
    EXPECT_TRUE(rest.empty());
  });
}

// Where a stream happens to be cut must not change how it reads.
TEST(Csv, AShorterViewAsksForMoreOrAnswersTheSame) {
  testing::for_each_seed(500, [](Rng& rng) {
    std::string text;
    for (int i = 0; i < 6; ++i) text += random_field(rng) + (rng.chance(0.5) ? "," : "\n");
    const auto whole = scan_csv_record(text, ',', true);
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
      const auto part = scan_csv_record(std::string_view(text).substr(0, cut), ',', false);
      if (part.outcome != CsvScan::Outcome::Record) continue;
      ASSERT_EQ(whole.outcome, CsvScan::Outcome::Record) << text;
      EXPECT_EQ(part.size, whole.size) << text << " cut at " << cut;
    }
  });
}

std::vector<RawRecord> read_all(std::string text, std::size_t chunk = SIZE_MAX,
                                const ReadLimits& limits = {}) {
  auto reader =
      CsvReader::open(std::make_unique<TextBytes>(std::move(text), chunk), "log.csv", 0, limits);
  EXPECT_TRUE(reader) << reader.error();
  std::vector<RawRecord> records;
  for (RawRecord record; reader && (*reader)->next(record).value();) records.push_back(record);
  return records;
}

std::vector<std::string> problems_of(const std::vector<RawRecord>& records) {
  std::vector<std::string> problems;
  for (const auto& record : records) {
    problems.push_back(record.problem ? std::string(name_of(record.problem->kind)) : "");
  }
  return problems;
}

TEST(CsvReader, KeepsEachRecordAsACsvDocumentOfItsOwn) {
  const auto records =
      read_all("\xEF\xBB\xBFSender;Subject;Label\r\n\"a;b\";hello;1\r\n\r\nc;\"two\nlines\";ham\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].raw, "Sender;Subject;Label\n\"a;b\";hello;1");
  EXPECT_EQ(records[0].digest, sha256(records[0].raw));
  EXPECT_EQ(records[0].label, Label::Phish);
  EXPECT_EQ(records[0].position.line, 2U);
  EXPECT_EQ(records[1].raw, "Sender;Subject;Label\nc;\"two\nlines\";ham");
  EXPECT_EQ(records[1].label, Label::Benign);
  EXPECT_EQ(records[1].position.line, 4U);
}

TEST(CsvReader, TellsWhatIsWrongWithARecordAndGoesOn) {
  const auto records = read_all(
      "sender,subject,body,label\n"
      "a,b,c,ham\n"
      "a,b,c,ham,extra\n"
      "a,b,c,maybe\n"
      "a,,,ham\n"
      "a,b\n"
      "a,b,c,ham,,\n");
  EXPECT_THAT(problems_of(records), ElementsAre("", "bad csv", "bad label", "empty", "", ""));
  EXPECT_THAT(records[2].problem->message, HasSubstr("'maybe'"));
  ASSERT_TRUE(records[4].note);
  EXPECT_EQ(records[4].note->kind, ProblemKind::MissingColumns);
}

TEST(CsvReader, AStrayQuoteCostsOneLine) {
  std::string text = "sender,body,label\na,\"never closed,1\n";
  for (int i = 0; i < 100; ++i) text += "b,text,0\n";
  const auto records = read_all(text);
  ASSERT_EQ(records.size(), 101U);
  EXPECT_EQ(records[0].problem->kind, ProblemKind::BadCsv);
  EXPECT_EQ(records[100].position.line, 102U);
  EXPECT_FALSE(records[100].problem);
}

TEST(CsvReader, ManyStrayQuotesStayCheap) {
  std::string text = "sender,body\n";
  for (int i = 0; i < 20'000; ++i) text += "a,\"x\n";
  const auto records = read_all(text);
  EXPECT_EQ(records.size(), 20'000U);
}

TEST(CsvReader, ARecordBeyondTheLimitIsToldWithItsFrontAndTheNextOneIsRead) {
  const ReadLimits limits{
      .max_record_bytes = 1000, .max_csv_record_bytes = 1000, .max_kept_bytes = 100};
  const std::string large(5000, 'x');
  const auto records = read_all("sender,body\na," + large + "\nb,c\n", 64, limits);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].problem->kind, ProblemKind::TooLarge);
  EXPECT_EQ(records[0].raw.size(), 100U);
  EXPECT_EQ(records[0].size, 12 + 2 + 5000U);
  EXPECT_EQ(records[0].digest, sha256("sender,body\na," + large));
  EXPECT_EQ(records[1].raw, "sender,body\nb,c");
  EXPECT_EQ(records[1].position.line, 3U);
}

TEST(CsvReader, RefusesATableWithoutKnownColumns) {
  const auto reader =
      CsvReader::open(std::make_unique<TextBytes>("a,b,c\n1,2,3\n"), "x.csv", 0, {});
  ASSERT_EQ(testing::code_of(reader), Code::InvalidArgument);
  EXPECT_EQ(reader.error().text(),
            "reading 'x.csv': no column holds a mail's text; found 'a', 'b', 'c' (name the columns "
            "sender, receiver, date, subject, body, urls, label)");
}

TEST(CsvReader, ChunkSizeDoesNotMatter) {
  testing::for_each_seed(100, [](Rng& rng) {
    std::string text = "sender,body,label\n";
    for (int i = 0; i < 30; ++i) text += random_field(rng) + (rng.chance(0.6) ? "," : "\n");
    const auto whole = read_all(text);
    const auto pieces = read_all(text, rng.between(1, 7));
    ASSERT_EQ(whole.size(), pieces.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(whole[i].raw, pieces[i].raw);
      EXPECT_EQ(whole[i].position.text(), pieces[i].position.text());
    }
  });
}

}  // namespace
}  // namespace winnow
