#include "ingest/event_log.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "ingest/detail/event_entry.h"
#include "ingest/event_eraser.h"
#include "store/sqlite.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

NewEvent event_of(std::string_view raw, int day = 1, Label label = Label::None) {
  return {.form = RecordForm::Mail,
          .raw = raw,
          .digest = sha256(raw),
          .event_time = Timestamp::from_civil(2026, 1, day),
          .received_time = Timestamp::from_civil(2026, 2, 1),
          .source = "test",
          .label = label,
          .label_origin = label == Label::None ? "" : "option"};
}

std::vector<std::string> raws_of(const EventLog& log, const EventFilter& filter = {}) {
  std::vector<std::string> raws;
  for (auto scan = log.scan(filter); scan.next().value();) raws.push_back(scan.read_raw().value());
  return raws;
}

EventLog open(const Path& folder, Access access = Access::ReadWrite) {
  return EventLog::open(folder, access).value();
}

AppendCounts append(EventLog& log, std::vector<NewEvent> batch) {
  return log.append(batch).value();
}

TEST(EventLog, LooksUpManyAtOnce) {
  testing::TemporaryFolder folder;
  auto log = open(folder.path());
  append(log, {event_of("a", 2), event_of("b")});
  const Digest asked[] = {sha256("b"), sha256("never came"), sha256("a"), sha256("b")};
  const auto found = log.look_up(asked).value();
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0]->digest, sha256("b"));
  EXPECT_FALSE(found[1]);
  EXPECT_EQ(found[2]->event_time, Timestamp::from_civil(2026, 1, 2));
  EXPECT_EQ(found[3]->id, found[0]->id);
  EXPECT_TRUE(log.look_up(std::span<const Digest>()).value().empty());
  EXPECT_EQ(append(log, {event_of("c")}).stored, 1U) << "nothing is left locked";
}

TEST(EventLog, IsWalkedBackwardsInStretches) {
  testing::TemporaryFolder folder;
  auto log = open(folder.path());
  append(log, {event_of("c", 3), event_of("a", 1), event_of("b2", 2), event_of("b1", 2),
               event_of("d", 4)});
  const auto walk = [&](std::size_t stretch, std::optional<Timestamp> from = {},
                        std::optional<Timestamp> before = {}) {
    std::vector<std::string> raws;
    std::optional<EventPlace> behind;
    for (;;) {
      const auto found = log.backwards(from, before, behind, stretch).value();
      for (const auto& event : found) raws.push_back(log.read_raw(event).value());
      std::vector<std::uint64_t> ids;
      for (const auto& place : log.places_backwards(from, before, behind, stretch).value())
        ids.push_back(place.id);
      const auto same = log.with_ids(ids).value();
      EXPECT_TRUE(std::ranges::equal(same, found, {}, &StoredEvent::digest, &StoredEvent::digest));
      if (found.size() < stretch) return raws;
      behind = EventPlace{found.back().event_time, found.back().id};
    }
  };
  for (const std::size_t stretch : {1, 2, 3, 5, 9})
    EXPECT_THAT(walk(stretch), ElementsAre("d", "c", "b1", "b2", "a"));
  const auto day = [](int number) { return Timestamp::from_civil(2026, 1, number); };
  EXPECT_THAT(walk(2, day(2), day(4)), ElementsAre("c", "b1", "b2"));
  EXPECT_THAT(walk(2, day(5)), IsEmpty());
  ASSERT_OK(log.remove(std::vector{sha256("c")}, {day(9), "a rule"}));
  const auto removed = log.backwards(day(3), day(4), {}, 9).value();
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_TRUE(removed[0].removed);
}

TEST(EventLog, KeepsEachRecordOnceAndAllAboutIt) {
  testing::TemporaryFolder folder;
  {
    auto log = open(folder.path());
    const auto counts =
        append(log, {event_of("a", 2, Label::Phish), event_of("b"), event_of("a", 2)});
    EXPECT_EQ(counts.stored, 2U);
    EXPECT_EQ(counts.duplicates, 1U);
    EXPECT_EQ(append(log, {event_of("b")}).duplicates, 1U);
  }
  const auto log = open(folder.path(), Access::ReadOnly);
  EXPECT_THAT(raws_of(log), ElementsAre("b", "a"));
  const auto found = log.find(sha256("a").hex().substr(0, 12)).value();
  EXPECT_EQ(found.digest, sha256("a"));
  EXPECT_EQ(found.event_time, Timestamp::from_civil(2026, 1, 2));
  EXPECT_EQ(found.received_time, Timestamp::from_civil(2026, 2, 1));
  EXPECT_EQ(found.source, "test");
  EXPECT_EQ(found.label, Label::Phish);
  EXPECT_EQ(found.label_origin, "option");
  EXPECT_EQ(found.raw_bytes, 1U);
  EXPECT_EQ(log.verify().value(), 2U);
}

