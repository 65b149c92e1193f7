// One HTTP request, as a handler sees it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace winnow::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options, Other };
std::string_view name_of(Method method);  // "GET"; empty for Other

struct Field {
  std::string_view name;  // lower case
  std::string_view value;
};

// Views into the connection's memory: valid until the request is answered.
struct Request {
  Method method = Method::Other;
  std::string_view method_name;
  std::string_view target;  // as received: "/v1/events/mail?limit=3"
  std::string_view path;    // up to '?', still percent-encoded
  std::string_view query;   // behind '?', empty without one
  std::span<const Field> fields;
  std::string_view body;
  std::string_view peer;      // the client's address, "127.0.0.1"
  bool is_encrypted = false;  // by TLS of ours

  // The first field of that (lower-case) name, empty without one.
  std::string_view field(std::string_view name) const {
    for (const auto& one : fields) {
      if (one.name == name) return one.value;
    }
    return {};
  }
};

}  // namespace winnow::http
