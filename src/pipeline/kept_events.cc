#include "pipeline/kept_events.h"

#include <algorithm>

#include "base/bytes.h"

namespace winnow {
namespace {

// Big endian, so that the table's order is that of arrival.
std::string key_of(std::uint64_t id) {
  std::string key(sizeof id, '\0');
  for (auto byte = key.rbegin(); byte != key.rend(); ++byte, id >>= 8)
    *byte = static_cast<char>(id & 0xFF);
  return key;
}

std::uint64_t id_of(std::string_view key) {
  std::uint64_t id = 0;
  for (const char byte : key) id = id << 8 | static_cast<unsigned char>(byte);
  return id;
}

}  // namespace

Result<KeptEvents> KeptEvents::open(Lmdb& lmdb, std::string history) {
  WINNOW_TRY(const auto table, lmdb.table("kept"));
  KeptEvents opened(table, std::move(history));
  WINNOW_TRY(const auto reader, lmdb.read());
  WINNOW_TRY(auto cursor, reader.cursor(table));
  for (auto there = cursor.first();; there = cursor.next()) {
    WINNOW_TRY(const bool more, std::move(there));
    if (!more) return opened;
    WINNOW_TRY(const auto event, opened.event_of(cursor.key(), cursor.value()));
    ++opened.counts_[event.mapping];
    opened.last_ = event.id;
  }
}

Result<KeptEvent> KeptEvents::event_of(std::string_view key, std::string_view value) const {
  ByteReader in(value);
  KeptEvent event{.id = id_of(key), .digest = {}};
  event.is_missing = in.get_text() == history_;
  const auto digest = in.get_raw(Digest::kBytes);
  event.mapping = in.get_text();
  WINNOW_TRY(in.finish("an event that waits for a bundle"));
  event.digest = Digest(std::span<const std::uint8_t, Digest::kBytes>(
      reinterpret_cast<const std::uint8_t*>(digest.data()), Digest::kBytes));
  return event;
}

Result<std::vector<KeptEvent>> KeptEvents::behind(const Lmdb& lmdb, std::uint64_t after,
                                                  std::size_t limit) const {
  std::vector<KeptEvent> events;
  if (after >= last_) return events;
  WINNOW_TRY(const auto reader, lmdb.read());
  WINNOW_TRY(auto cursor, reader.cursor(table_));
  for (auto there = cursor.seek(key_of(after + 1)); events.size() < limit; there = cursor.next()) {
    WINNOW_TRY(const bool more, std::move(there));
    if (!more) break;
    WINNOW_TRY(events.emplace_back(), event_of(cursor.key(), cursor.value()));
  }
  return events;
}

Result<std::set<std::uint64_t>> KeptEvents::among(const Lmdb& lmdb, std::uint64_t after,
                                                  std::uint64_t through) const {
  std::set<std::uint64_t> ids;
  if (after >= last_) return ids;
  WINNOW_TRY(const auto reader, lmdb.read());
  WINNOW_TRY(auto cursor, reader.cursor(table_));
  for (auto there = cursor.seek(key_of(after + 1));; there = cursor.next()) {
    WINNOW_TRY(const bool more, std::move(there));
    if (!more || id_of(cursor.key()) > through) return ids;
    ids.insert(id_of(cursor.key()));
  }
}

Result<std::optional<KeptEvent>> KeptEvents::find(const Lmdb& lmdb, std::uint64_t id) const {
  if (id > last_) return std::optional<KeptEvent>();
  WINNOW_TRY(const auto reader, lmdb.read());
  const auto key = key_of(id);
  WINNOW_TRY(const auto value, reader.get(table_, key));
  if (!value) return std::optional<KeptEvent>();
  WINNOW_TRY(auto event, event_of(key, *value));
  return std::optional(std::move(event));
}

Status KeptEvents::discount(const LmdbWriter& writer, std::uint64_t id) {
  if (id > last_) return {};
  const auto key = key_of(id);
  WINNOW_TRY(const auto value, writer.get(table_, key));
  if (!value) return {};
  WINNOW_TRY(const auto event, event_of(key, *value));
  const auto counted = changed_.find(event.mapping);
  if (counted != changed_.end() && --counted->second == 0) changed_.erase(counted);
  return {};
}

Status KeptEvents::put(LmdbWriter& writer, const KeptEvent& event) const {
  return writer.put(table_, key_of(event.id),
                    ByteWriter()
                        .put_text(event.is_missing ? history_ : "")
                        .put_raw(event.digest.as_text())
                        .put_text(event.mapping)
                        .bytes());
}

Status KeptEvents::take_over(LmdbWriter& writer, std::span<const KeptEvent> waiting) {
  std::set<std::uint64_t> missing;
  {
    WINNOW_TRY(auto cursor, writer.cursor(table_));
    for (auto there = cursor.first();; there = cursor.next()) {
      WINNOW_TRY(const bool more, std::move(there));
      if (!more) break;
      WINNOW_TRY(const auto event, event_of(cursor.key(), cursor.value()));
      if (event.is_missing) missing.insert(event.id);
    }
  }
  WINNOW_TRY(writer.clear(table_));
  changed_.clear();
  for (auto event : waiting) {
    event.is_missing = missing.contains(event.id);
    WINNOW_TRY(put(writer, event));
    ++changed_[event.mapping];
    last_ = std::max(last_, event.id);
  }
  return {};
}

Status KeptEvents::change(LmdbWriter& writer, std::span<const KeptEvent> added,
                          std::span<const std::uint64_t> settled) {
  changed_ = counts_;
  for (const auto& event : added) {
    WINNOW_TRY(discount(writer, event.id));
    WINNOW_TRY(put(writer, event));
    ++changed_[event.mapping];
    last_ = std::max(last_, event.id);
  }
  for (const auto id : settled) {
    WINNOW_TRY(discount(writer, id));
    WINNOW_TRY(writer.remove(table_, key_of(id)));
  }
  return {};
}

}  // namespace winnow
