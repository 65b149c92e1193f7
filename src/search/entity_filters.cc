#include "search/entity_filters.h"

#include <array>
#include <set>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/log.h"
#include "search/entity_keys.h"
#include "store/key_filter.h"

namespace winnow::search {
namespace {

// More keys than this in a block, which only hostile records have, are no filter: it may name
// everything.
constexpr std::size_t kMostKeys = 64 * kBlockEvents;

constexpr std::string_view kTables = R"sql(
CREATE TABLE entity_filters (
  block  INTEGER PRIMARY KEY,
  made   TEXT NOT NULL,         -- JSON: by mapping what read its events; or one of the two below
  last   TEXT NOT NULL,         -- digest of the block's last event
  filter BLOB NOT NULL          -- empty: it may name everything
) STRICT;
CREATE INDEX entity_filters_emptied ON entity_filters (block) WHERE made = '';
CREATE TABLE entity_filter_maker (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  build TEXT NOT NULL
) STRICT;
INSERT INTO entity_filter_maker VALUES (1, '');
)sql";

// Instead of what made it: some of its events are being removed; they were removed.
constexpr std::string_view kRemoving = "removing", kEmptied = "";

Result<Sqlite> open_database(const Path& file) {
  // It can be made again from the log: a commit need not wait for the disk.
  WINNOW_TRY(auto database, Sqlite::open(file, Access::ReadWrite, {.durable_commits = false}));
  constexpr std::array kSteps = {kTables};
  WINNOW_TRY(database.migrate("search", kSteps));
  return database;
}

Status remove_damaged(const Path& file, const Error& error) {
  log::warn("the filters of the search are damaged: they are made again",
            {{"file", file.string()}, {"error", error.text()}});
  // The database first: SQLite takes no log of changes for one that is not there.
  for (const auto* const end : {"", "-wal", "-shm"}) {
    std::error_code failed;
    std::filesystem::remove(file.string() + end, failed);
    if (failed)
      return system_error(fmt::format("removing '{}{}'", file.string(), end), failed.value());
  }
  return {};
}

bool is_damage(Code code) { return code == Code::Corrupt || code == Code::Unsupported; }

// What cannot be read of the log names nothing: who searches is told so there.
bool is_told_elsewhere(Code code) { return code == Code::Corrupt || code == Code::NotFound; }

// Of one block.
struct Material {
  std::set<std::string, std::less<>> mappings;
  std::unordered_set<std::uint64_t> keys;
  bool is_whole = true;  // else keys are missing
};

Status add_event(const EventLog& events, const Reading& reading, const StoredEvent& stored,
                 Material& material) {
  material.mappings.insert(stored.mapping);
  if (stored.removed || !material.is_whole) return {};
  const auto raw = events.read_raw(stored);
  if (!raw && raw.error().code() == Code::NotFound) return {};  // removed by now
  if (!raw && !is_told_elsewhere(raw.error().code())) return raw.error();
  if (!raw) {
    material.is_whole = false;
    return {};
  }
  const auto event = reading.event(stored, *raw);
  if (!event && event.error().code() != Code::InvalidArgument) return event.error();
  if (!event) return {};
  for (const auto& entity : event->entities()) add_keys(entity, material.keys);
  material.is_whole = material.keys.size() <= kMostKeys;
  return {};
}

SqliteBlob filter_of(const Material& material) {
  if (!material.is_whole) return {};
  KeyFilter filter(material.keys.size());
  for (const auto key : material.keys) filter.add(key);
  return {std::string(filter.content())};
}

std::string made_text(const Material& material, const Reading& reading) {
  auto made = Json::object({});
  for (const auto& mapping : material.mappings) made.set(mapping, reading.reader(mapping));
  return to_text(made);
}

// Whether the same records would be read in the same way now.
bool is_current(std::string_view made, const Reading& reading) {
  if (made == kEmptied || made == kRemoving) return false;
  const auto json = parse_json(made);
  if (!json || !json->is_object()) return false;
  for (const auto& [mapping, reader] : json->members()) {
    if (!reader.is_string() || reader.as_string() != reading.reader(mapping)) return false;
  }
  return true;
}

Result<std::optional<std::string>> made_of(Sqlite& database, std::uint64_t block) {
  WINNOW_TRY(auto select, database.prepare("SELECT made FROM entity_filters WHERE block = ?1"));
  WINNOW_TRY(select.bind(block));
  WINNOW_TRY(const bool found, select.next());
  std::optional<std::string> made;
  if (found) WINNOW_TRY(select.read(made));
  return made;
}

}  // namespace

