// The projection's one way of writing: findings, entries of the audit log and the clock become
// rows. Everything here happens within the caller's transaction.
#pragma once

#include <optional>
#include <span>

#include "cases/case_change.h"
#include "cases/case_policy.h"
#include "cases/detail/case_table.h"
#include "cases/detail/entity_table.h"
#include "cases/detail/grouping.h"
#include "cases/detail/suppression_table.h"
#include "cases/finding.h"
#include "store/sqlite.h"

namespace winnow::cases {

// One thread at a time. `database` outlives it.
class Projection {
 public:
  static Result<Projection> open(Sqlite& database, const CasePolicy& policy);

  Status take(const Finding& finding);
  Status note_closed(std::string_view sender) { return grouping_.note_closed(sender); }
  Status take(const CaseEntry& entry);
  // Wakes what slept long enough and moves clocks on, at most `most` cases; returns how many.
  Result<std::size_t> pass_time(Timestamp now, std::size_t most);
  // Assesses every open case again: the policy is another one.
  Status assess_all(Timestamp now);

  CaseTable& cases() { return cases_; }

 private:
  Projection(Sqlite& database, CasePolicy policy, CaseTable cases, Grouping grouping,
             SuppressionTable suppressions, EntityTable entities)
      : database_(&database),
        policy_(std::move(policy)),
        cases_(std::move(cases)),
        grouping_(std::move(grouping)),
        suppressions_(std::move(suppressions)),
        entities_(std::move(entities)) {}
  Result<std::vector<std::string>> new_recipients(const Finding& finding,
                                                  std::uint64_t case_number);
  Status keep(const Joining& joining, const Case& home, const Place& place);
  Status index_text(const Joining& joining, const Case& home, std::span<const std::string> named);
  Status take_change(const CaseEntry& entry);
  Status keep_verdict(const CaseEntry& entry, const Case& subject);

  Sqlite* database_;
  CasePolicy policy_;
  CaseTable cases_;
  Grouping grouping_;
  SuppressionTable suppressions_;
  EntityTable entities_;
  std::optional<SqliteStatement> known_recipient_, add_recipient_, add_finding_, index_;
};

}  // namespace winnow::cases
