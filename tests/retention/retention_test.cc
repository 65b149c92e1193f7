#include "retention/retention.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "registry/workspace.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Timestamp kNow = Timestamp::from_civil(2026, 6, 1);

// Rows "r-0000", "r-0001", ..., each a day older than the next, in pages of three, and who writes
// them.
class Rows final : public StoreWriters {
 public:
  explicit Rows(int count) {
    for (int i = 0; i < count; ++i)
      rows_.push_back({fmt::format("r-{:04}", i), kNow - days(count - i)});
  }
  RetainedRows rows() {
    return {RetainedKind::Decisions, [this](Timestamp before) -> Result<std::vector<OldRow>> {
              std::vector<OldRow> page;
              for (; at_ < rows_.size() && page.size() < 3; ++at_)
                if (rows_[at_].since < before) page.push_back(row(at_));
              if (page.empty()) at_ = 0;
              return page;
            }};
  }
  Status settle(Progress&) override { return {}; }
  Result<std::uint64_t> remove(RetainedKind, std::span<const std::string> ids,
                               const Removal& removal) override {
    for (const auto& id : ids) removed_.push_back(id);
    rule_ = removal.rule;
    return ids.size();
  }
  Status begin_segment() override { return {}; }
  Status forget_words() override { return {}; }

  OldRow row(std::size_t at) const {
    auto row = rows_[at];
    if (row.id == held_) row.stays = Stays::Held;
    if (row.id == open_) row.stays = Stays::Open;
    return row;
  }
  std::vector<OldRow> rows_;
  std::size_t at_ = 0;
  std::string held_, open_, rule_;
  std::vector<std::string> removed_;
};

class Retention : public ::testing::Test {
 protected:
  Retention() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
    holds_ = Holds::open(workspace_->registry(), workspace_->database_file()).value();
  }
  Result<RetentionDone> apply(const RetentionPlan& plan, Rows& rows, Progress& progress) {
    WINNOW_TRY(const auto known, holds_->newest());
    return apply_retention(plan, rows, known, {audit(), *holds_, clock_}, "ada", progress);
  }
  AuditLog& audit() { return workspace_->registry().audit(); }
  AuditEntry entry(std::uint64_t index) {
    return audit_entry_of(audit().entry(index).value()).value();
  }

  testing::TemporaryFolder folder_;
  FixedClock clock_{kNow};
  std::unique_ptr<Workspace> workspace_;
  std::optional<Holds> holds_;
};

TEST_F(Retention, WhatIsOldAndNotHeldGoesUnderOneEntry) {
  Rows rows(8);
  rows.held_ = "r-0001";
  rows.open_ = "r-0003";
  const auto plan = plan_retention(rows.rows(), days(3), kNow).value();
  EXPECT_THAT(plan.ids, ElementsAre("r-0000", "r-0002", "r-0004"));
  EXPECT_EQ(plan.held, 1U);
  EXPECT_EQ(plan.open, 1U);
  EXPECT_EQ(plan.rule, "retention.decisions: 3d");
  EXPECT_EQ(plan.first, kNow - days(8));
  EXPECT_EQ(plan.last, kNow - days(4));
  EXPECT_THAT(rows.removed_, IsEmpty()) << "planning changes nothing";
  NoProgress progress;
  const auto done = apply(plan, rows, progress);
  ASSERT_OK(done);
  EXPECT_EQ(rows.removed_, plan.ids);
  EXPECT_EQ(rows.rule_, fmt::format("retention.decisions: 3d, audit entry {}", done->audit_entry));
  const auto entry = this->entry(done->audit_entry);
  EXPECT_EQ(entry.action, "retention.applied");
  EXPECT_EQ(entry.details["rows"].as_int(), 3);
  EXPECT_EQ(entry.details["ids_sha256"].as_string(), digest_of(plan.ids).hex());
}

// Places a hold as soon as something was removed.
class HoldsMeanwhile final : public Progress {
 public:
  explicit HoldsMeanwhile(Holds& holds) : holds_(&holds) {}
  void stage(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override { EXPECT_OK(holds_->place({{.until = kNow}, "x"}, "bea")); }

 private:
  Holds* holds_;
};

TEST_F(Retention, AHoldPlacedMeanwhileStopsIt) {
  Rows rows(static_cast<int>(kRemovedAtOnce) + 20);
  const auto plan = plan_retention(rows.rows(), days(1), kNow).value();
  HoldsMeanwhile meanwhile(*holds_);
  const auto done = apply(plan, rows, meanwhile);
  ASSERT_OK(done);
  EXPECT_TRUE(done->stopped);
  EXPECT_THAT(rows.removed_, SizeIs(kRemovedAtOnce));
  const auto stopped = entry(audit().size() - 1);
  EXPECT_EQ(stopped.action, "retention.stopped");
  EXPECT_EQ(stopped.details["ids_sha256"].as_string(), digest_of(rows.removed_).hex());
}

}  // namespace
}  // namespace winnow
