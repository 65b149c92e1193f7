// One record that a client waits for: what the scorer takes of the request, and what it answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/ingest.h"
#include "ocsf/domain.h"
#include "pipeline/decision_record.h"
#include "server/ticket.h"

namespace winnow::server {

inline constexpr std::size_t kMaxMailBytes = 50UL << 20;

struct ScoreRequest {
  Ticket ticket;
  std::string source;
  std::optional<std::string> unpacked = {};  // a mail, where the client had packed it
  // A record of any log, as `winnow ingest` would read it from a file; without it the body is a
  // mail.
  std::optional<RawRecord> record = {};
  std::string mapping = {};  // that reads the record; empty: who recognises it
};

std::size_t bytes_of(const ScoreRequest& request);
// The record to be stored, which is taken out of the request.
ReceivedRecord take_record(ScoreRequest& request);

// What a client is told of a decision on a mail; on another record it hears who read it, too.
http::Response decided(const DecisionRecord& record);
http::Response decided(const DecisionRecord& record, Domain domain, std::string_view mapping);

// The record is in quarantine.
http::Response quarantined(std::string_view what, const Problem& problem);
// It names the columns of rows, and nothing is kept of it.
http::Response header_line();
// It is kept, and the champion of its domain has no use for it.
http::Response not_read_by_champion(std::string_view what);

// Nothing is kept of what nobody decides on.
http::Response no_champion(Domain domain);
http::Response not_in_bundle(Domain domain, std::string_view mapping);
http::Response no_such_mapping(std::string_view name, const std::vector<std::string>& known);

}  // namespace winnow::server
