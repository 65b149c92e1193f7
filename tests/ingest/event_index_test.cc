// The index of the event log, compared with a list that is asked in the plainest way, and old ones.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "ingest/event_log.h"
#include "store/sqlite.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

// What the log should answer: every event that came, in the order of arrival.
class Expected {
 public:
  void add(const NewEvent& event) {
    if (const auto known = places_.find(event.digest); known != places_.end())
      return give(all_[known->second], event);
    places_.emplace(event.digest, all_.size());
    auto& stored = all_.emplace_back();
    stored.id = all_.size();
    stored.digest = event.digest;
    stored.mapping = event.mapping;
    stored.event_time = event.event_time;
    stored.source = event.source;
    give(all_.back(), event);
  }
  // As EventLog::label(); whether it is on record from now on.
  bool say(const LabelStatement& said) {
    auto& event = all_[places_.at(said.event)];
    const bool is_older = event.label_entry && *event.label_entry >= said.entry;
    const bool is_first = event.label_id == 0;
    if (event.removed || is_older) return false;
    if (!is_first && said.label == event.label && said.step == event.label_step) {
      event.label_entry = said.entry;
      of_event_[event.id].back().entry = said.entry;
      std::ranges::find(given_, event.label_id, &StoredEvent::label_id)->label_entry = said.entry;
      return false;
    }
    const bool changes = said.label != event.label || said.step != event.label_step;
    put({++labels_, said.label, said.step, said.origin, said.entry, said.given, all_.size()},
        event);
    return changes;
  }
  bool remove(const Digest& digest, const Removal& removal) {
    auto& event = all_[places_.at(digest)];
    if (event.removed) return false;
    event.removed = removal;
    return true;
  }
  const std::vector<StoredEvent>& arrivals() const { return all_; }
  std::uint64_t labels() const { return labels_; }
  // Of each label that was ever given the event, with what it was called then.
  std::vector<StoredEvent> labellings() const {
    auto given = given_;
    for (auto& event : given) event.removed = all_[event.id - 1].removed;
    return given;
  }
  std::vector<StoredEvent> in_order(const EventFilter& filter) const {
    std::vector<StoredEvent> passing;
    for (auto event : all_) {
      if (filter.through_label) see_as_of(*filter.through_label, event);
      if (passes(event, filter)) passing.push_back(event);
    }
    std::ranges::stable_sort(passing, {}, &StoredEvent::event_time);
    return passing;
  }

 private:
  void give(StoredEvent& event, const NewEvent& given) {
    if (event.label_id != 0 || given.label == Label::None) return;
    put({++labels_, given.label, "", given.label_origin, {}, given.received_time, all_.size()},
        event);
  }
  void put(const GivenLabel& label, StoredEvent& event) {
    given_.push_back(event);
    show(label, given_.back());
    of_event_[event.id].push_back(label);
    show(label, event);
  }
  static void show(const GivenLabel& label, StoredEvent& event) {
    event.label = label.label;
    event.label_id = label.id;
    event.label_origin = label.origin;
    event.label_given = label.given;
    event.label_after = label.after;
    event.label_step = label.step;
    event.label_entry = label.entry;
  }
  void see_as_of(std::uint64_t label_id, StoredEvent& event) const {
    show({}, event);
    const auto labels = of_event_.find(event.id);
    if (labels == of_event_.end()) return;
    for (const auto& label : labels->second) {
      if (label.id <= label_id) show(label, event);
    }
  }
  static bool passes(const StoredEvent& event, const EventFilter& filter) {
    const bool of = filter.of == EventFilter::Of::Both ||
                    event.removed.has_value() == (filter.of == EventFilter::Of::Removed);
    const auto is_named = [&] {
      return std::ranges::find(*filter.mappings, event.mapping) != filter.mappings->end();
    };
    return of && (!filter.from || event.event_time >= *filter.from) &&
           (!filter.before || event.event_time < *filter.before) &&
           (!filter.source || event.source == *filter.source) &&
           (!filter.label || event.label == *filter.label) &&
           (!filter.through_id || event.id <= *filter.through_id) &&
           (!filter.mappings || is_named());
  }
  std::vector<StoredEvent> all_;
  std::map<Digest, std::size_t> places_;
  std::uint64_t labels_ = 0;
  std::vector<StoredEvent> given_;
  std::map<std::uint64_t, std::vector<GivenLabel>> of_event_;
};

