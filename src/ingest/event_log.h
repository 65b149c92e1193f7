// What came in: the raw bytes of every record, durable, each of them once, found by digest and by
// time. Format: docs/formats/event-log.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/timestamp.h"
#include "ingest/records/raw_record.h"
#include "store/access.h"
#include "store/segment_log.h"

namespace winnow {

struct NewEvent {
  RecordForm form = RecordForm::Mail;
  std::string mapping = {};   // of a record that is no mail: the name of the one that reads it
  std::string_view raw = {};  // borrowed for the call
  Digest digest;              // SHA-256 of `raw`
  Timestamp event_time;       // as the mapping says
  Timestamp received_time;
  std::string source = {};  // who supplied it: "mail-gateway", "nazario_2005"
  Label label = Label::None;
  std::string label_origin = {};  // who says so: "option", "column"; empty without a label
};

// What somebody says of a stored event after it came: an analyst's verdict, a line of an imported
// list. Whatever it was called before, it is this from now on; what it was called stays on record.
struct LabelStatement {
  Digest event;
  Label label = Label::None;  // None takes back what was said
  std::string step = {};      // of an attack: "T1110.003", "service_scan"; may be empty
  std::string origin;         // who says so, for people: "verdict of ada"
  std::uint64_t entry = 0;  // of the audit log, which it stands in: later entries overrule earlier
  Timestamp given;          // when the log is told; from then on it is known (ADR 4)
};

// One of the labels that an event was ever given.
struct GivenLabel {
  std::uint64_t id = 0;  // the order in which labels were given, from 1
  Label label = Label::None;
  std::string step, origin;
  std::optional<std::uint64_t> entry = {};  // the last that says so; nothing: only the record did
  Timestamp given;
  std::uint64_t after = 0;  // the id of the newest event that had arrived by then
};

// Why and when an event's bytes were given up; the event itself stays on record.
struct Removal {
  Timestamp at;
  std::string rule;  // in words, for people: "retention.mails: 90d, audit entry 211"
  // "removed on 2026-03-04T09:00:00Z (retention.mails: 90d, audit entry 211)"
  std::string text() const;
};

struct StoredEvent {
  std::uint64_t id = 0;  // the order of arrival, from 1
  Digest digest;         // of the raw bytes: the event's identity
  RecordForm form = RecordForm::Mail;
  std::string mapping = {};  // of a record that is no mail: the name of the one that reads it
  Timestamp event_time;
  Timestamp received_time;
  std::string source;
  Label label = Label::None;
  std::string label_origin;
  std::uint64_t raw_bytes = 0;
  RecordPosition at;  // in the log
  // Of the label that counts, where one was ever given: as GivenLabel.
  std::uint64_t label_id = 0;
  Timestamp label_given = {};
  std::uint64_t label_after = 0;  // its own id where it came with its label
  std::string label_step = {};
  std::optional<std::uint64_t> label_entry = {};
  std::uint32_t times_labelled = 0;     // more than once: EventLog::labels_of() tells the others
  std::optional<Removal> removed = {};  // its bytes are gone, or about to go
};

struct EventFilter {
  std::optional<Timestamp> from = {};    // event time, included
  std::optional<Timestamp> before = {};  // event time, excluded
  std::optional<std::string> source = {};
  std::optional<Label> label = {};
  std::optional<std::uint64_t> through_id = {};  // what had arrived by then: ids up to here
  // What had been judged by then: an event has the last label that it had been given.
  std::optional<std::uint64_t> through_label = {};
  enum class Of : std::uint8_t { Kept, Removed, Both } of = Of::Kept;
  // Those that one of these mappings reads; the empty name is that of mails. The log holds the
  // records of all domains.
  std::optional<std::vector<std::string>> mappings = {};
};

// An event's place in the order of (event time, id).
struct EventPlace {
  Timestamp event_time;
  std::uint64_t id = 0;
};

struct AppendCounts {
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;  // known already, or twice in the batch
  std::uint64_t labelled = 0;    // of the duplicates: those that had no label and got one
  std::uint64_t label_conflicts =
      0;  // of the duplicates: labelled otherwise; the label that it has stays
};

struct LabelCounts {
  std::uint64_t labelled = 0;   // had no label
  std::uint64_t corrected = 0;  // had another one, or none any more
  std::uint64_t unchanged = 0;  // is called so already, or a later entry overruled this one
  std::uint64_t unknown = 0;    // no such event was stored, or its bytes are gone
};

class EventScan;

// One thread at a time; one process writes, others may read. Movable.
class EventLog {
 public:
  // Opens the log in `folder`; for ReadWrite an absent one is made. What a crash left in the log
  // but not in its index is indexed now. Errors: Conflict (another process writes), Corrupt,
  // NotFound (ReadOnly, absent), Denied, Exhausted, Unavailable.
  static Result<EventLog> open(const Path& folder, Access access);
  EventLog(EventLog&&) noexcept;
  EventLog& operator=(EventLog&&) noexcept;
  ~EventLog();

