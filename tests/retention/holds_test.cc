#include "retention/holds.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "registry/workspace.h"
#include "retention/hold_check.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Timestamp kNow = Timestamp::from_civil(2026, 6, 1);
constexpr std::string_view kCase = "c-0123456789abcdef01234567";

class HoldsTest : public ::testing::Test {
 protected:
  HoldsTest() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    open();
  }
  void open() {
    holds_.reset();
    workspace_.reset();
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
    holds_ = Holds::open(workspace_->registry(), workspace_->database_file()).value();
  }
  std::vector<Hold> all() { return HoldReader::open(workspace_->database_file())->all().value(); }
  Hold place(HoldScope scope) { return holds_->place({std::move(scope), "why"}, "ada").value(); }

  testing::TemporaryFolder folder_;
  FixedClock clock_{kNow};
  std::unique_ptr<Workspace> workspace_;
  std::optional<Holds> holds_;
};

TEST_F(HoldsTest, APlacedHoldSaysWhatWhyWhoAndWhen) {
  const auto placed = holds_->place({{.case_id = std::string(kCase),
                                      .mailbox = "Ann@SOC.example",
                                      .from = kNow - std::chrono::hours(24),
                                      .until = kNow},
                                     "  matter 17 "},
                                    "ada");
  ASSERT_OK(placed);
  EXPECT_EQ(placed->scope.mailbox, "ann@soc.example");
  const auto json = hold_json(*placed);
  EXPECT_EQ(json["id"].as_string(), fmt::format("h-{:x}", placed->audit_entry));
  EXPECT_EQ(json["scope"]["case"].as_string(), kCase);
  EXPECT_EQ(json["scope"]["until"].as_string(), kNow.text());
  EXPECT_EQ(json["reason"].as_string(), "matter 17");
  EXPECT_EQ(json["by"].as_string(), "ada");
  EXPECT_EQ(json["placed_at"].as_string(), kNow.text());
  EXPECT_TRUE(json["released_at"].is_null());
  const auto entry =
      audit_entry_of(workspace_->registry().audit().entry(placed->audit_entry).value()).value();
  EXPECT_EQ(entry.action, "hold.placed");
}

