#include "retention/hold_check.h"

#include <gtest/gtest.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

using std::chrono::days;

const Timestamp kNow = Timestamp::from_civil(2026, 6, 1);

TEST(HoldCheck, AMailThatWentAfterTheHoldWasPlacedWasNoneOfIts) {
  const testing::TemporaryFolder folder;
  auto events = EventLog::open(folder / "events", Access::ReadWrite).value();
  const std::string raw = "From: a@a.example\nTo: b@b.example\n\nwords\n";
  const NewEvent mail{.raw = raw,
                      .digest = sha256(raw),
                      .event_time = kNow,
                      .received_time = kNow,
                      .source = "test"};
  ASSERT_OK(events.append({&mail, 1}));
  ASSERT_OK(events.remove({&mail.digest, 1}, {kNow + days(10), "retention.mails: 1d"}));
  const auto in_none = [](const Digest&) -> Result<std::vector<std::string>> {
    return std::vector<std::string>();
  };
  const auto covers = [&](Timestamp placed_at) {
    Hold hold;
    hold.scope.mailbox = "c@c.example";
    hold.placed_at = placed_at;
    return HoldCheck({hold}, events, in_none).covers(mail.digest).value();
  };
  EXPECT_FALSE(covers(kNow + days(9)));
  EXPECT_TRUE(covers(kNow + days(11))) << "nobody knows any more whose it was";
}

TEST(HoldCheck, WhatNobodyCouldReadMayBeAnybodys) {
  const testing::TemporaryFolder folder;
  auto events = EventLog::open(folder / "events", Access::ReadWrite).value();
  const auto covered = [&](HoldScope scope) {
    Hold hold;
    hold.scope = std::move(scope);
    return HoldCheck({hold}, events, {}).covers_unread(kNow);
  };
  EXPECT_TRUE(covered({.mailbox = "a@a.example"}));
  EXPECT_TRUE(covered({.from = kNow}));
  EXPECT_FALSE(covered({.until = kNow}));
  EXPECT_FALSE(covered({.case_id = "c-0123456789abcdef01234567"})) << "it is in no case";
}

}  // namespace
}  // namespace winnow