std::string text_of(const StoredEvent& event) {
  return fmt::format("{} {} {} {} {} {}/{}/{}/{}/{}/{}/{} {}", event.id, event.digest.short_hex(),
                     event.mapping, event.event_time.micros(), event.source, event.label_id,
                     static_cast<int>(event.label), event.label_origin, event.label_given.micros(),
                     event.label_after, event.label_step, event.label_entry.value_or(0),
                     event.removed ? event.removed->text() : "kept");
}

std::vector<std::string> texts_of(std::span<const StoredEvent> events) {
  std::vector<std::string> texts;
  for (const auto& event : events) texts.push_back(text_of(event));
  return texts;
}

class Many {
 public:
  explicit Many(Rng& rng) : rng_(&rng) {}

  void append_to(EventLog& log, Expected& expected) {
    const auto size = rng_->below(5) == 0 ? rng_->below(700) : rng_->below(6);
    std::vector<std::string> raws;
    for (std::uint64_t i = 0; i < size; ++i) raws.push_back(fmt::format("{}", rng_->below(3000)));
    std::vector<NewEvent> batch;
    for (const auto& raw : raws) batch.push_back(event_of(raw));
    for (const auto& event : batch) expected.add(event);
    ASSERT_OK(log.append(batch));
  }

  void remove_from(EventLog& log, Expected& expected) {
    if (expected.arrivals().empty()) return;
    const Removal removal{Timestamp::from_seconds(9), fmt::format("rule {}", rng_->below(9))};
    std::vector<Digest> digests;
    std::uint64_t removed = 0;
    for (std::uint64_t i = 0; i < rng_->below(4); ++i) {
      const auto& event = expected.arrivals()[rng_->below(expected.arrivals().size())];
      if (std::ranges::find(digests, event.digest) != digests.end()) continue;
      digests.push_back(event.digest);
    }
    for (const auto& digest : digests) removed += expected.remove(digest, removal) ? 1 : 0;
    EXPECT_EQ(log.remove(digests, removal).value(), removed);
  }

  // Entries of the audit log, not always in their order.
  void say_of(EventLog& log, Expected& expected) {
    if (expected.arrivals().empty()) return;
    std::vector<LabelStatement> statements;
    std::uint64_t changes = 0;
    for (std::uint64_t i = 0; i < rng_->below(6); ++i) {
      const auto& event = expected.arrivals()[rng_->below(expected.arrivals().size())];
      entry_ += rng_->below(3);
      statements.push_back({.event = event.digest,
                            .label = static_cast<Label>(rng_->below(3)),
                            .step = rng_->below(2) == 0 ? "scan" : "",
                            .origin = "ada",
                            .entry = entry_ - std::min(entry_, rng_->below(2)),
                            .given = Timestamp::from_seconds(7)});
      changes += expected.say(statements.back()) ? 1 : 0;
    }
    const auto counts = log.label(statements);
    ASSERT_OK(counts);
    EXPECT_EQ(counts->labelled + counts->corrected, changes);
    ASSERT_OK(log.label(statements));  // again, which changes nothing
    EXPECT_EQ(log.last_label_id().value(), expected.labels());
  }

  EventFilter filter(const Expected& expected) {
    EventFilter filter;
    const auto any = [&](auto make) {
      return rng_->below(3) == 0 ? std::optional(make()) : std::nullopt;
    };
    const auto time = [&] {
      return Timestamp::from_seconds(static_cast<std::int64_t>(rng_->below(50)));
    };
    filter.from = any(time);
    filter.before = any(time);
    filter.source = any([&] { return source(); });
    filter.label = any([&] { return static_cast<Label>(rng_->below(3)); });
    filter.through_id = any([&] { return rng_->below(expected.arrivals().size() + 2); });
    filter.through_label = any([&] { return rng_->below(expected.labels() + 2); });
    filter.of = static_cast<EventFilter::Of>(rng_->below(3));
    filter.mappings = any([&] { return std::vector<std::string>{"", "dns"}; });
    return filter;
  }

  std::uint64_t below(std::uint64_t bound) { return rng_->below(bound); }

