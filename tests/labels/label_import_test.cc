#include "labels/label_import.h"

#include <gmock/gmock.h>

#include "tests/labels/labelled_office.h"

namespace winnow {
namespace {

using testing::LabelledOffice;

class LabelImportTest : public ::testing::Test {
 protected:
  LabelImportTest() {
    logons_ = {LabelledOffice::logon(1, "ann", "ws5"), LabelledOffice::logon(2, "bob", "ws5")};
    office_.arrive(logons_, "windows");
  }
  std::vector<LabelChange> look_for(std::string_view text) {
    lines_ = read_label_list(text, "list").value();
    found_ = office_.find(lines_).value();
    return changes_of(found_.found, said_);
  }
  LabelImport import(std::string_view text) {
    return record_labels(*registry_, waiting_, {text, "list.csv", 1}, look_for(text), "ada")
        .value();
  }
  std::size_t hand_over() { return waiting_.hand_over(office_.log, office_.clock, 100).value(); }
  StoredEvent event(std::size_t logon) {
    return office_.log.look_up(sha256(logons_[logon])).value().value();
  }
  std::string line(std::string_view label, std::string_view by = "") const {
    return fmt::format("event,label,by\n{},{},{}\n", sha256(logons_[0]).hex(), label, by);
  }
  LabelledOffice office_;
  std::unique_ptr<Registry> registry_ =
      Registry::open(office_.folder / "data", office_.clock, Access::ReadWrite).value();
  WaitingLabels waiting_ = WaitingLabels::open(office_.folder / "data" / "winnow.db").value();
  std::vector<std::string> logons_;
  std::vector<LabelLine> lines_;
  FoundLabels found_;
  std::unordered_set<Digest> said_;  // and not told to the log yet
};

TEST_F(LabelImportTest, WhatAListSaysIsOnRecordAndReachesTheLog) {
  const auto text = line("malicious", "red team");
  const auto done = import(text);
  EXPECT_EQ(event(0).label, Label::None) << "not told yet";
  office_.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(hand_over(), 1U);
  EXPECT_EQ(hand_over(), 0U);
  EXPECT_EQ(event(0).label, Label::Malicious);
  EXPECT_EQ(event(0).label_origin, "red team, import of ada");
  EXPECT_EQ(event(0).label_entry, done.entry);
  EXPECT_EQ(event(0).label_given, office_.clock.now()) << "known from when the log was told";
  EXPECT_EQ(event(1).label, Label::None);

  const auto entry = audit_entry_of(registry_->audit().entry(done.entry).value()).value();
  EXPECT_EQ(entry.action, "labels.imported");
  EXPECT_EQ(entry.actor, "ada");
  EXPECT_EQ(entry.subject, sha256(text).hex());
  EXPECT_EQ(entry.details["labels"]["malicious"].as_int(), 1);
  EXPECT_EQ(registry_->objects().get(done.list).value(), text);
  const auto said = parse_json(registry_->objects().get(done.statements).value()).value();
  EXPECT_EQ(said["event"].as_string(), sha256(logons_[0]).hex());
  EXPECT_EQ(said["origin"].as_string(), "red team, import of ada");
}

TEST_F(LabelImportTest, WhatIsSaidAlreadyIsNoChange) {
  import(line("malicious"));
  hand_over();
  EXPECT_THAT(look_for(line("malicious", "somebody else")), ::testing::IsEmpty());
  const auto changes = look_for(line("benign"));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_TRUE(changes[0].corrects);
}

TEST_F(LabelImportTest, WhatTheLogSaysIsSaidOnceMoreWhereSomethingElseWaits) {
  import(line("benign"));
  hand_over();
  import(line("malicious"));  // a slip, which waits
  said_ = {sha256(logons_[0])};
  const auto changes = look_for(line("benign"));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].corrects) << "it is called so";
  import(line("benign"));
  hand_over();
  EXPECT_EQ(event(0).label, Label::Benign);
}

TEST_F(LabelImportTest, TheLaterEntryCountsInWhateverOrderTheLogHears) {
  import(line("malicious"));
  const auto second = import(line("benign"));
  LabelStatement late{.event = sha256(logons_[0]),
                      .label = Label::Benign,
                      .origin = "ada",
                      .entry = second.entry,
                      .given = office_.clock.now()};
  ASSERT_OK(office_.log.label({&late, 1}));
  EXPECT_EQ(hand_over(), 2U);
  EXPECT_EQ(event(0).label, Label::Benign);
  EXPECT_EQ(office_.log.labels_of(event(0))->size(), 1U);
}

TEST_F(LabelImportTest, WhatWaitsIsThereForAnotherProcessAndAfterACrash) {
  import(line("malicious"));
  auto another = WaitingLabels::open(office_.folder / "data" / "winnow.db").value();
  EXPECT_EQ(another.hand_over(office_.log, office_.clock, 100).value(), 1U);
  // The log was told and the table was not emptied: told again, nothing changes.
  import(line("none"));
  hand_over();
  EXPECT_EQ(event(0).label, Label::None);
  EXPECT_EQ(office_.log.labels_of(event(0))->size(), 2U);
}

}  // namespace
}  // namespace winnow
