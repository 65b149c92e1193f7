#include "ingest/quarantine.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "store/compress.h"
#include "store/sqlite.h"

namespace winnow {
namespace {

constexpr std::array<std::string_view, 2> kSteps = {R"sql(
  CREATE TABLE quarantine (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    digest       TEXT NOT NULL UNIQUE,
    form         INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    source       TEXT NOT NULL,
    input        TEXT NOT NULL,
    byte_offset  INTEGER NOT NULL,
    line         INTEGER NOT NULL,
    label        INTEGER NOT NULL,
    label_origin TEXT NOT NULL,
    size         INTEGER NOT NULL,
    kept_bytes   INTEGER NOT NULL,
    first_seen   INTEGER NOT NULL,
    last_tried   INTEGER,
    tries        INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE quarantine_bytes (
    id          INTEGER PRIMARY KEY REFERENCES quarantine (id),
    kept_digest TEXT NOT NULL,
    compressed  BLOB NOT NULL
  ) STRICT;
)sql",
                                                    R"sql(
  ALTER TABLE quarantine ADD COLUMN mapping TEXT NOT NULL DEFAULT '';
)sql"};

constexpr std::string_view kColumns =
    "id, digest, form, kind, reason, source, input, byte_offset, line, label, label_origin, size,"
    " kept_bytes, first_seen, last_tried, tries, mapping";
constexpr std::string_view kPasses =
    "(?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR first_seen < ?3)"
    " AND (?4 IS NULL OR mapping = ?4) AND (?5 IS NULL OR reason = ?5)";
constexpr std::size_t kMinPrefix = 4;
constexpr std::size_t kRetryPage = 256;

std::optional<int> kind_of(const QuarantineFilter& filter) {
  return filter.kind ? std::optional(static_cast<int>(*filter.kind)) : std::nullopt;
}

Result<std::vector<QuarantinedRecord>> collect(SqliteStatement& statement) {
  std::vector<QuarantinedRecord> records;
  for (;;) {
    WINNOW_TRY(const bool found, statement.next());
    if (!found) return records;
    QuarantinedRecord& record = records.emplace_back();
    int form = 0, kind = 0, label = 0;
    WINNOW_TRY(statement.read(record.id, record.digest, form, kind, record.problem.message,
                              record.source, record.position.input, record.position.offset,
                              record.position.line, label, record.label_origin, record.size,
                              record.kept_bytes, record.first_seen, record.last_tried, record.tries,
                              record.mapping));
    record.form = static_cast<RecordForm>(form);
    record.problem.kind = static_cast<ProblemKind>(kind);
    record.label = static_cast<Label>(label);
  }
}

// What stays a reason to keep a record, as against a failure of the store that takes it.
bool is_verdict(const Error& error) {
  return error.code() == Code::InvalidArgument || error.code() == Code::Unsupported;
}

}  // namespace

struct Quarantine::State {
  Sqlite database;

