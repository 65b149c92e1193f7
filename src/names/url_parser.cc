// The basic URL parser (https://url.spec.whatwg.org/#concept-basic-url-parser), its states as
// functions: each takes the rest of the text and leaves the record finished.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "names/detail/percent.h"
#include "names/detail/url_path.h"
#include "names/detail/url_record.h"

namespace winnow::detail {
namespace {

struct SpecialScheme {
  std::string_view name;
  std::optional<std::uint16_t> port;
};
constexpr std::array<SpecialScheme, 6> kSpecialSchemes = {
    {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}, {"file", std::nullopt}}};

constexpr ByteSet kAuthorityEnd("/?#");
constexpr ByteSet kSpecialAuthorityEnd("/\\?#");  // also where a file's host ends
constexpr ByteSet kPathEnd("?#");
constexpr ByteSet kDroppedWithin("\t\n\r");

Error failure(std::string_view why) {
  return {Code::InvalidArgument, fmt::format("not a URL: {}", why)};
}

class Parser {
 public:
  Parser(const UrlRecord* base, UrlQuirks quirks) : base_(base) { url_.quirks = quirks; }

  Result<UrlRecord> parse(std::string_view text) {
    WINNOW_TRY(start(text));
    return std::move(url_);
  }

 private:
  // "Scheme start" and "scheme" states.
  Status start(std::string_view text) {
    const auto colon = scheme_size(text);
    if (!colon) return no_scheme(text);
    url_.scheme = ascii_lower(text.substr(0, *colon));
    special_ = url_.is_special();
    auto rest = text.substr(*colon + 1);
    if (url_.scheme == "file") return file(rest);
    if (special_) {
      if (base_ != nullptr && base_->scheme == url_.scheme && !rest.starts_with("//"))
        return relative(rest);
      return special_authority(rest);
    }
    if (rest.starts_with("//")) return authority(rest.substr(2));
    if (rest.starts_with('/')) return path(rest.substr(1));
    return opaque_path(rest);
  }

  static std::optional<std::size_t> scheme_size(std::string_view text) {
    const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    if (text.empty() || !is_letter(text[0])) return std::nullopt;
    for (std::size_t i = 1; i < text.size(); ++i) {
      const char c = text[i];
      if (c == ':') return i;
      if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') break;
    }
    return std::nullopt;
  }

  Status no_scheme(std::string_view text) {
    if (base_ == nullptr) return failure("it has no scheme");
    if (base_->opaque_path) {
      if (!text.starts_with('#')) return failure("it is relative to one with an opaque path");
      const auto quirks = url_.quirks;
      url_ = *base_;
      url_.quirks = quirks;
      url_.fragment.reset();
      special_ = url_.is_special();
      return query_and_fragment(text);
    }
    url_.scheme = base_->scheme;
    special_ = url_.is_special();
    return url_.scheme == "file" ? file(text) : relative(text);
  }

  bool is_slash(char c) const { return c == '/' || (special_ && c == '\\'); }
  bool takes_slash(std::string_view& text) {
    if (text.empty() || !is_slash(text[0])) return false;
    url_.quirks.backslash |= text[0] == '\\';
    text.remove_prefix(1);
    return true;
  }
  void take_authority_of_base() {
    url_.username = base_->username;
    url_.password = base_->password;
    url_.host = base_->host;
    url_.port = base_->port;
  }

  // "Relative" and "relative slash" states.
  Status relative(std::string_view text) {
    if (takes_slash(text)) {
      if (takes_slash(text)) return special_ ? special_authority_tail(text, 2) : authority(text);
      take_authority_of_base();
      return path(text);
    }
    take_authority_of_base();
    url_.path = base_->path;
    url_.query = base_->query;
    if (text.empty() || text[0] == '#' || text[0] == '?') return query_and_fragment(text);
    url_.query.reset();
    shorten_path(url_.path, url_.scheme);
    return path(text);
  }

  // "Special authority slashes" and "special authority ignore slashes" states.
  Status special_authority(std::string_view text) { return special_authority_tail(text, 0); }
  Status special_authority_tail(std::string_view text, int slashes) {
    while (takes_slash(text)) ++slashes;
    url_.quirks.slashes |= slashes != 2;
    return authority(text);
  }

  // "Authority", "host" and "port" states.
  Status authority(std::string_view text) {
    const auto end = (special_ ? kSpecialAuthorityEnd : kAuthorityEnd).find_in(text);
    auto host_and_port = text.substr(0, end);
    if (const auto at = host_and_port.rfind('@'); at != std::string_view::npos) {
      credentials(host_and_port.substr(0, at));
      host_and_port.remove_prefix(at + 1);
      if (host_and_port.empty()) return failure("it has a user but no host");
    }
    WINNOW_TRY(host_port(host_and_port));
    return path_start(text.substr(end));
  }

  void credentials(std::string_view text) {
    url_.quirks.credentials = true;
    const auto colon = text.find(':');
    append_percent_encoded(url_.username, text.substr(0, colon), kUserinfoSet);
    if (colon != std::string_view::npos) {
      append_percent_encoded(url_.password, text.substr(colon + 1), kUserinfoSet);
    }
  }

  Status host_port(std::string_view text) {
    const auto colon = port_colon(text);
    if (colon == 0 || (special_ && text.empty())) return failure("it has no host");
    WINNOW_TRY(url_.host, parse_host(text.substr(0, colon), special_, url_.quirks));
    return colon == std::string_view::npos ? Status() : port(text.substr(colon + 1));
  }