// What waits for its index is told from what is in it by nobody who asks the log itself, whatever
// comes between.
TEST(EventLog, AnswersTheSameWhereItIndexesLater) {
  testing::for_each_seed(20, [](Rng& rng) {
    testing::TemporaryFolder folder;
    std::optional<EventLog> later = open(folder / "later"), at_once = open(folder / "at-once");
    later->index_later();
    std::vector<std::string> raws;
    for (int i = 0; i < 40; ++i) raws.push_back(fmt::format("record {}", i));
    for (int step = 0; step < 60; ++step) {
      switch (rng.below(6)) {
        case 0: {
          const std::vector<Digest> gone = {sha256(raws[rng.below(raws.size())])};
          const Removal removal{Timestamp::from_civil(2026, 3, 1), "a rule"};
          EXPECT_EQ(later->remove(gone, removal).value(), at_once->remove(gone, removal).value());
          break;
        }
        case 1:
          ASSERT_OK(later->index());
          break;
        case 2: {
          later.reset();  // killed: nothing was indexed
          later = open(folder / "later");
          later->index_later();
          break;
        }
        default: {
          std::vector<NewEvent> batch;
          for (auto left = 1 + rng.below(4); left > 0; --left) {
            const auto label = rng.below(5) == 0 ? Label::Phish : Label::None;
            batch.push_back(
                event_of(raws[rng.below(raws.size())], 1 + static_cast<int>(rng.below(9)), label));
          }
          const auto counts = append(*later, batch), same = append(*at_once, batch);
          EXPECT_EQ(counts.stored, same.stored);
          EXPECT_EQ(counts.duplicates, same.duplicates);
          EXPECT_EQ(counts.labelled, same.labelled);
        }
      }
      EXPECT_EQ(later->last_id().value(), at_once->last_id().value());
      EXPECT_EQ(later->last_label_id().value(), at_once->last_label_id().value());
      const auto after = rng.below(at_once->last_id().value() + 2), limit = 1 + rng.below(9);
      const auto arrived = later->arrivals(after, limit).value(),
                 same = at_once->arrivals(after, limit).value();
      ASSERT_EQ(arrived.size(), same.size());
      for (std::size_t i = 0; i < same.size(); ++i) {
        EXPECT_EQ(arrived[i].id, same[i].id);
        EXPECT_EQ(arrived[i].digest, same[i].digest);
        EXPECT_EQ(arrived[i].event_time, same[i].event_time);
        EXPECT_EQ(arrived[i].source, same[i].source);
        EXPECT_EQ(arrived[i].label_id, same[i].label_id);
        EXPECT_EQ(arrived[i].removed.has_value(), same[i].removed.has_value());
        EXPECT_EQ(later->look_up(same[i].digest).value()->id, same[i].id);
        if (same[i].removed) continue;
        EXPECT_EQ(later->read_raw(arrived[i]).value(), at_once->read_raw(same[i]).value());
      }
      const auto labels = rng.below(3);
      EXPECT_EQ(later->labellings(labels, 100).value().size(),
                at_once->labellings(labels, 100).value().size());
      if (rng.below(4) == 0) {
        EXPECT_EQ(raws_of(*later), raws_of(*at_once));
      }
    }
    EXPECT_EQ(later->verify().value(), at_once->verify().value());
  });
}

TEST(EventLog, OthersFindWhatIsIndexedLaterOnceItIs) {
  testing::TemporaryFolder folder;
  auto log = open(folder.path());
  log.index_later();
  append(log, {event_of("a"), event_of("b")});
  const auto other = open(folder.path(), Access::ReadOnly);
  EXPECT_FALSE(other.look_up(sha256("a")).value());
  ASSERT_OK(log.index());
  EXPECT_TRUE(other.look_up(sha256("a")).value());
  EXPECT_THAT(raws_of(other), ElementsAre("a", "b"));
}

