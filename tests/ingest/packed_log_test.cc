// Logs as they are delivered: packed, in folders, beside files that are no logs at all.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include "ingest/records/log_source.h"
#include "store/compress.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

// One member, of a text that packs well or not.
std::string gzip(const std::string& written) {
  auto text = written;  // zlib asks for bytes that it may write to
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& text) { return compress(text); }

struct Told {
  std::vector<std::string> records;  // the problem's kind, where a record has one
  std::optional<Error> error;
};

Told told(const Path& input, const ReadLimits& limits = {}) {
  Told told;
  auto source = open_log(input, limits);
  if (!source) {
    told.error = source.error();
    return told;
  }
  for (;;) {
    RawRecord record;
    const auto more = (*source)->next(record);
    if (!more) told.error = more.error();
    if (!more || !*more) return told;
    told.records.push_back(record.problem ? std::string(name_of(record.problem->kind))
                                          : record.raw);
  }
}

class PackedLog : public ::testing::Test {
 protected:
  Path write(const std::string& name, const std::string& bytes) {
    const Path file = folder_ / name;
    EXPECT_OK(make_folders(file.parent_path()));
    EXPECT_OK(write_atomically(file, bytes));
    return file;
  }
  testing::TemporaryFolder folder_;
};

using Texts = std::vector<std::string>;

std::vector<std::string> numbered(std::size_t count) {
  Texts records;
  for (std::size_t i = 0; i < count; ++i)
    records.push_back(
        fmt::format(R"({{"number":{},"digest":"{}"}})", i, sha256(std::to_string(i)).hex()));
  return records;
}

std::string lines_of(const Texts& records) { return fmt::format("{}\n", fmt::join(records, "\n")); }

TEST_F(PackedLog, IsReadWhateverPacksItAndInHoweverManyPieces) {
  const auto records = numbered(9000);  // more than is read at once
  const auto text = lines_of(records);
  const auto half = text.size() / 2;
  for (const auto& pack : {gzip, zstd}) {
    EXPECT_EQ(told(write("log", pack(text))).records, records);
    EXPECT_EQ(told(write("log", pack(text.substr(0, half)) + pack(text.substr(half)))).records,
              records);
    // As AWS delivers it.
    EXPECT_EQ(told(write("trail", pack(R"({"Records":[{"a":1},{"b":2}]})"))).records,
              (Texts{R"({"a":1})", R"({"b":2})"}));
    const auto nothing = told(write("log", pack("")));
    EXPECT_TRUE(nothing.records.empty());
    EXPECT_FALSE(nothing.error);
  }
}

TEST_F(PackedLog, WhatStandsBeforeDamageIsTold) {
  const auto records = numbered(9000);
  const auto whole = lines_of(records);
  for (const auto& pack : {gzip, zstd}) {
    const auto packed = pack(whole);
    for (const auto size : {packed.size() / 2, packed.size() - 1}) {
      const auto cut = told(write("cut.log", packed.substr(0, size)));
      ASSERT_TRUE(cut.error);
      EXPECT_EQ(cut.error->code(), Code::Corrupt);
      EXPECT_NE(cut.error->text().find("cut.log'"), std::string::npos) << cut.error->text();
      EXPECT_NE(cut.error->text().find("ends too early"), std::string::npos);
      ASSERT_GT(cut.records.size(), records.size() / 3);
      // No part of a record: the whole file, read later, gives each of these again.
      EXPECT_TRUE(std::equal(cut.records.begin(), cut.records.end(), records.begin()));
    }
    const auto trail = pack(R"({"Records":[{"a":1},{"b":2}]})");
    const auto behind = told(write("trail", trail + "garbage that is no member"));
    EXPECT_EQ(behind.records, (Texts{R"({"a":1})", R"({"b":2})"}));
    ASSERT_TRUE(behind.error);
    EXPECT_EQ(behind.error->code(), Code::Corrupt);
  }
}

