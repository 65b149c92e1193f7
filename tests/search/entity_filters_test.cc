// A search with filters finds what one without them finds, whatever happened to either.
#include "search/entity_filters.h"

#include <algorithm>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "search/entity_keys.h"
#include "store/sqlite.h"
#include "tests/support/support.h"

namespace winnow::search {
namespace {

using winnow::testing::for_each_seed;

// An event log whose records are words: a host each, and a domain where it has a dot.
struct Story {
  winnow::testing::TemporaryFolder folder;
  Path file = folder / "search.db";
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();
  std::map<std::string, int, std::less<>> versions = {{"one", 1}, {"two", 1}};  // of mappings
  std::uint64_t appended = 0;
  std::string build = "first";
  std::optional<EntityFilters> filters = {};
  mutable std::uint64_t read = 0;

  // A mapping's second version names things by what the first does not say.
  Reading reading() const {
    return {
        .event = [this](const StoredEvent& stored, std::string_view raw) -> Result<ocsf::Event> {
          ++read;
          const auto known = versions.find(stored.mapping);
          if (known == versions.end()) return Error(Code::InvalidArgument, "no mapping");
          ocsf::EventBuilder event(ocsf::ClassUid::DnsActivity, stored.event_time, stored.digest);
          const std::string key =
              std::string(raw.substr(0, raw.find(' '))) + (known->second > 1 ? ".v2" : "");
          event.name_entity(ocsf::EntityKind::Domain, ocsf::Role::Source, key);
          return std::move(event).finish();
        },
        .reader =
            [this](std::string_view mapping) {
              const auto known = versions.find(mapping);
              return known == versions.end() ? std::string() : fmt::format("v{}", known->second);
            }};
  }

  static std::string name(std::uint64_t number) { return fmt::format("Host{}.example", number); }

