// How a route that stands in for another product's speaks to that product's clients: where they put
// the token, and how they are told that a request goes no further.
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"
#include "server/access/gate.h"
#include "server/route.h"

namespace winnow::server {

struct Dialect {
  void (*refuse)(const http::Request& request, const Refusal& refusal, http::Response& response);
  std::string_view error_schema;  // a name in the API's description
};

// The token in an authorization field as shippers send it: 'Bearer T', 'Splunk T', 'ApiKey T',
// 'ApiKey base64(anything:T)', 'Basic base64(anything:T)'. Empty where there is none.
std::string shippers_token(const http::Request& request);

// Tells a client that its request goes no further, in the words that its route speaks.
void refuse_on(const Route& route, const http::Request& request, const Refusal& refusal,
               http::Response& response);

}  // namespace winnow::server
