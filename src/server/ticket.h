// The right to answer one request later, once: with what every answer carries, and counted.
#pragma once

#include <chrono>
#include <memory>

#include "http/server.h"
#include "server/metrics.h"
#include "server/request_trace.h"

namespace winnow::server {

// A Ticket that dies unanswered answers 500 (http::Pending). `metrics` outlives it; `trace` is null
// where the request is not traced.
class Ticket {
 public:
  Ticket(http::Pending pending, Metrics& metrics, std::size_t route,
         std::chrono::steady_clock::time_point started, std::unique_ptr<RequestTrace> trace)
      : pending_(std::move(pending)),
        metrics_(&metrics),
        route_(route),
        started_(started),
        trace_(std::move(trace)) {}

  const http::Request& request() const { return pending_.request(); }  // until it is answered
  std::chrono::nanoseconds waited() const { return std::chrono::steady_clock::now() - started_; }
  RequestTrace* trace() const { return trace_.get(); }  // null: it is not traced
  void answer(http::Response response);

 private:
  http::Pending pending_;
  Metrics* metrics_;
  std::size_t route_;
  std::chrono::steady_clock::time_point started_;
  std::unique_ptr<RequestTrace> trace_;
};

}  // namespace winnow::server
