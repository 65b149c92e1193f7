#include "cases/case_book.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cases/bounded_text.h"
#include "cases/detail/case_removal.h"
#include "cases/detail/projection.h"
#include "cases/detail/schema.h"

namespace winnow::cases {
namespace {

// Decisions a transaction: about 10 ms, so that whoever writes decisions hardly waits.
constexpr std::size_t kBatch = 64;
constexpr std::uint64_t kEntriesRead = 1000;  // of the audit log, at a time
constexpr std::size_t kMovesATime = 500;      // of cases, by the clock

struct Cursor {
  std::uint64_t place = 0;
  std::uint64_t audit_entries = 0;
  std::string policy;
};

}  // namespace

struct CaseBook::State {
  Registry* registry;
  CasePolicy policy;
  Sqlite database;
  DecisionStore decisions;
  FindingReader reader;
  std::optional<Projection> projection;
  Cursor cursor;
  std::uint64_t scanned = 0;      // entries of the audit log that were read into `entries`
  std::deque<CaseEntry> entries;  // not yet taken, in their order

  Timestamp now() const { return registry->clock().now(); }
  Status read_cursor();
  Result<bool> moved_by_others();
  Status write_cursor(const Cursor& to);
  Status read_entries();
  Result<std::size_t> take_findings(std::uint64_t through, std::size_t most);
  Status take_entry();
  Status take_entries();
  Status follow_policy();
  Status tell_domains();
  Result<std::uint64_t> record(std::span<const CaseEntry> entries);
  Result<Suppression> suppression(std::string_view id);
};

CaseBook::CaseBook(std::unique_ptr<State> state) : state_(std::move(state)) {}
CaseBook::CaseBook(CaseBook&&) noexcept = default;
CaseBook::~CaseBook() = default;

Result<CaseBook> CaseBook::open(Registry& registry, const EventLog& events, const Path& database,
                                const CasePolicy& policy) {
  // The projection can be made again: its commits need not wait for the disk.
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite, {.durable_commits = false}));
  // Grounds and texts are found all over their tables: SQLite's own 2 MiB would read pages anew.
  WINNOW_TRY(sqlite.execute("PRAGMA cache_size = -16384"));
  WINNOW_TRY(auto decisions, DecisionStore::open(database, Access::ReadWrite));
  WINNOW_TRY(sqlite.migrate("cases", schema()));
  auto state = std::make_unique<State>(State{
      .registry = &registry,
      .policy = policy,
      .database = std::move(sqlite),
      .decisions = std::move(decisions),
      .reader =
          FindingReader(events, intel_from(registry), domain_from(registry), reader_from(registry)),
      .projection = std::nullopt,
      .cursor = {},
      .scanned = 0,
      .entries = {}});
  WINNOW_TRY(state->projection, Projection::open(state->database, policy));
  WINNOW_TRY(state->read_cursor());
  WINNOW_TRY(state->tell_domains());
  WINNOW_TRY(state->follow_policy());
  return CaseBook(std::move(state));
}

