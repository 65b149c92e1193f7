#include "server/endpoints/operation_endpoints.h"

#include "server/openapi.h"
#include "server/problem.h"
#include "server/receivers/syslog_receiver.h"
#include "server/receivers/tail.h"

namespace winnow::server {

void tell_health(Call& call) { call.response().set(200, call.route().answer_type, "ok\n"); }

void tell_readiness(Call& call) {
  const auto& scorer = call.backing().scorer;
  if (scorer.is_ready()) return call.response().set(200, call.route().answer_type, "ready\n");
  write_problem(
      503,
      !has_any(scorer.champions()) ? "no bundle decides" : "still catching up with the event log",
      {}, call.response());
}

void read_metrics(Call& call) {
  call.read_later([&backing = call.backing(), &route = call.route()](ReaderStores& stores,
                                                                     http::Response& response) {
    Metrics::Gauges gauges{
        .waiting = backing.scorer.waiting(),
        .connections = backing.connections(),
        .ready = backing.scorer.is_ready(),
        .spool = backing.intake.use(),
        .cases = lag_of_cases(stores.cases, backing.desk),
        .sources = health_of(backing.activity.sources(), backing.intake.waiting_by_source(),
                             backing.formats.sources()),
        .drift =
            drift_of(backing.scorer.champions(), backing.scorer.mappings(), backing.scorer.kept()),
        .refused_mappings = backing.scorer.refused_mappings(),
        .filling = backing.scorer.filling(),
        .storage = backing.storage.use()};
    if (backing.tracer != nullptr) {
      const auto counts = backing.tracer->counts();
      gauges.spans_sent = counts.sent;
      gauges.spans_dropped = counts.dropped;
    }
    if (backing.syslog != nullptr) gauges.syslog = &backing.syslog->use();
    if (backing.tail != nullptr) gauges.tail = &backing.tail->use();
    if (backing.tls) gauges.certificate_expires = backing.tls->expires();
    response.set(200, route.answer_type, backing.metrics.text(gauges));
  });
}

void describe_api(Call& call) {
  static const std::string kDocument = openapi_document();
  call.response().set(200, call.route().answer_type, kDocument);
}

}  // namespace winnow::server
