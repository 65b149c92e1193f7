#include <csignal>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "registry/workspace.h"
#include "retention/erase.h"
#include "retention/kinds.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Timestamp kNow = Timestamp::from_civil(2026, 6, 1);

std::string mail(int number) { return fmt::format("Subject: {0}\n\nbody-{0}-q8Z2\n", number); }

NewEvent event_of(const std::string& raw, Timestamp received, Label label = Label::None) {
  return {.raw = raw,
          .digest = sha256(raw),
          .event_time = Timestamp::from_civil(1990, 1, 1),  // as its sender likes
          .received_time = received,
          .source = "test",
          .label = label,
          .label_origin = label == Label::None ? "" : "option"};
}

Result<Stays> goes(const StoredEvent&) { return Stays::No; }

// The event log's writer.
class MailWriter final : public StoreWriters {
 public:
  explicit MailWriter(EventLog& log) : log_(&log) {}
  Status settle(Progress&) override { return {}; }
  Result<std::uint64_t> remove(RetainedKind, std::span<const std::string> ids,
                               const Removal& removal) override {
    WINNOW_TRY(const auto digests, digests_of(ids));
    return log_->remove(digests, removal);
  }
  Status begin_segment() override { return log_->begin_segment(); }
  Status forget_words() override { return {}; }

 private:
  EventLog* log_;
};

RetainedRows mails_of(const EventLog& log) { return mail_rows(RetainedKind::Mails, log, goes); }

class RetentionOfMails : public ::testing::Test {
 protected:
  RetentionOfMails() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
  }
  Path events_folder() const { return workspace_->data() / "events"; }
  EventLog log() const { return EventLog::open(events_folder(), Access::ReadWrite).value(); }
  // Mails 0, 1, ..., the first `count` days old, each later one a day younger.
  void store(EventLog& log, int count, Label label = Label::None) {
    for (int i = 0; i < count; ++i) {
      const auto raw = mail(i);
      EXPECT_OK(log.append(std::vector{event_of(raw, kNow - days(count - i), label)}));
    }
  }
  Result<RetentionDone> apply(const RetentionPlan& plan, EventLog& log) {
    NoProgress progress;
    return apply(plan, log, progress);
  }
  Result<RetentionDone> apply(const RetentionPlan& plan, EventLog& log, Progress& progress) {
    auto& registry = workspace_->registry();
    WINNOW_TRY(auto holds, Holds::open(registry, workspace_->database_file()));
    WINNOW_TRY(const auto known, holds.newest());
    MailWriter writer(log);
    return apply_retention(plan, writer, known, {registry.audit(), holds, clock_}, "ada", progress);
  }
  static RetentionPlan plan(const EventLog& log, days kept_for) {
    return plan_retention(mails_of(log), kept_for, kNow).value();
  }
  Result<AuditEntry> entry(std::uint64_t index) {
    WINNOW_TRY(const auto text, workspace_->registry().audit().entry(index));
    return audit_entry_of(text);
  }
  Result<ErasedBytes> erase(EventLog& log) {
    NoProgress progress;
    MailWriter writer(log);
    return erase_removed(writer, events_folder(), progress);
  }
  bool is_on_disk(std::string_view text) const {
    for (const auto& file : list_files(events_folder()).value()) {
      if (read_file(file, 1 << 26)->find(text) != std::string::npos) return true;
    }
    return false;
  }

  testing::TemporaryFolder folder_;
  FixedClock clock_{kNow};
  std::unique_ptr<Workspace> workspace_;
};

