// The records of the event log as bytes: docs/formats/event-log.md.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "ingest/event_log.h"
#include "store/segment_log.h"

namespace winnow {

inline constexpr RecordKind kEventRecord = 1;    // a stored event
inline constexpr RecordKind kLabelRecord = 2;    // a label for an event stored before without one
inline constexpr RecordKind kRemovalRecord = 3;  // an event's bytes are to be given up
inline constexpr RecordKind kRemovedRecord = 4;  // what is left of an event whose bytes are gone
// Kind 5 is a block (event_block.h).
inline constexpr RecordKind kStatementRecord = 6;  // a label that goes before those given earlier

struct EventEntry {
  StoredEvent event;            // without id
  std::string_view compressed;  // of the raw bytes; borrowed from the payload
};

struct LabelEntry {
  Digest digest;
  Label label = Label::None;
  std::string origin;
  Timestamp given;
};

struct RemovalEntry {
  Digest digest;
  Removal removal;
};

std::string event_payload(const NewEvent& event);
// All of it but the bytes.
void put_event_head(const NewEvent& event, ByteWriter& writer);
// What is left of an event's record: all but the bytes. Read as an event's, without bytes.
std::string removed_payload(const StoredEvent& event);
std::string removal_payload(const RemovalEntry& entry);
std::string label_payload(const LabelEntry& entry);
std::string statement_payload(const LabelStatement& statement);

// Errors: Corrupt.
Result<EventEntry> read_event_payload(std::string_view payload);
Result<LabelEntry> read_label_payload(std::string_view payload);
Result<LabelStatement> read_statement_payload(std::string_view payload);
Result<RemovalEntry> read_removal_payload(std::string_view payload);
// What put_event_head() and removed_payload() write; more may follow. Errors: Corrupt.
Result<StoredEvent> read_event_head(ByteReader& reader);
// The raw bytes of an event's record, compared with its digest. Errors: Corrupt.
Result<std::string> raw_of(const EventEntry& entry);
// Errors: Corrupt (these are not its bytes).
Status check_raw(std::string_view raw, const Digest& digest);

}  // namespace winnow
