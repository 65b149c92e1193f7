#include "server/metrics.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"

namespace winnow::server {
namespace {

constexpr double kSeconds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                               0.1,    0.25,  0.5,    1,     2.5,  5,     10};
constexpr double kBatchSizes[] = {1, 2, 4, 8, 16, 32, 64, 128, 256};

void head(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, kind);
}

template <typename Value>
void single(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
            Value value) {
  head(out, name, kind, help);
  fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
}

std::uint64_t open_descriptors() {
  std::error_code error;
  std::uint64_t count = 0;
  std::filesystem::directory_iterator at("/proc/self/fd", error), end;
  for (; !error && at != end; at.increment(error)) ++count;
  return count;
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void append_spool(std::string& out, const Spool::Use& use) {
  single(out, "winnow_spool_waiting_deliveries", "gauge",
         "Accepted requests of which not all is decided.", use.records);
  single(out, "winnow_spool_waiting_records", "gauge", "Accepted records not yet decided.",
         use.items);
  single(out, "winnow_spool_waiting_bytes", "gauge", "Their bytes.", use.bytes);
  single(out, "winnow_spool_oldest_seconds", "gauge", "How long the oldest of them waits.",
         lag_of(use).count());
  single(out, "winnow_spool_file_bytes", "gauge", "What the spool takes on disk.", use.file_bytes);
  single(out, "winnow_spool_max_bytes", "gauge", "What it may take.", use.max_bytes);
  single(out, "winnow_spool_damages", "gauge", "Damaged places found in it since the start.",
         use.damages);
}

// As a label's value is written.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void append_sources(std::string& out, const SourceHealths& sources) {
  using Source = SourceHealth;
  // A value that there is none of has no line.
  const auto each = [&](std::string_view name, std::string_view kind, std::string_view help,
                        auto value) {
    head(out, name, kind, help);
    for (const auto& [source, health] : sources) {
      if (const std::optional<std::int64_t> told = value(health))
        fmt::format_to(std::back_inserter(out), "{}{{source=\"{}\"}} {}\n", name, escaped(source),
                       *told);
    }
  };
  each("winnow_source_decided_total", "counter", "Mails decided here, by source.",
       [](const Source& source) { return source.mails; });
  each("winnow_source_events_total", "counter",
       "Events of other logs than mail that went to the event log, by source.",
       [](const Source& source) { return source.events; });
  each("winnow_source_quarantined_total", "counter", "Records that could not be used, by source.",
       [](const Source& source) { return source.quarantined; });
  each("winnow_source_late_total", "counter",
       "Records whose own time was more than 24 hours ago when they were decided or kept.",
       [](const Source& source) { return source.late; });
  each("winnow_source_ahead_total", "counter",
       "Records whose own time was more than 5 minutes ahead: a clock is wrong.",
       [](const Source& source) { return source.ahead; });
  each("winnow_source_last_seconds", "gauge",
       "When something of a source was last accepted, decided or quarantined, in seconds since "
       "1970.",
       [](const Source& source) {
         return source.last ? std::optional<std::int64_t>(source.last->seconds()) : std::nullopt;
       });
  each("winnow_source_waiting_records", "gauge", "Accepted records not yet decided, by source.",
       [](const Source& source) { return source.waiting; });
  each("winnow_source_lag_seconds", "gauge",
       "How long the oldest accepted record of a source waits for its decision; 0: none waits.",
       [](const Source& source) { return source.lag.count(); });
  each("winnow_source_event_lag_seconds", "gauge",
       "From a mail's own time to its decision, median of the latest plausible ones of a source.",
       [](const Source& source) {
         return source.event_lag ? std::optional<std::int64_t>(source.event_lag->count())
                                 : std::nullopt;
       });
}

void append_formats(std::string& out, const SourceHealths& sources) {
  const auto each = [&](std::string_view name, std::string_view help, const auto& value) {
    head(out, name, "gauge", help);
    for (const auto& [source, health] : sources) {
      if (!health.format) continue;
      fmt::format_to(std::back_inserter(out), "{}{{source=\"{}\"}} {}\n", name, escaped(source),
                     value(*health.format));
    }
  };
  each("winnow_source_unmappable_ratio",
       "Share of a source's newest records that no mapping could use.",
       [](const FormatWatch::Source& format) { return format.unmappable; });
  each("winnow_source_unknown_keys_ratio",
       "Share of the keys of its newest records that their mapping does not know.",
       [](const FormatWatch::Source& format) { return format.unknown_keys; });
  each("winnow_source_unreadable_ratio",
       "Of the field that says nonsense to its mapping most often: share of those who have it.",
       [](const FormatWatch::Source& format) {
         return format.unreadable.empty() ? 0 : format.unreadable.front().second;
       });
  each("winnow_source_format_changed",
       "1 while a source writes otherwise than before: one of these shares has jumped.",
       [](const FormatWatch::Source& format) { return format.changed ? 1 : 0; });
}

