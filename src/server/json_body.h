// The JSON that a request brings.
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "http/request.h"

namespace winnow::server {

// An object with none but these members. Its size is bounded by its route. Errors: Unsupported (it
// is declared as something else, or packed), InvalidArgument.
Result<Json> json_body(const http::Request& request,
                       std::initializer_list<std::string_view> members);

// The same for an object within one. Errors: InvalidArgument, naming the member.
Status check_members(const Json& object, std::initializer_list<std::string_view> members);

}  // namespace winnow::server