TEST(EventLog, ALabelReachesAnEventThatHadNoneAndNeverChangesAnother) {
  testing::TemporaryFolder folder;
  {
    auto log = open(folder.path());
    append(log, {event_of("a")});
    const auto labelled =
        append(log, {event_of("a", 1, Label::Phish), event_of("a", 1, Label::Spam)});
    EXPECT_EQ(labelled.labelled, 1U);
    EXPECT_EQ(labelled.label_conflicts, 1U);
    EXPECT_EQ(append(log, {event_of("a", 1, Label::Benign)}).label_conflicts, 1U);
    EXPECT_EQ(append(log, {event_of("a", 1, Label::Phish)}).label_conflicts, 0U);
  }
  std::filesystem::remove(folder / "index.db");
  EXPECT_EQ(open(folder.path()).find(sha256("a").hex())->label, Label::Phish);
}

TEST(EventLog, ALaterStatementGoesBeforeWhatWasSaidAndAllOfItStays) {
  testing::TemporaryFolder folder;
  const auto said = [](Label label, std::uint64_t entry, std::string step = "") {
    return LabelStatement{.event = sha256("a"),
                          .label = label,
                          .step = std::move(step),
                          .origin = fmt::format("entry {}", entry),
                          .entry = entry,
                          .given = Timestamp::from_civil(2026, 2, 5)};
  };
  const auto tell = [](EventLog& log, const LabelStatement& statement) {
    return log.label({&statement, 1}).value();
  };
  {
    auto log = open(folder.path());
    append(log, {event_of("a", 1, Label::Benign), event_of("b")});
    EXPECT_EQ(tell(log, said(Label::Malicious, 7, "T1110")).corrected, 1U);
    EXPECT_EQ(tell(log, said(Label::Benign, 3)).unchanged, 1U) << "an earlier entry";
    EXPECT_EQ(tell(log, said(Label::Malicious, 8, "T1110")).unchanged, 1U) << "the same";
    EXPECT_EQ(tell(log, said(Label::None, 9)).corrected, 1U) << "taken back";
    EXPECT_EQ(append(log, {event_of("a", 1, Label::Benign)}).label_conflicts, 1U);
    LabelStatement unknown = said(Label::Phish, 10);
    unknown.event = sha256("never came");
    EXPECT_EQ(tell(log, unknown).unknown, 1U);
  }
  for (const bool indexed_anew : {false, true}) {
    if (indexed_anew) std::filesystem::remove(folder / "index.db");
    const auto log = open(folder.path());
    const auto event = log.look_up(sha256("a")).value().value();
    EXPECT_EQ(event.label, Label::None);
    EXPECT_EQ(event.times_labelled, 3U);
    const auto labels = log.labels_of(event).value();
    ASSERT_EQ(labels.size(), 3U);
    EXPECT_EQ(labels[0].label, Label::Benign);
    EXPECT_FALSE(labels[0].entry);
    EXPECT_EQ(labels[1].label, Label::Malicious);
    EXPECT_EQ(labels[1].step, "T1110");
    EXPECT_EQ(labels[1].entry, 8U) << "the last that said so";
    EXPECT_EQ(labels[1].origin, "entry 7");
    EXPECT_EQ(labels[2].label, Label::None);
    EXPECT_EQ(log.count({.label = Label::Malicious, .through_label = 2}).value(), 1U)
        << "as it was known then";
    EXPECT_EQ(log.count({.label = Label::Malicious}).value(), 0U);
  }
}

