#include "server/json_body.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"
#include "base/yaml.h"
#include "server/body.h"
#include "server/route.h"

namespace winnow::server {
namespace {

constexpr unsigned kMaxDepth = 8;

}  // namespace

Status check_members(const Json& object, std::initializer_list<std::string_view> members) {
  if (!object.is_object()) return Error(Code::InvalidArgument, "a JSON object is expected");
  for (const auto& [name, value] : object.members()) {
    if (std::ranges::find(members, name) != members.end()) continue;
    const auto near = nearest(name, std::vector<std::string>(members.begin(), members.end()));
    Error error(Code::InvalidArgument,
                fmt::format("there is no member '{}' here", utf8_prefix(name, 64)));
    if (near.empty()) return error;
    return std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
  }
  return {};
}

Result<Json> json_body(const http::Request& request,
                       std::initializer_list<std::string_view> members) {
  if (!has_type(request, kJsonType)) {
    return Error(Code::Unsupported, "the body is not declared as JSON")
        .with_hint("send 'Content-Type: application/json'");
  }
  if (coding_of(request) != Coding::Identity)
    return Error(Code::Unsupported, "JSON is taken here without a content-encoding");
  WINNOW_TRY(auto json, parse_json(request.body, {.max_depth = kMaxDepth}));
  WINNOW_TRY(check_members(json, members));
  return json;
}

}  // namespace winnow::server
