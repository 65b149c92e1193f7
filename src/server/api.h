// What the loops' threads do with a request: find its route, see who asks, answer at once or hand
// it to the scorer or to a reader.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "http/server.h"
#include "server/gate.h"
#include "server/metrics.h"
#include "server/readers.h"
#include "server/routes.h"
#include "server/scorer.h"

namespace winnow::server {

// Thread-safe. Everything it is given outlives it.
class Api final : public http::Handler {
 public:
  struct Parts {
    Gate& gate;
    Metrics& metrics;
    Readers& readers;
    Scorer* scorer;  // null: no bundle decides for mail
    std::function<std::size_t()> connections;
  };
  explicit Api(Parts parts);

  http::Admission admit(const http::Request& head) override;
  void handle(http::Exchange& exchange) override;
  void refuse(int status, std::string_view why, http::Response& response) override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  // A request that may go on.
  struct Call {
    const Route* route;
    std::string_view variable;  // of its path
    const Token* who;           // null where no identity is asked for
    Time started;
  };
  enum class Answered { Now, Later };

  // Problems are answered now; what it returns tells whether the rest comes later.
  Answered begin(http::Exchange& exchange, Call& call);
  Answered perform(http::Exchange& exchange, const Call& call);
  Answered score_mail(http::Exchange& exchange, const Call& call);
  Answered list_decisions(http::Exchange& exchange, const Call& call);
  Answered get_decision(http::Exchange& exchange, const Call& call);
  Answered read_metrics(http::Exchange& exchange, const Call& call);
  void queue_for_score(ScoreRequest request);
  Answered read_later(http::Exchange& exchange, const Call& call,
                      std::function<void(DecisionStore&, http::Response&)> read);

  Ticket ticket(http::Exchange& exchange, const Call& call);
  Parts parts_;
  std::string openapi_;
};

// The numbers under which the routes are counted: their places in routes().
std::size_t number_of(const Route* route);

}  // namespace winnow::server
