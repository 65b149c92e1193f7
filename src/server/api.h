// What the loops' threads do with a request: find its route, see who asks, have it performed.
#pragma once

#include "http/server.h"
#include "server/call.h"

namespace winnow::server {

// Thread-safe.
class Api final : public http::Handler {
 public:
  explicit Api(Backing backing) : backing_(std::move(backing)) {}

  http::Admission admit(const http::Request& head) override;
  void handle(http::Exchange& exchange) override;
  void refuse(int status, std::string_view why, http::Response& response) override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  // True: somebody answers later. `route` is set once it is known.
  bool begin(http::Exchange& exchange, Time started, const Route*& route);
  Backing backing_;
};

}  // namespace winnow::server