  void append(Rng& rng, std::uint64_t events, std::uint64_t names) {
    std::vector<std::string> raws;
    for (std::uint64_t i = 0; i < events; ++i)
      raws.push_back(fmt::format("{} {}", name(rng.below(names)), ++appended));
    std::vector<NewEvent> batch;
    for (const auto& raw : raws) {
      const auto at = Timestamp::from_civil(2026, 3, 3) + std::chrono::seconds(rng.below(9'999));
      batch.push_back({.form = RecordForm::LogJson,
                       .mapping = rng.below(2) == 0 ? "one" : "two",
                       .raw = raw,
                       .digest = sha256(raw),
                       .event_time = at,
                       .received_time = at,
                       .source = "test"});
    }
    ASSERT_OK(log.append(batch));
  }

  void open() {
    filters.reset();
    auto opened = EntityFilters::open(log, file, build);
    ASSERT_OK(opened);
    filters.emplace(std::move(*opened));
    filters->set_reading(reading());
  }
  void catch_up(std::size_t most) {
    if (filters->catch_up(most)) return;
    ASSERT_OK(remove_if_damaged(file));
    open();
    ASSERT_OK(filters->catch_up(most));
  }

  // Of events that are not removed, those that name it; `all` of the log are asked about.
  std::set<std::uint64_t> scan(std::string_view wanted,
                               const std::function<bool(std::uint64_t)>& may_name) const {
    std::set<std::uint64_t> ids;
    for (const auto& stored : log.arrivals(0, appended).value()) {
      if (stored.removed || !may_name(stored.id)) continue;
      const auto event = reading().event(stored, log.read_raw(stored).value());
      if (event && std::ranges::any_of(event->entities(), [&](const ocsf::Entity& entity) {
            return is_entity(entity, wanted);
          }))
        ids.insert(stored.id);
    }
    return ids;
  }
  // How many events the filters exclude, having found the same without and with them.
  std::uint64_t excluded(const std::string& wanted) const {
    auto reader = EntityFilterReader::open(file, wanted, reading());
    std::uint64_t skipped = 0;
    const auto may_name = [&](std::uint64_t id) {
      const auto answer = reader ? reader->may_name(id) : Result<bool>(reader.error());
      if (answer && !*answer) ++skipped;
      return !answer || *answer;
    };
    const auto all = scan(wanted, [](std::uint64_t) { return true; });
    EXPECT_EQ(scan(wanted, may_name), all) << wanted;
    return skipped;
  }
  void remove(Rng& rng, bool finish) {
    std::vector<Digest> gone;
    for (const auto& stored : log.arrivals(rng.below(appended), 1 + rng.below(20)).value())
      gone.push_back(stored.digest);
    ASSERT_OK(expect_removal(file, log, gone));
    catch_up(2);  // beside it
    ASSERT_OK(log.remove(gone, {Timestamp::from_civil(2026, 4, 1), "a rule"}));
    if (finish) ASSERT_OK(finish_removals(file));
  }
  // Some bytes of the file, or all.
  void damage(Rng& rng) {
    filters.reset();
    const auto size = std::filesystem::file_size(file);
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    for (auto left = 1 + rng.below(20); left > 0; --left) {
      bytes.seekp(static_cast<std::streamoff>(rng.below(size)));
      bytes.put(static_cast<char>(rng.below(256)));
    }
  }
};

TEST(EntityFilters, AreMadeOfWholeBlocksAndExcludeTheOthers) {
  Rng rng(1);
  Story story;
  story.append(rng, 2 * kBlockEvents + 10, 5);
  story.open();
  EXPECT_EQ(story.filters->catch_up(9).value(), 2U);
  EXPECT_EQ(story.filters->catch_up(9).value(), 0U);
  EXPECT_EQ(story.excluded("nobody.example"), 2 * kBlockEvents) << "the last ten are asked";
  EXPECT_EQ(story.excluded("host3.example"), 0U);
  EXPECT_EQ(story.excluded("example"), 0U);
  story.read = 0;
  story.open();
  EXPECT_EQ(story.filters->catch_up(9).value(), 2U);
  EXPECT_EQ(story.read, 0U) << "what holds is not made again";
}

TEST(EntityFilters, AreMadeAgainWhereOthersReadTheRecords) {
  Rng rng(2);
  Story story;
  story.append(rng, kBlockEvents, 5);
  story.open();
  story.catch_up(9);
  story.versions["two"] = 2;
  EXPECT_EQ(story.excluded("v2"), 0U) << "it does not hold any more";
  story.filters->set_reading(story.reading());
  story.catch_up(9);
  EXPECT_EQ(story.excluded("v2"), 0U);
  EXPECT_EQ(story.excluded("nobody.example"), kBlockEvents);
  story.versions.erase("two");  // its records cannot be read
  EXPECT_EQ(story.excluded("nobody.example"), 0U);
  story.build = "second";
  story.open();
  EXPECT_EQ(EntityFilterReader::open(story.file, "nobody.example", story.reading())
                .value()
                .may_name(1)
                .value(),
            true)
      << "forgotten";
}

TEST(EntityFilters, OfAnotherLogAreForgotten) {
  Rng rng(3);
  Story story, other;
  for (auto* const one : {&story, &other}) one->append(rng, kBlockEvents, 5);
  story.open();
  story.catch_up(9);
  story.filters.reset();
  std::filesystem::copy_file(story.file, other.file);
  ASSERT_GT(other.excluded("nobody.example"), 0U);
  other.open();
  EXPECT_EQ(other.excluded("nobody.example"), 0U);
}

TEST(EntityFilters, AreNotMadeOfWhatIsBeingRemoved) {
  Rng rng(4);
  Story story;
  story.append(rng, kBlockEvents, 1'000'000);
  story.open();
  story.catch_up(9);
  const auto first = story.log.arrivals(0, 1).value().front();
  const auto raw = story.log.read_raw(first).value();
  const auto wanted = "h" + raw.substr(1, raw.find(' ') - 1);
  const auto may_name = [&] {
    return EntityFilterReader::open(story.file, wanted, story.reading())
        .value()
        .may_name(1)
        .value();
  };
  const std::vector<Digest> gone = {first.digest};
  ASSERT_OK(expect_removal(story.file, story.log, gone));
  story.catch_up(9);
  story.open();
  story.catch_up(9);
  EXPECT_EQ(story.excluded("nobody.example"), 0U) << "nothing is made meanwhile";
  ASSERT_OK(story.log.remove(gone, {Timestamp::from_civil(2026, 4, 1), "a rule"}));
  ASSERT_OK(finish_removals(story.file));
  EXPECT_TRUE(may_name());
  story.catch_up(9);
  EXPECT_FALSE(may_name()) << "made without it";
}

TEST(EntityFilters, FindWhatAScanFindsWhateverHappens) {
  for_each_seed(12, [](Rng& rng) {
    Story story;
    story.open();
    for (int turn = 0; turn < 12; ++turn) {
      switch (rng.below(7)) {
        case 0:
          story.versions["one"] = 1 + static_cast<int>(rng.below(2));
          break;
        case 1:
          story.filters->set_reading(story.reading());
          break;
        case 2:
          if (story.appended > 0) story.remove(rng, rng.below(3) > 0);
          break;
        case 3:
          story.damage(rng);
          story.open();
          break;
        case 4:
          story.build += ".";
          story.open();
          break;
        default:
          story.append(rng, 1 + rng.below(700), 3 + rng.below(5'000));
      }
      story.catch_up(rng.below(4));
      for (const auto* const wanted : {"host1.example", "host2.example.v2", "v2", "nobody.example"})
        story.excluded(wanted);
    }
    story.filters->set_reading(story.reading());
    ASSERT_OK(finish_removals(story.file));
    story.catch_up(1'000);
    const auto whole = story.appended / kBlockEvents * kBlockEvents;
    const auto in_blocks = story.log.arrivals(0, whole).value();
    const auto kept =
        std::ranges::count_if(in_blocks, [](const StoredEvent& stored) { return !stored.removed; });
    EXPECT_EQ(story.excluded("nobody.example"), static_cast<std::uint64_t>(kept))
        << "and all is made in the end";
  });
}

}  // namespace
}  // namespace winnow::search
