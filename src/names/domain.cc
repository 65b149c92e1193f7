#include "names/domain.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include <fmt/format.h>
#include <libpsl.h>

#include "base/byte_set.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "names/detail/host.h"
#include "names/detail/idna.h"

namespace winnow {
namespace {

Error no_domain(std::string_view text, std::string_view why) {
  return {Code::InvalidArgument,
          fmt::format("'{}' is not a domain name: {}",
                      utf8_prefix(to_valid_utf8(text.substr(0, 64)), 64), why)};
}

constexpr auto kLabelByte = ByteSet("-_").and_range('a', 'z').and_range('0', '9');

bool has_plain_labels(std::string_view name) {
  for (std::size_t begin = 0;; ++begin) {
    const auto end = kLabelByte.find_not_in(name, begin);
    if (end == begin || end - begin > 63) return false;
    if (end == name.size()) return true;
    if (name[end] != '.') return false;
    begin = end;
  }
}

// How long the registrable parts of recent names are: the list is asked once for each label of a
// name, which takes a microsecond. A name displaces the one whose place it takes.
class RegistrableSizes {
 public:
  std::optional<std::size_t> find(std::string_view name) const {
    const auto& kept = names_[place_of(name)];
    if (name.empty() || std::string_view(kept.text.data(), kept.size) != name) return {};
    return kept.registrable_size;
  }
  void remember(std::string_view name, std::size_t registrable_size) {
    auto& kept = names_[place_of(name)];
    if (name.size() > kept.text.size()) return;
    std::ranges::copy(name, kept.text.begin());
    kept.size = static_cast<std::uint8_t>(name.size());
    kept.registrable_size = static_cast<std::uint8_t>(registrable_size);
  }

 private:
  struct Name {
    std::uint8_t size = 0, registrable_size = 0;
    std::array<char, 62> text{};
  };
  static std::size_t place_of(std::string_view name) { return hash64(name) % kNames; }
  static constexpr std::size_t kNames = 1024;
  std::array<Name, kNames> names_;
};

}  // namespace

Result<std::string> to_ascii_domain(std::string_view text) {
  if (text.size() > 4 * kMaxDomainBytes) return no_domain(text, "it is too long");
  auto name = ascii_lower(text);
  if (!is_ascii(name) || has_punycode_label(name)) {
    auto ascii = is_valid_utf8(name) ? detail::idna_to_ascii(name) : std::nullopt;
    if (!ascii) return no_domain(text, "IDNA (UTS 46) refuses it");
    name = *std::move(ascii);
  }
  if (name.ends_with('.')) name.pop_back();
  if (name.size() > kMaxDomainBytes) return no_domain(text, "it is longer than 253 bytes");
  if (!has_plain_labels(name))
    return no_domain(text, "a label is empty, too long or has other characters");
  if (detail::ends_in_number(name)) return no_domain(text, "its last label is a number");
  return name;
}

std::string to_unicode_domain(std::string_view domain) {
  return has_punycode_label(domain) ? detail::idna_to_unicode(domain) : std::string(domain);
}

bool is_ip_literal(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return IpAddress::read(text).has_value();
}

bool has_punycode_label(std::string_view domain) {
  for (std::size_t begin = 0;;) {
    if (domain.substr(begin).starts_with("xn--")) return true;
    const auto dot = domain.find('.', begin);
    if (dot == std::string_view::npos) return false;
    begin = dot + 1;
  }
}

std::vector<std::string_view> labels_of(std::string_view domain) {
  std::vector<std::string_view> labels;
  for (std::size_t begin = 0;;) {
    const auto dot = domain.find('.', begin);
    labels.push_back(domain.substr(begin, dot - begin));
    if (dot == std::string_view::npos) return labels;
    begin = dot + 1;
  }
}

bool is_same_or_below(std::string_view domain, std::string_view ancestor) {
  if (!domain.ends_with(ancestor)) return false;
  return domain.size() == ancestor.size() || domain[domain.size() - ancestor.size() - 1] == '.';
}

struct PublicSuffixes::List {
  const psl_ctx_t* built_in = nullptr;  // a constant of libpsl
  std::unique_ptr<psl_ctx_t, decltype(&psl_free)> own{nullptr, &psl_free};
  const psl_ctx_t* context() const { return own ? own.get() : built_in; }
};

PublicSuffixes::PublicSuffixes(std::shared_ptr<const List> list, std::string version)
    : list_(std::move(list)), version_(std::move(version)) {}

const PublicSuffixes& PublicSuffixes::built_in() {
  static const PublicSuffixes kBuiltIn = [] {
    auto list = std::make_shared<List>();
    list->built_in = psl_builtin();
    return PublicSuffixes(std::move(list), fmt::format("libpsl {}, sha1 {}", psl_get_version(),
                                                       psl_builtin_sha1sum()));
  }();
  return kBuiltIn;
}

Result<PublicSuffixes> PublicSuffixes::parse(std::string_view text) {
  std::string bytes(text);  // fmemopen wants a buffer that it may write to
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(
      bytes.empty() ? nullptr : fmemopen(bytes.data(), bytes.size(), "r"), &std::fclose);
  auto list = std::make_shared<List>();
  if (file) list->own.reset(psl_load_fp(file.get()));
  if (!list->own || psl_suffix_count(list->own.get()) <= 0) {
    return Error(Code::InvalidArgument, "the public suffix list has no rules");
  }
  return PublicSuffixes(std::move(list), "sha256 " + sha256(text).hex());
}

// libpsl answers with a pointer to the end of the name that it was given.
std::string_view PublicSuffixes::suffix_of(std::string_view domain) const {
  if (is_ip_literal(domain)) return {};
  const std::string name(domain);
  const char* const suffix = psl_unregistrable_domain(list_->context(), name.c_str());
  return suffix == nullptr ? std::string_view()
                           : domain.substr(static_cast<std::size_t>(suffix - name.c_str()));
}

std::string_view PublicSuffixes::registrable_of(std::string_view domain) const {
  if (is_ip_literal(domain)) return {};
  const std::string name(domain);
  const char* const found = psl_registrable_domain(list_->context(), name.c_str());
  return found == nullptr ? std::string_view()
                          : domain.substr(static_cast<std::size_t>(found - name.c_str()));
}

std::string_view public_suffix(std::string_view domain) {
  return PublicSuffixes::built_in().suffix_of(domain);
}

std::string_view registrable_domain(std::string_view domain) {
  thread_local RegistrableSizes sizes;
  const auto known = sizes.find(domain);
  if (known) return domain.substr(domain.size() - *known);
  const auto registrable = PublicSuffixes::built_in().registrable_of(domain);
  sizes.remember(domain, registrable.size());
  return registrable;
}

}  // namespace winnow
