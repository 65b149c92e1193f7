#include "server/endpoints/operation_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {

RouteGroup operation_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/healthz",
                      .roles = {},
                      .perform = tell_health,
                      .answer_type = "text/plain",
                      .statuses = {200},
                      .summary = "Whether the server runs"},
                     {.method = Method::Get,
                      .pattern = "/readyz",
                      .roles = {},
                      .perform = tell_readiness,
                      .answer_type = "text/plain",
                      .statuses = {200, 503},
                      .summary = "Whether mails are decided now: a champion is loaded and has "
                                 "caught up"},
                     {.method = Method::Get,
                      .pattern = "/metrics",
                      .roles = kAnyRole,
                      .perform = read_metrics,
                      .answer_type = "text/plain; version=0.0.4",
                      .statuses = {200},
                      .summary = "Counters and times for Prometheus"},
                     {.method = Method::Get,
                      .pattern = "/v1/openapi.json",
                      .roles = {},
                      .perform = describe_api,
                      .statuses = {200},
                      .summary = "This description"}},
          .schemas = {}};
}

}  // namespace winnow::server
