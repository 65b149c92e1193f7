// A decision with what people ask about it and what only the clock knew.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"
#include "pipeline/decision.h"

namespace winnow {

struct DecisionRecord {
  Decision decision;
  Timestamp decided_at;
  // EventSummary: of a mail its sender, a normalised mailbox, and its subject; of another event who
  // acted and what happened. Either may be empty; hostile text.
  std::string sender, subject;

  // What is kept of the subject: at most 500 bytes, valid UTF-8.
  std::string kept_subject() const;

  std::string bytes() const;  // with the subject as it is kept
  static Result<DecisionRecord> from_bytes(std::string_view bytes);  // Errors: Corrupt, Unsupported
};

}  // namespace winnow
