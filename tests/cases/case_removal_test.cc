// Cases whose time is over go with all that is known of them, and nothing else goes.
#include <gmock/gmock.h>

#include "retention/erase.h"
#include "store/sqlite.h"
#include "tests/cases/desk.h"

namespace winnow::cases {
namespace {

using testing::code_of;
using testing::DecidedMail;
using testing::Desk;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const DecidedMail kOld = {.from = "old@zq8sender.example",
                          .to = {"bea@zq8recipient.example"},
                          .subject = "zq8subject of long ago",
                          .text = "zq8words that nobody else would ever write to anybody at all"};
const DecidedMail kNew = {.from = "new@else.example", .subject = "another matter", .text = "short"};

class CaseRemoval : public ::testing::Test {
 protected:
  CaseRemoval() {
    old_ = desk_.find(kOld);
    desk_.find(kOld);
    new_ = desk_.find(kNew);
    desk_.change({.id = old_, .note = "zq8note of somebody"});
  }
  void resolve(const std::string& id) {
    desk_.change({.id = id, .judgement = Judgement{VerdictKind::TruePositive, "zq8reason"}});
  }
  std::uint64_t remove(const std::vector<std::string>& ids) {
    return desk_.book().remove(ids, removal_).value();
  }
  std::uint64_t total(std::string_view words) {
    return desk_.reader()
        .queue({.states = QueueFilter::States::All, .text = std::string(words)}, "")
        ->total;
  }
  bool is_on_disk(std::string_view text) const {
    for (const auto* end : {"", "-wal", "-shm"}) {
      const auto file = read_file(desk_.database().string() + end, 1 << 28);
      if (file && file->find(text) != std::string::npos) return true;
    }
    return false;
  }

  Desk desk_;
  std::string old_, new_;
  const Removal removal_{Timestamp::from_civil(2027, 1, 1), "retention.cases: 90d"};
};

TEST_F(CaseRemoval, TakesFindingsNotesAndSearchAndLeavesTheOthers) {
  resolve(old_);
  const auto finding = desk_.get(old_).findings.front().id;
  EXPECT_EQ(total("zq8subject"), 1U);
  EXPECT_EQ(remove({old_}), 1U);
  EXPECT_EQ(total("zq8subject"), 0U);
  EXPECT_EQ(total("zq8note"), 0U);
  EXPECT_EQ(total(""), 1U);
  EXPECT_EQ(desk_.one(new_).title, "another matter");
  const auto gone = desk_.reader().get(old_);
  ASSERT_EQ(code_of(gone), Code::NotFound);
  EXPECT_THAT(gone.error().message(), HasSubstr("retention.cases: 90d"));
  auto decisions = DecisionStore::open(desk_.database(), Access::ReadOnly).value();
  const auto decision = decisions.get(finding);
  ASSERT_EQ(code_of(decision), Code::NotFound);
  EXPECT_THAT(decision.error().message(), HasSubstr("removed on 2027-01-01"));
  EXPECT_EQ(desk_.reader().verify().value(), 1U) << "what is left adds up";
  EXPECT_EQ(desk_.reader().counts("ann", desk_.clock().now())->resolved, 0U);
  EXPECT_EQ(remove({old_}), 0U) << "it went";
}

TEST_F(CaseRemoval, PassesOverWhatIsNotResolved) {
  const auto before = desk_.dump();
  EXPECT_EQ(remove({old_, "c-none"}), 0U);
  EXPECT_EQ(desk_.dump(), before);
}

TEST_F(CaseRemoval, WhatIsLeftIsMadeAgainFromTheLogsAsItIs) {
  resolve(old_);
  remove({old_});
  const auto before = desk_.reader().get(new_).value();
  ASSERT_OK(desk_.book().forget());
  desk_.catch_up();
  EXPECT_EQ(desk_.reader().verify().value(), 1U);
  EXPECT_EQ(desk_.one(new_).title, before.subject.title);
  EXPECT_EQ(code_of(desk_.reader().get(old_)), Code::NotFound) << "nobody brings it back";
  EXPECT_EQ(total(""), 1U);
}

TEST_F(CaseRemoval, TheSameMailFoundAgainOpensANewCase) {
  resolve(old_);
  remove({old_});
  const auto again = desk_.find(kOld);
  EXPECT_NE(again, old_);
  EXPECT_EQ(total("zq8subject"), 1U);
  EXPECT_EQ(desk_.reader().verify().value(), 2U);
}

TEST_F(CaseRemoval, NoByteOfItIsLeftInTheDatabase) {
  resolve(old_);
  EXPECT_TRUE(is_on_disk("zq8subject"));
  remove({old_});
  ASSERT_OK(desk_.book().forget_words());
  ASSERT_OK(erase_deleted(desk_.database()));
  for (const auto* text :
       {"zq8sender", "zq8recipient", "zq8subject", "zq8note", "zq8reason", "zq8words", "zq8"}) {
    EXPECT_FALSE(is_on_disk(text)) << text;
  }
  EXPECT_TRUE(is_on_disk("another matter"));
}

TEST_F(CaseRemoval, TheOldestAreOfferedFirstAndOnlyTheResolved) {
  resolve(old_);
  auto reader = desk_.reader();
  const auto later = desk_.clock().now() + std::chrono::hours(1);
  const auto page = reader.resolved_before(later, 0, 10).value();
  ASSERT_THAT(page, SizeIs(1));
  EXPECT_EQ(page[0].id, old_);
  EXPECT_THAT(reader.events_of(page[0].number).value(), SizeIs(2));
  EXPECT_THAT(reader.resolved_before(later, page[0].number, 10).value(), SizeIs(0));
  EXPECT_THAT(reader.resolved_before(page[0].resolved_at, 0, 10).value(), SizeIs(0));
}

}  // namespace
}  // namespace winnow::cases