TEST(EventLog, KnowsWhenAndBehindWhichEventALabelWasGiven) {
  testing::TemporaryFolder folder;
  const auto given_later = [] {
    auto label = event_of("a", 1, Label::Phish);
    label.received_time = Timestamp::from_civil(2026, 2, 5);
    return label;
  };
  {
    auto log = open(folder.path());
    EXPECT_EQ(log.last_label_id().value(), 0U);
    append(log, {event_of("a"), event_of("b", 1, Label::Benign), event_of("c")});
    append(log, {given_later(), event_of("a", 1, Label::Spam)});
    append(log, {event_of("d", 1, Label::Spam)});
  }
  for (const bool indexed_anew : {false, true}) {
    if (indexed_anew) std::filesystem::remove(folder / "index.db");
    auto log = open(folder.path());
    EXPECT_EQ(log.last_label_id().value(), 3U);
    const auto labelled = log.labellings(0, 10).value();
    ASSERT_EQ(labelled.size(), 3U);
    EXPECT_EQ(labelled[0].digest, sha256("b"));
    EXPECT_EQ(labelled[0].label_after, labelled[0].id) << "it came with its label";
    EXPECT_EQ(labelled[0].label_given, labelled[0].received_time);
    EXPECT_EQ(labelled[1].digest, sha256("a"));
    EXPECT_EQ(labelled[1].label, Label::Phish) << "the first label stays";
    EXPECT_EQ(labelled[1].label_after, 3U) << "behind a, b and c";
    EXPECT_EQ(labelled[1].label_given, Timestamp::from_civil(2026, 2, 5));
    EXPECT_EQ(labelled[2].digest, sha256("d"));
    const auto next = log.labellings(1, 1).value();
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].digest, sha256("a"));
    // Through the first label only b is judged.
    EXPECT_EQ(log.count({.label = Label::Phish, .through_label = 1}).value(), 0U);
    EXPECT_EQ(log.count({.label = Label::Benign, .through_label = 1}).value(), 1U);
    int judged = 0;
    for (auto scan = log.scan({.through_label = 1}); scan.next().value();)
      judged += scan.event().label != Label::None;
    EXPECT_EQ(judged, 1);
  }
}

TEST(EventLog, ScansInEventTimeOrderWhatPassesTheFilter) {
  testing::TemporaryFolder folder;
  auto log = open(folder.path());
  auto other = event_of("other", 3, Label::Spam);
  other.source = "elsewhere";
  append(log,
         {event_of("c", 9, Label::Phish), event_of("a", 1), event_of("b", 3, Label::Phish), other});
  EXPECT_THAT(raws_of(log), ElementsAre("a", "b", "other", "c"));
  EXPECT_THAT(raws_of(log, {.label = Label::Phish}), ElementsAre("b", "c"));
  EXPECT_THAT(raws_of(log, {.source = "elsewhere"}), ElementsAre("other"));
  EXPECT_THAT(raws_of(log, {.from = Timestamp::from_civil(2026, 1, 3),
                            .before = Timestamp::from_civil(2026, 1, 9)}),
              ElementsAre("b", "other"));
  EXPECT_EQ(log.count({.label = Label::Phish}).value(), 2U);
  EXPECT_THAT(raws_of(log, {.source = "nobody"}), IsEmpty());
}

TEST(EventLog, PagesDoNotSkipOrRepeatEventsOfOneTime) {
  testing::TemporaryFolder folder;
  auto log = open(folder.path());
  std::vector<std::string> raws;
  for (int i = 0; i < 1500; ++i) raws.push_back(fmt::format("mail {:04}", i));
  std::vector<NewEvent> batch;
  for (const auto& raw : raws) batch.push_back(event_of(raw));
  append(log, batch);
  EXPECT_EQ(raws_of(log), raws);
}

TEST(EventLog, APrefixMustNameOneEvent) {
  testing::TemporaryFolder folder;
  auto log = open(folder.path());
  append(log, {event_of("a")});
  EXPECT_EQ(testing::code_of(log.find("abc")), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(log.find("xyz%")), Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(log.find("00000000")), Code::NotFound);
}

TEST(EventLog, OneProcessWritesAtATime) {
  testing::TemporaryFolder folder;
  const auto log = open(folder.path());
  EXPECT_EQ(testing::code_of(EventLog::open(folder.path(), Access::ReadWrite)), Code::Conflict);
  ASSERT_OK(EventLog::open(folder.path(), Access::ReadOnly));
}

TEST(EventLog, ALostIndexIsMadeAgain) {
  testing::TemporaryFolder folder;
  {
    auto log = open(folder.path());
    for (int i = 0; i < 10; ++i) append(log, {event_of(fmt::format("mail {}", i))});
  }
  for (const char* part : {"index.db", "index.db-wal", "index.db-shm"}) {
    std::filesystem::remove(folder / part);
  }
  const auto log = open(folder.path());
  EXPECT_EQ(log.verify().value(), 10U);
}

TEST(EventLog, ScansWhileAnotherProcessAppends) {
  testing::TemporaryFolder folder;
  auto writer = open(folder.path());
  append(writer, {event_of("a", 1), event_of("b", 2)});
  const auto reader = open(folder.path(), Access::ReadOnly);
  append(writer, {event_of("c", 3)});
  EXPECT_THAT(raws_of(reader), ElementsAre("a", "b", "c"));
}