TEST_F(HoldsTest, WhatMakesNoSenseIsRefusedAndLeavesNothing) {
  const auto size = workspace_->registry().audit().size();
  for (const auto& wish :
       std::vector<NewHold>{{{}, "why"},
                            {{.case_id = "c-1"}, "why"},
                            {{.case_id = ""}, "why"},
                            {{.case_id = "c-0123456789abcdef0123456X"}, "why"},
                            {{.mailbox = "soc.example"}, "why"},
                            {{.mailbox = ""}, "why"},
                            {{.mailbox = std::string(400, 'a') + "@soc.example"}, "why"},
                            {{.from = kNow, .until = kNow}, "why"},
                            {{.until = kNow}, " "},
                            {{.until = kNow}, std::string(kMaxHoldReasonBytes + 1, 'x')},
                            {{.until = kNow}, "\xff"}}) {
    EXPECT_EQ(testing::code_of(holds_->place(wish, "ada")), Code::InvalidArgument);
  }
  EXPECT_EQ(testing::code_of(holds_->place({{.until = kNow}, "why"}, " ")), Code::InvalidArgument);
  EXPECT_EQ(workspace_->registry().audit().size(), size);
  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(HoldsTest, AReleasedHoldStaysOnRecordAndHoldsNothing) {
  const auto first = place({.mailbox = "a@soc.example"}), second = place({.until = kNow});
  const auto released = holds_->release(first.id, "bea");
  ASSERT_OK(released);
  EXPECT_EQ(released->released_at, kNow);
  EXPECT_EQ(released->released_by, "bea");
  EXPECT_EQ(testing::code_of(holds_->release(first.id, "bea")), Code::Conflict);
  EXPECT_EQ(testing::code_of(holds_->release("h-ffff", "bea")), Code::NotFound);
  EXPECT_THAT(*holds_->active(), ElementsAre(::testing::Field(&Hold::id, second.id)));
  EXPECT_THAT(all(), SizeIs(2));
  EXPECT_EQ(holds_->newest().value(), second.audit_entry);
}

TEST_F(HoldsTest, AreMadeAgainFromTheAuditLog) {
  place({.mailbox = "a@soc.example"});
  const auto second = place({.from = kNow});
  EXPECT_OK(holds_->release(second.id, "bea"));
  const auto told = [&] {
    std::string text;
    for (const auto& hold : all()) text += to_text(hold_json(hold));
    return text;
  };
  const auto before = told();
  const auto database = workspace_->database_file();
  holds_.reset();
  workspace_.reset();
  for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(database.string() + end);
  open();
  EXPECT_EQ(told(), before);
}

TEST_F(HoldsTest, WhatAnotherProcessPlacesHoldsHere) {
  EXPECT_THAT(*holds_->active(), IsEmpty());
  const auto other = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
  auto theirs = Holds::open(other->registry(), other->database_file()).value();
  const auto hold = theirs.place({{.until = kNow}, "why"}, "bea").value();
  EXPECT_EQ(holds_->newest().value(), hold.audit_entry);
  EXPECT_THAT(*holds_->active(), SizeIs(1));
  EXPECT_OK(theirs.release(hold.id, "bea"));
  EXPECT_THAT(*holds_->active(), IsEmpty());
}

Hold hold_of(HoldScope scope) {
  Hold hold;
  hold.scope = std::move(scope);
  return hold;
}

NewEvent event_of(std::string_view mail) {
  return {.raw = mail,
          .digest = sha256(mail),
          .event_time = Timestamp::from_civil(1990, 1, 1),
          .received_time = kNow,
          .source = "test"};
}

// A log of mails, each with its case, under one hold.
struct Covered {
  const char* name;
  HoldScope scope;
  const char* mail;
  bool want;
};

class HoldScopes : public ::testing::TestWithParam<Covered> {};

TEST_P(HoldScopes, CoverWhatFitsAllThatTheyName) {
  const auto& param = GetParam();
  const testing::TemporaryFolder folder;
  auto events = EventLog::open(folder / "events", Access::ReadWrite).value();
  const auto mail = event_of(param.mail);
  ASSERT_OK(events.append({&mail, 1}));
  const auto in_the_case = [](const Digest&) -> Result<std::vector<std::string>> {
    return std::vector<std::string>{std::string(kCase)};
  };
  const HoldCheck check({hold_of(param.scope)}, events, in_the_case);
  EXPECT_EQ(check.covers(events.find(mail.digest.hex()).value()).value(), param.want);
}

constexpr const char* kMail =
    "From: Ann <ann@soc.example>\nTo: Bea <bea@b.example>, c@c.example\nCc: d@d.example\n"
    "Delivered-To: e@e.example\nReply-To: f@f.example\nSubject: x\n\nwords of g@g.example\n";
const std::string kManyRecipients = [] {
  std::string mail = "From: a@a.example\nTo: ";
  for (int i = 0; i < 600; ++i) mail += fmt::format("p{}@b.example,\n ", i);
  return mail + "z@b.example\n\nwords\n";
}();

INSTANTIATE_TEST_SUITE_P(
    Each, HoldScopes,
    ::testing::Values(
        Covered{"ItsSender", {.mailbox = "ann@soc.example"}, kMail, true},
        Covered{"WhoItIsTo", {.mailbox = "c@c.example"}, kMail, true},
        Covered{"WhoGetsACopy", {.mailbox = "d@d.example"}, kMail, true},
        Covered{"WhoItWasDeliveredTo", {.mailbox = "e@e.example"}, kMail, true},
        Covered{"WhoIsAnswered", {.mailbox = "f@f.example"}, kMail, true},
        Covered{"NotWhoItMentions", {.mailbox = "g@g.example"}, kMail, false},
        Covered{"InDoubtAnybody", {.mailbox = "z@b.example"}, kManyRecipients.c_str(), true},
        Covered{"ItsCase", {.case_id = std::string(kCase)}, kMail, true},
        Covered{"NotAnotherCase", {.case_id = "c-ffffffffffffffffffffffff"}, kMail, false},
        Covered{"FromWhenItCame", {.from = kNow}, kMail, true},
        Covered{"NotFromLaterOn", {.from = kNow + std::chrono::microseconds(1)}, kMail, false},
        Covered{"NotUntilWhenItCame", {.until = kNow}, kMail, false},
        Covered{"UntilLater", {.until = kNow + std::chrono::microseconds(1)}, kMail, true},
        Covered{"NotWhenItSaysThatItWasWritten",
                {.until = Timestamp::from_civil(1991, 1, 1)},
                kMail,
                false},
        Covered{"AllOfIt",
                {.case_id = std::string(kCase), .mailbox = "bea@b.example", .from = kNow},
                kMail,
                true},
        Covered{"NotAllOfIt", {.mailbox = "bea@b.example", .until = kNow}, kMail, false}),
    [](const auto& tested) { return tested.param.name; });

TEST(HoldCheck, AMailWhoseBytesAreDamagedIsHeldByAnyMailbox) {
  const testing::TemporaryFolder folder;
  {
    const auto mail = event_of(kMail);
    auto log = EventLog::open(folder / "events", Access::ReadWrite).value();
    ASSERT_OK(log.append({&mail, 1}));
  }
  const auto file = list_files(folder / "events" / "log").value().front();
  auto bytes = read_file(file, 1 << 20).value();
  bytes[60] = static_cast<char>(bytes[60] ^ 1);
  ASSERT_OK(write_atomically(file, bytes));
  const auto events = EventLog::open(folder / "events", Access::ReadOnly).value();
  const auto stored = events.find(sha256(kMail).hex()).value();
  ASSERT_EQ(testing::code_of(events.read_raw(stored)), Code::Corrupt);
  const auto in_none = [](const Digest&) -> Result<std::vector<std::string>> {
    return std::vector<std::string>();
  };
  const HoldCheck check({hold_of({.mailbox = "nobody@x.example"})}, events, in_none);
  EXPECT_TRUE(check.covers(stored).value());
}

}  // namespace
}  // namespace winnow