Status CaseBook::State::read_cursor() {
  WINNOW_TRY(auto select, database.prepare("SELECT place, audit_entries, policy FROM case_cursor"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(const bool found, select.next());
  if (!found) return Error(Code::Corrupt, "the cases do not know how far they have read");
  WINNOW_TRY(select.read(cursor.place, cursor.audit_entries, cursor.policy));
  scanned = cursor.audit_entries;
  entries.clear();
  return {};
}

// Inside a transaction: whether another process took in what this one was about to. Then nothing of
// it may be done again, and reading goes on where the other stopped.
Result<bool> CaseBook::State::moved_by_others() {
  const auto known = cursor;
  WINNOW_TRY(auto select, database.prepare("SELECT place, audit_entries FROM case_cursor"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(const bool found, select.next());
  if (!found) return Error(Code::Corrupt, "the cases do not know how far they have read");
  Cursor now;
  WINNOW_TRY(select.read(now.place, now.audit_entries));
  if (now.place == known.place && now.audit_entries == known.audit_entries) return false;
  WINNOW_TRY(read_cursor());
  return true;
}

Status CaseBook::State::write_cursor(const Cursor& to) {
  return database.run("UPDATE case_cursor SET place = ?1, audit_entries = ?2, policy = ?3",
                      to.place, to.audit_entries, to.policy);
}

// Cases that an older Winnow made do not know their domains: the bundles that decided do.
Status CaseBook::State::tell_domains() {
  WINNOW_TRY(auto transaction, database.begin());
  WINNOW_TRY(auto select,
             database.prepare("SELECT DISTINCT bundle FROM cases JOIN case_findings ON case_number "
                              "= number JOIN decisions USING (place) WHERE domains = 0"));
  WINNOW_TRY(select.bind());
  std::vector<Digest> bundles;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    WINNOW_TRY(select.read(bundles.emplace_back()));
  }
  if (bundles.empty()) return {};
  // All at once: a case may be of several.
  WINNOW_TRY(database.execute("CREATE TEMP TABLE bundle_domains (bundle TEXT, bits INTEGER)"));
  const auto domain_of = domain_from(*registry);
  for (const auto& bundle : bundles) {
    WINNOW_TRY(const auto domain, domain_of(bundle));
    WINNOW_TRY(database.run("INSERT INTO bundle_domains VALUES (?1, ?2)", bundle, domain.bits()));
  }
  WINNOW_TRY(database.execute(
      "UPDATE cases SET domains = coalesce((SELECT sum(DISTINCT bits) FROM case_findings JOIN "
      "decisions USING (place) JOIN bundle_domains USING (bundle) WHERE case_number = number), 0) "
      "WHERE domains = 0"));
  WINNOW_TRY(database.execute("DROP TABLE bundle_domains"));
  return transaction.commit();
}

Status CaseBook::State::follow_policy() {
  if (cursor.policy == policy.digest().hex()) return {};
  WINNOW_TRY(auto transaction, database.begin());
  WINNOW_TRY(projection->assess_all(now()));
  Cursor to = cursor;
  to.policy = policy.digest().hex();
  WINNOW_TRY(write_cursor(to));
  WINNOW_TRY(transaction.commit());
  cursor = to;
  return {};
}

// Reads on in the audit log until something there is about cases.
Status CaseBook::State::read_entries() {
  auto& audit = registry->audit();
  const auto size = audit.size();
  while (entries.empty() && scanned < size) {
    const auto until = std::min(size, scanned + kEntriesRead);
    const auto note = [&](std::uint64_t index, std::string_view text) -> Result<bool> {
      WINNOW_TRY(auto entry, case_entry_of(index, text));
      if (entry) entries.push_back(std::move(*entry));
      return true;
    };
    WINNOW_TRY(audit.scan(scanned, until, note));
    scanned = until;
  }
  return {};
}

// The next decisions, up to the one at `through`. What their mails say is read before the
// transaction begins: it keeps nobody waiting.
Result<std::size_t> CaseBook::State::take_findings(std::uint64_t through, std::size_t most) {
  WINNOW_TRY(auto arrivals, decisions.arrivals(cursor.place, through, std::min(most, kBatch)));
  if (arrivals.empty()) return std::size_t{0};
  std::vector<std::optional<Finding>> findings;
  for (auto& arrival : arrivals) {
    findings.emplace_back();
    if (arrival.record) {
      WINNOW_TRY(findings.back(), reader.read(arrival.place, std::move(*arrival.record)));
    }
  }
  WINNOW_TRY(auto transaction, database.begin());
  WINNOW_TRY(const bool elsewhere, moved_by_others());
  if (elsewhere) return arrivals.size();
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    WINNOW_TRY(findings[i] ? projection->take(*findings[i])
                           : projection->note_closed(arrivals[i].sender));
  }
  Cursor to = cursor;
  to.place = arrivals.back().place;
  WINNOW_TRY(write_cursor(to));
  WINNOW_TRY(transaction.commit());
  cursor = to;
  return arrivals.size();
}

Status CaseBook::State::take_entry() {
  WINNOW_TRY(auto transaction, database.begin());
  WINNOW_TRY(const bool elsewhere, moved_by_others());
  if (elsewhere) return {};
  Cursor to = cursor;
  to.audit_entries = entries.front().index + 1;
  WINNOW_TRY(projection->take(entries.front()));
  WINNOW_TRY(write_cursor(to));
  WINNOW_TRY(transaction.commit());
  cursor = to;
  entries.pop_front();
  return {};
}

// Entries that were made when the cases held what they hold now.
Status CaseBook::State::take_entries() {
  for (;;) {
    WINNOW_TRY(read_entries());
    if (entries.empty() || entries.front().after > cursor.place) return {};
    WINNOW_TRY(take_entry());
  }
}

Result<std::size_t> CaseBook::catch_up(std::size_t most) {
  auto& state = *state_;
  std::size_t done = 0;
  while (done < most) {
    WINNOW_TRY(state.take_entries());
    const auto through = state.entries.empty() ? UINT64_C(1) << 62 : state.entries.front().after;
    WINNOW_TRY(const auto taken, state.take_findings(through, most - done));
    done += taken;
    if (taken > 0) continue;
    if (state.entries.empty()) break;
    // The decisions that it came after are not kept any more.
    WINNOW_TRY(state.take_entry());
  }
  for (std::size_t moved = kMovesATime; moved == kMovesATime;) {
    WINNOW_TRY(auto transaction, state.database.begin());
    WINNOW_TRY(moved, state.projection->pass_time(state.now(), kMovesATime));
    if (moved > 0) WINNOW_TRY(transaction.commit());
  }
  return done;
}

// First record, then act: a change that cannot be recorded does not happen.
Result<std::uint64_t> CaseBook::State::record(std::span<const CaseEntry> wanted) {
  std::vector<AuditEntry> audit;
  for (const auto& entry : wanted) audit.push_back(audit_entry_of(entry));
  WINNOW_TRY(const auto first, registry->audit().append(audit));
  WINNOW_TRY(take_entries());
  return first;
}

Result<std::vector<ChangeOutcome>> CaseBook::change(std::span<const CaseChange> changes,
                                                    std::string_view actor, Reach reach) {
  auto& state = *state_;
  WINNOW_TRY(const auto who, written_name(actor, "actor"));
  if (changes.size() > kMaxBulk)
    return Error(Code::InvalidArgument, fmt::format("at most {} cases at once", kMaxBulk));
  // Entries that others recorded meanwhile come first, so that a change is checked against what is.
  WINNOW_TRY(state.read_cursor());
  WINNOW_TRY(state.take_entries());
  std::vector<ChangeOutcome> outcomes;
  std::vector<CaseEntry> entries;
  std::vector<std::size_t> recorded;  // positions in `outcomes`
  std::set<std::string_view> seen;
  for (const auto& change : changes) {
    if (!seen.insert(change.id).second)
      return Error(Code::InvalidArgument,
                   fmt::format("'{}' stands there twice", bounded(change.id, 40)));
    WINNOW_TRY(const auto before, state.projection->cases().find(change.id));
    outcomes.push_back({change.id, Error(Code::NotFound, fmt::format("there is no case '{}'",
                                                                     bounded(change.id, 40)))});
    if (!before) continue;
    auto wanted = checked(change, *before, reach, state.now());
    if (!wanted) {
      outcomes.back().changed = wanted.error();
      outcomes.back().stale = change.version && *change.version != before->version;
      continue;
    }
    recorded.push_back(outcomes.size() - 1);
    entries.push_back({.after = state.cursor.place,
                       .at = state.now(),
                       .actor = who,
                       .change = std::move(*wanted)});
  }
  if (entries.empty()) return outcomes;
  WINNOW_TRY(state.record(entries));
  for (const auto position : recorded) {
    WINNOW_TRY(const auto after, state.projection->cases().find(outcomes[position].id));
    if (after) outcomes[position].changed = *after;
  }
  return outcomes;
}

Result<Suppression> CaseBook::State::suppression(std::string_view id) {
  WINNOW_TRY(auto select,
             database.prepare(fmt::format("SELECT {} FROM case_suppressions WHERE id = ?1",
                                          kSuppressionColumns)));
  WINNOW_TRY(select.bind(id));
  WINNOW_TRY(const bool found, select.next());
  if (!found)
    return Error(Code::NotFound, fmt::format("there is no suppression '{}'", bounded(id, 40)));
  return read_suppression(select);
}

Result<Suppression> CaseBook::suppress(const NewSuppression& suppression, std::string_view actor,
                                       Reach reach) {
  auto& state = *state_;
  WINNOW_TRY(const auto who, written_name(actor, "actor"));
  WINNOW_TRY(auto wanted, checked(suppression, reach, state.now()));
  WINNOW_TRY(state.read_cursor());
  if (wanted.scope.kind == SuppressionScope::Kind::Campaign) {
    WINNOW_TRY(const auto campaign, state.projection->cases().find(wanted.scope.value));
    if (!campaign)
      return Error(Code::NotFound,
                   fmt::format("there is no case '{}'", bounded(wanted.scope.value, 40)));
  }
  const CaseEntry entry{.after = state.cursor.place,
                        .at = state.now(),
                        .actor = who,
                        .kind = CaseEntry::Kind::Suppress,
                        .suppression = std::move(wanted)};
  WINNOW_TRY(const auto index, state.record({&entry, 1}));
  return state.suppression(suppression_id(index));
}

Result<Suppression> CaseBook::revoke(std::string_view id, std::string_view actor) {
  auto& state = *state_;
  WINNOW_TRY(const auto who, written_name(actor, "actor"));
  WINNOW_TRY(state.read_cursor());
  WINNOW_TRY(const auto before, state.suppression(id));
  if (before.revoked_at)
    return Error(Code::Conflict, fmt::format("{} is revoked already", before.id));
  const CaseEntry entry{.after = state.cursor.place,
                        .at = state.now(),
                        .actor = who,
                        .kind = CaseEntry::Kind::Revoke,
                        .suppression_id = before.id};
  WINNOW_TRY(state.record({&entry, 1}));
  return state.suppression(id);
}

Result<std::uint64_t> CaseBook::remove(std::span<const std::string> ids, const Removal& removal) {
  auto& database = state_->database;
  WINNOW_TRY(auto transaction, database.begin());
  WINNOW_TRY(const auto removed, remove_cases(database, ids, removal));
  WINNOW_TRY(transaction.commit());
  WINNOW_TRY(database.sync());
  return removed;
}

Status CaseBook::forget_words() {
  WINNOW_TRY(state_->database.execute("INSERT INTO case_search (case_search) VALUES ('optimize')"));
  return state_->database.sync();
}

Status CaseBook::forget() {
  auto& state = *state_;
  WINNOW_TRY(auto transaction, state.database.begin());
  WINNOW_TRY(state.database.execute(std::string(emptying())));
  WINNOW_TRY(transaction.commit());
  WINNOW_TRY(state.read_cursor());
  return state.follow_policy();
}

}  // namespace winnow::cases