// Of a value that unpacks to very much no more is held than of one in a plain file.
TEST_F(PackedLog, ABombIsOneRecordThatIsTooLarge) {
  ReadLimits limits;
  limits.max_record_bytes = 100'000;
  limits.max_kept_bytes = 1000;
  const auto bomb = std::string(50'000'000, 'a') + "\n{\"b\":2}\n";
  for (const auto& pack : {gzip, zstd}) {
    EXPECT_EQ(told(write("bomb", pack(bomb)), limits).records, (Texts{"too large", R"({"b":2})"}));
  }
}

TEST_F(PackedLog, AFolderIsReadInOrderOfItsNames) {
  write("trail/2026/02/a.json", "{\"a\":3}\n");
  write("trail/2026/01/b.json.gz", gzip("{\"a\":2}\n"));
  write("trail/2026/01/a.json.zst", zstd("{\"a\":1}\n"));
  write("trail/.hidden", "{\"a\":0}\n");
  // Names that mean something for mail mean nothing here.
  write("trail/cur/a", "{\"a\":4}\n");
  write("trail/new/a", "{\"a\":5}\n");
  EXPECT_EQ(told(folder_ / "trail").records,
            (Texts{"{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"a\":4}", "{\"a\":5}"}));
}

TEST_F(PackedLog, AFileOfAFolderThatCannotBeReadKeepsNoOtherFromIt) {
  const auto packed = gzip("{\"a\":1}\n{\"a\":2}\n");
  write("trail/a.gz", packed.substr(0, packed.size() - 4));
  write("trail/b.json", "{\"b\":1}\n");
  write("trail/c.evtx", std::string("ElfFile\0", 8) + "rest");
  write("trail/d.gz", packed.substr(0, packed.size() - 8));
  write("trail/e.json", "{\"e\":1}\n");
  const auto all = told(folder_ / "trail");
  EXPECT_EQ(all.records, (Texts{"{\"a\":1}", "{\"a\":2}", "{\"b\":1}", "unknown format",
                                "{\"a\":1}", "{\"a\":2}", "{\"e\":1}"}));
  ASSERT_TRUE(all.error);
  EXPECT_EQ(all.error->code(), Code::Corrupt);
  EXPECT_NE(all.error->text().find("2 damaged files, the first"), std::string::npos);
  EXPECT_NE(all.error->text().find("a.gz"), std::string::npos);
}

TEST_F(PackedLog, WhatIsNoTextIsRefusedWithWhatToDo) {
  const struct {
    std::string bytes;
    const char* what;
    const char* hint;
  } cases[] = {
      {std::string("ElfFile\0\0\0", 10), "EVTX", "evtx_dump"},
      {"\x7F"
       "ELF\x02\x01",
       "ELF", "name the logs"},
      {"\xD4\xC3\xB2\xA1\x02", "PCAP", "Suricata"},
      {"\x0A\x0D\x0D\x0A\x1C", "PCAPNG", "Zeek"},
      {"PAR1\x15", "Parquet", "JSON"},
      {std::string("SQLite format 3\0", 16), "SQLite", "JSON"},
      {"PK\x03\x04\x14", "ZIP", "unpack"},
      {"\xFF\xFE{", "UTF-16", "UTF-8"},
      {std::string(257, 'a') + "ustar", "tar", "unpack"},
  };
  for (const auto& [bytes, what, hint] : cases) {
    for (const auto& file : {write("odd.log", bytes), write("odd.gz", gzip(bytes))}) {
      const auto refused = told(file);
      ASSERT_TRUE(refused.error) << what;
      EXPECT_EQ(refused.error->code(), Code::Unsupported);
      EXPECT_NE(refused.error->text().find(what), std::string::npos) << refused.error->text();
      EXPECT_NE(refused.error->hint().find(hint), std::string::npos) << refused.error->hint();
      EXPECT_TRUE(refused.records.empty());
    }
  }
  EXPECT_NE(told(write("twice", gzip(zstd("{}")))).error->text().find("more than once"),
            std::string::npos);
}

}  // namespace
}  // namespace winnow
