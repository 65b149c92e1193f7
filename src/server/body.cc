#include "server/body.h"

#include <algorithm>

#include "base/utf8.h"
#include "store/compress.h"

namespace winnow::server {
namespace {

// Mail packs 2 to 10 times, rarely 100; deflate itself ends at 1032.
constexpr std::size_t kHonestRatio = 100;
constexpr std::size_t kAlwaysAllowed = 1UL << 20;

}  // namespace

std::optional<Coding> coding_of(const http::Request& request) {
  std::string_view coding;
  for (const auto& field : request.fields) {
    if (field.name != "content-encoding") continue;
    if (!coding.empty()) return std::nullopt;
    coding = trim_ascii(field.value);
  }
  if (coding.empty() || equal_ignoring_ascii_case(coding, "identity")) return Coding::Identity;
  if (equal_ignoring_ascii_case(coding, "gzip")) return Coding::Gzip;
  if (equal_ignoring_ascii_case(coding, "zstd")) return Coding::Zstd;
  return std::nullopt;
}

Result<std::string> unpack(Coding coding, std::string_view packed, std::size_t max_bytes) {
  const auto most = std::min(max_bytes, kAlwaysAllowed + kHonestRatio * packed.size());
  switch (coding) {
    case Coding::Gzip:
      return gunzip(packed, most);
    case Coding::Zstd:
      return decompress(packed, most);
    case Coding::Identity:
      break;
  }
  return std::string(packed);
}

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = trim_ascii(text.substr(0, end));
  text.remove_prefix(std::min(text.size(), end + 1));
  return line;
}

bool has_type(const http::Request& request, std::string_view media_type) {
  const auto value = request.field("content-type");
  return equal_ignoring_ascii_case(trim_ascii(value.substr(0, value.find(';'))), media_type);
}

}  // namespace winnow::server
