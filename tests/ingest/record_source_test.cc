#include "ingest/records/record_source.h"

#include <fstream>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "ingest/records/mbox_reader.h"
#include "ingest/records/ndjson_reader.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;

void write(const Path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

constexpr std::string_view kMail = "From: a@b.example\nSubject: x\n\nbody\n";
constexpr std::string_view kFrom = "From a@b.example Tue Mar  3 14:05:06 2026\n";

std::vector<RawRecord> read_all(const Path& input, std::optional<InputFormat> format = {}) {
  auto source = open_record_source(input, format);
  EXPECT_TRUE(source) << source.error();
  std::vector<RawRecord> records;
  for (RawRecord record; source && (*source)->next(record).value();) records.push_back(record);
  return records;
}

struct Front {
  const char* name;
  std::string_view front;
  std::string_view file;
  std::optional<InputFormat> want;
};

class Format : public ::testing::TestWithParam<Front> {};

TEST_P(Format, IsRecognisedByContentFirst) {
  EXPECT_EQ(recognise_format(GetParam().front, GetParam().file), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Fronts, Format,
    ::testing::Values(
        Front{"Mbox", "From a@b.example Tue Mar  3 14:05:06 2026\nSubject: x\n", "inbox",
              InputFormat::Mbox},
        Front{"Mail", "Return-Path: <a@b.example>\nFrom: a@b.example\n\n", "1234",
              InputFormat::Mail},
        Front{"FoldedMail", "Received: from x\n\tby y\n", "1234", InputFormat::Mail},
        Front{"MailWithFromLineByName", "From a@b.example Tue Mar  3 14:05:06 2026\nSubject: x\n",
              "a.eml", InputFormat::Mail},
        Front{"Csv", "sender,receiver,date,subject,body\n", "data", InputFormat::Csv},
        Front{"CsvBehindAMark", "\xEF\xBB\xBF\"Subject\";\"Text\"\n", "data", InputFormat::Csv},
        Front{"NdJson", "{\"subject\":\"x\"}\n", "data", InputFormat::NdJson},
        Front{"Prose", "Dear reader: this is prose\nand more of it\n", "notes.txt", std::nullopt},
        Front{"TableOfOtherThings", "id,price\n1,2\n", "data", std::nullopt},
        Front{"TableOfOtherThingsByName", "id,price\n1,2\n", "data.csv", InputFormat::Csv},
        Front{"Binary",
              std::string_view("\x7F"
                               "ELF\0\0\0",
                               7),
              "a.out", std::nullopt},
        Front{"Empty", "", "x", std::nullopt}),
    [](const auto& test) { return test.param.name; });

TEST(RecordSource, WalksFoldersInTheOrderOfNames) {
  testing::TemporaryFolder folder;
  write(folder / "b/2.eml", "Subject: 2\n\n");
  write(folder / "b/1.eml", "Subject: 1\n\n");
  write(folder / "a.mbox",
        std::string(kFrom) + "Subject: a1\n\n\n" + std::string(kFrom) + "Subject: a2\n\n");
  write(folder / "c.csv", "subject,body\nc,c\n");
  write(folder / ".hidden.eml", "Subject: h\n\n");
  std::filesystem::create_symlink(folder / "b/1.eml", folder / "link.eml");
  auto source = open_record_source(folder.path(), {}).value();
  std::vector<std::string> raws;
  for (RawRecord record; source->next(record).value();) raws.push_back(record.raw);
  EXPECT_THAT(raws, ElementsAre("Subject: a1\n\n", "Subject: a2\n", "Subject: 1\n\n",
                                "Subject: 2\n\n", "subject,body\nc,c"));
  EXPECT_EQ(source->files_skipped(), 2U);
}

TEST(RecordSource, AMaildirIsItsCurAndNew) {
  testing::TemporaryFolder folder;
  write(folder / "cur/1700000000.M1P1.host:2,S", kMail);
  write(folder / "new/1700000001.M2P2.host", "odd first line\n\nbut a mail file\n");
  write(folder / "tmp/1700000002.M3P3.host", kMail);
  write(folder / "dovecot.index", "binary");
  for (const char* part : {"cur", "new", "tmp"}) {
    std::filesystem::create_directories(folder / ".Sent" / part);
  }
  write(folder / ".Sent/cur/1700000003.M4P4.host:2,S", "Subject: sent\n\n");
  const auto records = read_all(folder.path());
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].raw, "Subject: sent\n\n");
  EXPECT_EQ(records[1].raw, kMail);
  EXPECT_EQ(records[2].raw, "odd first line\n\nbut a mail file\n");
  EXPECT_EQ(read_all(folder / "new").size(), 1U);
}

