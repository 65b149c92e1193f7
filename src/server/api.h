// What the loops' threads do with a request: find its route, see who asks, have it performed.
#pragma once

#include "http/server.h"
#include "server/call.h"
#include "server/console_host.h"

namespace winnow::server {

// Thread-safe.
class Api final : public http::Handler {
 public:
  // `console` outlives it.
  Api(Backing backing, const ConsoleHost& console)
      : backing_(std::move(backing)), console_(&console) {}

  http::Admission admit(const http::Request& head) override;
  void handle(http::Exchange& exchange) override;
  void refuse(int status, std::string_view why, http::Response& response) override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  // True: somebody answers later. `route` is set once it is known, `trace` where it is traced.
  bool begin(http::Exchange& exchange, Time started, const Route*& route,
             std::unique_ptr<RequestTrace>& trace);
  void note_failure(const http::Request& head);
  Backing backing_;
  const ConsoleHost* console_;
};

}  // namespace winnow::server
