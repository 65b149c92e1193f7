// What is done with a mail, by what became of it: a table that the postmaster may change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "milter/outcome.h"

namespace winnow::milter {

enum class Action : std::uint8_t {
  Accept,      // delivered as it is
  Tag,         // delivered with our fields
  Quarantine,  // tagged, and kept by the MTA until somebody releases it
  Reject,      // the sender's server is told that it is refused
};
std::string_view name_of(Action action);  // "accept", "tag", "quarantine", "reject"

enum class WhenUnavailable : std::uint8_t {
  TempFail,  // the sender's server is asked to come again
  Accept,    // delivered, and tagged as not scored
};

struct Rules {
  Action close = Action::Tag;
  Action queue = Action::Tag;
  Action escalate = Action::Quarantine;
  Action playbook = Action::Quarantine;
  WhenUnavailable unavailable = WhenUnavailable::TempFail;

  Action of(Route route) const;
  // "escalate=reject" changes one. Errors: InvalidArgument.
  Status set(std::string_view text);
};

// Of the fields that are ours; what comes from outside under this prefix is removed.
inline constexpr std::string_view kFieldPrefix = "X-Winnow-";

struct Field {
  std::string name, value;
  friend bool operator==(const Field&, const Field&) = default;
};

struct Handling {
  std::vector<Field> add;
  std::string quarantine;  // why; empty: it is not kept back
  std::string refuse;      // an SMTP reply; empty: it is accepted
};

Handling handling_of(const Outcome& outcome, const Rules& rules);

// The reply to a mail with fields under our prefix that cannot be removed.
inline constexpr std::string_view kForgedBeyondRepair = "550 5.7.1 forged X-Winnow fields";

}  // namespace winnow::milter
