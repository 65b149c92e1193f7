// Which of what is old enough stays because somebody holds it.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ingest/event_log.h"
#include "ingest/record_mapping.h"
#include "ocsf/event.h"
#include "retention/holds.h"

namespace winnow {

// Every mailbox that a mail names as its sender or as somebody it is for. Nothing where it names
// more people than are read: it may be anybody's.
std::optional<std::set<std::string>> mailboxes_of(const ocsf::Event& mail);

// The ids of the cases that a mail is part of.
using CasesOf = std::function<Result<std::vector<std::string>>(const Digest& event)>;

// One thread at a time. `events` outlives it.
class HoldCheck {
 public:
  HoldCheck(std::vector<Hold> active, const EventLog& events, CasesOf cases_of)
      : active_(std::move(active)), events_(&events), cases_of_(std::move(cases_of)) {}

  // Whether a hold is about the mail. In doubt it is: a mail that cannot be read could be
  // anybody's. Cost: reads the mail where only a mailbox decides. Errors: of the log and of
  // `cases_of`.
  Result<bool> covers(const StoredEvent& event) const;
  // The same by the mail's digest, for what was decided about it. Where the log never knew it,
  // only its cases tell.
  Result<bool> covers(const Digest& event) const;
  // Whether a hold may be about a record that nobody could read, which came then.
  bool covers_unread(Timestamp came) const;

  std::span<const Hold> active() const { return active_; }

 private:
  std::vector<Hold> active_;
  const EventLog* events_;
  CasesOf cases_of_;
  // Always the same one, whatever the bundle's: who a mail is from and to is the mail's own word.
  RecordMapping mapping_;
};

}  // namespace winnow