void append_drift(std::string& out, std::span<const MappingDrift> drifts) {
  const auto to = std::back_inserter(out);
  head(out, "winnow_mapping_drift", "gauge",
       "1 for each mapping of today that its champion's bundle lacks (missing) or has otherwise "
       "(differs).");
  for (const auto& drift : drifts) {
    if (drift.state == MappingDrift::State::Same) continue;
    fmt::format_to(to, "winnow_mapping_drift{{domain=\"{}\",mapping=\"{}\",state=\"{}\"}} 1\n",
                   name_of(drift.domain), escaped(drift.mapping), name_of(drift.state));
  }
  head(out, "winnow_kept_waiting_records", "gauge",
       "Kept records that are decided once a champion can read them, by the mapping that reads "
       "them.");
  for (const auto& drift : drifts)
    fmt::format_to(to, "winnow_kept_waiting_records{{domain=\"{}\",mapping=\"{}\"}} {}\n",
                   name_of(drift.domain), escaped(drift.mapping), drift.waiting);
}

void append_refused(std::string& out, std::span<const RefusedMapping> refused) {
  head(out, "winnow_mapping_refused", "gauge",
       "1 for each file of a mapping that does not compile; held: what it said before goes on to "
       "hold.");
  std::set<std::string_view> told;  // one name may stand in several files
  for (const auto& one : refused) {
    if (told.insert(one.name).second)
      fmt::format_to(std::back_inserter(out),
                     "winnow_mapping_refused{{mapping=\"{}\",held=\"{}\"}} 1\n", escaped(one.name),
                     one.is_held);
  }
}

void append_filling(std::string& out, std::span<const Filling> fillings) {
  const auto to = std::back_inserter(out);
  head(out, "winnow_filling_events", "gauge",
       "Events of the log that are part of the states that a promoted bundle waits for.");
  for (const auto& filling : fillings)
    fmt::format_to(to, "winnow_filling_events{{domain=\"{}\"}} {}\n", name_of(filling.domain),
                   filling.events);
  head(out, "winnow_filling_log_events", "gauge", "Of so many.");
  for (const auto& filling : fillings)
    fmt::format_to(to, "winnow_filling_log_events{{domain=\"{}\"}} {}\n", name_of(filling.domain),
                   filling.of);
}

void append_tail(std::string& out, const TailUse& use) {
  const auto one = [&](std::string_view name, std::string_view kind, std::string_view help,
                       const std::atomic<std::uint64_t>& value) {
    single(out, name, kind, help, value.load(std::memory_order_relaxed));
  };
  one("winnow_tail_files", "gauge", "Files that are followed.", use.files);
  one("winnow_tail_left_out_files", "gauge", "Files that too many others leave no room for.",
      use.left_out);
  one("winnow_tail_behind_bytes", "gauge", "What followed files hold and was not read yet.",
      use.behind);
  one("winnow_tail_lines_total", "counter", "Lines taken in.", use.lines);
  one("winnow_tail_bytes_total", "counter", "Their bytes.", use.bytes);
  one("winnow_tail_cut_total", "counter", "Of them: too long; their fronts are in quarantine.",
      use.cut);
  one("winnow_tail_truncated_total", "counter", "Times that a followed file began anew.", use.anew);
  one("winnow_tail_lost_files_total", "counter",
      "Files that were gone when they were to be read on.", use.lost);
}

