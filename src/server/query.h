// The parameters of a request's query, checked against those that its route has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "ocsf/domain.h"
#include "server/route.h"

namespace winnow::server {

// A value as forms and URLSearchParams write it: `+` is a space, %XX a byte (WHATWG URL,
// section 5.1).
std::string decode_value(std::string_view text);

class Query {
 public:
  // Errors: InvalidArgument (a parameter that the route does not have, that comes twice, or that is
  // missing; a value that is longer than its schema allows, or not UTF-8).
  static Result<Query> parse(std::string_view text, const Route& route);

  bool has(std::string_view name) const;
  const std::string& text(std::string_view name) const;  // empty without one
  // Errors: InvalidArgument, naming the parameter.
  Result<std::optional<Timestamp>> time(std::string_view name) const;
  Result<Domain> domain(std::string_view name) const;
  Result<std::uint64_t> number(std::string_view name, std::uint64_t otherwise, std::uint64_t least,
                               std::uint64_t most) const;

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;
};

}  // namespace winnow::server
