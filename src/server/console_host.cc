#include "server/console_host.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "server/entity_tag.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

constexpr std::string_view kIndex = "/index.html";
// A name with the hash of what it holds never means anything else.
constexpr std::string_view kForever = "public, max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";

constexpr std::pair<std::string_view, std::string_view> kMediaTypes[] = {
    {"html", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"json", "application/json"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"ico", "image/x-icon"},
    {"woff2", "font/woff2"},
    {"webmanifest", "application/manifest+json"},
    {"txt", "text/plain; charset=utf-8"}};

struct Form {
  std::string_view extension, coding;
};
constexpr std::array kForms = {Form{".br", "br"}, Form{".zst", "zstd"}, Form{".gz", "gzip"}};

std::string_view name_of_file(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view media_type_of(std::string_view path) {
  const auto extension = path.substr(path.rfind('.') + 1);
  for (const auto& [known, type] : kMediaTypes) {
    if (known == extension) return type;
  }
  return "application/octet-stream";
}

// "index-a1B2_c3d.js": eight characters behind a hyphen, as bundlers write them.
bool has_hash(std::string_view path) {
  constexpr std::size_t kHash = 8;
  const auto name = name_of_file(path);
  const auto stem = name.substr(0, name.find('.'));
  return path.starts_with("/assets/") && stem.size() > kHash + 1 &&
         stem[stem.size() - kHash - 1] == '-';
}

// Whether accept-encoding names the coding, and not to forbid it (RFC 9110, section 12.5.3).
bool takes(std::string_view accepted, std::string_view coding) {
  while (!accepted.empty()) {
    const auto piece = accepted.substr(0, accepted.find(','));
    accepted.remove_prefix(std::min(accepted.size(), piece.size() + 1));
    const auto semicolon = piece.find(';');
    if (!equal_ignoring_ascii_case(trim_ascii(piece.substr(0, semicolon)), coding)) continue;
    if (semicolon == std::string_view::npos) return true;
    const auto quality = trim_ascii(piece.substr(semicolon + 1));
    return quality.find_first_of("123456789", quality.find('=')) != std::string_view::npos;
  }
  return false;
}

void add_page_fields(http::Response& response) {
  response.add("content-security-policy",
               "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
               "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  add_isolation_fields(response);
}

}  // namespace

ConsoleHost::ConsoleHost(std::span<const ConsoleFile> files) {
  const auto packed_form = [&](std::string_view path) {
    return std::ranges::find_if(kForms, [&](const Form& form) {
      const auto of = path.substr(0, path.size() - std::min(path.size(), form.extension.size()));
      return path.ends_with(form.extension) &&
             std::ranges::find(files, of, &ConsoleFile::path) != files.end();
    });
  };
  for (const auto& file : files) {
    const auto* const form = packed_form(file.path);
    const bool is_packed = form != kForms.end();
    const auto name =
        is_packed ? file.path.substr(0, file.path.size() - form->extension.size()) : file.path;
    const auto path = fmt::format("/{}", name);
    auto& entry =
        files_
            .try_emplace(path, File{media_type_of(path), has_hash(path) ? kForever : kAskAgain, {}})
            .first->second;
    entry.forms.push_back({is_packed ? form->coding : std::string_view(), file.bytes,
                           fmt::format("\"{}\"", sha256(file.bytes).hex().substr(0, 32))});
  }
  // The smallest first: packing small files can make them larger.
  for (auto& [path, entry] : files_)
    std::ranges::stable_sort(entry.forms, {}, [](const Packed& form) { return form.bytes.size(); });
}

bool ConsoleHost::has(std::string_view path) {
  return path.starts_with('/') && path != "/v1" && !path.starts_with("/v1/");
}

const ConsoleHost::File* ConsoleHost::find(std::string_view path) const {
  const bool is_place = name_of_file(path).find('.') == std::string_view::npos;
  const auto found = files_.find(is_place ? kIndex : path);
  return found == files_.end() ? nullptr : &found->second;
}

void ConsoleHost::answer(const http::Request& request, http::Response& response) const {
  add_page_fields(response);
  if (request.method != http::Method::Get && request.method != http::Method::Head) {
    response.add("cache-control", "no-store");
    response.add("allow", "GET, HEAD");
    return write_problem(405, "this path can only be read", {}, response);
  }
  const auto* const file = find(request.path);
  if (file == nullptr) {
    response.add("cache-control", "no-store");
    if (files_.empty() && request.path == "/") {
      return response.set(200, "text/plain; charset=utf-8",
                          "This winnow was built without its console; the API is described at "
                          "/v1/openapi.json.\n");
    }
    return write_problem(404, "there is nothing at this path",
                         "GET /v1/openapi.json lists what there is", response);
  }
  const auto accepted = request.field("accept-encoding");
  const auto form = std::ranges::find_if(file->forms, [&](const Packed& packed) {
    return packed.coding.empty() || takes(accepted, packed.coding);
  });
  response.add("cache-control", file->caching);
  response.add("vary", "accept-encoding");
  response.add("etag", form->tag);
  if (names_tag(request.field("if-none-match"), form->tag)) {
    response.status = 304;
    return;
  }
  if (!form->coding.empty()) response.add("content-encoding", form->coding);
  response.set(200, file->media_type, form->bytes);
}

}  // namespace winnow::server