void append_syslog(std::string& out, const SyslogUse& use) {
  const auto each = [&](std::string_view name, std::string_view kind, std::string_view help,
                        std::atomic<std::uint64_t> SyslogCounts::*count) {
    head(out, name, kind, help);
    for (std::size_t i = 0; i < use.of.size(); ++i)
      fmt::format_to(std::back_inserter(out), "{}{{transport=\"{}\"}} {}\n", name,
                     kSyslogTransports[i], (use.of[i].*count).load(std::memory_order_relaxed));
  };
  each("winnow_syslog_messages_total", "counter", "Syslog messages taken in.",
       &SyslogCounts::messages);
  each("winnow_syslog_bytes_total", "counter", "Their bytes.", &SyslogCounts::bytes);
  each("winnow_syslog_cut_total", "counter",
       "Of them: too large, or ended early; their fronts are in quarantine.", &SyslogCounts::cut);
  each("winnow_syslog_dropped_total", "counter",
       "Datagrams that Winnow had no room for, by fair shares of their senders.",
       &SyslogCounts::dropped);
  each("winnow_syslog_lost_by_system_total", "counter",
       "Datagrams that the system had no room for.", &SyslogCounts::lost_by_kernel);
  each("winnow_syslog_connections", "gauge", "Open syslog connections.",
       &SyslogCounts::connections);
  each("winnow_syslog_closed_total", "counter",
       "Connections that had no room, gave way or took too long.", &SyslogCounts::closed);
  single(out, "winnow_syslog_paused", "gauge",
         "1 while connections are not read, because what they sent has no room.",
         use.paused.load(std::memory_order_relaxed));
  single(out, "winnow_syslog_waiting_bytes", "gauge", "Read, and not handed on to the disk yet.",
         use.waiting.load(std::memory_order_relaxed));
}

void append_cases(std::string& out, const CaseLag& cases) {
  single(out, "winnow_cases_waiting_decisions", "gauge",
         "Decisions that the cases have not taken in yet.", cases.waiting);
  single(out, "winnow_cases_lag_seconds", "gauge", "How long there have been such, at most.",
         cases.lag.count());
}

void append_process(std::string& out) {
  single(out, "process_resident_memory_bytes", "gauge", "Memory in use.", resident_bytes());
  single(out, "process_open_fds", "gauge", "Open file descriptors.", open_descriptors());
  single(out, "process_cpu_seconds_total", "counter", "CPU time, user and system.", cpu_seconds());
}

}  // namespace

