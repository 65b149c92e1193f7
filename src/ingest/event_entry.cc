#include "ingest/detail/event_entry.h"

#include <fmt/format.h>

#include "store/compress.h"

namespace winnow {
namespace {

constexpr std::uint64_t kMaxRawBytes = 1UL << 30;  // what a stored size may claim
constexpr std::uint64_t kMaxEntry = 1UL << 48;     // likewise an entry of the audit log
constexpr std::size_t kShort = 2048;

Digest get_digest(ByteReader& reader) {
  const auto bytes = reader.get_raw(Digest::kBytes);
  if (bytes.size() != Digest::kBytes) return {};
  std::array<std::uint8_t, Digest::kBytes> digest{};
  std::memcpy(digest.data(), bytes.data(), digest.size());
  return Digest(digest);
}

bool is_label(std::uint8_t number) { return number <= static_cast<std::uint8_t>(Label::Malicious); }
bool is_form(std::uint8_t number) {
  return number <= static_cast<std::uint8_t>(RecordForm::SyslogLines);
}

// Of a NewEvent or a StoredEvent.
template <typename Event>
void put_head(const Event& event, std::uint64_t raw_bytes, ByteWriter& writer) {
  writer.put_raw(event.digest.as_text())
      .put(event.event_time.micros())
      .put(event.received_time.micros())
      .put(static_cast<std::uint8_t>(event.form))
      .put(static_cast<std::uint8_t>(event.label))
      .put_text(event.source)
      .put_text(event.label_origin)
      .put_count(raw_bytes);
  if (!is_mail(event.form)) writer.put_text(event.mapping);
}

}  // namespace

std::string event_payload(const NewEvent& event) {
  // A short record is hardly larger at the lowest level, and done in half of the time.
  const auto level = event.raw.size() < kShort ? 1 : 3;
  ByteWriter writer;
  put_event_head(event, writer);
  return std::move(writer.put_raw(compress(event.raw, level))).bytes();
}

void put_event_head(const NewEvent& event, ByteWriter& writer) {
  put_head(event, event.raw.size(), writer);
}

std::string removed_payload(const StoredEvent& event) {
  ByteWriter writer;
  put_head(event, event.raw_bytes, writer);
  return std::move(writer).bytes();
}

std::string removal_payload(const RemovalEntry& entry) {
  return ByteWriter()
      .put_raw(entry.digest.as_text())
      .put(entry.removal.at.micros())
      .put_text(entry.removal.rule)
      .bytes();
}

std::string label_payload(const LabelEntry& entry) {
  ByteWriter writer;
  writer.put_raw(entry.digest.as_text())
      .put(entry.given.micros())
      .put(static_cast<std::uint8_t>(entry.label))
      .put_text(entry.origin);
  return std::move(writer).bytes();
}

std::string statement_payload(const LabelStatement& statement) {
  return ByteWriter()
      .put_raw(statement.event.as_text())
      .put(statement.given.micros())
      .put(static_cast<std::uint8_t>(statement.label))
      .put_text(statement.origin)
      .put_text(statement.step)
      .put_count(statement.entry)
      .bytes();
}

Result<StoredEvent> read_event_head(ByteReader& reader) {
  StoredEvent event;
  event.digest = get_digest(reader);
  event.event_time = Timestamp::from_micros(reader.get<std::int64_t>());
  event.received_time = Timestamp::from_micros(reader.get<std::int64_t>());
  const auto form = reader.get<std::uint8_t>();
  const auto label = reader.get<std::uint8_t>();
  event.source = reader.get_text();
  event.label_origin = reader.get_text();
  event.raw_bytes = reader.get_count();
  if (is_form(form) && !is_mail(static_cast<RecordForm>(form))) event.mapping = reader.get_text();
  if (!reader.ok() || !is_form(form) || !is_label(label) || event.raw_bytes > kMaxRawBytes) {
    return Error(Code::Corrupt, "an event's record does not read as one");
  }
  event.form = static_cast<RecordForm>(form);
  event.label = static_cast<Label>(label);
  return event;
}

Result<EventEntry> read_event_payload(std::string_view payload) {
  ByteReader reader(payload);
  EventEntry entry;
  WINNOW_TRY(entry.event, read_event_head(reader));
  entry.compressed = reader.get_raw(reader.left());
  return entry;
}

Result<LabelEntry> read_label_payload(std::string_view payload) {
  ByteReader reader(payload);
  LabelEntry entry;
  entry.digest = get_digest(reader);
  entry.given = Timestamp::from_micros(reader.get<std::int64_t>());
  const auto label = reader.get<std::uint8_t>();
  entry.origin = reader.get_text();
  WINNOW_TRY(reader.finish("a label's record"));
  if (!is_label(label)) return Error(Code::Corrupt, "a label's record holds no known label");
  entry.label = static_cast<Label>(label);
  return entry;
}

Result<LabelStatement> read_statement_payload(std::string_view payload) {
  ByteReader reader(payload);
  LabelStatement statement;
  statement.event = get_digest(reader);
  statement.given = Timestamp::from_micros(reader.get<std::int64_t>());
  const auto label = reader.get<std::uint8_t>();
  statement.origin = reader.get_text();
  statement.step = reader.get_text();
  statement.entry = reader.get_count();
  WINNOW_TRY(reader.finish("a statement's record"));
  if (!is_label(label) || statement.entry > kMaxEntry)
    return Error(Code::Corrupt, "a statement's record holds no known label, or no audit entry");
  statement.label = static_cast<Label>(label);
  return statement;
}

Result<RemovalEntry> read_removal_payload(std::string_view payload) {
  ByteReader reader(payload);
  RemovalEntry entry;
  entry.digest = get_digest(reader);
  entry.removal.at = Timestamp::from_micros(reader.get<std::int64_t>());
  entry.removal.rule = reader.get_text();
  WINNOW_TRY(reader.finish("a removal's record"));
  return entry;
}

Result<std::string> raw_of(const EventEntry& entry) {
  WINNOW_TRY(std::string raw, decompress(entry.compressed, entry.event.raw_bytes));
  WINNOW_TRY(check_raw(raw, entry.event.digest));
  return raw;
}

Status check_raw(std::string_view raw, const Digest& digest) {
  if (sha256(raw) == digest) return {};
  return Error(Code::Corrupt, fmt::format("the bytes of event {} are not those it was named for",
                                          digest.short_hex()));
}

}  // namespace winnow
