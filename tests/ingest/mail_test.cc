#include "ingest/mail/mail.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "ocsf/mail_attributes.h"
#include "tests/ocsf/schema_validator.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

namespace m = ocsf::mail;

ocsf::Event read(std::string_view raw) {
  auto event = MailMapping().apply(raw);
  EXPECT_TRUE(event) << event.error();
  return std::move(*event);
}

std::string text_of(const ocsf::Event& event) {
  return to_text(event.json(ocsf::Event::Unmapped::Include));
}

bool says(const ocsf::Event& event, std::string_view problem) {
  const auto problems = event.get(m::kProblems).as_texts();
  return std::ranges::find(problems, problem) != problems.end();
}

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(MailMapping, GoldenMails) {
  const auto folder = testing::source_folder() / "tests/ingest/golden";
  const auto schema = testing::OcsfSchema::load();
  int count = 0;
  for (const auto& path : list_files(folder).value()) {
    if (path.extension() != ".eml") continue;
    ++count;
    const auto raw = read_file(path, 1UL << 20).value();
    const auto json = read(raw).json(ocsf::Event::Unmapped::Include);
    auto name = path.stem().string() + ".json";
    testing::expect_golden(to_pretty_text(json) + "\n", Path("ingest/golden") / name);
    if (!schema) continue;
    EXPECT_EQ(schema->problems_of(json), std::vector<std::string>{}) << path;
  }
  EXPECT_GE(count, 12);
}

TEST(MailMapping, OnlyWhatHoldsNothingIsRefused) {
  for (const std::string_view raw : {"", "\r\n\r\n", "   \n\t\n", "\n\n\n"}) {
    EXPECT_EQ(testing::code_of(MailMapping().apply(raw)), Code::InvalidArgument);
  }
  for (const std::string_view raw :
       {"x", "A: b", "Subject:\n\n", "\xFF\xFE", "no header at all\nbut text\n"}) {
    EXPECT_OK(MailMapping().apply(raw));
  }
}

// The same mail with any mixture of line ends is the same event, apart from the bytes' size and
// digest.
TEST(MailMapping, LineEndsDoNotMatter) {
  for (const auto& path : list_files(testing::source_folder() / "tests/ingest/golden").value()) {
    if (path.extension() != ".eml") continue;
    auto unix_ends = read_file(path, 1UL << 20).value();
    std::erase(unix_ends, '\r');
    testing::for_each_seed(5, [&](Rng& rng) {
      std::string mixed;
      for (const char c : unix_ends) {
        if (c == '\n' && rng.chance(0.5)) mixed.push_back('\r');
        mixed.push_back(c);
      }
      const auto plain = read(unix_ends);
      const auto other = read(mixed);
      for (const auto attribute :
           {m::kSubject, m::kText, m::kOwnText, m::kHiddenText, m::kFrom, m::kFromDisplayName,
            m::kLinkCount, m::kAttachmentCount, m::kSpf, m::kReceivedCount, m::kTextLines}) {
        EXPECT_EQ(plain.get(attribute).as_text(), other.get(attribute).as_text())
            << path << attribute.path();
        EXPECT_EQ(plain.get(attribute).as_int(), other.get(attribute).as_int())
            << path << attribute.path();
      }
      EXPECT_EQ(plain.time(), other.time());
      EXPECT_EQ(plain.get(m::kProblems).as_texts().size(),
                other.get(m::kProblems).as_texts().size());
    });
  }
}

struct Hostile {
  const char* name;
  std::function<std::string()> raw;
  const char* problem;  // that the event must mention; null: none in particular
};

void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }

class HostileMail : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileMail, IsReadWithinTheLimitsAndSaysSo) {
  const auto raw = GetParam().raw();
  const auto event = read(raw);
  const bool said = GetParam().problem == nullptr || says(event, GetParam().problem);
  EXPECT_TRUE(said) << text_of(event).substr(0, 2000);
  const auto text = text_of(event);
  EXPECT_TRUE(is_valid_utf8(text));
  EXPECT_EQ(text.find("\\u0000"), std::string::npos);
  EXPECT_EQ(text, text_of(read(raw)));
}

