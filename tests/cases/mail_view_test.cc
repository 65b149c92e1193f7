#include "cases/mail_view.h"

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow::cases {
namespace {

Json view_of(std::string_view raw, MailContent content = MailContent::Shown) {
  StoredEvent stored;
  stored.event_time = Timestamp::from_civil(2026, 3, 4, 8);
  auto view = mail_view(stored, raw, RecordMapping(), content);
  EXPECT_OK(view);
  return std::move(view).value();
}

constexpr std::string_view kMail =
    "Received: from bad.example (bad.example [192.0.2.7]) by mx.soc.example with ESMTPS; Wed, 4 "
    "Mar "
    "2026 07:59:00 +0000\r\n"
    "Authentication-Results: mx.soc.example; spf=fail smtp.mailfrom=pay-now.com\r\n"
    "From: \"The Bank\" <desk@pay-now.com>\r\nReply-To: other@else.com\r\nTo: ann@soc.com\r\n"
    "Subject: =?utf-8?q?Your_bill?=\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><p>Pay <a "
    "href=\"https://login.pay-now.com/x?y=1\">https://bank.com</a> now</p><img "
    "src=\"http://t.com/p\">\r\n"
    "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
    "filename=\"bill.pdf.exe\"\r\n\r\nMZ\r\n--b--\r\n";

TEST(MailView, ShowsWhatAnAnalystAsksFor) {
  const auto view = view_of(kMail);
  EXPECT_EQ(view["subject"].as_string(), "Your bill");
  EXPECT_EQ(view["from"]["name"].as_string(), "The Bank");
  EXPECT_EQ(view["from"]["mailbox"].as_string(), "desk@pay-now.com");
  EXPECT_EQ(view["reply_to"][0].as_string(), "other@else.com");
  EXPECT_EQ(view["to"][0].as_string(), "ann@soc.com");
  EXPECT_EQ(view["received"][0]["by"].as_string(), "mx.soc.example");
  EXPECT_NE(view["received"][0]["from"].as_string().find("192.0.2.7"), std::string::npos);
  EXPECT_EQ(view["received"][0]["at"].as_string(), "2026-03-04T07:59:00Z");
  EXPECT_EQ(view["authentication"][0]["method"].as_string(), "spf");
  EXPECT_EQ(view["authentication"][0]["result"].as_string(), "fail");
  EXPECT_EQ(view["headers"][3]["name"].as_string(), "Reply-To");
  EXPECT_EQ(view["links"][0]["target"].as_string(), "hxxps[://]login[.]pay-now[.]com/x?y=1");
  EXPECT_EQ(view["links"][0]["domain"].as_string(), "pay-now.com");
  const auto& attachment = view["attachments"][0];
  EXPECT_EQ(attachment["name"].as_string(), "bill.pdf.exe");
  EXPECT_GE(attachment["problems"].size(), 2U);
  EXPECT_FALSE(view["truncated"].as_bool());
}

TEST(MailView, NothingInItRunsLoadsOrLinks) {
  const auto text = to_text(view_of(kMail));
  EXPECT_EQ(text.find("<script"), std::string::npos);
  EXPECT_EQ(text.find("http://"), std::string::npos);
  EXPECT_EQ(text.find("https://"), std::string::npos);
  EXPECT_NE(view_of(kMail)["text"].as_string().find("hxxps://bank.com"), std::string::npos);
}

TEST(MailView, RedactedSaysWhoWhenAndByWhichWayAndNothingElse) {
  constexpr std::string_view kSecret =
      "Received: from bad.example by mx.soc.example; Wed, 4 Mar 2026 07:59:00 +0000\r\n"
      "From: \"The Bank\" <desk@pay-now.com>\r\nTo: ann@soc.com\r\nSubject: Your bill\r\n"
      "X-Preview: SECRET\r\nSECRET: x\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=b; name=SECRET\r\n\r\n"
      "--b\r\nContent-Type: text/html\r\n\r\n<p>SECRET <a href=\"https://pay-now.com/SECRET\">"
      "SECRET</a></p>\r\n"
      "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
      "filename=\"SECRET.exe\"\r\n\r\nMZ SECRET\r\n--b--\r\n";
  const auto whole = view_of(kSecret);
  EXPECT_FALSE(whole["redacted"].as_bool());
  EXPECT_NE(whole["text"].as_string().find("SECRET"), std::string::npos);
  const auto view = view_of(kSecret, MailContent::Redacted);
  EXPECT_EQ(to_text(view).find("SECRET"), std::string::npos) << to_text(view);
  EXPECT_TRUE(view["redacted"].as_bool());
  EXPECT_TRUE(view["text"].is_null());
  EXPECT_EQ(view["subject"].as_string(), "Your bill");
  EXPECT_EQ(view["received"][0]["by"].as_string(), "mx.soc.example");
  EXPECT_EQ(view["headers"].size(), 5U);
  EXPECT_EQ(view["links"][0]["domain"].as_string(), "pay-now.com");
  EXPECT_TRUE(view["links"][0]["target"].is_null());
  EXPECT_TRUE(view["attachments"][0]["name"].is_null());
  EXPECT_GE(view["attachments"][0]["problems"].size(), 1U) << "what is wrong with it is no secret";
}

TEST(MailView, IsBoundedWhateverTheMail) {
  std::string raw = "From: a@b.com\n";
  for (int i = 0; i < 2'000; ++i) raw += fmt::format("X-{}: {}\n", i, std::string(3'000, 'x'));
  raw += "\n";
  for (int i = 0; i < 5'000; ++i)
    raw += fmt::format("http://site{}.com/ {}\n", i, std::string(200, 'y'));
  const auto view = view_of(raw);
  EXPECT_EQ(view["headers"].size(), kShownHeaders);
  EXPECT_EQ(view["links"].size(), kShownLinks);
  EXPECT_LE(view["text"].as_string().size(), kShownTextBytes * 2);
  EXPECT_TRUE(view["truncated"].as_bool());
  EXPECT_LT(to_text(view).size(), 2'000'000U);
}

TEST(SafeText, LeavesNothingThatMisleads) {
  bool cut = false;
  EXPECT_EQ(safe_text("a\x01\x1b[31m\r\nb\tc", 100, cut), "a\uFFFD\uFFFD[31m\nb\tc");
  EXPECT_EQ(safe_text("gpj.\u202Eexe", 100, cut), "gpj.\uFFFDexe");
  EXPECT_EQ(safe_text("HTTPS://x.com HtTp://y.com http: httpd", 100, cut),
            "HxxPS://x.com Hxxp://y.com http: httpd");
  EXPECT_EQ(safe_text("\xff", 100, cut), "\uFFFD");
  EXPECT_FALSE(cut);
  EXPECT_EQ(safe_text("\u00E4\u00E4", 3, cut), "\u00E4");
  EXPECT_TRUE(cut);
}

}  // namespace
}  // namespace winnow::cases
