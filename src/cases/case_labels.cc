#include "cases/case_labels.h"

#include <fmt/format.h>

#include "cases/detail/schema.h"
#include "ingest/records/label.h"

namespace winnow::cases {
namespace {

struct Waiting {
  std::uint64_t number = 0;
  Digest event;
  std::string label, author;
};

Result<std::vector<Waiting>> read_waiting(Sqlite& database, std::size_t most) {
  WINNOW_TRY(auto select, database.prepare("SELECT number, event, label, author FROM case_labels "
                                           "ORDER BY number LIMIT ?1"));
  WINNOW_TRY(select.bind(most));
  std::vector<Waiting> waiting;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return waiting;
    auto& one = waiting.emplace_back();
    WINNOW_TRY(select.read(one.number, one.event, one.label, one.author));
  }
}

}  // namespace

Result<CaseLabels> CaseLabels::open(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite, {.durable_commits = false}));
  WINNOW_TRY(sqlite.migrate("cases", schema()));
  return CaseLabels(std::move(sqlite));
}

Result<std::size_t> CaseLabels::hand_over(EventLog& events, const Clock& clock, std::size_t most) {
  WINNOW_TRY(const auto waiting, read_waiting(database_, most));
  if (waiting.empty()) return std::size_t{0};
  std::vector<NewEvent> labels;
  for (const auto& one : waiting) {
    WINNOW_TRY(const auto stored, events.look_up(one.event));
    if (!stored) continue;
    // What a mail is called phishing for is another record's malice.
    const auto label =
        read_label(one.label, stored->mapping.empty() ? Label::Phish : Label::Malicious);
    if (!label) continue;
    labels.push_back({.digest = one.event,
                      .event_time = {},
                      .received_time = clock.now(),
                      .label = *label,
                      .label_origin = fmt::format("verdict of {}", one.author)});
  }
  // First the log: what it has and this table has too is harmless, the reverse is a loss.
  WINNOW_TRY(events.append(labels));
  WINNOW_TRY(database_.run("DELETE FROM case_labels WHERE number <= ?1", waiting.back().number));
  return waiting.size();
}

}  // namespace winnow::cases