// Whatever byte of the log flips, nothing wrong is ever read: it is found, or it stood where no
// event does.
TEST(EventLog, NoFlippedByteChangesAnEventUnseen) {
  testing::TemporaryFolder folder;
  std::vector<std::string> raws;
  {
    auto log = open(folder.path());
    for (int i = 0; i < 5; ++i) {
      raws.push_back(fmt::format("Subject: mail number {}\n\n{}", i, std::string(100, 'x')));
      append(log, {event_of(raws.back(), i + 1)});
    }
  }
  const auto segment = list_files(folder / "log").value().front();
  const auto bytes = read_file(segment, 1 << 20).value();
  std::size_t found = 0, flips = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 7, ++flips) {
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    ASSERT_OK(write_atomically(segment, flipped));
    const auto log = open(folder.path(), Access::ReadOnly);
    const auto verified = log.verify();
    if (verified) {
      EXPECT_EQ(raws_of(log), raws) << "byte " << at;
    } else {
      EXPECT_EQ(verified.error().code(), Code::Corrupt) << verified.error();
      ++found;
    }
  }
  EXPECT_GT(found, flips * 9 / 10);
  ASSERT_OK(write_atomically(segment, bytes));
  EXPECT_EQ(raws_of(open(folder.path(), Access::ReadOnly)), raws);
}

TEST(EventLog, ADamagedRecordIsNamedWithFileAndPlace) {
  testing::TemporaryFolder folder;
  {
    auto log = open(folder.path());
    append(log, {event_of(std::string(1000, 'a')), event_of("b")});
  }
  const auto segment = list_files(folder / "log").value().front();
  auto bytes = read_file(segment, 1 << 20).value();
  bytes[60] = static_cast<char>(bytes[60] ^ 1);
  ASSERT_OK(write_atomically(segment, bytes));
  const auto log = open(folder.path(), Access::ReadOnly);
  const auto raw = log.read_raw(log.find(sha256(std::string(1000, 'a')).hex()).value());
  ASSERT_EQ(testing::code_of(raw), Code::Corrupt);
  EXPECT_THAT(raw.error().text(), HasSubstr(segment.string()));
}

const Removal kRemoval{Timestamp::from_civil(2026, 5, 1), "retention.mails: 90d, audit entry 7"};

// Whether `text` stands in a file of the log, compressed or not: these are too short to compress.
bool is_on_disk(const Path& folder, std::string_view text) {
  for (const auto& file : list_files(folder).value()) {
    if (read_file(file, 1 << 26)->find(text) != std::string::npos) return true;
  }
  return false;
}

void erase(EventLog& log, const Path& folder, const std::vector<std::string>& raws) {
  std::vector<Digest> digests;
  for (const auto& raw : raws) digests.push_back(sha256(raw));
  ASSERT_EQ(log.remove(digests, kRemoval).value(), raws.size());
  ASSERT_OK(log.begin_segment());
  ASSERT_EQ(EventEraser::open(folder)->step()->events, raws.size());
}

TEST(EventLog, ARemovedEventStaysOnRecordWithoutItsBytes) {
  testing::TemporaryFolder folder;
  constexpr std::string_view kSecret = "Subject: a wombat\n\nq8Z2 kept nowhere\n";
  auto log = open(folder.path());
  append(log, {event_of(kSecret, 2, Label::Phish), event_of("b", 3)});
  ASSERT_TRUE(is_on_disk(folder.path(), "q8Z2"));
  const std::vector<Digest> secret = {sha256(kSecret), sha256("never came")};
  const auto seen_before = log.find(secret.front().hex()).value();
  EXPECT_EQ(log.remove(secret, kRemoval).value(), 1U);
  EXPECT_EQ(log.remove(secret, kRemoval).value(), 0U) << "once";
  const auto is_gone = [&](const EventLog& events) {
    const auto found = events.find(secret.front().hex()).value();
    ASSERT_TRUE(found.removed);
    EXPECT_EQ(found.removed->rule, kRemoval.rule);
    EXPECT_EQ(found.label, Label::Phish);
    EXPECT_EQ(found.raw_bytes, kSecret.size());
    const auto raw = events.read_raw(found);
    ASSERT_EQ(testing::code_of(raw), Code::NotFound);
    EXPECT_THAT(raw.error().message(),
                HasSubstr("removed on 2026-05-01T00:00:00Z (retention.mails: 90d, audit entry 7)"));
    EXPECT_THAT(raws_of(events), ElementsAre("b"));
    EXPECT_EQ(events.count({}).value(), 1U);
    EXPECT_EQ(events.count({.of = EventFilter::Of::Removed}).value(), 1U);
    EXPECT_EQ(events.arrivals(0, 10)->size(), 2U) << "what counts places counts it";
    EXPECT_TRUE(events.look_up(secret.front()).value());
    EXPECT_OK(events.verify());
  };
  is_gone(log);
  auto eraser = EventEraser::open(folder.path()).value();
  EXPECT_EQ(eraser.step()->events, 0U) << "the last file is appended to";
  EXPECT_TRUE(eraser.waits_for_segment().value());
  ASSERT_OK(log.begin_segment());
  EXPECT_FALSE(eraser.waits_for_segment().value());
  EXPECT_EQ(eraser.step()->events, 1U);
  EXPECT_EQ(eraser.step()->events, 0U);
  EXPECT_FALSE(is_on_disk(folder.path(), "q8Z2"));
  EXPECT_EQ(testing::code_of(log.read_raw(seen_before)), Code::NotFound) << "looked up before";
  is_gone(log);
  EXPECT_EQ(append(log, {event_of(kSecret)}).duplicates, 1U) << "it came already";
  // The log tells its index all of it.
  { auto closed = std::move(log); }
  std::filesystem::remove(folder / "index.db");
  is_gone(open(folder.path()));
}

