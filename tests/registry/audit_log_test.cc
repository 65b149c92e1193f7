#include "registry/audit_log.h"

#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "store/segment_log.h"
#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using ::testing::HasSubstr;

const FixedClock kClock(Timestamp::from_seconds(1'700'000'000));
NoProgress no_progress;

AuditEntry entry_number(std::uint64_t i) {
  return {Timestamp::from_seconds(1'700'000'000 + static_cast<std::int64_t>(i)), "ada",
          "bundle.promoted", fmt::format("b-{}", i),
          Json::object({{"from", "b-0"}, {"reason", "better \"recall\""}})};
}

std::vector<AuditEntry> entries_from(std::uint64_t first, std::size_t count) {
  std::vector<AuditEntry> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(entry_number(first + i));
  return out;
}

class AuditLogTest : public ::testing::Test {
 protected:
  AuditLog open(Access access = Access::ReadWrite) {
    return AuditLog::open(path(), keys_, access).value();
  }
  Path path() const { return folder_ / "audit"; }
  // `batches` batches of 1, 2, 3, ... entries.
  std::uint64_t fill(std::size_t batches) {
    auto log = open();
    for (std::size_t size = 1; size <= batches; ++size)
      EXPECT_OK(log.append(entries_from(log.size(), size)));
    return log.size();
  }
  AuditVerification verify(std::vector<std::string> known = {}) {
    return verify_audit_log(path(), keys_, known, no_progress).value();
  }
  std::string first_finding(std::vector<std::string> known = {}) {
    const auto verified = verify(std::move(known));
    return verified.holds() ? "" : verified.findings.front().what;
  }

  struct Record {
    RecordKind kind;
    std::string payload;
  };
  std::vector<Record> records() {
    std::vector<Record> out;
    auto scan = SegmentScan::open(path() / "entries").value();
    while (scan.next().value())
      out.push_back({scan.record().kind, std::string(scan.record().payload)});
    return out;
  }
  // Writes the log anew, check sums and all, as somebody with access to the disk but not to the key
  // can.
  void forge(const std::vector<Record>& forged) {
    std::filesystem::remove_all(path() / "entries");
    auto log = SegmentLog::open(path() / "entries", {}).value();
    for (const auto& record : forged) {
      ASSERT_OK(log.append(record.payload, record.kind));
      if (record.kind == 1) ASSERT_OK(log.commit());
    }
    ASSERT_OK(log.commit());
  }

  testing::TemporaryFolder folder_;
  KeyRing keys_ = KeyRing::create(folder_ / "keys", kClock).value();
};

TEST(AuditEntryText, IsCanonicalJson) {
  AuditEntry entry = entry_number(7);
  entry.actor = "zo\xC3\xAB\n\x01\"\\ \xF0\x9F\x90\x8D";
  entry.details = Json::object({{"z", 1e21}, {"a", Json::array({1, nullptr, true})}});
  const auto json = Json::object({{"time", entry.time.text()},
                                  {"actor", entry.actor},
                                  {"action", entry.action},
                                  {"subject", entry.subject},
                                  {"details", entry.details}});
  EXPECT_EQ(canonical(entry).value(), to_canonical(json).value());
  const auto again = audit_entry_of(canonical(entry).value()).value();
  EXPECT_EQ(again.actor, entry.actor);
  EXPECT_EQ(again.time, entry.time);
  entry.actor = "\xFF";
  EXPECT_EQ(code_of(canonical(entry)), Code::InvalidArgument);
}

TEST_F(AuditLogTest, IsReadWhileAnotherWrites) {
  fill(1);
  std::jthread writer([&](const std::stop_token& stop) {
    auto log = open();
    while (!stop.stop_requested()) {
      if (!log.append(entries_from(log.size(), 3))) return;
    }
  });
  std::uint64_t before = 0;
  for (int i = 0; i < 300; ++i) {
    const auto read = AuditLog::open(path(), keys_, Access::ReadOnly);
    ASSERT_OK(read);
    EXPECT_GE(read->size(), before);
    before = read->size();
  }
}

TEST_F(AuditLogTest, KeepsEntriesInOrderAndProvesThem) {
  const auto size = fill(12);
  const auto log = open();
  ASSERT_EQ(log.size(), size);
  const auto checkpoint = verify_checkpoint(log.checkpoint(), keys_).value();
  for (std::uint64_t i = 0; i < size; ++i) {
    EXPECT_EQ(log.entry(i).value(), canonical(entry_number(i)).value());
    const auto proof = log.prove(i).value();
    EXPECT_OK(merkle::verify_inclusion(merkle::leaf_hash(proof.entry), i, size, checkpoint.root,
                                       proof.hashes));
  }
  EXPECT_EQ(code_of(log.entry(size)), Code::NotFound);
  EXPECT_EQ(code_of(log.prove(size)), Code::NotFound);
  EXPECT_EQ(code_of(log.prove_growth(size + 1)), Code::NotFound);
  EXPECT_EQ(read_file(path() / "checkpoint", 10'000).value(), log.checkpoint());
}

TEST_F(AuditLogTest, ProvesThatItOnlyGrew) {
  std::vector<Checkpoint> checkpoints;
  auto log = open();
  for (std::size_t batch = 1; batch < 10; ++batch) {
    checkpoints.push_back(checkpoint_of(log.checkpoint()).value());
    ASSERT_OK(log.append(entries_from(log.size(), batch)));
  }
  const auto now = checkpoint_of(log.checkpoint()).value();
  for (const auto& before : checkpoints) {
    const auto proof = log.prove_growth(before.size).value();
    EXPECT_OK(
        merkle::verify_consistency(before.size, before.root, now.size, now.root, proof.hashes));
  }
}

TEST_F(AuditLogTest, ManySegmentsReadAsOne) {
  auto log = open();
  AuditEntry large = entry_number(0);
  large.details = Json::object({{"text", std::string(900'000, 'x')}});
  for (int i = 0; i < 40; ++i) ASSERT_OK(log.append(large));
  ASSERT_GT(list_files(path() / "entries")->size(), 2U);
  for (const bool without_hashes : {false, true}) {
    if (without_hashes) std::filesystem::remove(path() / "hashes");
    log = open();
    EXPECT_EQ(log.size(), 40U);
    for (const auto i : {0U, 17U, 18U, 39U}) {
      EXPECT_EQ(log.entry(i).value(), canonical(large).value());
      EXPECT_OK(log.prove(i));
    }
  }
  EXPECT_TRUE(verify().holds());
  std::filesystem::remove(list_files(path() / "entries")->front());
  EXPECT_THAT(first_finding(), HasSubstr("deleted"));
}

TEST_F(AuditLogTest, ReadOnlyChangesNothing) {
  const auto size = fill(3);
  auto log = open(Access::ReadOnly);
  EXPECT_EQ(log.size(), size);
  EXPECT_OK(log.prove(2));
  EXPECT_EQ(code_of(log.append(entry_number(9))), Code::Denied);
  EXPECT_EQ(code_of(AuditLog::open(folder_ / "absent", keys_, Access::ReadOnly)), Code::NotFound);
}

TEST_F(AuditLogTest, AnIntactLogHolds) {
  EXPECT_EQ(open().size(), 0U);
  EXPECT_TRUE(verify().holds()) << "empty";
  const auto size = fill(10);
  const auto verified = verify();
  EXPECT_TRUE(verified.holds()) << verified.findings.front().what;
  EXPECT_EQ(verified.entries, size);
  EXPECT_EQ(verified.checkpoints, 11U);
  EXPECT_EQ(verified.latest.size, size);
}

TEST_F(AuditLogTest, AnEditedEntryIsNamed) {
  fill(8);
  auto forged = records();
  std::size_t entry = 0;
  for (auto& record : forged) {
    if (record.kind == 0 && entry++ == 17) record.payload = canonical(entry_number(999)).value();
  }
  forge(forged);
  const auto verified = verify();
  ASSERT_FALSE(verified.holds());
  EXPECT_THAT(verified.findings[0].what, HasSubstr("entry 17"));
  EXPECT_EQ(verified.findings[0].entry, 17U);
  EXPECT_EQ(verified.entries, 15U) << "what an earlier checkpoint proves";
  EXPECT_EQ(verified.findings[0].since, entry_number(14).time);
  EXPECT_EQ(code_of(AuditLog::open(path(), keys_, Access::ReadWrite)), Code::Corrupt);
}

TEST_F(AuditLogTest, ADeletedEntryIsNamed) {
  fill(8);
  auto forged = records();
  forged.erase(forged.begin() + 12);
  forge(forged);
  EXPECT_THAT(first_finding(), HasSubstr("1 entries were deleted"));
}

TEST_F(AuditLogTest, AReorderedPairIsNoticed) {
  fill(8);
  auto forged = records();
  std::swap(forged[12], forged[13]);
  ASSERT_EQ(forged[12].kind, forged[13].kind);
  forge(forged);
  EXPECT_THAT(first_finding(), HasSubstr("order"));
  std::filesystem::remove(path() / "hashes");
  EXPECT_THAT(first_finding(), HasSubstr("not those that were signed"))
      << "also where the hashes were removed";
}

TEST_F(AuditLogTest, ACutTailIsNoticedByTheCopyOrACheckpointKeptElsewhere) {
  fill(8);
  const auto kept = open().checkpoint();
  auto forged = records();
  while (forged.back().kind != 0) forged.pop_back();
  while (forged.back().kind == 0) forged.pop_back();  // ends with the checkpoint before
  forge(forged);
  const auto verified = verify();
  ASSERT_FALSE(verified.holds());
  EXPECT_THAT(verified.findings[0].what, HasSubstr("newest 8 entries were cut off"));
  EXPECT_EQ(verified.findings[0].since, entry_number(27).time);
  EXPECT_EQ(code_of(AuditLog::open(path(), keys_, Access::ReadWrite)), Code::Corrupt);
  ASSERT_OK(write_atomically(path() / "checkpoint", forged.back().payload));
  EXPECT_TRUE(verify().holds()) << "nothing on this disk can know";
  EXPECT_THAT(first_finding({kept}), HasSubstr("newest 8 entries were cut off"));
}

TEST_F(AuditLogTest, EntriesCutBehindTheLastCheckpointAreNoticed) {
  fill(5);
  auto forged = records();
  forged.pop_back();  // the last checkpoint itself: the entries of its batch remain, uncovered
  forge(forged);
  EXPECT_THAT(first_finding(), HasSubstr("cut off"));
}

TEST_F(AuditLogTest, AForgedCheckpointIsNoticed) {
  fill(5);
  const auto other_keys = KeyRing::create(folder_ / "other", kClock).value();
  auto forged = records();
  auto& last = forged[forged.size() - 2];
  last.payload = canonical(entry_number(999)).value();
  merkle::Frontier frontier;
  for (const auto& record : forged) {
    if (record.kind == 0) frontier.append(merkle::leaf_hash(record.payload), nullptr);
  }
  forged.back().payload =
      sign({open().origin(), frontier.size(), frontier.root()}, other_keys).value();
  forge(forged);
  EXPECT_THAT(first_finding(), HasSubstr("not signed by a key of this workspace"));
  EXPECT_EQ(code_of(AuditLog::open(path(), keys_, Access::ReadWrite)), Code::Corrupt);
}

TEST_F(AuditLogTest, ACheckpointOfAnotherHistoryIsNoticed) {
  fill(5);
  Checkpoint other{open().origin(), 7, sha256("another history")};
  EXPECT_THAT(first_finding({sign(other, keys_).value()}),
              HasSubstr("first 7 entries are not those"));
}

TEST_F(AuditLogTest, AnyFlippedByteOfTheLogIsNoticed) {
  fill(6);
  for (const auto& file : list_files(path()).value()) {
    if (file.filename() == "lock") continue;  // says who writes, to whom waits for it
    const auto bytes = read_file(file, 1U << 20).value();
    const bool is_log = file.extension() == ".seg";
    testing::for_each_seed(150, [&](Rng& rng) {
      const auto at = rng.below(bytes.size());
      testing::flip_byte(file, at, static_cast<unsigned char>(1U << rng.below(8)));
      // The marker behind the last batch carries nothing: without it the batch is read like any
      // other.
      const bool in_last_marker = is_log && at >= bytes.size() - 16;
      EXPECT_EQ(verify().holds(), in_last_marker) << file << " byte " << at;
      ASSERT_OK(write_atomically(file, bytes));
    });
  }
}

TEST_F(AuditLogTest, AnyFailedWriteLosesNothingAcknowledged) {
  for (const bool stay_failed : {false, true}) {
    for (int fail_at = 0;; ++fail_at) {
      std::filesystem::remove_all(path());
      { open(); }
      std::uint64_t acknowledged = 0;
      bool fired = false;
      {
        auto log = open();
        const testing::FailingWrites faults(fail_at, stay_failed);
        for (int batch = 0; batch < 4; ++batch) {
          const auto added = log.append(entries_from(acknowledged, 3));
          if (added) acknowledged += 3;
          EXPECT_EQ(log.size(), acknowledged);
        }
        fired = faults.fired();
      }
      const auto log = AuditLog::open(path(), keys_, Access::ReadWrite);
      ASSERT_OK(log);
      EXPECT_GE(log->size(), acknowledged);
      for (std::uint64_t i = 0; i < acknowledged; ++i)
        EXPECT_EQ(log->entry(i).value(), canonical(entry_number(i)).value());
      EXPECT_TRUE(verify().holds());
      if (!fired) break;
    }
  }
}

TEST_F(AuditLogTest, AFailureWhileASegmentBeginsIsRecovered) {
  AuditEntry large = entry_number(0);
  large.details = Json::object({{"text", std::string(1'000'000, 'x')}});
  for (int fail_at = 0;; ++fail_at) {
    std::filesystem::remove_all(path());
    std::uint64_t acknowledged = 0;
    bool fired = false;
    {
      auto log = open();
      for (; acknowledged < 17; ++acknowledged) ASSERT_OK(log.append(large));
      const testing::FailingWrites faults(fail_at, true);
      if (log.append(entry_number(17))) ++acknowledged;
      fired = faults.fired();
    }
    EXPECT_TRUE(verify().holds()) << fail_at;
    auto log = open();
    EXPECT_GE(log.size(), acknowledged);
    ASSERT_OK(log.append(entry_number(18)));
    EXPECT_TRUE(verify().holds()) << fail_at;
    EXPECT_OK(open().prove(log.size() - 1));
    if (!fired) break;
  }
  EXPECT_EQ(list_files(path() / "entries")->size(), 2U);
}

TEST_F(AuditLogTest, WhatWasAppendedSurvivesAKill) {
  testing::for_each_seed(12, [&](Rng& rng) {
    std::filesystem::remove_all(path());
    { open(); }
    const auto acknowledged = testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          auto log = open();
          for (;;) {
            if (!log.append(entries_from(log.size(), 3))) return;
            acknowledge();
          }
        },
        rng, 40'000);
    const auto before = verify();
    EXPECT_TRUE(before.holds()) << before.findings.front().what;
    auto log = open();
    EXPECT_GE(log.size(), acknowledged * 3);
    for (std::uint64_t i = 0; i < log.size(); ++i)
      EXPECT_EQ(log.entry(i).value(), canonical(entry_number(i)).value());
    ASSERT_OK(log.append(entries_from(log.size(), 2)));
    EXPECT_TRUE(verify().holds());
  });
}

TEST_F(AuditLogTest, GoesOnAfterAKeyRotation) {
  fill(3);
  ASSERT_OK(keys_.rotate(kClock));
  fill(4);
  EXPECT_TRUE(verify().holds());
}

TEST_F(AuditLogTest, TheProofFileIsThatOfC2sp) {
  fill(3);
  const auto log = open();
  const auto text = to_text(log.prove(2).value());
  EXPECT_TRUE(text.starts_with("c2sp.org/tlog-proof@v1\nextra " + to_base64(log.entry(2).value()) +
                               "\nindex 2\n"));
  EXPECT_TRUE(text.ends_with("\n\n" + log.checkpoint()));
}

}  // namespace
}  // namespace winnow