TEST(RecordSource, AFileOfNoKnownFormatInAFolderIsARecordWithAProblem) {
  testing::TemporaryFolder folder;
  write(folder / "notes.txt", "just prose\n");
  write(folder / "prices.csv", "id,price\n1,2\n");
  const auto records = read_all(folder.path());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].problem->kind, ProblemKind::UnknownFormat);
  EXPECT_EQ(records[0].raw, "just prose\n");
  EXPECT_EQ(records[1].problem->kind, ProblemKind::UnknownFormat);
}

TEST(RecordSource, GivenByNameAnUnknownFileIsAnError) {
  testing::TemporaryFolder folder;
  write(folder / "notes.txt", "just prose\n");
  EXPECT_EQ(testing::code_of(open_record_source(folder / "notes.txt", {})), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(open_record_source(folder / "absent", {})), Code::NotFound);
  EXPECT_EQ(read_all(folder / "notes.txt", InputFormat::Mail).size(), 1U);
}

TEST(RecordSource, TheSameMailHasTheSameDigestWhereverItStands) {
  testing::TemporaryFolder folder;
  write(folder / "x.eml", kMail);
  write(folder / "y.eml", std::string(kFrom) + std::string(kMail));
  write(folder / "z.mbox", std::string(kFrom) + std::string(kMail) + "\n");
  for (const auto& record : read_all(folder.path())) EXPECT_EQ(record.digest, sha256(kMail));
}

TEST(RecordSource, AHugeMailFileIsToldWithItsFront) {
  testing::TemporaryFolder folder;
  std::string mail(kMail);
  mail.append(5000, 'x');
  write(folder / "x.eml", mail);
  auto source =
      open_record_source(folder / "x.eml", {}, {.max_record_bytes = 1000, .max_kept_bytes = 100});
  ASSERT_OK(source);
  RawRecord record;
  ASSERT_TRUE((*source)->next(record).value());
  EXPECT_EQ(record.problem->kind, ProblemKind::TooLarge);
  EXPECT_EQ(record.raw, mail.substr(0, 100));
  EXPECT_EQ(record.size, mail.size());
  EXPECT_EQ(record.digest, sha256(mail));
}

TEST(NdJson, JudgesLineByLine) {
  NdJsonReader reader(
      std::make_unique<TextBytes>("{\"subject\":\"a\",\"label\":1}\n\nnot json\n[1]\n"
                                  "{\"sender\":\"x\"}\n{\"body\":\"b\",\"is_spam\":true}\r\n"
                                  "{\"body\":\"b\",\"label\":\"odd\"}"),
      "log", 0, {});
  std::vector<std::string> seen;
  for (RawRecord record; reader.next(record).value();) {
    seen.push_back(
        std::to_string(record.position.line) + " " +
        std::string(record.problem ? name_of(record.problem->kind) : name_of(record.label)));
  }
  EXPECT_THAT(
      seen, ElementsAre("1 phish", "3 bad json", "4 bad json", "5 empty", "6 spam", "7 bad label"));
}

