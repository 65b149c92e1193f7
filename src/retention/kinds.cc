#include "retention/kinds.h"

#include <optional>
#include <utility>

namespace winnow {
namespace {

constexpr std::size_t kPage = 1024, kCasesAPage = 256;

// Null where there is none.
template <typename T>
Result<std::unique_ptr<T>> if_there(Result<T> opened) {
  if (opened) return std::make_unique<T>(std::move(*opened));
  if (opened.error().code() == Code::NotFound) return std::unique_ptr<T>();
  return opened.error();
}

WhyMailsStay why_mails_stay(const Retained& retained, const HoldCheck& holds) {
  return [cases = retained.cases.get(), &holds](const StoredEvent& mail) -> Result<Stays> {
    WINNOW_TRY(const bool held, holds.covers(mail));
    if (held) return Stays::Held;
    if (cases == nullptr) return Stays::No;
    WINNOW_TRY(const bool open, cases->is_open(mail.digest));
    return open ? Stays::Open : Stays::No;
  };
}

// A case goes whole or not at all: one mail that is held keeps it.
RetainedRows case_rows(cases::CaseReader& cases, const HoldCheck& holds) {
  const auto stays = [&cases, &holds](std::uint64_t number) -> Result<Stays> {
    if (holds.active().empty()) return Stays::No;
    WINNOW_TRY(const auto events, cases.events_of(number));
    for (const auto& event : events) {
      WINNOW_TRY(const bool held, holds.covers(event));
      if (held) return Stays::Held;
    }
    return Stays::No;
  };
  const auto last = std::make_shared<std::uint64_t>(0);
  return {RetainedKind::Cases,
          [&cases, stays, last](Timestamp before) -> Result<std::vector<OldRow>> {
            WINNOW_TRY(const auto page, cases.resolved_before(before, *last, kCasesAPage));
            *last = page.empty() ? 0 : page.back().number;
            std::vector<OldRow> rows;
            for (const auto& one : page) {
              rows.push_back({.id = one.id, .since = one.resolved_at});
              WINNOW_TRY(rows.back().stays, stays(one.number));
            }
            return rows;
          }};
}

// Decisions that closed a mail; those about findings go with their case.
RetainedRows decision_rows(DecisionStore& decisions, const HoldCheck& holds) {
  const auto last = std::make_shared<std::optional<OldDecision>>();
  return {RetainedKind::Decisions,
          [&decisions, &holds, last](Timestamp before) -> Result<std::vector<OldRow>> {
            WINNOW_TRY(const auto page, decisions.closed_before(before, *last, kPage));
            *last = page.empty() ? std::nullopt : std::optional(page.back());
            std::vector<OldRow> rows;
            for (const auto& one : page) {
              WINNOW_TRY(const bool held, holds.covers(one.event));
              rows.push_back({.id = "d-" + one.id.hex(),
                              .since = one.decided_at,
                              .stays = held ? Stays::Held : Stays::No});
            }
            return rows;
          }};
}

RetainedRows quarantine_rows(const Quarantine& quarantine, const HoldCheck& holds) {
  const auto last = std::make_shared<std::uint64_t>(0);
  return {RetainedKind::Quarantine,
          [&quarantine, &holds, last](Timestamp before) -> Result<std::vector<OldRow>> {
            WINNOW_TRY(const auto page, quarantine.list({.seen_before = before}, *last, kPage));
            *last = page.empty() ? 0 : page.back().id;
            std::vector<OldRow> rows;
            for (const auto& record : page) {
              const bool held = holds.covers_unread(record.first_seen);
              rows.push_back({.id = record.digest.hex(),
                              .since = record.first_seen,
                              .stays = held ? Stays::Held : Stays::No});
            }
            return rows;
          }};
}

}  // namespace

Result<Retained> open_retained(const RetainedFiles& files) {
  Retained retained;
  WINNOW_TRY(auto events, EventLog::open(files.events, Access::ReadOnly));
  retained.events = std::make_unique<EventLog>(std::move(events));
  WINNOW_TRY(retained.decisions, if_there(DecisionStore::open(files.database, Access::ReadOnly)));
  WINNOW_TRY(retained.cases, if_there(cases::CaseReader::open(files.database)));
  WINNOW_TRY(retained.quarantine, if_there(Quarantine::open(files.quarantine, Access::ReadOnly)));
  return retained;
}

CasesOf cases_of(const Retained& retained) {
  return [cases = retained.cases.get()](const Digest& event) -> Result<std::vector<std::string>> {
    if (cases == nullptr) return std::vector<std::string>();
    return cases->cases_of(event);
  };
}

RetainedRows mail_rows(RetainedKind kind, const EventLog& events, WhyMailsStay why,
                       std::function<Status()> go_on) {
  const auto last = std::make_shared<std::uint64_t>(0);
  return {kind,
          [&events, labelled = kind == RetainedKind::LabelledMails, why = std::move(why),
           go_on = std::move(go_on), last](Timestamp before) -> Result<std::vector<OldRow>> {
            std::vector<OldRow> rows;
            while (rows.empty()) {  // a page of arrivals may have none that is meant
              WINNOW_TRY(go_on());
              WINNOW_TRY(const auto page, events.arrivals(*last, kPage));
              *last = page.empty() ? 0 : page.back().id;
              if (page.empty()) break;
              for (const auto& mail : page) {
                if (mail.removed || mail.received_time >= before) continue;
                if (labelled != (mail.label != Label::None)) continue;
                WINNOW_TRY(const auto stays, why(mail));
                rows.push_back({mail.digest.hex(), mail.received_time, mail.raw_bytes, stays});
              }
            }
            return rows;
          }};
}

std::vector<RetainedRows> rows_of(const Retained& retained, const HoldCheck& holds) {
  const auto why = why_mails_stay(retained, holds);
  std::vector<RetainedRows> rows{
      mail_rows(RetainedKind::Mails, *retained.events, why, retained.go_on),
      mail_rows(RetainedKind::LabelledMails, *retained.events, why, retained.go_on)};
  if (retained.cases) rows.push_back(case_rows(*retained.cases, holds));
  if (retained.decisions) rows.push_back(decision_rows(*retained.decisions, holds));
  if (retained.quarantine) rows.push_back(quarantine_rows(*retained.quarantine, holds));
  for (auto& kind : rows) {
    kind.next = [next = std::move(kind.next),
                 go_on = retained.go_on](Timestamp before) -> Result<std::vector<OldRow>> {
      WINNOW_TRY(go_on());
      return next(before);
    };
  }
  return rows;
}

Result<std::vector<Digest>> digests_of(std::span<const std::string> ids) {
  std::vector<Digest> digests;
  for (std::string_view id : ids) {
    if (id.starts_with("d-")) id.remove_prefix(2);
    WINNOW_TRY(digests.emplace_back(), Digest::from_hex(id));
  }
  return digests;
}

}  // namespace winnow
