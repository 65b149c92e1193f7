#include "identity/identity_book.h"

#include <algorithm>

#include "identity/detail/schema.h"
#include "identity/detail/sighting_table.h"

namespace winnow::identity {
namespace {

constexpr std::size_t kAtATime = 1024;  // events a transaction: what they tell is in memory

std::map<std::string, Domain, std::less<>> telling(std::span<const Mapping> mappings) {
  std::map<std::string, Domain, std::less<>> found;
  for (const auto& mapping : mappings) {
    const bool tells = std::ranges::any_of(mapping.events(), [&](const MappedEvent& event) {
      return may_tell(event.class_uid, mapping.domain());
    });
    if (tells) found.emplace(mapping.name(), mapping.domain());
  }
  return found;
}

// A record that is lost, damaged or unreadable tells nothing; that is told elsewhere.
bool tells_nothing(Code code) {
  return code == Code::InvalidArgument || code == Code::NotFound || code == Code::Corrupt;
}

}  // namespace

IdentityBook::IdentityBook(const EventLog& events, Sqlite database, std::vector<Mapping> mappings)
    : events_(&events),
      database_(std::move(database)),
      mappings_(mappings),
      domains_(telling(mappings)) {}

Result<IdentityBook> IdentityBook::open(const EventLog& events, const Path& database,
                                        std::vector<Mapping> mappings) {
  // It can be made again from the log: a commit need not wait for the disk.
  WINNOW_TRY(auto opened, Sqlite::open(database, Access::ReadWrite, {.durable_commits = false}));
  WINNOW_TRY(migrate(opened));
  return IdentityBook(events, std::move(opened), std::move(mappings));
}

void IdentityBook::set_mappings(std::vector<Mapping> mappings, std::vector<std::string> broken) {
  broken_ = std::move(broken);
  domains_ = telling(mappings);
  mappings_ = LogMappings(std::move(mappings));
}

Result<std::uint64_t> IdentityBook::cursor() {
  WINNOW_TRY(auto select, database_.prepare("SELECT event FROM identity_cursor"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(const bool found, select.next());
  std::uint64_t event = 0;
  if (found) WINNOW_TRY(select.read(event));
  return event;
}

Status IdentityBook::read(const StoredEvent& stored, std::vector<Sighting>& told) {
  const auto domain = domains_.find(stored.mapping);
  if (domain == domains_.end() || stored.removed) return {};
  const auto raw = events_->read_raw(stored);
  if (!raw) return tells_nothing(raw.error().code()) ? Status() : Status(raw.error());
  const auto event = mappings_.read(stored.mapping, stored.form, *raw, stored.digest,
                                    {.reported = stored.event_time, .arrived = stored.event_time});
  if (!event) return tells_nothing(event.error().code()) ? Status() : Status(event.error());
  for (auto& sighting : sightings_of(*event, domain->second)) {
    // The time that the log keeps for it, by which it is found there again.
    sighting.at = stored.event_time;
    sighting.known_at = stored.received_time;
    sighting.event = stored.id;
    told.push_back(std::move(sighting));
  }
  return {};
}

Result<std::size_t> IdentityBook::catch_up(std::size_t most) {
  std::size_t done = 0;
  while (done < most) {
    WINNOW_TRY(auto transaction, database_.begin());
    WINNOW_TRY(const auto after, cursor());
    WINNOW_TRY(auto arrived, events_->arrivals(after, std::min(kAtATime, most - done)));
    // What they tell would be passed over for good.
    const auto waits = std::ranges::find_if(arrived, [&](const StoredEvent& stored) {
      return !stored.removed && std::ranges::find(broken_, stored.mapping) != broken_.end();
    });
    arrived.erase(waits, arrived.end());
    if (arrived.empty()) break;
    std::vector<Sighting> told;
    for (const auto& stored : arrived) WINNOW_TRY(read(stored, told));
    WINNOW_TRY(SightingTable(database_).put(std::move(told)));
    WINNOW_TRY(database_.run("UPDATE identity_cursor SET event = ?1", arrived.back().id));
    WINNOW_TRY(transaction.commit());
    done += arrived.size();
  }
  return done;
}

Status IdentityBook::expect_removal(std::span<const Digest> events) {
  WINNOW_TRY(const auto found, events_->look_up(events));
  WINNOW_TRY(auto transaction, database_.begin());
  for (const auto& stored : found) {
    if (!stored || stored->mapping.empty()) continue;  // mail tells nothing
    WINNOW_TRY(database_.run("INSERT OR IGNORE INTO removal_slots VALUES (?1)",
                             slot_of(stored->event_time)));
  }
  WINNOW_TRY(transaction.commit());
  return database_.sync();
}

// What its other events told comes again, those the removed ones stood for too.
Status IdentityBook::make_slot_again(std::int64_t slot) {
  WINNOW_TRY(auto transaction, database_.begin());
  SightingTable table(database_);
  WINNOW_TRY(table.clear(slot));
  WINNOW_TRY(const auto through, cursor());
  const auto from = Timestamp::from_micros(slot * kSlot.count());
  auto scan = events_->scan({.from = from, .before = from + kSlot, .through_id = through});
  for (;;) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more) break;
    std::vector<Sighting> told;
    WINNOW_TRY(read(scan.event(), told));
    WINNOW_TRY(table.put(std::move(told)));
  }
  WINNOW_TRY(database_.run("DELETE FROM removal_slots WHERE slot = ?1", slot));
  return transaction.commit();
}

Status IdentityBook::finish_removals() {
  for (;;) {
    std::int64_t slot = 0;
    {
      WINNOW_TRY(auto select, database_.prepare("SELECT slot FROM removal_slots LIMIT 1"));
      WINNOW_TRY(select.bind());
      WINNOW_TRY(const bool more, select.next());
      if (!more) break;
      WINNOW_TRY(select.read(slot));
    }
    WINNOW_TRY(make_slot_again(slot));
  }
  return database_.sync();
}

Status IdentityBook::forget() {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(database_.execute(emptying()));
  WINNOW_TRY(transaction.commit());
  return database_.sync();
}

}  // namespace winnow::identity