TEST(NdJson, AnEndlessLineIsToldWithItsFront) {
  NdJsonReader reader(std::make_unique<TextBytes>(
                          "{\"body\":\"" + std::string(5000, 'x') + "\"}\n{\"body\":\"y\"}\n", 64),
                      "log", 0, {.max_record_bytes = 1000, .max_kept_bytes = 100});
  RawRecord record;
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(record.problem->kind, ProblemKind::TooLarge);
  EXPECT_EQ(record.raw.size(), 100U);
  ASSERT_TRUE(reader.next(record).value());
  EXPECT_EQ(record.raw, "{\"body\":\"y\"}");
}

// An mbox that is never whole anywhere: made while it is read.
class EndlessMbox final : public ByteSource {
 public:
  explicit EndlessMbox(std::uint64_t bytes) : left_(bytes) {
    mail_ = std::string(kFrom) + "Subject: large\n\n";
    while (mail_.size() < 200'000) mail_ += "A line of a mail that is like all its other lines.\n";
    mail_ += "\n";
  }
  Result<std::size_t> read_some(std::string& out, std::size_t) override {
    if (left_ < mail_.size()) return std::size_t{0};
    left_ -= mail_.size();
    out += mail_;
    return mail_.size();
  }

 private:
  std::uint64_t left_;
  std::string mail_;
};

TEST(Mbox, MemoryDoesNotGrowWithTheFile) {
#ifdef WINNOW_SANITIZED
  GTEST_SKIP() << "a sanitizer keeps freed memory back";
#endif
  const auto peak_kib = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const auto before = peak_kib();
  MboxReader reader(std::make_unique<EndlessMbox>(500UL << 20), "endless", 0, {});
  std::uint64_t mails = 0;
  for (RawRecord record; reader.next(record).value();) ++mails;
  EXPECT_GT(mails, 2000U);
  EXPECT_LT(peak_kib() - before, 20 << 10);
}

// Splitting is right when the mails that were written come out again, byte for byte.
TEST(Mbox, RealMailsComeOutAsTheyWentIn) {
  const auto folder = testing::unpacked("email/spamassassin_hardham_ham.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  std::string mbox;
  std::vector<Digest> written;
  for (const auto& path : list_files(*folder).value()) {
    if (path.filename().string().starts_with('.')) continue;
    const auto mail = read_all(path, InputFormat::Mail).at(0).raw;
    if (mail.find("\nContent-Length:") != std::string::npos || !mail.ends_with('\n')) continue;
    written.push_back(sha256(mail));
    mbox += kFrom;
    for (std::size_t at = 0; at < mail.size();) {
      const auto end = std::min(mail.find('\n', at), mail.size() - 1) + 1;
      const auto line = std::string_view(mail).substr(at, end - at);
      if (line.substr(std::min(line.find_first_not_of('>'), line.size())).starts_with("From ")) {
        mbox += '>';
      }
      mbox += line;
      at = end;
    }
    mbox += '\n';
  }
  MboxReader reader(std::make_unique<TextBytes>(std::move(mbox)), "real", 0, {});
  std::vector<Digest> read;
  for (RawRecord record; reader.next(record).value();) read.push_back(record.digest);
  EXPECT_GT(written.size(), 100U);
  EXPECT_EQ(read, written);
}

TEST(Csv, ARealMailLogReadsWithoutAProblem) {
  const auto archive = testing::real_data("email/nazario_csv_phish.csv.zst");
  if (!archive) GTEST_SKIP() << testing::kNoRealData;
  testing::TemporaryFolder folder;
  const Path csv = folder / "nazario.csv";
  const auto command = "zstd -dcq '" + archive->string() + "' > '" + csv.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT: fixed words and our own paths
  const auto records = read_all(csv);
  EXPECT_EQ(records.size(), 1097U);
  for (const auto& record : records) {
    EXPECT_FALSE(record.problem) << record.position.text() << ": " << record.problem->message;
    EXPECT_EQ(record.label, Label::Phish);
  }
}

}  // namespace
}  // namespace winnow
