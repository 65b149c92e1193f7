// The right to answer one request later, once: with what every answer carries, and counted.
#pragma once

#include <chrono>

#include "http/server.h"
#include "server/metrics.h"

namespace winnow::server {

// A Ticket that dies unanswered answers 500 (http::Pending). `metrics` outlives it.
class Ticket {
 public:
  Ticket(http::Pending pending, Metrics& metrics, std::size_t route,
         std::chrono::steady_clock::time_point started)
      : pending_(std::move(pending)), metrics_(&metrics), route_(route), started_(started) {}

  const http::Request& request() const { return pending_.request(); }  // until it is answered
  std::chrono::nanoseconds waited() const { return std::chrono::steady_clock::now() - started_; }
  void answer(http::Response response);

 private:
  http::Pending pending_;
  Metrics* metrics_;
  std::size_t route_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace winnow::server
