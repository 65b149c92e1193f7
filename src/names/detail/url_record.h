// A URL in parts, as the URL Standard's parser builds it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "names/detail/host.h"
#include "names/url.h"

namespace winnow::detail {

struct UrlRecord {
  std::string scheme;
  std::string username;
  std::string password;
  Host host;                          // kind None: null
  std::optional<std::uint16_t> port;  // never the scheme's default
  std::string path;                   // segments, each after a '/'; or opaque
  bool opaque_path = false;
  std::optional<std::string> query;
  std::optional<std::string> fragment;
  UrlQuirks quirks;

  bool is_special() const;
};

bool is_special_scheme(std::string_view scheme);
std::optional<std::uint16_t> default_port(std::string_view scheme);

// `text` against `base`, which may be null. Errors: InvalidArgument, Exhausted.
Result<UrlRecord> parse_url(std::string_view text, const UrlRecord* base);

}  // namespace winnow::detail
