#include "labels/label_search.h"

#include <gmock/gmock.h>

#include "tests/labels/labelled_office.h"

namespace winnow {
namespace {

using testing::code_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kOfficeOpens;
using testing::LabelledOffice;
using ::testing::UnorderedElementsAre;

class LabelSearchTest : public ::testing::Test {
 protected:
  LabelSearchTest() {
    for (int minute = 0; minute < 60; ++minute)
      logons_.push_back(LabelledOffice::logon(minute, minute % 2 == 0 ? "Ann" : "bob",
                                              minute % 3 == 0 ? "WS5" : "ws6"));
    connections_ = {LabelledOffice::connection(5, "CAbc1", "10.0.0.7"),
                    LabelledOffice::connection(6, "CAbc2", "10.0.0.8"),
                    LabelledOffice::connection(70, "CAbc1", "10.0.0.7")};
    office_.arrive(logons_, "windows");
    office_.arrive(connections_, "zeek", "tap");
  }
  std::vector<LabelLine> lines(std::string_view rows) {
    return read_label_list(
               fmt::format("label,step,event,id,host,user,ip,from,before,mapping,source\n{}", rows),
               "list")
        .value();
  }
  std::vector<std::string> raws(const FoundLabels& found) {
    std::vector<std::string> raws;
    for (const auto& one : found.found) raws.push_back(office_.log.read_raw(one.event).value());
    return raws;
  }
  // "08:05" and "08:10" as from and before.
  static std::string between(std::string_view from, std::string_view before) {
    return fmt::format("2026-03-03T{}:00Z,2026-03-03T{}:00Z", from, before);
  }
  LabelledOffice office_;
  std::vector<std::string> logons_, connections_;
};

TEST_F(LabelSearchTest, FindsAnEventByItsDigest) {
  const auto wanted =
      lines(fmt::format("malicious,,{}\nbenign,,{}\nbenign,,0000000000000000\n",
                        sha256(logons_[3]).hex(), sha256(logons_[4]).hex().substr(0, 12)));
  const auto found = office_.find(wanted);
  ASSERT_OK(found);
  EXPECT_THAT(raws(*found), ElementsAre(logons_[3], logons_[4]));
  EXPECT_EQ(found->found[0].label, Label::Malicious);
  EXPECT_EQ(found->found[1].label, Label::Benign);
  ASSERT_EQ(found->without.size(), 1U);
  EXPECT_EQ(found->without[0]->line, 4U);
}

TEST_F(LabelSearchTest, FindsByTheIdOfItsTool) {
  const auto once = lines("malicious,service_scan,,CAbc2\n");
  EXPECT_THAT(raws(office_.find(once).value()), ElementsAre(connections_[1]));
  const auto twice = lines("malicious,service_scan,,CAbc1\n");
  EXPECT_THAT(raws(office_.find(twice).value()),
              UnorderedElementsAre(connections_[0], connections_[2]));
  const auto then = lines("malicious,,,CAbc1,,,," + between("09:00", "10:00"));
  EXPECT_THAT(raws(office_.find(then).value()), ElementsAre(connections_[2]));
}

TEST_F(LabelSearchTest, FindsWhatAnEntityDidWithinATime) {
  const auto ann = lines("malicious,,,,,EXAMPLE\\ANN,," + between("08:10", "08:14"));
  EXPECT_THAT(raws(office_.find(ann).value()), ElementsAre(logons_[10], logons_[12]));
  const auto host = lines("malicious,,,,ws5.example.org,,," + between("08:10", "08:19"));
  EXPECT_THAT(raws(office_.find(host).value()), ElementsAre(logons_[12], logons_[15], logons_[18]));
  const auto address = lines("benign,,,,,,10.0.0.7," + between("08:00", "10:00"));
  EXPECT_EQ(office_.find(address)->found.size(), 2U);
  const auto tap = lines("benign,,,,,,10.0.0.7," + between("08:00", "10:00") + ",,elsewhere");
  EXPECT_THAT(office_.find(tap)->found, IsEmpty());
  const auto mapped = lines("benign,,,,,,10.0.0.7," + between("08:00", "10:00") + ",windows");
  EXPECT_THAT(office_.find(mapped)->found, IsEmpty());
}

TEST_F(LabelSearchTest, FindsAnEntityHoweverItIsWritten) {
  const auto morning = between("08:00", "10:00");
  for (const auto* const address : {"10.0.0.7", "::ffff:10.0.0.7", "::FFFF:a00:7"}) {
    const auto wanted = lines(fmt::format("benign,,,,,,{},{}", address, morning));
    EXPECT_EQ(office_.find(wanted)->found.size(), 2U) << address;
  }
  EXPECT_EQ(labelled_entity(ocsf::EntityKind::Ip, "2001:DB8:0:0::1").key, "2001:db8::1");
  EXPECT_EQ(labelled_entity(ocsf::EntityKind::Ip, "10.0.0.300").key, "");
  EXPECT_EQ(labelled_entity(ocsf::EntityKind::User, "NT AUTHORITY\\SYSTEM").key, "");
  EXPECT_EQ(labelled_entity(ocsf::EntityKind::Mailbox, "<Ann@B\u00fccher.example>").key,
            "ann@xn--bcher-kva.example");
  const auto no_address =
      read_label_list("label,ip,from,before\nbenign,10.0.0.300," + morning + "\n", "list");
  EXPECT_EQ(code_of(no_address), Code::InvalidArgument);
}

TEST_F(LabelSearchTest, ATimeBesideADigestHolds) {
  const auto digest = sha256(logons_[12]).hex();  // at 08:12
  const auto then = lines("malicious,," + digest + ",,,,," + between("08:10", "08:14"));
  EXPECT_EQ(office_.find(then)->found.size(), 1U);
  const auto later = lines("malicious,," + digest + ",,,,," + between("08:13", "08:14"));
  EXPECT_THAT(office_.find(later)->found, IsEmpty());
  EXPECT_EQ(office_.find(later)->without.size(), 1U);
}

TEST_F(LabelSearchTest, ManyTimesOfAnEntityEachMeanTheirOwn) {
  std::string rows;
  for (int minute = 58; minute >= 0; minute -= 2)
    rows += fmt::format(
        "malicious,step_{0},,,,ann,,2026-03-03T08:{0:02}:00Z,2026-03-03T08:{1:02}:30Z\n", minute,
        minute);
  const auto wanted = lines(rows);
  const auto found = office_.find(wanted);
  ASSERT_OK(found);
  ASSERT_EQ(found->found.size(), 30U);
  for (const auto& one : found->found)
    EXPECT_EQ(one.line->step, fmt::format("step_{}", (one.event.event_time - kOfficeOpens) /
                                                         std::chrono::minutes(1)));
}

TEST_F(LabelSearchTest, LinesThatAgreeMeanAnEventOnceAndOthersAreRefused) {
  const auto digest = sha256(logons_[12]).hex();
  const auto agree =
      lines("malicious,,,,,ann,," + between("08:10", "08:14") + "\nmalicious,," + digest);
  EXPECT_EQ(office_.find(agree)->found.size(), 2U);
  EXPECT_THAT(office_.find(agree)->without, IsEmpty());
  const auto disagree =
      lines("malicious,,,,,ann,," + between("08:10", "08:14") + "\nbenign,," + digest);
  const auto found = office_.find(disagree);
  ASSERT_EQ(code_of(found), Code::InvalidArgument);
  EXPECT_EQ(found.error().text(),
            fmt::format("list:2: it says 'malicious' of event {}, of which line 3 says 'benign'",
                        sha256(logons_[12]).short_hex()));
}

TEST_F(LabelSearchTest, ALineMeansNoMoreThanItMay) {
  const auto wide = lines("malicious,,,,,ann,," + between("08:00", "09:00"));
  EXPECT_EQ(office_.find(wide, {.events_of_line = 30})->found.size(), 30U);
  const auto refused = office_.find(wide, {.events_of_line = 29});
  ASSERT_EQ(code_of(refused), Code::Exhausted);
  EXPECT_EQ(refused.error().text(),
            "list:2: it means more than 29 events (narrow it by time, mapping or source; --most "
            "allows more)");
}

TEST_F(LabelSearchTest, WhatIsSaidOfMailsIsNotSaidOfLogs) {
  const auto spam = lines("spam,," + sha256(logons_[0]).hex());
  EXPECT_EQ(code_of(office_.find(spam)), Code::InvalidArgument);
  const auto phish = lines("phishing,," + sha256(logons_[0]).hex());
  EXPECT_EQ(office_.find(phish)->found[0].label, Label::Malicious);
}

TEST_F(LabelSearchTest, WhatIsRemovedIsNotThere) {
  const Removal removal{testing::kOfficeOpens, "retention"};
  const std::vector<Digest> gone = {sha256(logons_[10])};
  ASSERT_OK(office_.log.remove(gone, removal));
  const auto wanted = lines(fmt::format("malicious,,{}\nmalicious,,,,,ann,,{}", gone.front().hex(),
                                        between("08:10", "08:14")));
  const auto found = office_.find(wanted);
  EXPECT_THAT(raws(*found), ElementsAre(logons_[12]));
  EXPECT_EQ(found->without.size(), 1U);
}

// Every list means what going through all events line by line says.
TEST_F(LabelSearchTest, TimesThatOverlapAreReadOnceAndMeanTheSame) {
  testing::for_each_seed(20, [&](Rng& rng) {
    std::string rows;
    std::vector<bool> meant(logons_.size(), false);
    for (std::uint64_t i = 0; i <= rng.below(5); ++i) {
      const auto from = static_cast<int>(rng.below(59));
      const auto before =
          from + 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(59 - from)));
      const bool ann = rng.below(2) == 0;
      rows += fmt::format("malicious,,,,,{},,2026-03-03T08:{:02}:00Z,2026-03-03T08:{:02}:00Z\n",
                          ann ? "ann" : "bob", from, before);
      for (int minute = from; minute < before; ++minute)
        if ((minute % 2 == 0) == ann) meant[static_cast<std::size_t>(minute)] = true;
    }
    std::vector<std::string> expected;
    for (std::size_t minute = 0; minute < meant.size(); ++minute)
      if (meant[minute]) expected.push_back(logons_[minute]);
    const auto wanted = lines(rows);
    EXPECT_THAT(raws(office_.find(wanted).value()), ::testing::UnorderedElementsAreArray(expected));
  });
}

}  // namespace
}  // namespace winnow