TEST(EventLog, AnIndexThatForgotARemovalIsDamage) {
  testing::TemporaryFolder folder;
  {
    auto log = open(folder.path());
    append(log, {event_of("a", 2), event_of("b", 3)});
    erase(log, folder.path(), {"a"});
    ASSERT_OK(log.verify());
  }
  auto index = Sqlite::open(folder / "index.db", Access::ReadWrite).value();
  ASSERT_OK(index.execute("DELETE FROM event_removals"));
  const auto verified = open(folder.path(), Access::ReadOnly).verify();
  ASSERT_EQ(testing::code_of(verified), Code::Corrupt);
  EXPECT_THAT(verified.error().hint(), HasSubstr("remove index.db"));
}

TEST(EventLog, BytesThatAreGoneWithoutARecordAreDamage) {
  testing::TemporaryFolder folder;
  {
    auto log = open(folder.path());
    append(log, {event_of("a", 2)});
    append(log, {event_of("b", 3)});
    ASSERT_OK(log.begin_segment());
    append(log, {event_of("c", 4)});
  }
  const auto first = segments_in(folder / "log")->front();
  bool is_first = true;
  ASSERT_OK(shorten_segment(folder / "log", first, [&](const SegmentRecord& record) {
    const auto event = read_event_payload(record.payload)->event;
    return std::exchange(is_first, false)
               ? std::optional(ShorterRecord{kRemovedRecord, removed_payload(event)})
               : std::nullopt;
  }));
  const auto verified = open(folder.path(), Access::ReadOnly).verify();
  ASSERT_EQ(testing::code_of(verified), Code::Corrupt);
  EXPECT_THAT(verified.error().message(), HasSubstr("nothing says why"));
}

// As in a backup: the index is copied, then events are removed, then the log is copied.
TEST(EventLog, AnIndexFromBeforeARemovalIsBroughtUpToDate) {
  const std::vector<std::vector<std::string>> cases = {
      {"a"}, {"a", "b"}, {"b", "c"}, {"a", "b", "c", "d"}};
  for (const auto& gone : cases) {
    testing::TemporaryFolder folder;
    {
      auto log = open(folder.path());
      append(log, {event_of("a", 2), event_of("b", 3)});
    }
    std::filesystem::copy(folder / "index.db", folder / "before.db");
    {
      auto log = open(folder.path());
      append(log, {event_of("c", 4), event_of("d", 5)});
      erase(log, folder.path(), gone);
    }
    for (const auto* const end : {"", "-wal", "-shm"})
      std::filesystem::remove(folder / ("index.db" + std::string(end)));
    std::filesystem::rename(folder / "before.db", folder / "index.db");
    EXPECT_OK(open(folder.path(), Access::ReadOnly).verify());
    const auto log = open(folder.path());
    EXPECT_EQ(log.verify().value(), 4 - gone.size());
    EXPECT_EQ(log.count({.of = EventFilter::Of::Removed}).value(), gone.size());
    EXPECT_EQ(log.last_id().value(), 4U);
  }
}

}  // namespace
}  // namespace winnow
