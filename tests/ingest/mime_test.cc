#include "ingest/mail/mime.h"

#include <algorithm>
#include <thread>

#include "base/digest.h"
#include "base/utf8.h"
#include "ingest/mail/charset.h"
#include "ingest/mail/mime_decode.h"
#include "ingest/mail/mime_header.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

std::string decoded_word(std::string_view value) {
  CharsetFlaws flaws;
  return decode_header_text(value, flaws);
}

TEST(MimeHeader, DecodesEncodedWords) {  // RFC 2047 section 8, and what mailers make of it
  struct Case {
    const char* value;
    const char* text;
  };
  for (const auto& [value, text] : std::initializer_list<Case>{
           {"plain", "plain"},
           {"=?ISO-8859-1?Q?a?=", "a"},
           {"=?ISO-8859-1?Q?a?= b", "a b"},
           {"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
           {"=?ISO-8859-1?Q?a?=\r\n  =?ISO-8859-1?Q?b?=", "ab"},
           {"=?ISO-8859-1?Q?a_b?=", "a b"},
           {"=?UTF-8?B?w6k=?=", "\u00E9"},
           {"=?utf-8*en?b?w6k=?=", "\u00E9"},
           {"=?UTF-8?Q?caf=C3?= =?UTF-8?Q?=A9?=", "caf\u00E9"},
           {"=?windows-1252?Q?=80?=", "\u20AC"},
           {"=?KOI8-R?B?8NLJ18XU?=", "\u041F\u0440\u0438\u0432\u0435\u0442"},
           {"=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=", "\u65E5\u672C"},
           {"=?x-nowhere?Q?abc?=", "abc"},
           {"=?UTF-8?X?abc?=", "=?UTF-8?X?abc?="},
           {"=?UTF-8?Q?abc", "=?UTF-8?Q?abc"},
           {"mixed \xC3\xA9, \xE9", "mixed \u00C3\u00A9, \u00E9"},
           {"raw \xC3\xA9", "raw \u00E9"},
           {"folded\r\n\tvalue", "folded value"},
           {"a\x01"
            "b",
            "ab"}}) {
    EXPECT_EQ(decoded_word(value), text) << value;
  }
}

TEST(MimeHeader, ReadsParametersInEveryForm) {
  struct Case {
    const char* value;
    const char* text;
  };
  for (const auto& [value, text] : std::initializer_list<Case>{
           {"a/b; name=x.pdf", "x.pdf"},
           {"a/b; NAME=\"x;y.pdf\"", "x;y.pdf"},
           {"a/b; name=\"a\\\"b\"", "a\"b"},
           {"a/b; name = x.pdf ; other=1", "x.pdf"},
           {"a/b; name*=utf-8'en'caf%C3%A9.pdf", "caf\u00E9.pdf"},
           {"a/b; name*0=long; name*1=name.pdf", "longname.pdf"},
           {"a/b; name*0*=iso-8859-1''%E9; name*1=t%E9.pdf", "\u00E9t%E9.pdf"},
           {"a/b; name*1=b; name*0=a", "ab"},
           {"a/b; name*0=a; name*2=c", "a"},
           {"a/b; name==?UTF-8?Q?caf=C3=A9.pdf?=", "caf\u00E9.pdf"},
           {"a/b; name=\"=?UTF-8?B?w6kucGRm?=\"", "\u00E9.pdf"},
           {"a/b", ""},
           {"a/b; filename=x", ""},
           {"a/b; name=\"unterminated", "unterminated"}}) {
    EXPECT_EQ(parameter_of(value, "name"), text) << value;
  }
}

TEST(MimeHeader, ReadsMediaTypes) {
  EXPECT_EQ(media_type_of("Text/HTML; charset=x"), "text/html");
  EXPECT_EQ(media_type_of("text/plain(comment)"), "text/plain");
  EXPECT_EQ(media_type_of("text"), "");
  EXPECT_EQ(media_type_of("/x"), "");
  EXPECT_EQ(media_type_of("a/b/c"), "");
}

TEST(MimeDecode, Base64IsReadAroundDamage) {
  struct Case {
    const char* encoded;
    const char* bytes;
    bool foreign;
    bool truncated;
  };
  for (const auto& c : std::initializer_list<Case>{{"aGVsbG8=", "hello", false, false},
                                                   {"aGVs\r\nbG8=\r\n", "hello", false, false},
                                                   {"aG*Vs!bG8=", "hello", true, false},
                                                   {"aGVsbG8", "hello", false, true},
                                                   {"aGVsbG8=aGk=", "hellohi", false, false},
                                                   {"", "", false, false},
                                                   {"=", "", false, false},
                                                   {"a", "", false, true}}) {
    std::string out = "x";
    DecodeFlaws flaws;
    decode_base64(c.encoded, out, flaws);
    EXPECT_EQ(out, std::string("x") + c.bytes) << c.encoded;
    EXPECT_EQ(flaws.foreign, c.foreign) << c.encoded;
    EXPECT_EQ(flaws.truncated, c.truncated) << c.encoded;
  }
}

TEST(MimeDecode, QuotedPrintableKeepsWhatItCannotRead) {
  struct Case {
    const char* encoded;
    const char* bytes;
  };
  for (const auto& [encoded, bytes] : std::initializer_list<Case>{{"a=3Db", "a=b"},
                                                                  {"a=3db", "a=b"},
                                                                  {"a=\r\nb", "ab"},
                                                                  {"a= \t\nb", "ab"},
                                                                  {"a=zz", "a=zz"},
                                                                  {"a=", "a"},
                                                                  {"a=4", "a=4"}}) {
    EXPECT_EQ(decode_transfer(encoded, TransferEncoding::QuotedPrintable), bytes) << encoded;
  }
}

TEST(MimeDecode, GoesRound) {
  testing::for_each_seed(200, [](Rng& rng) {
    std::string bytes;
    for (auto left = rng.below(100); left > 0; --left)
      bytes.push_back(static_cast<char>(rng.below(256)));
    std::string encoded = to_base64(bytes);
    for (std::size_t at = 60; at < encoded.size(); at += 62) encoded.insert(at, "\r\n");
    EXPECT_EQ(decode_transfer(encoded, TransferEncoding::Base64), bytes);
  });
}

TEST(Charset, WhatIsAppendedIsUtf8) {
  testing::for_each_seed(300, [](Rng& rng) {
    static const std::vector<std::string> kNames = {
        "utf-8",    "",          "us-ascii", "iso-8859-1",  "windows-1251", "gb2312",
        "big5",     "shift_jis", "euc-jp",   "iso-2022-jp", "euc-kr",       "utf-16",
        "utf-16be", "utf-7",     "koi8-r",   "nonsense",    "UTF-32"};
    std::string bytes;
    for (auto left = rng.below(60); left > 0; --left)
      bytes.push_back(static_cast<char>(rng.below(256)));
    for (const auto& name : kNames) {
      std::string out;
      CharsetFlaws flaws;
      append_as_utf8(bytes, name, out, flaws);
      EXPECT_TRUE(is_valid_utf8(out)) << name;
      EXPECT_EQ(flaws.unknown, name == "nonsense") << name;
    }
  });
}

MimeMessage read(std::string&& raw, const MimeLimits& limits = {}) = delete;  // it would dangle
MimeMessage read(const char* raw) { return read_mime(std::string_view(raw), {}); }
MimeMessage read(const std::string& raw, const MimeLimits& limits = {}) {
  return read_mime(raw, limits);
}

// A thread keeps its converters: what one text leaves in them (a shift state, a byte order, half a
// character) must not reach the next. A thread of its own has none yet.
TEST(Charset, ATextIsReadTheSameWhateverCameBefore) {
  struct Read {
    std::string text;
    bool ill_formed;
    bool operator==(const Read&) const = default;
  };
  const auto read = [](std::string_view bytes, std::string_view charset) {
    Read result;
    CharsetFlaws flaws;
    append_as_utf8(bytes, charset, result.text, flaws);
    result.ill_formed = flaws.ill_formed;
    return result;
  };
  testing::for_each_seed(20, [&](Rng& rng) {
    for (const auto* charset :
         {"big5", "cp1255", "cp1258", "euc-jp", "gb18030", "hz-gb-2312", "iso-2022-jp",
          "iso-2022-kr", "koi8-r", "shift_jis", "utf-16", "utf-16be", "utf-32", "utf-7"}) {
      for (const auto start : std::initializer_list<std::string_view>{
               "", "\x1B$B", "\x1B$)C\x0E", "+", "~{", "\xFF\xFE", "\xFE\xFF",
               std::string_view("\0\0\xFE\xFF", 4), std::string_view("\xFF\xFE\0\0", 4)}) {
        std::string bytes(start);
        for (auto left = rng.below(12); left > 0; --left)
          bytes.push_back(static_cast<char>(rng.below(256)));
        const auto used = read(bytes, charset);
        Read fresh;
        std::thread([&] { fresh = read(bytes, charset); }).join();
        EXPECT_EQ(used, fresh) << charset << " " << to_hex(bytes);
      }
    }
  });
}

TEST(Mime, PartsComeInDocumentOrder) {
  const std::string raw =
      "Content-Type: multipart/mixed; boundary=a\r\n\r\npreamble\r\n"
      "--a\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n"
      "--b\r\n\r\none\r\n--b  \r\nContent-Type: text/html\r\n\r\ntwo\r\n--b--\r\n"
      "--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nthree\r\n--a--\r\nepilogue";
  const auto message = read(raw);
  ASSERT_EQ(message.parts.size(), 6U);
  const std::vector<std::string> types = {"multipart/mixed", "multipart/alternative", "text/plain",
                                          "text/html",       "message/rfc822",        "text/plain"};
  for (std::size_t i = 0; i < types.size(); ++i) EXPECT_EQ(message.parts[i].type, types[i]);
  EXPECT_EQ(message.parts[2].body, "one");
  EXPECT_EQ(message.parts[3].body, "two");
  EXPECT_EQ(message.parts[5].body, "three");
  EXPECT_TRUE(message.parts[5].in_message);
  EXPECT_EQ(message.parts[3].parent, 1);
  EXPECT_TRUE(message.problems.empty());
}

TEST(Mime, SaysWhatIsDamaged) {
  struct Case {
    const char* name;
    const char* raw;
    MimeProblem problem;
  };
  for (const auto& c : std::initializer_list<Case>{
           {"no header", "just text\n", MimeProblem::NoHeaders},
           {"odd line", "A: 1\nodd line\nB: 2\n\nx", MimeProblem::BadHeaderLine},
           {"no blank line", "A: 1\nbody begins\nand goes on\n", MimeProblem::NoBlankLine},
           {"no boundary", "Content-Type: multipart/mixed\n\nx", MimeProblem::NoBoundary},
           {"boundary not there", "Content-Type: multipart/mixed; boundary=q\n\nx",
            MimeProblem::BoundaryNotFound},
           {"unclosed", "Content-Type: multipart/mixed; boundary=q\n\n--q\n\nx",
            MimeProblem::UnclosedMultipart},
           {"encoding", "Content-Transfer-Encoding: rot13\n\nx", MimeProblem::UnknownEncoding}}) {
    const auto message = read(c.raw);
    EXPECT_NE(std::ranges::find(message.problems, c.problem), message.problems.end()) << c.name;
  }
}

TEST(Mime, DamagedMailIsReadAsFarAsItGoes) {
  EXPECT_EQ(read("A: 1\nodd line\nB: 2\n\nx").parts[0].header_count, 2U);
  EXPECT_EQ(read("A: 1\nbody begins\nand goes on\n").parts[0].body, "body begins\nand goes on\n");
  EXPECT_EQ(read("Content-Type: multipart/mixed; boundary=q\n\nx").parts[0].type, "text/plain");
  EXPECT_EQ(read("Content-Type: multipart/mixed; boundary=q\n\n--q\n\nx").parts[1].body, "x");
  EXPECT_EQ(read("From a@b Mon\nSubject: x\n\ny").parts[0].header_count, 1U);
}

TEST(Mime, ABoundaryThatOnlyBeginsAlikeIsText) {
  const auto message =
      read("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--ab\ny\n--a--\n");
  ASSERT_EQ(message.parts.size(), 2U);
  EXPECT_EQ(message.parts[1].body, "x\n--ab\ny");
}

TEST(Mime, LimitsHold) {
  std::string nested;
  for (int i = 0; i < 1000; ++i) {
    nested += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" +
              std::to_string(i) + "\n";
  }
  nested += "\nx";
  auto message = read(nested, {.depth = 8});
  EXPECT_EQ(message.parts.size(), 9U);
  EXPECT_NE(std::ranges::find(message.problems, MimeProblem::TooDeep), message.problems.end());

  std::string many = "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 100'000; ++i) many += "--b\n\nx\n";
  message = read(many, {.parts = 50});
  EXPECT_EQ(message.parts.size(), 50U);
  EXPECT_NE(std::ranges::find(message.problems, MimeProblem::TooManyParts), message.problems.end());

  std::string headers;
  for (int i = 0; i < 1'000'000; ++i) headers += "A:\n";
  headers += "\nbody";
  message = read(headers, {.headers = 10});
  EXPECT_EQ(message.headers.size(), 10U);
  EXPECT_EQ(message.parts[0].body, "body");

  const std::string long_field = "A: " + std::string(100'000, 'x') + "\n\n";
  message = read(long_field, {.header_bytes = 1000});
  EXPECT_LE(message.headers[0].value.size(), 1000U);
}

}  // namespace
}  // namespace winnow
