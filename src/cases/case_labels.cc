#include "cases/case_labels.h"

#include <fmt/format.h>

#include "cases/detail/schema.h"
#include "ingest/records/label.h"

namespace winnow::cases {
namespace {

constexpr std::size_t kAtATime = 1000;

struct Waiting {
  std::uint64_t number = 0;
  Digest event;
  std::string label, author;
  std::uint64_t entry = 0;  // of the audit log: the verdict
};

Result<std::vector<Waiting>> read_waiting(Sqlite& database, std::size_t most) {
  WINNOW_TRY(auto select, database.prepare("SELECT number, event, label, author, audit_entry "
                                           "FROM case_labels ORDER BY number LIMIT ?1"));
  WINNOW_TRY(select.bind(most));
  std::vector<Waiting> waiting;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return waiting;
    auto& one = waiting.emplace_back();
    WINNOW_TRY(select.read(one.number, one.event, one.label, one.author, one.entry));
  }
}

}  // namespace

Result<CaseLabels> CaseLabels::open(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite, {.durable_commits = false}));
  WINNOW_TRY(sqlite.migrate("cases", schema()));
  WINNOW_TRY(auto imported, WaitingLabels::open(database));
  return CaseLabels(std::move(sqlite), std::move(imported));
}

Result<std::size_t> CaseLabels::hand_over(EventLog& events, const Clock& clock, std::size_t most) {
  WINNOW_TRY(const auto verdicts, hand_over_verdicts(events, clock, most));
  if (verdicts == most) return most;
  WINNOW_TRY(const auto imported, imported_.hand_over(events, clock, most - verdicts));
  return verdicts + imported;
}

Status CaseLabels::hand_over_all(EventLog& events, const Clock& clock) {
  for (std::size_t done = kAtATime; done == kAtATime;) {
    WINNOW_TRY(done, hand_over(events, clock, kAtATime));
  }
  return {};
}

Result<std::unordered_set<Digest>> CaseLabels::waiting() {
  WINNOW_TRY(auto select, database_.prepare("SELECT event FROM case_labels"
                                            " UNION SELECT event FROM waiting_labels"));
  WINNOW_TRY(select.bind());
  std::unordered_set<Digest> events;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return events;
    Digest event;
    WINNOW_TRY(select.read(event));
    events.insert(event);
  }
}

Result<std::size_t> CaseLabels::hand_over_verdicts(EventLog& events, const Clock& clock,
                                                   std::size_t most) {
  WINNOW_TRY(const auto waiting, read_waiting(database_, most));
  if (waiting.empty()) return std::size_t{0};
  std::vector<LabelStatement> labels;
  for (const auto& one : waiting) {
    WINNOW_TRY(const auto stored, events.look_up(one.event));
    if (!stored) continue;
    // What a mail is called phishing for is another record's malice.
    const auto label =
        read_label(one.label, stored->mapping.empty() ? Label::Phish : Label::Malicious);
    if (!label) continue;
    labels.push_back({.event = one.event,
                      .label = *label,
                      .origin = fmt::format("verdict of {}", one.author),
                      .entry = one.entry,
                      .given = clock.now()});
  }
  // First the log: what it has and this table has too is harmless, the reverse is a loss.
  WINNOW_TRY(events.label(labels));
  WINNOW_TRY(database_.run("DELETE FROM case_labels WHERE number <= ?1", waiting.back().number));
  return waiting.size();
}

}  // namespace winnow::cases
