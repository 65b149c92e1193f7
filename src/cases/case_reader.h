// What people see of cases: the queue, a case with its history, similar ones, suppressions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "cases/case.h"
#include "cases/suppression.h"
#include "ingest/event_log.h"
#include "pipeline/mail_content.h"
#include "store/sqlite.h"

namespace winnow::cases {

struct QueueFilter {
  enum class States : std::uint8_t { Open, New, InProgress, Snoozed, Resolved, All };
  States states = States::Open;  // Open: new and in progress
  // Whose; an empty name: nobody's; absent: anybody's.
  std::optional<std::string> owner = {};
  std::optional<Severity> severity = {};
  std::optional<Domain> domain = {};  // with a finding of it
  std::string text = {};  // words of sender, recipients, subject, reasons, notes, of hosts, users,
                          // addresses, indicators and techniques: all of them
  enum class Order : std::uint8_t { Urgency, Newest, Due } order = Order::Urgency;
  // Redacted: reasons are not searched, because a hit would tell what they quote.
  MailContent content = MailContent::Shown;
  std::uint64_t limit = 100;
};
Result<QueueFilter::States> states_named(std::string_view name);  // "open", "new", ..., "all"
Result<QueueFilter::Order> order_named(std::string_view name);    // "urgency", "newest", "due"

struct QueuePage {
  std::vector<Case> cases;
  std::string next;         // what queue() takes as `after`; empty: there is no more
  std::uint64_t total = 0;  // that pass the filter
};

struct QueueCounts {
  std::uint64_t fresh = 0, in_progress = 0, snoozed = 0, resolved = 0;
  std::uint64_t mine = 0;     // not resolved
  std::uint64_t overdue = 0;  // new or in progress
};

// How far somebody has seen the cases change.
struct CaseMark {
  std::uint64_t place = 0;  // of the last finding that joined one
  std::uint64_t line = 0;   // of the last line of a history
  friend bool operator==(const CaseMark&, const CaseMark&) = default;
};
struct ChangedCase {
  std::string id;
  std::uint64_t version = 0;
};

struct ListedFinding {
  std::string id;  // "d-" and 64 digits
  std::string sender, subject, recipient;
  std::optional<double> probability;
  Route route = Route::Queue;
  Timestamp event_time, decided_at;
  std::string joined_by;
  std::optional<std::string> suppressed_by;
};

// What findings of a case have in common: their subject.
struct FindingKind {
  std::string subject;
  std::uint64_t findings = 0;
  std::optional<double> probability;  // the highest
  Timestamp first_at, last_at;        // of their events
};

struct CaseEvent {
  Timestamp at;
  std::string actor, what, detail;
};

struct SimilarCase {
  Case subject;
  std::string why;
};

struct CaseDetail {
  Case subject;
  // Kind after kind, those of the rarest first (of equally many the most probable, then the
  // newest), so that one that is like no other does not hide among hundreds; of one kind the newest
  // first.
  std::vector<FindingKind> kinds;       // at most kShownKinds
  std::vector<ListedFinding> findings;  // at most kShownFindings: findings() has the others
  // Newest first, at most kShownHistory; of the findings that joined the newest kShownJoins, so
  // that they do not push out what people did.
  std::vector<CaseEvent> history;
  std::vector<SimilarCase> similar;  // most alike first, at most kShownSimilar
};
inline constexpr std::size_t kShownKinds = 100, kShownFindings = 100, kShownHistory = 200,
                             kShownJoins = 50, kShownSimilar = 10;

// A case that was resolved long ago.
struct OldCase {
  std::uint64_t number = 0;
  std::string id;
  Timestamp resolved_at;
};

// One thread at a time; several may each open their own, beside a CaseBook.
class CaseReader {
 public:
  // Errors: NotFound (there were never any cases), Corrupt, Denied, Unavailable.
  static Result<CaseReader> open(const Path& database);

  // Pages repeat and miss nothing of what does not change meanwhile. Errors: InvalidArgument (no
  // cursor of this order), Corrupt.
  Result<QueuePage> queue(const QueueFilter& filter, std::string_view after);
  Result<QueueCounts> counts(std::string_view me, Timestamp now);
  // Errors: NotFound (also: it was removed; the message says when and by which rule), Corrupt.
  Result<CaseDetail> get(std::string_view id);
  // Findings of a case in the order of CaseDetail, `limit` of them behind the first `offset`; a
  // finding that joins meanwhile moves those behind it. Errors: as get().
  Result<std::vector<ListedFinding>> findings(std::string_view id, std::uint64_t offset,
                                              std::uint64_t limit);
  Result<CaseMark> latest();
  Result<std::uint64_t> behind();  // how many decisions came that cases have not taken in
  // Which cases changed behind `since`, up to `until`; at most kShownChanges of them.
  Result<std::vector<ChangedCase>> changed(const CaseMark& since, const CaseMark& until);
  // The id of the case that a finding is in; empty while it is in none. By its whole id.
  Result<std::string> case_of(std::string_view finding_id);
  // The ids of the cases that findings about a mail are in.
  Result<std::vector<std::string>> cases_of(const Digest& event);
  // The next `limit` cases resolved before `before`, behind the one with number `after` (0: from
  // the first).
  Result<std::vector<OldCase>> resolved_before(Timestamp before, std::uint64_t after,
                                               std::size_t limit);
  // The mails that a case's findings are about. By its number.
  Result<std::vector<Digest>> events_of(std::uint64_t number);
  // Whether a case's findings are from or for a mailbox. By its whole id.
  Result<bool> is_about(std::string_view id, std::string_view mailbox);
  // Whether a mail is part of a case that is not resolved.
  Result<bool> is_open(const Digest& event);
  Result<std::vector<Suppression>> suppressions();  // newest first, at most kMaxSuppressions
  // Checks that every finding up to the cursor is in exactly one case and counted there; returns
  // how many there are. Errors: Corrupt, saying what does not add up.
  Result<std::uint64_t> verify();

 private:
  explicit CaseReader(Sqlite database) : database_(std::move(database)) {}
  Result<std::uint64_t> total(const QueueFilter& filter, std::string_view where,
                              std::string_view match);
  Result<Case> find(std::string_view id);
  Result<std::vector<FindingKind>> kinds_of(std::uint64_t number);
  Result<std::vector<ListedFinding>> findings_of(std::uint64_t number, std::uint64_t offset,
                                                 std::uint64_t limit);
  Result<std::vector<CaseEvent>> history_of(std::uint64_t number);
  Result<std::vector<SimilarCase>> similar_to(const Case& to);
  Result<std::optional<Removal>> removal_of(std::string_view id);
  Sqlite database_;
};
inline constexpr std::size_t kMaxSuppressions = 1000, kShownChanges = 2000;

// What SQLite's full-text search takes for the words somebody typed: all of them, the last one as a
// beginning. Never an error of syntax. Empty when there is no word in it.
std::string search_expression(std::string_view typed);

}  // namespace winnow::cases