const Hostile kHostile[] = {
    {"Truncated",
     [] {
       return std::string(
           "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Ty");
     },
     "multipart not closed"},
    {"NestedThousandDeep",
     [] {
       std::string raw;
       for (int i = 0; i < 1000; ++i) {
         raw += fmt::format("Content-Type: multipart/mixed; boundary=b{}\n\n--b{}\n", i, i);
       }
       return raw + "\ntext";
     },
     "parts nested too deeply"},
    {"MessageInMessage", [] { return repeat("Content-Type: message/rfc822\n\n", 2000) + "\ntext"; },
     "parts nested too deeply"},
    {"HundredThousandParts",
     [] { return "Content-Type: multipart/mixed; boundary=b\n\n" + repeat("--b\n\nx\n", 100'000); },
     "too many parts"},
    {"MillionHeaders", [] { return repeat("X: y\n", 1'000'000) + "\ntext"; },
     "too many header fields"},
    {"HugeHeader", [] { return "Subject: " + repeat("a", 10'000'000) + "\n\ntext"; },
     "header field too long"},
    {"HugeText", [] { return "Subject: x\n\n" + repeat("word ", 2'000'000); },
     "text part too long"},
    {"LongText", [] { return "Subject: x\n\n" + repeat("word ", 20'000); },
     "text longer than is kept"},
    {"WrongCharset",
     [] { return std::string("Content-Type: text/plain; charset=utf-8\n\ncaf\xE9 \xFF\xFE"); },
     "text that its character set does not allow"},
    {"UnknownCharset",
     [] { return std::string("Content-Type: text/plain; charset=klingon\n\nx \xE9"); },
     "unknown character set"},
    {"BrokenBase64",
     [] {
       return std::string(
           "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: "
           "base64\n\nJVBER$$$i0xLjQ*\n=====aaa");
     },
     "damaged attachment"},
    {"UnknownEncoding", [] { return std::string("Content-Transfer-Encoding: x-what\n\ntext"); },
     "unknown transfer encoding"},
    {"FoldingTricks",
     [] {
       return std::string(
           "Subject:\n \n\t\n =?utf-8?q?a?=\n   =?utf-8?q?b?=\nFrom:\n\tx@example.org\n \n\ntext");
     },
     nullptr},
    {"NulBytes", [] { return std::string("Subject: a\0b\nFrom: x\0@example.org\n\nte\0xt", 40); },
     "NUL byte in a header field"},
    {"EncodedWordBomb",
     [] { return "Subject: " + repeat("=?utf-8?q?=E9?= =?big5?b?////?= ", 2000) + "\n\ntext"; },
     "text that its character set does not allow"},
    {"EncodedWordStarts", [] { return "Subject: " + repeat("=?a?q?x", 9000) + "\n\ntext"; },
     nullptr},
    {"DuplicateHeaders",
     [] {
       return std::string(
           "From: a@example.org\nFrom: b@example.org\nSubject: 1\nSubject: 2\n\ntext");
     },
     nullptr},
    {"AddressBomb", [] { return "To: " + repeat("a@example.org,", 4000) + "\n\ntext"; },
     "too many recipients"},
    {"CommentBomb",
     [] {
       return "Date: " + repeat("(", 60'000) + "\nReceived: from " + repeat("(", 60'000) + "\n\nx";
     },
     "no readable date"},
    {"ParameterBomb",
     [] { return "Content-Type: text/plain" + repeat("; a*0*=x", 8000) + "\n\ntext"; }, nullptr},
    {"LinkBomb",
     [] {
       return "Content-Type: text/html\n\n" + repeat("<a href=http://a.example/>x</a>", 20'000);
     },
     "too many links"},
    {"DeepHtml",
     [] { return "Content-Type: text/html\n\n" + repeat("<div><table><tr><td>", 50'000) + "end"; },
     nullptr},
    {"BoundaryOnly",
     [] { return "Content-Type: multipart/mixed; boundary=\"\"\n\n" + repeat("--\n", 10'000); },
     "multipart without boundary"},
    {"BoundaryOfDashes",
     [] { return "Content-Type: multipart/mixed; boundary=\"--\"\n\n" + repeat("----\n", 10'000); },
     nullptr},
    {"AllBytes",
     [] {
       std::string raw = "Subject: x\n\n";
       for (int i = 0; i < 256; ++i) raw.push_back(static_cast<char>(i));
       return raw;
     },
     nullptr},
};

INSTANTIATE_TEST_SUITE_P(Table, HostileMail, ::testing::ValuesIn(kHostile),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(MailMapping, AnyBytesGiveAnEventOrARefusal) {
  static const std::vector<std::string> kPieces = {"From: ",
                                                   "Subject: ",
                                                   "Date: ",
                                                   "Received: from a by b; ",
                                                   "Content-Type: ",
                                                   "multipart/mixed; boundary=b",
                                                   "multipart/alternative; boundary=b",
                                                   "text/html",
                                                   "message/rfc822",
                                                   "; charset=utf-16",
                                                   "; name=a.zip",
                                                   "Content-Transfer-Encoding: base64",
                                                   "Content-Transfer-Encoding: quoted-printable",
                                                   "\n",
                                                   "\r\n",
                                                   "\n\n",
                                                   "--b",
                                                   "--b--",
                                                   " ",
                                                   "\t",
                                                   "=?utf-8?b?",
                                                   "?=",
                                                   "<a href=",
                                                   "http://a.example/",
                                                   ">",
                                                   "\xFF",
                                                   std::string(1, '\0'),
                                                   "=",
                                                   "UEsDBA==",
                                                   "Authentication-Results: ",
                                                   "a.example; spf=pass",
                                                   "(",
                                                   ")",
                                                   ";",
                                                   "\"",
                                                   "a@b.example",
                                                   "Tue, 3 Mar 2026 14:05:06 +0000"};
  testing::for_each_seed(500, [](Rng& rng) {
    std::string raw;
    for (auto left = rng.below(80); left > 0; --left) {
      raw +=
          rng.chance(0.1) ? std::string(1, static_cast<char>(rng.below(256))) : rng.pick(kPieces);
    }
    const auto event = MailMapping().apply(raw);
    if (!event) return;
    const auto text = text_of(*event);
    EXPECT_TRUE(is_valid_utf8(text));
    EXPECT_EQ(event->raw_digest(), sha256(raw));
  });
}

TEST(MailMapping, TheTimeIsTheDateUnlessTheReceiverContradicts) {
  const auto time = [](std::string_view date, std::string_view received) {
    std::string raw;
    if (!received.empty())
      raw += fmt::format("Received: from a.example by b.example; {}\n", received);
    if (!date.empty()) raw += fmt::format("Date: {}\n", date);
    return read(raw + "Subject: x\n\ny").time().text();
  };
  constexpr std::string_view kReceived = "Tue, 3 Mar 2026 14:05:06 +0000";
  EXPECT_EQ(time("Tue, 3 Mar 2026 15:00:00 +0100", kReceived), "2026-03-03T14:00:00Z");
  EXPECT_EQ(time("Tue, 3 Mar 2031 15:00:00 +0100", kReceived), "2026-03-03T14:05:06Z");
  EXPECT_EQ(time("Thu, 1 Jan 1970 00:00:00 +0000", kReceived), "2026-03-03T14:05:06Z");
  EXPECT_EQ(time("", kReceived), "2026-03-03T14:05:06Z");
  EXPECT_EQ(time("Tue, 3 Mar 2026 15:00:00 +0100", ""), "2026-03-03T14:00:00Z");
  EXPECT_EQ(time("", ""), "1970-01-01T00:00:00Z");
}

TEST(MailFields, GiveTheSameKindOfEvent) {
  MailFields fields;
  fields.raw = "row";
  fields.sender = "\"Bank\" <Service@Bank.Example>";
  fields.receiver = "a@corp.example, b@corp.example";
  fields.date = "2026-03-03 14:05:06+01:00";
  fields.subject = "=?utf-8?q?caf=C3=A9?=";
  fields.body = "See <b>this</b><br><a href='http://evil.example/x'>http://bank.example</a>";
  fields.urls = "http://evil.example/x, https://other.example/";
  const auto event = event_from_fields(fields);
  ASSERT_OK(event);
  EXPECT_EQ(event->get(m::kFrom).as_text(), "service@bank.example");
  EXPECT_EQ(event->get(m::kRecipients).as_texts().size(), 2U);
  EXPECT_EQ(event->time().text(), "2026-03-03T13:05:06Z");
  EXPECT_EQ(event->get(m::kSubject).as_text(), "caf\u00E9");
  EXPECT_EQ(event->get(m::kText).as_text(), "See this\nhttp://bank.example");
  EXPECT_EQ(event->raw_digest(), sha256("row"));
  const auto links = event->get(m::kLinks).as_records();
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].get(m::link::kShownRegistrable).as_text(), "bank.example");
  EXPECT_EQ(links[1].get(m::link::kHost).as_text(), "other.example");
  EXPECT_TRUE(event->get(m::kAuthTrusted).is_absent());
  EXPECT_TRUE(event->get(m::kReceived).is_absent());
}

TEST(MailFields, AbsentColumnsStayAbsent) {
  MailFields fields;
  fields.raw = "row";
  fields.body = "text";
  fields.urls = "1";
  const auto event = event_from_fields(fields);
  ASSERT_OK(event);
  EXPECT_TRUE(event->get(m::kSubject).is_absent());
  EXPECT_TRUE(event->get(m::kFrom).is_absent());
  EXPECT_TRUE(event->get(m::kToCount).is_absent());
  EXPECT_TRUE(event->get(m::kDatePresent).is_absent());
  EXPECT_EQ(event->get(m::kLinkCount).as_int(), 0);
  EXPECT_EQ(testing::code_of(event_from_fields({})), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