  Result<bool> insert(const NewQuarantined& item, Timestamp now);
  Status release(const QuarantinedRecord& record);
  Status keep(const QuarantinedRecord& record, const Error& reason, Timestamp now);
};

Result<bool> Quarantine::State::insert(const NewQuarantined& item, Timestamp now) {
  const RawRecord& record = *item.record;
  const Problem problem = record.problem.value_or(Problem{ProblemKind::Unmapped, ""});
  WINNOW_TRY(database.run(
      "INSERT OR IGNORE INTO quarantine (digest, form, kind, reason, source, input, byte_offset,"
      " line, label, label_origin, size, kept_bytes, first_seen, tries, mapping)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14)",
      record.digest, static_cast<int>(record.form), static_cast<int>(problem.kind), problem.message,
      item.source, record.position.input, record.position.offset, record.position.line,
      static_cast<int>(item.label), item.label_origin, record.size, record.raw.size(), now,
      item.mapping));
  if (database.changes() == 0) return false;
  WINNOW_TRY(
      database.run("INSERT INTO quarantine_bytes (id, kept_digest, compressed)"
                   " VALUES (last_insert_rowid(), ?1, ?2)",
                   sha256(record.raw), SqliteBlob{compress(record.raw)}));
  return true;
}

// Within the caller's transaction.
Status Quarantine::State::release(const QuarantinedRecord& record) {
  WINNOW_TRY(database.run("DELETE FROM quarantine_bytes WHERE id = ?1", record.id));
  return database.run("DELETE FROM quarantine WHERE id = ?1", record.id);
}

Status Quarantine::State::keep(const QuarantinedRecord& record, const Error& reason,
                               Timestamp now) {
  return database.run(
      "UPDATE quarantine SET reason = ?2, last_tried = ?3, tries = tries + 1 WHERE id = ?1",
      record.id, reason.text(), now);
}

Quarantine::Quarantine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Quarantine::Quarantine(Quarantine&&) noexcept = default;
Quarantine& Quarantine::operator=(Quarantine&&) noexcept = default;
Quarantine::~Quarantine() = default;

Result<Quarantine> Quarantine::open(const Path& file, Access access) {
  if (access == Access::ReadWrite && file.has_parent_path()) {
    WINNOW_TRY(make_folders(file.parent_path()));
  }
  WINNOW_TRY(Sqlite database, Sqlite::open(file, access));
  if (access == Access::ReadWrite) WINNOW_TRY(database.migrate("quarantine", kSteps));
  return Quarantine(std::make_unique<State>(State{std::move(database)}));
}

Result<std::uint64_t> Quarantine::add(std::span<const NewQuarantined> records, Timestamp now) {
  if (records.empty()) return std::uint64_t{0};
  WINNOW_TRY(auto transaction, state_->database.begin());
  std::uint64_t added = 0;
  for (const NewQuarantined& record : records) {
    WINNOW_TRY(const bool is_new, state_->insert(record, now));
    added += is_new ? 1 : 0;
  }
  WINNOW_TRY(transaction.commit());
  return added;
}

Result<std::uint64_t> Quarantine::count(const QuarantineFilter& filter) const {
  WINNOW_TRY(auto statement, state_->database.prepare(
                                 fmt::format("SELECT count(*) FROM quarantine WHERE {}", kPasses)));
  WINNOW_TRY(statement.bind(kind_of(filter), filter.source, filter.seen_before, filter.mapping,
                            filter.reason));
  WINNOW_TRY(statement.next());
  std::uint64_t count = 0;
  WINNOW_TRY(statement.read(count));
  return count;
}

Result<std::vector<QuarantinedRecord>> Quarantine::list(const QuarantineFilter& filter,
                                                        std::uint64_t after,
                                                        std::size_t limit) const {
  WINNOW_TRY(auto statement,
             state_->database.prepare(fmt::format("SELECT {} FROM quarantine WHERE {} AND id > ?6"
                                                  " ORDER BY id LIMIT ?7",
                                                  kColumns, kPasses)));
  WINNOW_TRY(statement.bind(kind_of(filter), filter.source, filter.seen_before, filter.mapping,
                            filter.reason, after, limit));
  return collect(statement);
}

Result<std::vector<QuarantineReason>> Quarantine::reasons(std::size_t limit) const {
  WINNOW_TRY(auto statement,
             state_->database.prepare(
                 "SELECT source, mapping, kind, reason, count(*), min(first_seen), max(first_seen)"
                 " FROM quarantine GROUP BY source, mapping, kind, reason"
                 " ORDER BY count(*) DESC, source, mapping, reason LIMIT ?1"));
  WINNOW_TRY(statement.bind(limit));
  std::vector<QuarantineReason> reasons;
  for (;;) {
    WINNOW_TRY(const bool found, statement.next());
    if (!found) return reasons;
    auto& reason = reasons.emplace_back();
    int kind = 0;
    WINNOW_TRY(statement.read(reason.source, reason.mapping, kind, reason.problem.message,
                              reason.records, reason.first_seen, reason.last_seen));
    reason.problem.kind = static_cast<ProblemKind>(kind);
  }
}

Result<QuarantinedRecord> Quarantine::find(std::string_view digest_prefix) const {
  const bool hexadecimal = std::ranges::all_of(
      digest_prefix, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!hexadecimal || digest_prefix.size() < kMinPrefix || digest_prefix.size() > 64) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is not the beginning of a digest", digest_prefix.substr(0, 64)))
        .with_hint("give its first hexadecimal digits, at least 4");
  }
  WINNOW_TRY(auto statement,
             state_->database.prepare(fmt::format("SELECT {} FROM quarantine WHERE digest >= ?1 AND"
                                                  " digest < ?1 || 'g' ORDER BY digest LIMIT 2",
                                                  kColumns)));
  WINNOW_TRY(statement.bind(digest_prefix));
  WINNOW_TRY(auto found, collect(statement));
  if (found.empty()) {
    return Error(Code::NotFound,
                 fmt::format("no quarantined record begins with '{}'", digest_prefix));
  }
  if (found.size() > 1) {
    return Error(Code::InvalidArgument,
                 fmt::format("several quarantined records begin with '{}'", digest_prefix))
        .with_hint("give more digits");
  }
  return std::move(found.front());
}

