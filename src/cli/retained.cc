#include "cli/detail/retained.h"

#include "cli/detail/case_policy.h"
#include "cli/detail/content.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kPage = 256;

// Null where there is none.
template <typename T>
Result<std::unique_ptr<T>> if_there(Result<T> opened) {
  if (opened) return std::make_unique<T>(std::move(*opened));
  if (opened.error().code() == Code::NotFound) return std::unique_ptr<T>();
  return opened.error();
}

CasesOf cases_of(const Retained& retained) {
  return [cases = retained.cases.get()](const Digest& event) -> Result<std::vector<std::string>> {
    if (cases == nullptr) return std::vector<std::string>();
    return cases->cases_of(event);
  };
}

WhyMailsStay why_mails_stay(const Retained& retained, const HoldCheck& holds) {
  return [cases = retained.cases.get(), &holds](const StoredEvent& event) -> Result<Stays> {
    WINNOW_TRY(const bool held, holds.covers(event));
    if (held) return Stays::Held;
    if (cases == nullptr) return Stays::No;
    WINNOW_TRY(const bool open, cases->is_open(event.digest));
    return open ? Stays::Open : Stays::No;
  };
}

// A case goes whole or not at all: one mail that is held keeps it.
RowKind case_rows(const Retained& retained, const HoldCheck& holds) {
  auto* const cases = retained.cases.get();
  const auto last = std::make_shared<std::uint64_t>(0);
  const auto stays = [cases, &holds](std::uint64_t number) -> Result<Stays> {
    if (holds.active().empty()) return Stays::No;
    WINNOW_TRY(const auto events, cases->events_of(number));
    for (const auto& event : events) {
      WINNOW_TRY(const bool held, holds.covers(event));
      if (held) return Stays::Held;
    }
    return Stays::No;
  };
  const auto next = [cases, stays, last](Timestamp before) -> Result<std::vector<OldRow>> {
    WINNOW_TRY(const auto page, cases->resolved_before(before, *last, kPage));
    *last = page.empty() ? 0 : page.back().number;
    std::vector<OldRow> rows;
    for (const auto& one : page) {
      rows.push_back({.id = one.id, .since = one.resolved_at});
      WINNOW_TRY(rows.back().stays, stays(one.number));
    }
    return rows;
  };
  const auto remove = [book = retained.book.get()](
                          std::span<const std::string> ids,
                          const Removal& removal) -> Result<std::uint64_t> {
    return book->remove(ids, removal);
  };
  return {"retention.cases", next, remove};
}

}  // namespace

Result<Retained> open_retained(Workspace& workspace, Access access) {
  const auto database = workspace.database_file();
  Retained retained;
  WINNOW_TRY(auto events, EventLog::open(events_folder(workspace), access));
  retained.events = std::make_unique<EventLog>(std::move(events));
  WINNOW_TRY(retained.decisions, if_there(DecisionStore::open(database, access)));
  if (access == Access::ReadWrite) {
    WINNOW_TRY(const auto policy, case_policy_of(workspace));
    WINNOW_TRY(auto book,
               cases::CaseBook::open(workspace.registry(), *retained.events, database, policy));
    retained.book = std::make_unique<cases::CaseBook>(std::move(book));
  }
  WINNOW_TRY(retained.cases, if_there(cases::CaseReader::open(database)));
  WINNOW_TRY(retained.quarantine, if_there(Quarantine::open(quarantine_file(workspace), access)));
  return retained;
}

Result<RetentionPlans> plan_all(const Retained& retained, const Settings& settings,
                                std::vector<Hold> holds, Timestamp now) {
  RetentionPlans plans;
  plans.holds = std::make_unique<HoldCheck>(std::move(holds), *retained.events, cases_of(retained));
  const auto& check = *plans.holds;
  const auto add = [&](RowKind kind) -> Status {
    const auto kept_for = settings.days(kind.rule);
    if (!kept_for) return {};
    WINNOW_TRY(auto plan, plan_retention(kind, *kept_for, now));
    plans.rules.push_back({std::move(kind), std::move(plan)});
    return {};
  };
  const auto why = why_mails_stay(retained, check);
  WINNOW_TRY(add(mail_rows(*retained.events, why)));
  WINNOW_TRY(add(labelled_mail_rows(*retained.events, why)));
  if (retained.cases) WINNOW_TRY(add(case_rows(retained, check)));
  if (retained.decisions) WINNOW_TRY(add(decision_rows(*retained.decisions, check)));
  if (retained.quarantine) WINNOW_TRY(add(quarantine_rows(*retained.quarantine, check)));
  return plans;
}

}  // namespace winnow::cli
