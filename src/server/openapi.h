// The API's description for programs: OpenAPI 3.1, written from the route table.
#pragma once

#include <string>

namespace winnow::server {

std::string openapi_document();

}  // namespace winnow::server