Result<EntityFilters> EntityFilters::open(const EventLog& events, const Path& file,
                                          std::string_view build) {
  auto database = open_database(file);
  if (!database && is_damage(database.error().code())) {
    WINNOW_TRY(remove_damaged(file, database.error()));
    database = open_database(file);
  }
  if (!database) return database.error();
  EntityFilters filters(events, std::move(*database));
  const auto begun = filters.begin(build);
  if (begun) return filters;
  if (!is_damage(begun.error().code())) return begun.error();
  WINNOW_TRY(remove_damaged(file, begun.error()));
  WINNOW_TRY(filters.database_, open_database(file));
  WINNOW_TRY(filters.begin(build));
  return filters;
}

// Blocks of which something is being removed stay what they are.
Status EntityFilters::begin(std::string_view build) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(const bool holds, is_of_this_log());
  WINNOW_TRY(
      database_.run("DELETE FROM entity_filters WHERE made <> ?1 AND"
                    " (?2 OR ?3 <> (SELECT build FROM entity_filter_maker))",
                    kRemoving, !holds, build));
  WINNOW_TRY(database_.run("UPDATE entity_filter_maker SET build = ?1", build));
  return transaction.commit();
}

// Ids are places in one log: the newest filter is of another where its last event is another.
Result<bool> EntityFilters::is_of_this_log() {
  WINNOW_TRY(auto select, database_.prepare("SELECT block, last FROM entity_filters"
                                            " WHERE last <> '' ORDER BY block DESC LIMIT 1"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(const bool found, select.next());
  if (!found) return true;
  std::uint64_t block = 0;
  std::string last;
  WINNOW_TRY(select.read(block, last));
  WINNOW_TRY(const auto there, events_->arrivals((block + 1) * kBlockEvents - 1, 1));
  return !there.empty() && there.front().digest.hex() == last;
}

void EntityFilters::set_reading(Reading reading) {
  reading_ = std::move(reading);
  has_begun_ = false;
}

// The newest first, since these are searched most: what became whole meanwhile, then further back,
// then those whose events were removed.
Result<std::optional<std::uint64_t>> EntityFilters::next() {
  WINNOW_TRY(const auto last, events_->last_id());
  const auto whole = last / kBlockEvents;
  if (!std::exchange(has_begun_, true)) first_ = end_ = whole;
  if (end_ < whole) return std::optional(end_);
  if (first_ > 0) return std::optional(first_ - 1);
  WINNOW_TRY(auto select,
             database_.prepare("SELECT block FROM entity_filters WHERE made = '' LIMIT 1"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(const bool found, select.next());
  std::optional<std::uint64_t> emptied;
  if (found) WINNOW_TRY(select.read(emptied));
  return emptied;
}

Result<std::size_t> EntityFilters::catch_up(std::size_t most) {
  std::size_t done = 0;
  for (; done < most; ++done) {
    WINNOW_TRY(const auto block, next());
    if (!block) break;
    WINNOW_TRY(look_at(*block));
    if (*block == end_) ++end_;
    if (*block + 1 == first_) --first_;
  }
  return done;
}

Status EntityFilters::look_at(std::uint64_t block) {
  WINNOW_TRY(const auto made, made_of(database_, block));
  return made && is_current(*made, reading_) ? Status() : make(block);
}

// Within one transaction, so that who removed something of the block finds what was read before.
Status EntityFilters::make(std::uint64_t block) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(const auto made, made_of(database_, block));
  if (made == kRemoving) return {};
  WINNOW_TRY(const auto arrived, events_->arrivals(block * kBlockEvents, kBlockEvents));
  if (arrived.size() < kBlockEvents) {
    WINNOW_TRY(database_.run("DELETE FROM entity_filters WHERE block = ?1", block));
    return transaction.commit();
  }
  Material material;
  for (const auto& stored : arrived) WINNOW_TRY(add_event(*events_, reading_, stored, material));
  WINNOW_TRY(database_.run("INSERT OR REPLACE INTO entity_filters VALUES (?1, ?2, ?3, ?4)", block,
                           made_text(material, reading_), arrived.back().digest,
                           filter_of(material)));
  return transaction.commit();
}

Result<EntityFilterReader> EntityFilterReader::open(const Path& file, std::string_view wanted,
                                                    Reading reading) {
  WINNOW_TRY(auto database, Sqlite::open(file, Access::ReadOnly));
  constexpr std::array kSteps = {kTables};
  WINNOW_TRY(database.migrate("search", kSteps));
  return EntityFilterReader(std::move(database), key_of(wanted), std::move(reading));
}

Result<bool> EntityFilterReader::may_name(std::uint64_t id) {
  const auto block = block_of(id);
  if (const auto known = answers_.find(block); known != answers_.end()) return known->second;
  WINNOW_TRY(const bool answer, ask(block));
  answers_.emplace(block, answer);
  return answer;
}

Result<bool> EntityFilterReader::ask(std::uint64_t block) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT made, filter FROM entity_filters WHERE block = ?1"));
  WINNOW_TRY(select.bind(block));
  WINNOW_TRY(const bool found, select.next());
  if (!found) return true;
  std::string made;
  SqliteBlob bytes;
  WINNOW_TRY(select.read(made, bytes));
  auto current = are_current_.find(made);
  if (current == are_current_.end())
    current = are_current_.emplace(made, is_current(made, reading_)).first;
  if (!current->second || bytes.bytes.empty()) return true;
  WINNOW_TRY(const auto filter, KeyFilter::from_content(bytes.bytes));
  return filter.may_hold(key_);
}

Status remove_if_damaged(const Path& file) {
  const auto checked = [&]() -> Status {
    WINNOW_TRY(auto database, open_database(file));
    return database.check_integrity();
  }();
  return !checked && is_damage(checked.error().code()) ? remove_damaged(file, checked.error())
                                                       : checked;
}

namespace {

// What a removal changes of the filters; those of a damaged file go whole.
Status change(const Path& file, const std::function<Status(Sqlite& database)>& change) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  const auto tried = [&]() -> Status {
    WINNOW_TRY(auto database, open_database(file));
    {
      WINNOW_TRY(auto transaction, database.begin());
      WINNOW_TRY(change(database));
      WINNOW_TRY(transaction.commit());
    }
    return database.sync();
  }();
  return !tried && is_damage(tried.error().code()) ? remove_damaged(file, tried.error()) : tried;
}

}  // namespace

Status expect_removal(const Path& file, const EventLog& events, std::span<const Digest> removed) {
  WINNOW_TRY(const auto found, events.look_up(removed));
  std::set<std::uint64_t> blocks;
  for (const auto& stored : found) {
    if (stored) blocks.insert(block_of(stored->id));
  }
  return change(file, [&](Sqlite& database) -> Status {
    for (const auto block : blocks) {
      WINNOW_TRY(database.run("INSERT OR REPLACE INTO entity_filters VALUES (?1, ?2, '', x'')",
                              block, kRemoving));
    }
    return {};
  });
}

Status finish_removals(const Path& file) {
  return change(file, [](Sqlite& database) {
    return database.run("UPDATE entity_filters SET made = ?1 WHERE made = ?2", kEmptied, kRemoving);
  });
}

}  // namespace winnow::search