 private:
  std::string source() { return fmt::format("source {}", rng_->below(3)); }
  NewEvent event_of(const std::string& raw) {
    const auto label = rng_->below(4) == 0 ? static_cast<Label>(rng_->below(3)) : Label::None;
    const bool is_mail = rng_->below(2) == 0;
    return {.form = is_mail ? RecordForm::Mail : RecordForm::LogJson,
            .mapping = is_mail               ? ""
                       : rng_->below(2) == 0 ? "dns"
                                             : "conn",
            .raw = raw,
            .digest = sha256(raw),
            .event_time = Timestamp::from_seconds(static_cast<std::int64_t>(rng_->below(50))),
            .received_time = Timestamp::from_seconds(static_cast<std::int64_t>(rng_->below(99))),
            .source = source(),
            .label = label,
            .label_origin = label == Label::None ? "" : "option"};
  }
  Rng* rng_;
  std::uint64_t entry_ = 0;
};

void expect_same(const EventLog& log, const Expected& expected, Many& many) {
  const auto& all = expected.arrivals();
  EXPECT_EQ(log.last_id().value(), all.size());
  EXPECT_EQ(log.last_label_id().value(), expected.labels());
  const auto after = many.below(all.size() + 1);
  const auto some = std::span(all).subspan(after, std::min<std::size_t>(600, all.size() - after));
  EXPECT_EQ(texts_of(log.arrivals(after, 600).value()), texts_of(some));
  for (int i = 0; i < 6; ++i) {
    const auto filter = many.filter(expected);
    const auto wanted = expected.in_order(filter);
    EXPECT_EQ(log.count(filter).value(), wanted.size());
    std::vector<StoredEvent> scanned;
    for (auto scan = log.scan(filter); scan.next().value();) scanned.push_back(scan.event());
    EXPECT_EQ(texts_of(scanned), texts_of(wanted));

    auto newest_first = expected.in_order(
        {.from = filter.from, .before = filter.before, .of = EventFilter::Of::Both});
    std::ranges::reverse(newest_first);
    std::vector<StoredEvent> walked;
    for (std::optional<EventPlace> behind;;) {
      const auto stretch = log.backwards(filter.from, filter.before, behind, 251).value();
      walked.insert(walked.end(), stretch.begin(), stretch.end());
      if (stretch.size() < 251) break;
      behind = EventPlace{stretch.back().event_time, stretch.back().id};
    }
    EXPECT_EQ(texts_of(walked), texts_of(newest_first));
  }
  EXPECT_EQ(texts_of(log.labellings(0, 10'000).value()), texts_of(expected.labellings()));
  std::vector<Digest> digests;
  for (const auto& event : all) digests.push_back(event.digest);
  const auto found = log.look_up(digests).value();
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_TRUE(found[i]) << all[i].id;
    EXPECT_EQ(text_of(*found[i]), text_of(all[i]));
  }
  EXPECT_FALSE(log.look_up(sha256("never came")).value());
}

TEST(EventIndex, AnswersAsAPlainListDoes) {
  testing::for_each_seed(4, [](Rng& rng) {
    testing::TemporaryFolder folder;
    Expected expected;
    Many many(rng);
    for (int opened = 0; opened < 3; ++opened) {
      auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
      for (int step = 0; step < 14; ++step) {
        many.append_to(log, expected);
        many.remove_from(log, expected);
        many.say_of(log, expected);
      }
      expect_same(log, expected, many);
      expect_same(EventLog::open(folder.path(), Access::ReadOnly).value(), expected, many);
      ASSERT_OK(log.verify());
    }
    for (const auto* const name : {"index.db", "index.db-wal", "index.db-shm"})
      std::filesystem::remove(folder / name);
    const auto again = EventLog::open(folder.path(), Access::ReadWrite).value();
    expect_same(again, expected, many);
  });
}

// A log of 300 records, numbered, and the packs of its index.
class EventPacks : public ::testing::Test {
 protected:
  EventPacks() {
    for (std::size_t i = 0; i < kEvents; ++i) raws_.push_back(fmt::format("record {}", i));
    std::vector<NewEvent> batch;
    for (const auto& raw : raws_) {
      batch.push_back(
          {.raw = raw,
           .digest = sha256(raw),
           .event_time = Timestamp::from_seconds(static_cast<std::int64_t>(batch.size())),
           .received_time = {},
           .source = batch.size() == 5 ? "one" : "others"});
    }
    EXPECT_OK(log_.append(batch));
  }
  // No pack that ends behind `id` can be read any more, by anybody.
  void lose_packs_behind(std::uint64_t id) {
    auto index = Sqlite::open(folder_ / "index.db", Access::ReadWrite).value();
    ASSERT_OK(index.run("UPDATE event_packs SET events = x'00' WHERE last > ?1", id));
  }

  static constexpr std::size_t kEvents = 300, kFirstPack = 128;
  testing::TemporaryFolder folder_;
  std::vector<std::string> raws_;
  EventLog log_ = EventLog::open(folder_.path(), Access::ReadWrite).value();
};

TEST_F(EventPacks, OneIsFoundByItsBeginningWithoutThoseOfOthers) {
  lose_packs_behind(kFirstPack);
  for (std::size_t i = 0; i < kFirstPack; ++i) {
    const auto found = log_.find(sha256(raws_[i]).short_hex());
    ASSERT_OK(found);
    EXPECT_EQ(found->id, i + 1);
  }
}

TEST_F(EventPacks, AScanLooksBehindItsLastMatchOnce) {
  auto scan = log_.scan({.source = "one"});
  ASSERT_TRUE(scan.next().value());
  EXPECT_EQ(scan.event().id, 6U);
  lose_packs_behind(0);
  const auto more = scan.next();
  ASSERT_OK(more);
  EXPECT_FALSE(*more);
  EXPECT_FALSE(scan.next().value());
}

// As it was while each event was a row, with a digest that the log does not know.
constexpr std::array<std::string_view, 4> kRows = {R"sql(
  CREATE TABLE events (
    id            INTEGER PRIMARY KEY,
    digest        TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE event_log_end (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    segment  INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;
  INSERT INTO events (digest) VALUES ('no such event');
  INSERT INTO event_log_end VALUES (1, 1, 32);
)sql",
                                                   "SELECT 2", "SELECT 3", "SELECT 4"};

TEST(EventIndex, AnOldOneIsMadeAgainFromTheLog) {
  testing::TemporaryFolder folder;
  Rng rng(7);
  Expected expected;
  Many many(rng);
  {
    auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    for (int step = 0; step < 9; ++step) many.append_to(log, expected);
    many.remove_from(log, expected);
  }
  for (const auto* const name : {"index.db", "index.db-wal", "index.db-shm"})
    std::filesystem::remove(folder / name);
  {
    auto old = Sqlite::open(folder / "index.db", Access::ReadWrite).value();
    ASSERT_OK(old.migrate("events", kRows));
  }
  EXPECT_EQ(testing::code_of(EventLog::open(folder.path(), Access::ReadOnly)), Code::Unsupported)
      << "who only reads does not change it";
  const auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
  expect_same(log, expected, many);
  EXPECT_OK(log.verify());
}

// Every page of the index has a check sum: a flipped byte is found, or stands where nothing does.
TEST(EventIndex, NoFlippedByteChangesAnAnswerUnseen) {
  testing::TemporaryFolder folder;
  std::vector<Digest> digests;
  {
    auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    std::vector<std::string> raws;
    for (int i = 0; i < 900; ++i) raws.push_back(fmt::format("record {}", i));
    std::vector<NewEvent> batch;
    for (const auto& raw : raws) {
      digests.push_back(sha256(raw));
      batch.push_back({.raw = raw,
                       .digest = digests.back(),
                       .event_time = Timestamp::from_seconds(1),
                       .received_time = Timestamp::from_seconds(1)});
    }
    ASSERT_OK(log.append(batch));
  }
  const auto bytes = read_file(folder / "index.db", 1 << 24).value();
  Rng rng(3);
  int found = 0;
  constexpr int kFlips = 60;
  for (int flip = 0; flip < kFlips; ++flip) {
    auto flipped = bytes;
    auto& byte = flipped[rng.below(flipped.size())];
    byte = static_cast<char>(byte ^ 0x20);
    for (const auto* const name : {"index.db-wal", "index.db-shm"})
      std::filesystem::remove(folder / name);
    ASSERT_OK(write_atomically(folder / "index.db", flipped));
    const auto log = EventLog::open(folder.path(), Access::ReadOnly);
    const auto looked_up =
        log ? log->look_up(digests) : Result<std::vector<std::optional<StoredEvent>>>(log.error());
    if (!looked_up) {
      EXPECT_EQ(looked_up.error().code(), Code::Corrupt) << looked_up.error();
      ++found;
      continue;
    }
    for (std::size_t i = 0; i < digests.size(); ++i) {
      ASSERT_TRUE((*looked_up)[i]) << "flip " << flip;
      ASSERT_EQ((*looked_up)[i]->id, i + 1);
    }
  }
  EXPECT_GT(found, kFlips / 4);
}

}  // namespace
}  // namespace winnow
