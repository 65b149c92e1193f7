// Dates, Received fields and authentication results.
#include "ingest/mail/mail_auth.h"
#include "ingest/mail/mail_date.h"
#include "ingest/mail/mail_received.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

TEST(MailDate, ReadsWhatMailersWrite) {
  struct Case {
    const char* text;
    const char* utc;  // empty: no date
  };
  for (const auto& [text, utc] : std::initializer_list<Case>{
           {"Tue, 3 Mar 2026 14:05:06 +0100", "2026-03-03T13:05:06Z"},
           {"3 Mar 2026 14:05 GMT", "2026-03-03T14:05:00Z"},
           {"Tue, 03 March 2026 14:05:06 -0530 (IST)", "2026-03-03T19:35:06Z"},
           {"Tue,3 Mar 2026 14:05:06 EST", "2026-03-03T19:05:06Z"},
           {"Tue, 3 Mar 26 14:05:06 Z", "2026-03-03T14:05:06Z"},
           {"Tue, 3 Mar 99 14:05:06 Z", "1999-03-03T14:05:06Z"},
           {"Tue Mar  3 14:05:06 2026", "2026-03-03T14:05:06Z"},
           {"Tue Mar  3 14:05:06 PST 2026", "2026-03-03T22:05:06Z"},
           {"2026-03-03T14:05:06+01:00", "2026-03-03T13:05:06Z"},
           {"3 Mar 2026 02:05:06 PM +0000", "2026-03-03T14:05:06Z"},
           {"Tue, 3 Mar 2026 14:05:60 +0000", "2026-03-03T14:06:00Z"},
           {"Tue (day), 3 (three) Mar 2026 14:05:06 +00:00", "2026-03-03T14:05:06Z"},
           {"", ""},
           {"Tue", ""},
           {"31 Feb 2026 14:05:06 +0000", ""},
           {"3 Mar 1826 14:05:06 +0000", ""},
           {"3 Mar 9999 14:05:06 +0000", ""},
           {"3 Foo 2026 14:05:06 +0000", ""},
           {"3 Mar 2026 25:05:06 +0000", ""},
           {"((((((", ""}}) {
    const auto date = read_mail_date(text);
    EXPECT_EQ(date ? date->text() : "", utc) << text;
  }
}

TEST(MailReceived, ReadsTheHopsOfManyServers) {
  struct Case {
    const char* value;
    const char* hop;  // helo|host|ip|by|protocol|encrypted
  };
  for (const auto& [value, want] : std::initializer_list<Case>{
           {"from a.example (b.example [192.0.2.1]) by mx.example (Postfix) with ESMTPS id 1 for "
            "<x@y>; Tue, 3 Mar "
            "2026 14:05:06 +0000",
            "a.example|b.example|192.0.2.1|mx.example|esmtps|1"},
           {"from a.example ([192.0.2.1]) by mx.example with SMTP; Tue, 3 Mar 2026 14:05:06 +0000",
            "a.example||192.0.2.1|mx.example|smtp|0"},
           {"from unknown (HELO a.example) (192.0.2.1) by mx.example with SMTP",
            "unknown||192.0.2.1|mx.example|smtp|0"},
           {"from [10.0.0.2] (b.example [192.0.2.1]) by mx.example",
            "[10.0.0.2]|b.example|192.0.2.1|mx.example||0"},
           {"from a.example (IPv6:2001:db8::1) by mx.example with Microsoft SMTP Server "
            "(version=TLS1_2) id 1",
            "a.example||2001:db8::1|mx.example|smtp|1"},
           {"by mx.example (Postfix, from userid 0) id 1; Tue, 3 Mar 2026 14:05:06 +0000",
            "|||mx.example||0"},
           {"by 2002:a05:6a10:: with SMTP id x", "|||2002:a05:6a10::|smtp|0"},
           {"(qmail 1 invoked by uid 0); 3 Mar 2026 14:05:06 -0000", "|||||0"},
           {"", "|||||0"},
           {"from (((((", "|||||0"}}) {
    const auto hop = read_received(value);
    EXPECT_EQ(hop.helo + "|" + hop.host + "|" + (hop.ip ? hop.ip->text() : "") + "|" + hop.by +
                  "|" + hop.protocol + "|" + (hop.encrypted ? "1" : "0"),
              want)
        << value;
  }
}

TEST(MailAuth, ReadsResultsOfTheRfc) {
  const auto r = read_auth_results(
      " mx.example 1; spf=pass (ok) smtp.mailfrom=a@b.example; dkim=fail reason=\"bad sig; "
      "really\" "
      "header.d=c.example; dmarc=pass (p=REJECT sp=NONE) header.from=b.example; none");
  EXPECT_EQ(r.server, "mx.example");
  ASSERT_EQ(r.methods.size(), 3U);
  EXPECT_EQ(r.methods[0].property("smtp.mailfrom"), "a@b.example");
  EXPECT_EQ(r.methods[1].result, "fail");
  EXPECT_EQ(r.methods[1].property("header.d"), "c.example");
  EXPECT_EQ(r.methods[2].comment, "p=REJECT sp=NONE");
  EXPECT_EQ(read_auth_results("spf=pass smtp.mailfrom=x").server, "");
  EXPECT_EQ(read_auth_results("mx.example; none").methods.size(), 0U);
}

