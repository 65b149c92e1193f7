#include "pipeline/mail_content.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

struct Said {
  const char* whole;
  const char* redacted;
};

class ReasonFor : public ::testing::TestWithParam<Said> {};

TEST_P(ReasonFor, LeavesOutWhatIsQuoted) {
  EXPECT_EQ(reason_for(MailContent::Shown, GetParam().whole), GetParam().whole);
  EXPECT_EQ(reason_for(MailContent::Redacted, GetParam().whole), GetParam().redacted);
}

INSTANTIATE_TEST_SUITE_P(
    Each, ReasonFor,
    ::testing::Values(
        Said{"", ""}, Said{"the links lead to pay-now.com", "the links lead to pay-now.com"},
        Said{"its wording is like that of phishing: 'password', 'invoice'",
             "its wording is like that of phishing: '\u2026'"},
        Said{"a program is attached (bill.pdf.exe)", "a program is attached (\u2026)"},
        Said{"the text is long (412 words)", "the text is long (412 words)"},
        Said{"it presses for haste (3.5 of 100 words)", "it presses for haste (3.5 of 100 words)"},
        Said{"much is written in capitals (85%)", "much is written in capitals (85%)"},
        Said{"the sender's name looks like a person's", "the sender's name looks like a person's"},
        Said{"the shown name \"Bob\" is a person's", "the shown name \"\u2026\" is a person's"},
        // Names of files that are written to look like a measure, or to end the quotation early.
        Said{"a program is attached (7 of words.exe)", "a program is attached (\u2026)"},
        Said{"a program is attached (7) secret.exe)", "a program is attached (\u2026)"},
        Said{"a program is attached (a) secret.exe)", "a program is attached (\u2026)"},
        Said{"like phishing: 'a' secret 'b'", "like phishing: '\u2026'"},
        Said{"it says \"secret", "it says \"\u2026"}, Said{"it says 'secret", "it says '\u2026"},
        Said{"it says (", "it says (\u2026"}));

}  // namespace
}  // namespace winnow
