// What blocks of the event log name is forgotten with the records that named it, in the file too.
#include <fmt/format.h>

#include "cases/case_policy.h"
#include "registry/workspace.h"
#include "retention/only_writer.h"
#include "retention/run.h"
#include "search/entity_filters.h"
#include "search/entity_keys.h"
#include "store/key_filter.h"
#include "store/sqlite.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using std::chrono::days;

const Timestamp kNow = Timestamp::from_civil(2026, 6, 1);

// A record is the name of a host.
search::Reading reading() {
  return {.event = [](const StoredEvent& stored, std::string_view raw) -> Result<ocsf::Event> {
            ocsf::EventBuilder event(ocsf::ClassUid::ProcessActivity, stored.event_time,
                                     stored.digest);
            event.name_entity(ocsf::EntityKind::Host, ocsf::Role::Source, raw);
            return std::move(event).finish();
          },
          .reader = [](std::string_view) { return std::string("v1"); }};
}

void arrive(EventLog& log, int from, int to, Timestamp at) {
  std::vector<std::string> raws;
  for (int i = from; i < to; ++i) raws.push_back(fmt::format("host{}", i));
  std::vector<NewEvent> batch;
  for (const auto& raw : raws)
    batch.push_back({.form = RecordForm::LogJson,
                     .mapping = "hosts",
                     .raw = raw,
                     .digest = sha256(raw),
                     .event_time = at,
                     .received_time = at,
                     .source = "test"});
  ASSERT_OK(log.append(batch));
}

TEST(RetentionOfFilters, GoWithTheRecordsThatTheyAreOf) {
  testing::TemporaryFolder folder;
  FixedClock clock(kNow);
  ASSERT_OK(Workspace::init(folder / "soc", "", clock));
  const auto workspace = Workspace::open(folder / "soc", Access::ReadWrite, clock).value();
  const auto data = workspace->data();
  RetainedFiles files = {data / "events", data / "states", data / "quarantine.db",
                         data / "winnow.db"};
  files.filters = data / "search.db";
  const auto may_name = [&](const std::string& host, std::uint64_t id) {
    return search::EntityFilterReader::open(files.filters, host, reading())
        .value()
        .may_name(id)
        .value();
  };
  const auto catch_up = [&] {
    const auto log = EventLog::open(files.events, Access::ReadOnly).value();
    auto filters = search::EntityFilters::open(log, files.filters, "").value();
    filters.set_reading(reading());
    ASSERT_OK(filters.catch_up(10));
  };
  {
    auto log = EventLog::open(files.events, Access::ReadWrite).value();
    arrive(log, 0, 100, kNow - days(40));  // old enough to go, and the rest of their block
    arrive(log, 100, 1'024, kNow - days(2));
  }
  catch_up();
  EXPECT_TRUE(may_name("host7", 1));
  EXPECT_FALSE(may_name("host600", 1));
  std::string told;  // a part of the first block's filter
  {
    auto database = Sqlite::open(files.filters, Access::ReadOnly).value();
    auto select = database.prepare("SELECT filter FROM entity_filters WHERE block = 0").value();
    ASSERT_OK(select.bind());
    ASSERT_TRUE(select.next().value());
    SqliteBlob filter;
    ASSERT_OK(select.read(filter));
    told = filter.bytes.substr(0, 64);
  }
  const auto stands_in_file = [&] {
    for (const auto* const end : {"", "-wal"}) {
      const auto bytes = read_file(files.filters.string() + end, 64UL << 20);
      if (bytes && bytes->find(told) != std::string::npos) return true;
    }
    return false;
  };
  ASSERT_TRUE(stands_in_file());

  auto& registry = workspace->registry();
  {
    auto writer = OnlyWriter::open(files, registry, {}, clock).value();
    auto holds = Holds::open(registry, files.database).value();
    NoProgress progress;
    ASSERT_OK(run_retention(files, {{RetainedKind::Mails, days(30)}}, writer,
                            {registry.audit(), holds, clock}, "ada", progress));
  }
  EXPECT_FALSE(stands_in_file());
  EXPECT_TRUE(may_name("host7", 1)) << "without a filter it is asked itself";
  EXPECT_FALSE(may_name("host7", 600)) << "nothing of that block went";
  catch_up();
  EXPECT_FALSE(may_name("host7", 1));
  EXPECT_TRUE(may_name("host100", 101));
}

}  // namespace
}  // namespace winnow