  static std::size_t port_colon(std::string_view text) {  // the first ':' outside brackets
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == ':' && !inside) return i;
      if (text[i] == '[') inside = true;
      if (text[i] == ']') inside = false;
    }
    return std::string_view::npos;
  }

  Status port(std::string_view digits) {
    std::uint32_t value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9') return failure("its port is not a number");
      value = value * 10 + static_cast<std::uint32_t>(c - '0');
      if (value > 65535) return failure("its port is above 65535");
    }
    if (!digits.empty() && default_port(url_.scheme) != value)
      url_.port = static_cast<std::uint16_t>(value);
    return {};
  }

  // "File" and "file slash" states.
  Status file(std::string_view text) {
    url_.host.kind = HostKind::Empty;
    const bool from_base = base_ != nullptr && base_->scheme == "file";
    if (takes_slash(text)) {
      if (takes_slash(text)) return file_host(text);
      if (from_base) {
        url_.host = base_->host;
        // A path without a drive letter stays on the drive of the base.
        if (!starts_with_drive_letter(text) && base_->path.size() >= 3 && base_->path[2] == ':' &&
            is_drive_letter(std::string_view(base_->path).substr(1, 2)) &&
            (base_->path.size() == 3 || base_->path[3] == '/')) {
          url_.path = base_->path.substr(0, 3);
        }
      }
      return path(text);
    }
    if (!from_base) return path(text);
    url_.host = base_->host;
    url_.path = base_->path;
    url_.query = base_->query;
    if (text.empty() || text[0] == '#' || text[0] == '?') return query_and_fragment(text);
    url_.query.reset();
    if (starts_with_drive_letter(text)) {
      url_.path.clear();
    } else {
      shorten_path(url_.path, url_.scheme);
    }
    return path(text);
  }

  Status file_host(std::string_view text) {
    const auto end = kSpecialAuthorityEnd.find_in(text);
    const auto host = text.substr(0, end);
    if (is_drive_letter(host)) return path(text);
    if (!host.empty()) {
      WINNOW_TRY(url_.host, parse_host(host, special_, url_.quirks));
      if (url_.host.text == "localhost") url_.host = {HostKind::Empty, {}};
    }
    return path_start(text.substr(end));
  }

  Status path_start(std::string_view text) {
    if (takes_slash(text) || special_) return path(text);
    return text.empty() || text[0] == '?' || text[0] == '#' ? query_and_fragment(text) : path(text);
  }

  Status path(std::string_view text) {
    const auto end = kPathEnd.find_in(text);
    const auto own = text.substr(0, end);
    url_.quirks.backslash |= special_ && own.find('\\') != std::string_view::npos;
    append_path(url_.path, own, url_.scheme, special_);
    return query_and_fragment(text.substr(end));
  }

  Status opaque_path(std::string_view text) {
    url_.opaque_path = true;
    const auto end = kPathEnd.find_in(text);
    append_percent_encoded(url_.path, text.substr(0, end), kC0ControlSet);
    // A blank before '?' or '#' would be lost when the query is taken away and the rest parsed
    // again.
    if (end < text.size() && url_.path.ends_with(' '))
      url_.path.replace(url_.path.size() - 1, 1, "%20");
    return query_and_fragment(text.substr(end));
  }

  Status query_and_fragment(std::string_view text) {
    if (text.starts_with('?')) {
      const auto end = std::min(text.find('#'), text.size());
      append_percent_encoded(url_.query.emplace(), text.substr(1, end - 1),
                             special_ ? kSpecialQuerySet : kQuerySet);
      text.remove_prefix(end);
    }
    if (text.starts_with('#'))
      append_percent_encoded(url_.fragment.emplace(), text.substr(1), kFragmentSet);
    return {};
  }

  const UrlRecord* base_;
  UrlRecord url_;
  bool special_ = false;
};

bool is_control_or_space(char c) { return static_cast<unsigned char>(c) <= 0x20; }

// Without outer controls and blanks and without tabs and newlines anywhere; well-formed UTF-8. A
// view of `text`, or of `changed` where something within had to go.
std::string_view cleaned(std::string_view text, std::string& changed) {
  while (!text.empty() && is_control_or_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_control_or_space(text.back())) text.remove_suffix(1);
  if (!kDroppedWithin.holds_any_of(text) && is_valid_utf8(text)) return text;
  changed = to_valid_utf8(text);
  std::erase_if(changed, [](char c) { return kDroppedWithin.contains(c); });
  return changed;
}

}  // namespace

bool is_special_scheme(std::string_view scheme) {
  return std::ranges::any_of(kSpecialSchemes,
                             [&](const auto& special) { return special.name == scheme; });
}

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  const auto* const found = std::ranges::find(kSpecialSchemes, scheme, &SpecialScheme::name);
  return found == kSpecialSchemes.end() ? std::nullopt : found->port;
}

bool UrlRecord::is_special() const { return is_special_scheme(scheme); }

Result<UrlRecord> parse_url(std::string_view text, const UrlRecord* base) {
  if (text.size() > Url::kMaxBytes) {
    return Error(Code::Exhausted,
                 fmt::format("the URL has {} bytes, the limit is {}", text.size(), Url::kMaxBytes));
  }
  std::string changed;
  const auto clean = cleaned(text, changed);
  UrlQuirks quirks;
  quirks.control_or_space = clean.size() < text.size();
  return Parser(base, quirks).parse(clean);
}

}  // namespace winnow::detail
