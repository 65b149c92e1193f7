#include "names/url.h"

#include <fmt/format.h>

#include "base/contract.h"
#include "names/detail/url_record.h"

namespace winnow {

// Between a Url, which is one text with offsets, and the record the parser works on.
class UrlSerializer {
 public:
  // The URL serializer of the standard, section 4.5.
  static Url serialize(const detail::UrlRecord& record) {
    Url url;
    auto& out = url.href_;
    const auto here = [&] { return static_cast<std::uint32_t>(out.size()); };
    out.reserve(size_at_most(record));
    out = record.scheme;
    url.scheme_end_ = here();
    out += ':';
    if (record.host.kind != HostKind::None) {
      out += "//";
      put_credentials(record, url);
      url.host_begin_ = here();
      out += record.host.text;
      url.host_end_ = here();
      if (record.port) out += fmt::format(":{}", *record.port);
    } else if (record.path.starts_with("//")) {
      out += "/.";  // or the path would read as a host
    }
    url.path_begin_ = here();
    out += record.path;
    url.path_end_ = here();
    if (record.query) {
      out += '?';
      url.query_begin_ = here();
      out += *record.query;
      url.query_end_ = here();
    }
    if (record.fragment) {
      out += '#';
      url.fragment_begin_ = here();
      out += *record.fragment;
    }
    url.port_ = record.port;
    url.host_kind_ = record.host.kind;
    url.special_ = record.is_special();
    url.opaque_path_ = record.opaque_path;
    url.quirks_ = record.quirks;
    return url;
  }

  static detail::UrlRecord record_of(const Url& url) {
    detail::UrlRecord record;
    record.scheme = url.scheme();
    record.username = url.username();
    record.password = url.password();
    record.host = {url.host_kind(), std::string(url.host())};
    record.port = url.port();
    record.path = url.path();
    record.opaque_path = url.has_opaque_path();
    if (const auto query = url.query()) record.query = *query;
    return record;
  }

 private:
  static std::size_t size_at_most(const detail::UrlRecord& record) {
    constexpr std::size_t kSigns = 16;  // "://", ":", "@", ":65535", "?", "#"
    return record.scheme.size() + record.username.size() + record.password.size() +
           record.host.text.size() + record.path.size() +
           (record.query ? record.query->size() : 0) +
           (record.fragment ? record.fragment->size() : 0) + kSigns;
  }

  static void put_credentials(const detail::UrlRecord& record, Url& url) {
    if (record.username.empty() && record.password.empty()) return;
    auto& out = url.href_;
    url.username_begin_ = static_cast<std::uint32_t>(out.size());
    out += record.username;
    url.username_end_ = static_cast<std::uint32_t>(out.size());
    if (!record.password.empty()) {
      out += ':';
      url.password_begin_ = static_cast<std::uint32_t>(out.size());
      out += record.password;
      url.password_end_ = static_cast<std::uint32_t>(out.size());
    }
    out += '@';
  }
};

std::string_view name_of(HostKind kind) {
  switch (kind) {
    case HostKind::None:
      return "none";
    case HostKind::Empty:
      return "empty";
    case HostKind::Domain:
      return "domain";
    case HostKind::Ipv4:
      return "ipv4";
    case HostKind::Ipv6:
      return "ipv6";
    case HostKind::Opaque:
      return "opaque";
  }
  violate("every host kind has a name", std::source_location::current());
}

Result<Url> Url::parse(std::string_view text) {
  WINNOW_TRY(const auto record, detail::parse_url(text, nullptr));
  return UrlSerializer::serialize(record);
}

Result<Url> Url::parse(std::string_view text, const Url& base) {
  const auto base_record = UrlSerializer::record_of(base);
  WINNOW_TRY(const auto record, detail::parse_url(text, &base_record));
  return UrlSerializer::serialize(record);
}

std::string_view Url::part(std::uint32_t begin, std::uint32_t end) const {
  return std::string_view(href_).substr(begin, end - begin);
}

std::string_view Url::scheme() const { return part(0, scheme_end_); }
std::string_view Url::username() const { return part(username_begin_, username_end_); }
std::string_view Url::password() const { return part(password_begin_, password_end_); }
std::string_view Url::host() const { return part(host_begin_, host_end_); }
std::string_view Url::path() const { return part(path_begin_, path_end_); }
std::string_view Url::without_query() const { return part(0, path_end_); }

std::string_view Url::without_fragment() const {
  return fragment_begin_ == 0 ? std::string_view(href_) : part(0, fragment_begin_ - 1);
}

std::optional<IpAddress> Url::ip() const {
  auto text = host();
  if (host_kind_ == HostKind::Ipv6) text = text.substr(1, text.size() - 2);
  if (host_kind_ != HostKind::Ipv4 && host_kind_ != HostKind::Ipv6) return std::nullopt;
  return IpAddress::parse(text).value();
}

std::optional<std::uint16_t> Url::effective_port() const {
  return port_ ? port_ : detail::default_port(scheme());
}

std::optional<std::string_view> Url::query() const {
  if (query_begin_ == 0) return std::nullopt;
  return part(query_begin_, query_end_);
}

std::optional<std::string_view> Url::fragment() const {
  if (fragment_begin_ == 0) return std::nullopt;
  return std::string_view(href_).substr(fragment_begin_);
}

std::string defang(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '.' || c == '@') {
      out += '[';
      out += c;
      out += ']';
    } else {
      out += c;
    }
  }
  return out;
}

std::string defang(const Url& url) {
  const auto scheme = url.scheme();
  std::string out =
      scheme.starts_with("http") ? fmt::format("hxxp{}", scheme.substr(4)) : std::string(scheme);
  if (url.host_kind() == HostKind::None)
    return out + "[:]" + defang(std::string_view(url.href()).substr(scheme.size() + 1));
  out += "[://]";
  // Everything up to the path is a name; the path's own dots make no link.
  const auto authority_end = static_cast<std::size_t>(url.path().data() - url.href().data());
  out += defang(
      std::string_view(url.href()).substr(scheme.size() + 3, authority_end - scheme.size() - 3));
  return out.append(url.href(), authority_end);
}

}  // namespace winnow