// Header fields from the top, as "name: value"; what the trusted receiver said of SPF.
MailAuth judge(const std::vector<HeaderField>& headers, const std::vector<std::string>& ids = {}) {
  std::vector<PlacedHop> hops;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (headers[i].name == "Received") hops.push_back({i, read_received(headers[i].value)});
  }
  return judge_auth(headers, hops, ids);
}

constexpr std::string_view kIn =
    "from evil.example (evil.example [198.51.100.7]) by mx.corp.example with ESMTP";
constexpr std::string_view kInside =
    "from mx.corp.example (mx.corp.example [10.0.0.1]) by box.corp.example";
constexpr std::string_view kForged =
    "from bank.example (bank.example [192.0.2.9]) by evil.example with SMTP";

TEST(MailAuth, BelievesTheReceiverAboveTheBoundary) {
  const auto auth = judge({{"Authentication-Results",
                            "mx.corp.example; spf=fail smtp.mailfrom=evil.example; "
                            "dkim=pass header.d=evil.example"},
                           {"Received", kIn},
                           {"Received", kForged}});
  EXPECT_TRUE(auth.trusted);
  EXPECT_EQ(auth.spf, "fail");
  EXPECT_EQ(auth.spf_domain, "evil.example");
  EXPECT_EQ(auth.dkim_domains, std::vector<std::string>{"evil.example"});
}

TEST(MailAuth, BelievesAnInnerHopAndTheFieldBelowTheBoundary) {
  const auto auth =
      judge({{"Received", kInside},
             {"Received", kIn},
             {"Authentication-Results", "mx.corp.example; spf=pass smtp.mailfrom=x@evil.example"},
             {"Received", kForged}});
  EXPECT_TRUE(auth.trusted);
  EXPECT_EQ(auth.spf, "pass");
}

TEST(MailAuth, IgnoresAndCountsWhatTheSenderWrote) {
  const auto auth = judge(
      {{"Authentication-Results", "mx.corp.example; spf=fail"},
       {"Received", kIn},
       {"Received", kForged},
       {"Authentication-Results", "mx.corp.example; spf=pass; dkim=pass header.d=bank.example"},
       {"Received-SPF", "pass"}});
  EXPECT_EQ(auth.spf, "fail");
  EXPECT_EQ(auth.dkim, "");
  EXPECT_EQ(auth.ignored, 2U);
}

TEST(MailAuth, AForeignServerBelowTheBoundaryIsNotBelieved) {
  const auto auth =
      judge({{"Received", kIn}, {"Authentication-Results", "mx.other.example; spf=pass"}});
  EXPECT_FALSE(auth.trusted);
  EXPECT_EQ(auth.ignored, 1U);
}

TEST(MailAuth, TheFirstFieldThatSpeaksOfAMethodCounts) {
  const auto auth = judge({{"Authentication-Results", "mx.corp.example; spf=fail"},
                           {"Authentication-Results", "mx.corp.example; spf=pass; dmarc=none"},
                           {"Received", kIn}});
  EXPECT_EQ(auth.spf, "fail");
  EXPECT_EQ(auth.dmarc, "none");
}

TEST(MailAuth, AForgedSignatureDoesNotFollowAGenuineField) {
  const HeaderField genuine{"Authentication-Results", "mx.corp.example; dkim=none; spf=fail"};
  const HeaderField forged{"Authentication-Results",
                           "mx.corp.example; dkim=pass header.d=bank.example; dmarc=pass"};
  const auto below = judge({genuine, {"Received", kIn}, forged});
  EXPECT_EQ(below.dkim, "none");
  EXPECT_EQ(below.dmarc, "");
  EXPECT_EQ(below.ignored, 1U);
  const auto after =
      judge({{"Received", kIn}, genuine, forged});  // the best one can do: see the docs
  EXPECT_EQ(after.dkim, "none");
}

TEST(MailAuth, ConfiguredServersCountWhereverTheyStand) {
  const auto auth = judge({{"Received", kIn},
                           {"Authentication-Results", "mx.corp.example; spf=pass"},
                           {"Received", kForged},
                           {"Authentication-Results", "Filter.Example; spf=softfail"}},
                          {"filter.example"});
  EXPECT_EQ(auth.spf, "softfail");
  EXPECT_EQ(auth.server, "filter.example");
  EXPECT_EQ(auth.ignored, 1U);
}

TEST(MailAuth, ReceivedSpfStandsInWhereNoResultsDo) {
  const auto auth = judge(
      {{"Received-SPF", "SoftFail (domain of x) client-ip=1; envelope-from=\"a@evil.example\""},
       {"Received", kIn}});
  EXPECT_EQ(auth.spf, "softfail");
  EXPECT_FALSE(auth.trusted);
}

}  // namespace
}  // namespace winnow
