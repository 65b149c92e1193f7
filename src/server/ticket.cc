#include "server/ticket.h"

#include "server/problem.h"

namespace winnow::server {

void Ticket::answer(http::Response response) {
  add_security_fields(response);
  if (trace_) trace_->finish(response);
  metrics_->note_answer(route_, response.status, std::chrono::steady_clock::now() - started_);
  pending_.answer(std::move(response));
}

}  // namespace winnow::server