  // Stores what is not stored yet; what was removed is not stored again. When it returns, all of it
  // survives a crash. On an error nothing is promised and nothing is torn: the same call again does
  // what is left to do. Cost: one sequential write and one index commit for the batch. Errors:
  // Exhausted (disk full), Corrupt, Unavailable.
  Result<AppendCounts> append(std::span<const NewEvent> batch);
  // Puts these on record, in their order; said again they change nothing. When it returns all of it
  // survives a crash; on an error the same call again does what is left to do. Cost: as append().
  // Errors: Exhausted (disk full), Corrupt, Unavailable.
  Result<LabelCounts> label(std::span<const LabelStatement> statements);

  // From now on append() leaves to index() what can wait for it: it is as durable as ever, and
  // found here, but by others only once it is indexed. For who answers between the two.
  void index_later();
  // Indexes what waits, in one commit. Errors: Exhausted (disk full), Corrupt, Unavailable; the
  // next call, or opening, makes up for it from the log.
  Status index();

  // Puts on record that the bytes of these events go, all for one reason; those that went already,
  // or never came, are passed over. They are not readable from now on; EventEraser makes them go.
  // When it returns the record survives a crash. Returns how many it is about. Cost: as append().
  // Errors: Exhausted (disk full), Corrupt, Unavailable.
  Result<std::uint64_t> remove(std::span<const Digest> events, const Removal& removal);
  // What is appended from now on stands in another file, so that the one before can be erased from.
  // Errors: Exhausted (disk full), Unavailable.
  Status begin_segment();

  // Of all that came, bytes or not. Errors: Corrupt, Unavailable.
  Result<std::optional<StoredEvent>> look_up(const Digest& digest) const;
  Result<std::vector<std::optional<StoredEvent>>> look_up(std::span<const Digest> digests) const;
  Result<std::uint64_t> count(const EventFilter& filter) const;
  // By the first hexadecimal digits of its digest, at least 4. Errors: InvalidArgument (malformed,
  // or several begin so), NotFound, Corrupt.
  Result<StoredEvent> find(std::string_view digest_prefix) const;
  // The bytes as received. Errors: NotFound (also: they were removed; the message says when and by
  // which rule), Corrupt (they are not what was stored; the message names file and offset).
  Result<std::string> read_raw(const StoredEvent& event) const;

  // The order of arrival, those removed too: the next `limit` events behind the one with id `after`
  // (0: from the first).
  Result<std::vector<StoredEvent>> arrivals(std::uint64_t after, std::size_t limit) const;
  Result<std::uint64_t> last_id() const;  // 0 when empty
  // The order of labelling: the next `limit` labels behind the one with label_id `after`, each with
  // its event, which may have got another one since.
  Result<std::vector<StoredEvent>> labellings(std::uint64_t after, std::size_t limit) const;
  Result<std::uint64_t> last_label_id() const;  // 0 without labels
  // Those that the event was given, in order. Empty: never any, or it was not stored.
  Result<std::vector<GivenLabel>> labels_of(const StoredEvent& event) const;

  // The events that pass `filter` in the order of (event time, id), in bounded memory. The log must
  // outlive the scan; events stored meanwhile may be missed.
  EventScan scan(const EventFilter& filter) const;

  // The other way, an index's stretch at a time: the next `limit` events before the place `behind`
  // (nothing: from the newest) with from <= event time < before, newest first, those removed too.
  Result<std::vector<StoredEvent>> backwards(const std::optional<Timestamp>& from,
                                             const std::optional<Timestamp>& before,
                                             const std::optional<EventPlace>& behind,
                                             std::size_t limit) const;

  // The same as places alone, without what is known of the events there: ten times as fast. And
  // the events with these ids, in their order. Errors: Corrupt (one is not there).
  Result<std::vector<EventPlace>> places_backwards(const std::optional<Timestamp>& from,
                                                   const std::optional<Timestamp>& before,
                                                   const std::optional<EventPlace>& behind,
                                                   std::size_t limit) const;
  Result<std::vector<StoredEvent>> with_ids(std::span<const std::uint64_t> ids) const;

  // Reads every record, compares its digest, and compares the index with what it covers of the log.
  // Returns how many events are stored. Works beside a writer. Errors: Corrupt, naming what and
  // where.
  Result<std::uint64_t> verify() const;

 private:
  friend class EventScan;
  struct State;
  explicit EventLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class EventScan {
 public:
  // Moves to the next event; false at the end. Errors: Corrupt, Unavailable.
  Result<bool> next();
  const StoredEvent& event() const { return page_[at_ - 1]; }
  Result<std::string> read_raw() const { return log_->read_raw(event()); }

 private:
  friend class EventLog;
  EventScan(const EventLog& log, EventFilter filter) : log_(&log), filter_(std::move(filter)) {}
  Status read_page();

  const EventLog* log_;
  EventFilter filter_;
  std::vector<StoredEvent> page_;
  std::size_t at_ = 0;  // behind the current event, within the page
  bool is_last_page_ = false;
};

}  // namespace winnow
