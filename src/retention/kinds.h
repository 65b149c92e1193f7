// What has an age and a rule: mails, cases, decisions, quarantine.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "cases/case_reader.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "pipeline/decision_store.h"
#include "retention/hold_check.h"
#include "retention/retention.h"

namespace winnow {

struct RetainedFiles {
  Path events, states;        // folders
  Path quarantine, database;  // databases; the latter of decisions and cases
  Path identities = {};       // a database: who was where; empty: there is none
  Path mappings = {};         // a folder, of the logs that tell it
  Path filters = {};          // a database: what blocks of events name; empty: there is none
};

// What a workspace keeps, open for reading. What there never was any of is null. Its parts stay
// where they are when it is moved.
struct Retained {
  std::unique_ptr<EventLog> events;
  std::unique_ptr<DecisionStore> decisions;
  std::unique_ptr<cases::CaseReader> cases;
  std::unique_ptr<Quarantine> quarantine;
  // Asked between pages of rows: an error ends the plan with it.
  std::function<Status()> go_on = [] { return Status(); };
};
// Errors: of opening the stores.
Result<Retained> open_retained(const RetainedFiles& files);
CasesOf cases_of(const Retained& retained);  // `retained` outlives it

// Asked of each mail that is old enough.
using WhyMailsStay = std::function<Result<Stays>(const StoredEvent& mail)>;
// Their age is counted from when they came: the date that a mail gives itself is its sender's.
// `kind` is Mails (without a label) or LabelledMails (what models are trained on).
// `go_on` as Retained's.
RetainedRows mail_rows(
    RetainedKind kind, const EventLog& events, WhyMailsStay why,
    std::function<Status()> go_on = [] { return Status(); });
// All that there is in `retained`: cases before the decisions that are left without one.
std::vector<RetainedRows> rows_of(const Retained& retained, const HoldCheck& holds);

// Ids of mails, decisions ("d-" before them) and records in quarantine, as digests.
Result<std::vector<Digest>> digests_of(std::span<const std::string> ids);

}  // namespace winnow
