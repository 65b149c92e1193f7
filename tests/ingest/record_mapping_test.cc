#include "ingest/record_mapping.h"

#include "ocsf/mail_attributes.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

const Timestamp kArrival = Timestamp::from_civil(2026, 11, 1, 9);
const Timestamp kWritten = Timestamp::from_civil(2026, 3, 3, 14, 5, 6);

struct Case {
  const char* name;
  RecordForm form;
  const char* raw;
  bool dated;
};
class StoredRecord : public ::testing::TestWithParam<Case> {};

TEST_P(StoredRecord, IsAnEventOfTheTimeThatTheLogKeeps) {
  const auto& c = GetParam();
  const RecordMapping mapping;
  const auto arriving = mapping.apply(c.form, c.raw);
  ASSERT_OK(arriving);
  EXPECT_EQ(arriving->time(), c.dated ? kWritten : Timestamp());
  StoredEvent stored;
  stored.form = c.form;
  stored.event_time = c.dated ? arriving->time() : kArrival;
  const auto event = mapping.apply(stored, c.raw);
  ASSERT_OK(event);
  EXPECT_EQ(event->time(), stored.event_time);
  EXPECT_EQ(event->raw_digest(), arriving->raw_digest());
  EXPECT_EQ(event->get(ocsf::mail::kDatePresent).as_bool(),
            arriving->get(ocsf::mail::kDatePresent).as_bool())
      << "whether the mail itself has a date stays a fact of the mail";
}

INSTANTIATE_TEST_SUITE_P(
    RecordMapping, StoredRecord,
    ::testing::Values(
        Case{"Mail", RecordForm::Mail,
             "From: a@b.example\nDate: Tue, 3 Mar 2026 14:05:06 +0000\n\nhello\n", true},
        Case{"MailWithoutDate", RecordForm::Mail, "From: a@b.example\n\nhello\n", false},
        Case{"MailWithABadDate", RecordForm::Mail, "From: a@b.example\nDate: soon\n\nhello\n",
             false},
        Case{"CsvRow", RecordForm::Csv, "date,body\n2026-03-03T14:05:06Z,hello", true},
        Case{"CsvRowWithoutDate", RecordForm::Csv, "date,body\n,hello", false},
        Case{"CsvLogWithoutDates", RecordForm::Csv, "sender,body\na@b.example,hello", false},
        Case{"JsonLineWithoutDate", RecordForm::NdJson, R"({"body":"hello"})", false}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace winnow
