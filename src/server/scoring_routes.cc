#include "server/route_groups.h"
#include "server/scoring_endpoints.h"

namespace winnow::server {

RouteGroup scoring_routes() {
  return {.routes = {{.method = http::Method::Post,
                      .pattern = "/v1/score/mail",
                      .roles = {Role::Sensor},
                      .perform = score_mail,
                      .body_bytes = kMaxMailBytes,
                      .body_type = "message/rfc822",
                      .answer_schema = "Decision",
                      .statuses = {200, 400, 422, 503, 507},
                      .summary =
                          "Stores a mail and decides on it; the answer says that both are durable. "
                          "The same mail again gets the same decision",
                      .parameters = {{"source", "who supplied the mail (default: the token's name)",
                                      R"({"type":"string","minLength":1,"maxLength":100})"}}}},
          .schemas = {}};
}

}  // namespace winnow::server