Result<std::string> Quarantine::read_raw(const QuarantinedRecord& record) const {
  WINNOW_TRY(auto statement,
             state_->database.prepare("SELECT kept_digest, compressed FROM quarantine_bytes"
                                      " WHERE id = ?1"));
  WINNOW_TRY(statement.bind(record.id));
  WINNOW_TRY(const bool found, statement.next());
  if (!found) {
    return Error(Code::NotFound,
                 fmt::format("record {} is no longer in quarantine", record.digest.short_hex()));
  }
  Digest kept;
  SqliteBlob compressed;
  WINNOW_TRY(statement.read(kept, compressed));
  WINNOW_TRY(std::string raw, decompress(compressed.bytes, record.kept_bytes));
  if (sha256(raw) == kept) return raw;
  return Error(Code::Corrupt, fmt::format("the bytes of quarantined record {} have changed",
                                          record.digest.short_hex()));
}

Result<std::uint64_t> Quarantine::remove(std::span<const Digest> records) {
  auto& database = state_->database;
  WINNOW_TRY(auto transaction, database.begin());
  std::uint64_t removed = 0;
  for (const auto& digest : records) {
    WINNOW_TRY(database.run(
        "DELETE FROM quarantine_bytes WHERE id = (SELECT id FROM quarantine WHERE digest = ?1)",
        digest));
    WINNOW_TRY(database.run("DELETE FROM quarantine WHERE digest = ?1", digest));
    removed += static_cast<std::uint64_t>(database.changes());
  }
  WINNOW_TRY(transaction.commit());
  return removed;
}

Result<std::vector<Status>> Quarantine::try_again(std::span<const QuarantinedRecord> records,
                                                  Timestamp now, const UseTogether& use) {
  std::vector<Status> outcomes(records.size());
  std::vector<QuarantinedRecord> readable;
  std::vector<std::string> raws;
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto raw = read_raw(records[i]);
    if (raw) {
      readable.push_back(records[i]);
      raws.push_back(std::move(*raw));
    } else if (raw.error().code() == Code::Corrupt) {
      outcomes[i] = std::move(raw).error();  // it does not keep the others
    } else {
      return std::move(raw).error();
    }
  }
  std::vector<Status> used;
  if (!readable.empty()) {
    WINNOW_TRY(used, use(readable, raws));
  }
  ensure(used.size() == readable.size(), "each record is told of");
  WINNOW_TRY(auto transaction, state_->database.begin());
  auto next = used.begin();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const bool was_used = outcomes[i].has_value();
    if (was_used) outcomes[i] = std::move(*next++);
    if (outcomes[i]) {
      WINNOW_TRY(state_->release(records[i]));
    } else if (!was_used || is_verdict(outcomes[i].error())) {
      WINNOW_TRY(state_->keep(records[i], outcomes[i].error(), now));
    } else {
      return outcomes[i].error();
    }
  }
  WINNOW_TRY(transaction.commit());
  return outcomes;
}

Status Quarantine::retry_one(const QuarantinedRecord& record, Timestamp now, const Use& use) {
  const auto use_it = [&](auto records, auto raws) -> Result<std::vector<Status>> {
    return std::vector{use(records.front(), raws.front())};
  };
  WINNOW_TRY(auto outcomes, try_again({&record, 1}, now, use_it));
  return std::move(outcomes.front());
}

Result<Quarantine::RetryCounts> Quarantine::retry_together(
    std::span<const QuarantinedRecord> records, Timestamp now, const UseTogether& use) {
  WINNOW_TRY(const auto outcomes, try_again(records, now, use));
  const auto released = std::ranges::count_if(outcomes, &Status::has_value);
  return RetryCounts{outcomes.size(), static_cast<std::uint64_t>(released)};
}

Result<Quarantine::RetryCounts> Quarantine::retry(const QuarantineFilter& filter, Timestamp now,
                                                  const Use& use) {
  RetryCounts counts;
  const auto use_each = [&](auto records, auto raws) -> Result<std::vector<Status>> {
    return std::vector{use(records.front(), raws.front())};
  };
  for (std::uint64_t after = 0;;) {
    WINNOW_TRY(const auto page, list(filter, after, kRetryPage));
    if (page.empty()) return counts;
    after = page.back().id;
    for (const QuarantinedRecord& record : page) {
      WINNOW_TRY(const auto one, retry_together({&record, 1}, now, use_each));
      counts.tried += one.tried;
      counts.released += one.released;
    }
  }
}

}  // namespace winnow
