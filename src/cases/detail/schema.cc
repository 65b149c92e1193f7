#include "cases/detail/schema.h"

#include <array>

namespace winnow::cases {
namespace {

constexpr std::string_view kTables = R"sql(
CREATE TABLE cases (
  number          INTEGER PRIMARY KEY,  -- in the order of opening
  id              TEXT NOT NULL UNIQUE,
  version         INTEGER NOT NULL,
  state           TEXT NOT NULL,        -- new, in_progress, snoozed, resolved
  severity        INTEGER NOT NULL,     -- 0 low, 1 medium, 2 high, 3 critical
  urgency         INTEGER NOT NULL,     -- in millionths
  title           TEXT NOT NULL,
  sender          TEXT NOT NULL,
  recipients      TEXT NOT NULL,        -- JSON: the first ones
  recipient_count INTEGER NOT NULL,
  findings        INTEGER NOT NULL,
  probability     REAL,                 -- NULL without a score
  route           TEXT NOT NULL,
  reasons         TEXT NOT NULL,        -- JSON
  techniques      TEXT NOT NULL,        -- JSON
  owner           TEXT,
  opened_at       INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  last_finding_at INTEGER NOT NULL,
  clock_from      INTEGER NOT NULL,
  acknowledged_at INTEGER,
  due_at          INTEGER NOT NULL,
  phase           INTEGER NOT NULL,     -- of the clock: 0, 1 half gone, 2 overdue
  next_phase_at   INTEGER,
  snoozed_until   INTEGER,
  resolved_at     INTEGER,
  verdict         TEXT,
  suppressed_by   TEXT,
  grounds         TEXT NOT NULL,        -- JSON: the most telling of why its findings are together
  next_moment     INTEGER               -- when the clock changes something; NULL: never
) STRICT;
CREATE INDEX cases_by_urgency ON cases (state, urgency DESC, number);
CREATE INDEX cases_open_by_urgency ON cases (urgency DESC, number)
  WHERE state IN ('new', 'in_progress');
CREATE INDEX cases_open_by_due ON cases (due_at, number) WHERE state IN ('new', 'in_progress');
CREATE INDEX cases_by_time ON cases (last_finding_at DESC, number);
CREATE INDEX cases_by_moment ON cases (next_moment) WHERE next_moment IS NOT NULL;
CREATE INDEX cases_by_owner ON cases (owner, state) WHERE owner IS NOT NULL;

-- How many cases there are of each state, kept by the triggers, because counting them takes long.
CREATE TABLE case_counts (state TEXT PRIMARY KEY, cases INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER case_opened AFTER INSERT ON cases BEGIN
  INSERT INTO case_counts VALUES (new.state, 1) ON CONFLICT DO UPDATE SET cases = cases + 1;
END;
CREATE TRIGGER case_moved AFTER UPDATE OF state ON cases WHEN old.state <> new.state BEGIN
  UPDATE case_counts SET cases = cases - 1 WHERE state = old.state;
  INSERT INTO case_counts VALUES (new.state, 1) ON CONFLICT DO UPDATE SET cases = cases + 1;
END;

CREATE TABLE case_findings (
  place       INTEGER PRIMARY KEY,   -- of the decision: decisions.place
  id          TEXT NOT NULL UNIQUE,  -- decisions.id
  event       TEXT NOT NULL,
  case_number INTEGER NOT NULL,
  recipient   TEXT NOT NULL,         -- the first one
  joined_by   TEXT NOT NULL,         -- why it belongs there, in words; '' for the first one
  suppressed_by TEXT                 -- a suppression's id
) STRICT;
CREATE INDEX case_findings_by_case ON case_findings (case_number, place);
CREATE INDEX case_findings_by_event ON case_findings (event);

CREATE TABLE case_recipients (
  case_number INTEGER NOT NULL,
  recipient   TEXT NOT NULL,
  PRIMARY KEY (case_number, recipient)
) STRICT, WITHOUT ROWID;

-- What findings of a case have in common with others: the one index of grouping and of similar cases.
CREATE TABLE case_grounds (
  kind        TEXT NOT NULL,     -- text, near_text, link, subject, sender
  value       TEXT NOT NULL,
  case_number INTEGER NOT NULL,
  findings    INTEGER NOT NULL,  -- of the case that have it
  PRIMARY KEY (kind, value, case_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_grounds_by_case ON case_grounds (case_number);

-- The texts of findings, and the bands of their signatures that find those nearly the same.
CREATE TABLE case_texts (
  text      INTEGER PRIMARY KEY,
  value     TEXT NOT NULL UNIQUE,  -- as in case_grounds
  signature BLOB NOT NULL
) STRICT;
CREATE TABLE case_bands (band INTEGER PRIMARY KEY, text INTEGER NOT NULL) STRICT;

-- How many mails of a sender's domain were closed: links to correspondents are no ground.
CREATE TABLE case_correspondents (
  domain TEXT PRIMARY KEY,
  closed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE case_history (
  line        INTEGER PRIMARY KEY,
  case_number INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,  -- 'winnow' for what nobody did
  what        TEXT NOT NULL,  -- opened, reopened, state, owner, snoozed, note, verdict
  detail      TEXT NOT NULL
) STRICT;
CREATE INDEX case_history_by_case ON case_history (case_number, at, line);

CREATE TABLE case_verdicts (
  audit_entry INTEGER PRIMARY KEY,
  case_number INTEGER NOT NULL,
  verdict     TEXT NOT NULL,
  reason      TEXT NOT NULL,
  author      TEXT NOT NULL,
  at          INTEGER NOT NULL,
  after       INTEGER NOT NULL  -- it is about the case's findings up to this place
) STRICT;
CREATE INDEX case_verdicts_by_case ON case_verdicts (case_number, audit_entry);

-- What verdicts say of single mails, until the event log has it.
CREATE TABLE case_labels (
  number INTEGER PRIMARY KEY,
  event  TEXT NOT NULL,
  label  TEXT NOT NULL,  -- benign, phish
  author TEXT NOT NULL
) STRICT;

CREATE TABLE case_suppressions (
  audit_entry INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,        -- sender, sender_domain, campaign
  value       TEXT NOT NULL,
  escalations INTEGER NOT NULL,     -- 1: what would be escalated is silent, too
  reason      TEXT NOT NULL,
  author      TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER,
  revoked_at  INTEGER,
  revoked_by  TEXT,
  hits        INTEGER NOT NULL,
  last_hit_at INTEGER
) STRICT;
CREATE INDEX case_suppressions_by_value ON case_suppressions (kind, value);

CREATE VIRTUAL TABLE case_search USING fts5 (
  sender, recipients, subject, reasons, note, case_number UNINDEXED,
  tokenize = 'unicode61 remove_diacritics 2'
);

-- How far decisions and audit log have been read, and by which policy cases were assessed.
CREATE TABLE case_cursor (
  place         INTEGER NOT NULL,
  audit_entries INTEGER NOT NULL,
  policy        TEXT NOT NULL
) STRICT;
INSERT INTO case_cursor VALUES (0, 0, '');
)sql";
// No part of the projection: that a case was there, and why it went.
constexpr std::string_view kRemovals = R"sql(
CREATE TABLE removed_cases (
  id         TEXT PRIMARY KEY,
  removed_at INTEGER NOT NULL,
  rule       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER case_removed AFTER DELETE ON cases BEGIN
  UPDATE case_counts SET cases = cases - 1 WHERE state = old.state;
END;
)sql";
// The bits of a DomainSet; 0: not known (yet: those of before this step are told by
// CaseBook::open).
constexpr std::string_view kDomainsOfCases = R"sql(
ALTER TABLE cases ADD COLUMN domains INTEGER NOT NULL DEFAULT 0;
)sql";
// Of cases of before this step nothing is known until they are made again.
constexpr std::string_view kEntitiesOfCases = R"sql(
ALTER TABLE cases ADD COLUMN entities TEXT NOT NULL DEFAULT '[]';           -- JSON: those shown
ALTER TABLE cases ADD COLUMN criticality INTEGER NOT NULL DEFAULT 0;        -- 1 low to 4 critical
ALTER TABLE cases ADD COLUMN severity_because TEXT NOT NULL DEFAULT '';
CREATE TABLE case_entities (
  kind        TEXT NOT NULL,  -- host, user, cloud_principal, ip, domain, file_hash, technique
  value       TEXT NOT NULL,
  case_number INTEGER NOT NULL,
  PRIMARY KEY (kind, value, case_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_entities_by_case ON case_entities (case_number);
)sql";
constexpr std::string_view kEntriesOfLabels = R"sql(
ALTER TABLE case_labels ADD COLUMN audit_entry INTEGER NOT NULL DEFAULT 0;  -- the verdict's
)sql";
constexpr std::array kSchema = {kTables, kRemovals, kDomainsOfCases, kEntitiesOfCases,
                                kEntriesOfLabels};

constexpr std::string_view kEmptying = R"sql(
DELETE FROM cases; DELETE FROM case_counts; DELETE FROM case_findings; DELETE FROM case_recipients;
DELETE FROM case_grounds; DELETE FROM case_entities; DELETE FROM case_texts; DELETE FROM case_bands;
DELETE FROM case_correspondents; DELETE FROM case_history; DELETE FROM case_verdicts;
DELETE FROM case_labels; DELETE FROM case_suppressions; DELETE FROM case_search;
UPDATE case_cursor SET place = 0, audit_entries = 0, policy = '';
)sql";

}  // namespace

std::span<const std::string_view> schema() { return kSchema; }
std::string_view emptying() { return kEmptying; }

}  // namespace winnow::cases
