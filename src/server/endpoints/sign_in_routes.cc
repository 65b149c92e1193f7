#include "server/access/oidc_sign_in.h"
#include "server/endpoints/sign_in_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"SignInWays": {"type": "object", "required": ["ways"],
  "properties": {"ways": {"type": "array", "items": {"type": "object",
    "required": ["kind", "name", "start"],
    "properties": {
      "kind": {"enum": ["oidc", "token"]},
      "name": {"type": "string", "description": "For people: sign in with ..."},
      "start": {"type": ["string", "null"],
                "description": "Where a browser goes to begin; null: POST /v1/session"}}}}}})json";
constexpr std::string_view kText = R"({"type":"string"})";

}  // namespace

RouteGroup sign_in_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/v1/sign-in",
                      .roles = {},
                      .perform = list_ways,
                      .answer_schema = "SignInWays",
                      .statuses = {200},
                      .summary = "The ways to sign in"},
                     {.method = Method::Get,
                      .pattern = "/v1/sign-in/oidc",
                      .roles = {},
                      .perform = go_to_provider,
                      .statuses = {303, 404, 429},
                      .summary = "Sends a browser to the identity provider"},
                     {.method = Method::Get,
                      .pattern = kCallbackPath,
                      .roles = {},
                      .perform = come_back,
                      .statuses = {303, 404, 429},
                      .summary = "Where the identity provider sends it back: opens a session",
                      .parameters = {{"code", "what the provider gave", kText},
                                     {"state", "what it was told", kText},
                                     {"iss", "who it is (RFC 9207)", kText},
                                     {"error", "why there is no code", kText}}}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
