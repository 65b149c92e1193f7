#include "pipeline/detail/key_runs.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/bytes.h"

namespace winnow {
namespace {

constexpr int kFanIn = 16;         // runs of a level that become one of the next
constexpr int kHighestLevel = 3;   // a million keys; to join such ones would take seconds
constexpr std::size_t kRow = 256;  // keys of a row: nearly a page

// In the order of the keys, as SQLite's signed integers.
std::int64_t ordered(std::uint64_t key) { return static_cast<std::int64_t>(key ^ (1UL << 63)); }

}  // namespace

Status KeyRuns::read(std::string_view bytes, std::vector<Entry>& entries) {
  ByteReader reader(bytes);
  while (reader.ok() && !reader.at_end()) {
    const auto key = reader.get<std::uint64_t>();
    entries.push_back({key, reader.get<std::uint32_t>()});
  }
  return reader.finish("a run of keys of decisions");
}

Status KeyRuns::write(std::vector<Entry> entries, int level) {
  std::ranges::sort(entries);
  WINNOW_TRY(database_->run("INSERT INTO closed_key_runs (level) VALUES (?1)", level));
  WINNOW_TRY(auto insert, database_->prepare("INSERT INTO closed_keys VALUES "
                                             "((SELECT max(run) FROM closed_key_runs), ?1, ?2)"));
  for (std::size_t at = 0; at < entries.size();) {
    auto end = std::min(at + kRow, entries.size());
    // Equal keys stay together, since the last of a row is the row's name.
    while (end < entries.size() && entries[end].key == entries[end - 1].key) ++end;
    ByteWriter row;
    for (std::size_t i = at; i < end; ++i)
      row.put(entries[i].key).put(static_cast<std::uint32_t>(entries[i].pack));
    WINNOW_TRY(insert.bind(ordered(entries[end - 1].key), SqliteBlob{std::move(row).bytes()}));
    WINNOW_TRY(insert.run());
    at = end;
  }
  return {};
}

// All of a level, which is empty afterwards.
Result<std::vector<KeyRuns::Entry>> KeyRuns::take(int level) {
  constexpr std::string_view kOfLevel = "run IN (SELECT run FROM closed_key_runs WHERE level = ?1)";
  std::vector<Entry> entries;
  {
    WINNOW_TRY(auto select,
               database_->prepare(fmt::format("SELECT keys FROM closed_keys WHERE {}", kOfLevel)));
    WINNOW_TRY(select.bind(level));
    for (;;) {
      WINNOW_TRY(const bool more, select.next());
      if (!more) break;
      SqliteBlob keys;
      WINNOW_TRY(select.read(keys));
      WINNOW_TRY(read(keys.bytes, entries));
    }
  }
  WINNOW_TRY(database_->run(fmt::format("DELETE FROM closed_keys WHERE {}", kOfLevel), level));
  WINNOW_TRY(database_->run("DELETE FROM closed_key_runs WHERE level = ?1", level));
  return entries;
}

Status KeyRuns::add(std::span<const std::uint64_t> keys, std::uint64_t pack,
                    std::uint64_t oldest_pack) {
  if (pack > std::numeric_limits<std::uint32_t>::max())
    return Error(Code::Exhausted, "more than four billion packs of decisions");
  std::vector<Entry> entries;
  for (const auto key : keys) entries.push_back({key, pack});
  WINNOW_TRY(write(std::move(entries), 0));
  for (int level = 0; level < kHighestLevel; ++level) {
    WINNOW_TRY(auto count,
               database_->prepare("SELECT count(*) FROM closed_key_runs WHERE level = ?1"));
    WINNOW_TRY(count.bind(level));
    WINNOW_TRY(count.next());
    int runs = 0;
    WINNOW_TRY(count.read(runs));
    if (runs < kFanIn) break;
    WINNOW_TRY(auto joined, take(level));
    std::erase_if(joined, [&](const Entry& entry) { return entry.pack < oldest_pack; });
    WINNOW_TRY(write(std::move(joined), level + 1));
  }
  return {};
}

Result<std::vector<std::uint64_t>> KeyRuns::packs(std::uint64_t first, std::uint64_t last) {
  // Of each run the rows that may hold such keys: up to the first whose highest key is not below.
  WINNOW_TRY(
      auto select,
      database_->prepare(
          "SELECT keys FROM closed_key_runs AS runs CROSS JOIN closed_keys USING (run) WHERE "
          "last >= ?1 AND last <= (SELECT coalesce(min(last), ?3) FROM closed_keys AS bound "
          "WHERE bound.run = runs.run AND bound.last >= ?2)"));
  WINNOW_TRY(select.bind(ordered(first), ordered(last), std::numeric_limits<std::int64_t>::max()));
  std::vector<std::uint64_t> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    SqliteBlob keys;
    WINNOW_TRY(select.read(keys));
    std::vector<Entry> entries;
    WINNOW_TRY(read(keys.bytes, entries));
    for (const auto& entry : entries) {
      if (entry.key >= first && entry.key <= last) found.push_back(entry.pack);
    }
  }
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  return found;
}

}  // namespace winnow
