// What the service counts and times, for Prometheus (text format 0.0.4). A closed list: no label
// comes from a request, so that clients cannot make it grow; but for the names of sources, of which
// Activity knows a bounded number. Names of mappings are the workspace's.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "pipeline/policy.h"
#include "server/case_lag.h"
#include "server/filling.h"
#include "server/mapping_drift.h"
#include "server/receivers/syslog_use.h"
#include "server/receivers/tail_use.h"
#include "server/source_health.h"
#include "server/storage_use.h"
#include "store/spool.h"

namespace winnow::server {

std::uint64_t resident_bytes();  // of this process; reads /proc

// Counts how many values fall at or below each bound. Thread-safe, without locks: each counter is
// its own atomic (relaxed; a reader may see a value counted whose sum is not there yet).
class Histogram {
 public:
  static constexpr std::size_t kMaxBounds = 14;
  explicit Histogram(std::span<const double> bounds) : bounds_(bounds) {}
  void add(double value);
  // "name_bucket{labels,le="..."} n" and so on.
  void append_to(std::string& out, std::string_view name, std::string_view labels) const;

 private:
  std::span<const double> bounds_;
  std::array<std::atomic<std::uint64_t>, kMaxBounds + 1> counts_{};
  std::atomic<double> sum_{0};
};

// Thread-safe.
class Metrics {
 public:
  // `routes` are labels: method="GET",route="/healthz".
  explicit Metrics(std::span<const std::string> routes);

  static constexpr std::size_t kNoRoute = SIZE_MAX;  // refused before a route was known
  void note_answer(std::size_t route, int status, std::chrono::nanoseconds took);
  static bool names(int status);  // others are counted together
  void note_batch(std::size_t mails);
  void note_decision(Route route);
  void note_quarantined();
  void note_header();  // a line that names the columns of rows: no record
  void note_kept();    // not decided: no champion reads it, or its domain has none
  void note_accepted(std::uint64_t records, std::uint64_t refused);  // to be decided later

  // What is read when asked for.
  struct Gauges {
    std::size_t waiting = 0;  // for a decision
    std::size_t connections = 0;
    bool ready = false;
    Spool::Use spool = {};
    std::optional<CaseLag> cases = {};                  // nothing where it cannot be read
    std::optional<Timestamp> certificate_expires = {};  // of TLS
    std::uint64_t spans_sent = 0, spans_dropped = 0;    // of traces
    SourceHealths sources = {};
    std::vector<MappingDrift> drift = {};
    std::vector<RefusedMapping> refused_mappings = {};
    std::vector<Filling> filling = {};
    StorageUse::Use storage = {};
    const SyslogUse* syslog = nullptr;  // null: no syslog is received
    const TailUse* tail = nullptr;      // null: no files are followed
  };
  // Reads /proc: not for the loop's thread.
  std::string text(const Gauges& gauges) const;

 private:
  // The statuses that the service answers with; others count as the last.
  static constexpr std::array kStatuses = {200, 201, 202, 204, 303, 304, 400, 401, 403,
                                           404, 405, 408, 409, 412, 413, 415, 417, 422,
                                           428, 429, 431, 500, 501, 503, 505, 507, 0};
  struct OfRoute {
    explicit OfRoute(std::string labels);
    std::string labels;
    std::array<std::atomic<std::uint64_t>, kStatuses.size()> answers{};
    Histogram seconds;
  };
  std::vector<std::unique_ptr<OfRoute>> routes_;  // the last: no route
  Histogram batches_;
  std::array<std::atomic<std::uint64_t>, 4> decisions_{};
  std::atomic<std::uint64_t> quarantined_{0}, headers_{0}, kept_{0}, accepted_{0}, refused_{0};
};

}  // namespace winnow::server
