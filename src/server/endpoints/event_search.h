// The event log, newest first, by what is looked for: a bounded part of it at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ocsf/event.h"
#include "server/endpoints/record_view.h"
#include "server/threads/searchers.h"

namespace winnow::server {

struct EventSearch {
  std::optional<Timestamp> from, before;  // event time: from <= t < before
  std::string source;                     // empty: any
  std::optional<Domain> domain = {};
  std::optional<ocsf::ClassUid> class_uid = {};
  // A user, host, address, mailbox, domain name or hash that the event names, whatever its case; a
  // domain name stands for those below it, and for mailboxes there. Empty: any.
  std::string entity;
  std::vector<std::string> words;  // each somewhere in the event's texts, ASCII in either case
  std::optional<EventPlace> behind = {};
  std::size_t limit = 50;
};

// What a page looks at, at most: places of the index that a filter does not pass over, records that
// are read to know whether they are looked for, and time.
inline constexpr std::size_t kEventsAPage = 20'000, kRecordsAPage = 5'000;
inline constexpr std::chrono::milliseconds kTimeAPage{1'500};

// {events: [...], next, examined, skipped, read, searched_until}: what was found among the
// `examined` events, of which `skipped` were known not to name the entity and `read` were opened;
// `next` is where to go on, null at the beginning of the log, and
// `searched_until` the time of the oldest one looked at. Of a mail whose content may not be shown,
// only who sent it, its subject and what it names are searched. Errors: of the stores.
Result<Json> search_events(SearchStores& stores, StoredRecordReader& reader,
                           const EventSearch& search, MailContent content);

// One stored event as a line of that list; `event` is null where it cannot be read.
Result<Json> event_line(SearchStores& stores, const StoredRecordReader& reader,
                        const StoredEvent& stored, const ocsf::Event* event);

std::string cursor_of(const EventPlace& place);
// Errors: InvalidArgument.
Result<EventPlace> place_of_cursor(std::string_view cursor);

}  // namespace winnow::server