// The resident pages: the second number of proc(5)'s statm.
std::uint64_t resident_bytes() {
  const auto text = read_file("/proc/self/statm", 4096);
  const auto blank = text ? text->find(' ') : std::string::npos;
  if (blank == std::string::npos) return 0;
  return std::strtoull(text->c_str() + blank, nullptr, 10) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void Histogram::add(double value) {
  const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

void Histogram::append_to(std::string& out, std::string_view name, std::string_view labels) const {
  const auto to = std::back_inserter(out);
  const std::string_view comma = labels.empty() ? "" : ",";
  const std::string braces = labels.empty() ? std::string() : fmt::format("{{{}}}", labels);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    count += counts_[i].load(std::memory_order_relaxed);
    fmt::format_to(to, "{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, comma, bounds_[i], count);
  }
  count += counts_[bounds_.size()].load(std::memory_order_relaxed);
  fmt::format_to(to, "{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name, labels, comma, count);
  fmt::format_to(to, "{0}_sum{1} {2}\n{0}_count{1} {3}\n", name, braces,
                 sum_.load(std::memory_order_relaxed), count);
}

Metrics::OfRoute::OfRoute(std::string labels_of_route)
    : labels(std::move(labels_of_route)), seconds(kSeconds) {}

Metrics::Metrics(std::span<const std::string> routes) : batches_(kBatchSizes) {
  for (const auto& route : routes) routes_.push_back(std::make_unique<OfRoute>(route));
  routes_.push_back(std::make_unique<OfRoute>(R"(method="none",route="none")"));
}

void Metrics::note_answer(std::size_t route, int status, std::chrono::nanoseconds took) {
  auto& of_route = *routes_[std::min(route, routes_.size() - 1)];
  const auto* const found = std::find(kStatuses.begin(), std::prev(kStatuses.end()), status);
  of_route.answers[static_cast<std::size_t>(found - kStatuses.begin())].fetch_add(
      1, std::memory_order_relaxed);
  of_route.seconds.add(std::chrono::duration<double>(took).count());
}

bool Metrics::names(int status) {
  return status != 0 && std::ranges::find(kStatuses, status) != kStatuses.end();
}

void Metrics::note_batch(std::size_t mails) { batches_.add(static_cast<double>(mails)); }
void Metrics::note_decision(winnow::Route route) {
  decisions_[static_cast<std::size_t>(route)].fetch_add(1, std::memory_order_relaxed);
}
void Metrics::note_quarantined() { quarantined_.fetch_add(1, std::memory_order_relaxed); }
void Metrics::note_header() { headers_.fetch_add(1, std::memory_order_relaxed); }
void Metrics::note_kept() { kept_.fetch_add(1, std::memory_order_relaxed); }

void Metrics::note_accepted(std::uint64_t records, std::uint64_t refused) {
  accepted_.fetch_add(records, std::memory_order_relaxed);
  refused_.fetch_add(refused, std::memory_order_relaxed);
}

std::string Metrics::text(const Gauges& gauges) const {
  std::string out;
  const auto to = std::back_inserter(out);
  head(out, "winnow_http_requests_total", "counter", "Requests answered, by route and status.");
  for (const auto& route : routes_) {
    for (std::size_t i = 0; i < kStatuses.size(); ++i) {
      const auto count = route->answers[i].load(std::memory_order_relaxed);
      if (count > 0)
        fmt::format_to(to, "winnow_http_requests_total{{{},status=\"{}\"}} {}\n", route->labels,
                       kStatuses[i], count);
    }
  }
  head(out, "winnow_http_request_seconds", "histogram",
       "From a request's last byte to its answer.");
  for (const auto& route : routes_)
    route->seconds.append_to(out, "winnow_http_request_seconds", route->labels);
  head(out, "winnow_decisions_total", "counter", "Mails decided here, by route.");
  for (const auto route : {winnow::Route::Close, winnow::Route::Queue, winnow::Route::Escalate,
                           winnow::Route::Playbook})
    fmt::format_to(to, "winnow_decisions_total{{route=\"{}\"}} {}\n", name_of(route),
                   decisions_[static_cast<std::size_t>(route)].load(std::memory_order_relaxed));
  single(out, "winnow_quarantined_total", "counter", "Records that could not be used.",
         quarantined_.load(std::memory_order_relaxed));
  single(out, "winnow_header_lines_total", "counter",
         "Lines that name the columns of the rows below them, and are no records.",
         headers_.load(std::memory_order_relaxed));
  single(out, "winnow_kept_total", "counter",
         "Records that were kept and not decided when they came: their domain has no champion, or "
         "its champion could not read them and they wait for one that can.",
         kept_.load(std::memory_order_relaxed));
  head(out, "winnow_batch_mails", "histogram", "Mails decided together.");
  batches_.append_to(out, "winnow_batch_mails", "");
  single(out, "winnow_queue_mails", "gauge", "Mails that wait for a decision.", gauges.waiting);
  single(out, "winnow_spool_accepted_total", "counter", "Records accepted to be decided later.",
         accepted_.load(std::memory_order_relaxed));
  single(out, "winnow_spool_refused_total", "counter",
         "Records that the spool had no room for, or could not write.",
         refused_.load(std::memory_order_relaxed));
  append_spool(out, gauges.spool);
  append_sources(out, gauges.sources);
  append_formats(out, gauges.sources);
  append_drift(out, gauges.drift);
  append_refused(out, gauges.refused_mappings);
  append_filling(out, gauges.filling);
  if (gauges.syslog != nullptr) append_syslog(out, *gauges.syslog);
  if (gauges.tail != nullptr) append_tail(out, *gauges.tail);
  if (gauges.cases) append_cases(out, *gauges.cases);
  single(out, "winnow_storage_bytes", "gauge", "What the workspace's data takes on disk.",
         gauges.storage.bytes);
  single(out, "winnow_storage_free_bytes", "gauge", "What is left there.", gauges.storage.free);
  single(out, "winnow_http_connections", "gauge", "Open connections.", gauges.connections);
  single(out, "winnow_ready", "gauge", "1 when mails are decided.", gauges.ready ? 1 : 0);
  single(out, "winnow_trace_spans_sent_total", "counter", "Spans that the collector took.",
         gauges.spans_sent);
  single(out, "winnow_trace_spans_dropped_total", "counter",
         "Spans that had no room, or that the collector did not take.", gauges.spans_dropped);
  if (gauges.certificate_expires) {
    single(out, "winnow_tls_certificate_expires_seconds", "gauge",
           "When the certificate expires, in seconds since 1970.",
           gauges.certificate_expires->seconds());
  }
  append_process(out);
  return out;
}

}  // namespace winnow::server