TEST_F(RetentionOfMails, IsPlannedByWhenAMailCameAndWhatItIs) {
  auto events = log();
  const auto young = mail(100), old = mail(101), trained = mail(102), trained_old = mail(103);
  EXPECT_OK(
      events.append(std::vector{event_of(young, kNow - days(90)), event_of(old, kNow - days(91)),
                                event_of(trained, kNow - days(365), Label::Benign),
                                event_of(trained_old, kNow - days(366), Label::Phish)}));
  const auto planned = [](const RetainedRows& rows, int kept_for) {
    return plan_retention(rows, days(kept_for), kNow).value().ids;
  };
  const auto mails = mails_of(events),
             labelled = mail_rows(RetainedKind::LabelledMails, events, goes);
  const auto id = [](const std::string& raw) { return sha256(raw).hex(); };
  EXPECT_THAT(planned(mails, 90), ElementsAre(id(old)));
  EXPECT_THAT(planned(mails, 36'500), IsEmpty());
  EXPECT_THAT(planned(labelled, 365), ElementsAre(id(trained_old)));
  EXPECT_THAT(planned(labelled, 1), ElementsAre(id(trained), id(trained_old)));
}

TEST_F(RetentionOfMails, APlanEndsWhenItIsTold) {
  auto events = log();
  store(events, 10);
  int asked = 0;
  const auto stays = [](const StoredEvent&) -> Result<Stays> { return Stays::No; };
  const auto go_on = [&asked]() -> Status {
    if (++asked == 1) return {};
    return Error(Code::Timeout, "it takes too long");
  };
  const auto rows = mail_rows(RetainedKind::LabelledMails, events, stays, go_on);
  EXPECT_EQ(testing::code_of(plan_retention(rows, days(5), kNow)), Code::Timeout)
      << "also where no page has any";
}

TEST_F(RetentionOfMails, TellsWhatItWouldDoAndWhatStays) {
  auto events = log();
  store(events, 10);
  const auto stays = [](const StoredEvent& event) -> Result<Stays> {
    if (event.digest == sha256(mail(1))) return Stays::Held;
    return event.digest == sha256(mail(2)) ? Stays::Open : Stays::No;
  };
  const auto plan =
      plan_retention(mail_rows(RetainedKind::Mails, events, stays), days(5), kNow).value();
  EXPECT_EQ(plan.rule, "retention.mails: 5d");
  EXPECT_THAT(plan.ids, SizeIs(3));
  EXPECT_EQ(plan.held, 1U);
  EXPECT_EQ(plan.open, 1U);
  EXPECT_EQ(plan.bytes, 3 * mail(0).size());
  EXPECT_EQ(plan.first, kNow - days(10));
  EXPECT_EQ(plan.last, kNow - days(6));
  EXPECT_THAT(plan_retention(mail_rows(RetainedKind::Mails, events, stays), days(5), kNow)->ids,
              SizeIs(3))
      << "planning changes nothing";
}

TEST_F(RetentionOfMails, WhatWentIsOnRecordOnceAndTheRecordVerifies) {
  auto events = log();
  store(events, 10);
  const auto plan = this->plan(events, days(5));
  const auto done = apply(plan, events);
  ASSERT_OK(done);
  EXPECT_EQ(done->rows, 5U);
  ASSERT_OK(erase(events));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(is_on_disk(fmt::format("body-{}-", i)), i >= 5) << i;
  EXPECT_EQ(this->plan(events, days(5)).ids.size(), 0U);
  EXPECT_EQ(events.verify().value(), 5U);
  const auto entry = this->entry(done->audit_entry).value();
  EXPECT_EQ(entry.action, "retention.applied");
  EXPECT_EQ(entry.actor, "ada");
  EXPECT_EQ(entry.subject, "retention.mails: 5d");
  EXPECT_EQ(entry.details["rows"].as_int(), 5);
  // Anybody can tell from what is left which mails the entry is about.
  std::vector<std::string> named;
  const auto arrivals = events.arrivals(0, 100).value();
  for (const auto& event : arrivals) {
    if (event.removed &&
        event.removed->rule.ends_with(fmt::format("audit entry {}", done->audit_entry)))
      named.push_back(event.digest.hex());
  }
  EXPECT_EQ(entry.details["ids_sha256"].as_string(), digest_of(named).hex());
  NoProgress progress;
  const auto verified =
      verify_audit_log(workspace_->data() / "audit", workspace_->registry().keys(), {}, progress);
  ASSERT_OK(verified);
  EXPECT_TRUE(verified->holds());
}

// Somebody else, who places a hold as soon as something was removed.
class HoldsMeanwhile final : public Progress {
 public:
  HoldsMeanwhile(const Path& folder, const Clock& clock) : folder_(folder), clock_(&clock) {}
  void stage(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {
    if (std::exchange(placed_, true)) return;
    const auto workspace = Workspace::open(folder_, Access::ReadWrite, *clock_).value();
    auto holds = Holds::open(workspace->registry(), workspace->database_file()).value();
    EXPECT_OK(holds.place({{.until = kNow}, "matter 17"}, "bea"));
  }

 private:
  Path folder_;
  const Clock* clock_;
  bool placed_ = false;
};

TEST_F(RetentionOfMails, NothingGoesOnceAHoldIsPlacedAlsoInTheMiddle) {
  auto events = log();
  const int count = 2 * static_cast<int>(kRemovedAtOnce) + 10;
  std::vector<std::string> raws;
  std::vector<NewEvent> batch;
  for (int i = 0; i < count; ++i) raws.push_back(mail(i));
  for (const auto& raw : raws) batch.push_back(event_of(raw, kNow - days(100)));
  EXPECT_OK(events.append(batch));
  const auto plan = this->plan(events, days(5));
  HoldsMeanwhile meanwhile(folder_ / "soc", clock_);
  const auto done = apply(plan, events, meanwhile);
  ASSERT_OK(done);
  EXPECT_TRUE(done->stopped);
  EXPECT_EQ(done->rows, kRemovedAtOnce);
  std::vector<std::string> gone;
  for (const auto& event : events.arrivals(0, 10'000).value()) {
    if (event.removed) gone.push_back(event.digest.hex());
  }
  ASSERT_THAT(gone, SizeIs(kRemovedAtOnce));
  const auto stopped = entry(done->audit_entry + 2).value();
  EXPECT_EQ(stopped.action, "retention.stopped");
  EXPECT_EQ(stopped.details["applied"].as_int(), static_cast<std::int64_t>(done->audit_entry));
  EXPECT_EQ(stopped.details["ids_sha256"].as_string(), digest_of(gone).hex())
      << "the record says what went, and no more";
}

// Plans, applies and erases, and is killed before the `kill_at`-th write; true: it was done before.
bool killed_at(int kill_at, const std::function<void()>& work) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    set_write_fault([step = 0, kill_at](std::string_view, const Path&) mutable -> Status {
      if (step++ == kill_at) ::kill(::getpid(), SIGKILL);
      return {};
    });
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status);
}

TEST_F(RetentionOfMails, KilledAtAnyWriteItIsDoneByTheNextRun) {
  {
    auto events = log();
    store(events, 8);
  }
  workspace_.reset();
  const auto run = [&] {
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
    auto events = log();
    const auto plan = this->plan(events, days(4));
    if (!plan.ids.empty()) {
      EXPECT_OK(apply(plan, events));
    }
    EXPECT_OK(erase(events));
    workspace_.reset();
  };
  const Path fresh = folder_ / "fresh";
  std::filesystem::copy(folder_ / "soc", fresh, std::filesystem::copy_options::recursive);
  int kills = 0;
  for (bool done = false; !done; ++kills) {
    std::filesystem::remove_all(folder_ / "soc");
    std::filesystem::copy(fresh, folder_ / "soc", std::filesystem::copy_options::recursive);
    done = killed_at(kills, run);
    run();
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
    const auto events = log();
    EXPECT_EQ(events.verify().value(), 4U) << kills;
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(is_on_disk(fmt::format("body-{}-", i)), i >= 4) << i << " of kill " << kills;
      const auto stored = events.find(sha256(mail(i)).hex()).value();
      EXPECT_EQ(stored.removed.has_value(), i < 4);
      if (i >= 4) {
        EXPECT_EQ(events.read_raw(stored).value(), mail(i));
      }
    }
    workspace_.reset();
  }
  EXPECT_GT(kills, 8) << "several writes were tried";
}

}  // namespace
}  // namespace winnow
