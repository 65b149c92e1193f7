#include "features/detail/vocabulary.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/utf8.h"
#include "names/domain.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

constexpr std::size_t kMaxLexicons = 64;
constexpr std::size_t kMaxPatterns = 20'000;
constexpr std::size_t kMaxPatternBytes = 100;
constexpr std::size_t kMaxBrands = 2000;
constexpr std::size_t kMaxDomains = 50'000;
constexpr std::size_t kTellingBytes = 5;  // shorter names are parts of too many words
constexpr std::size_t kTypoBytes = 6;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// A pattern in folded form, one blank between words. Errors: InvalidArgument.
Result<std::string> read_pattern(const Yaml& node) {
  WINNOW_TRY(const std::string text, node.as_text());
  const auto normal = normalise(text, Replace::Nothing, {});
  const auto pattern = std::string(trim_ascii(normal.text));
  if (pattern.empty() || pattern.size() > kMaxPatternBytes) {
    return node.error(fmt::format("a pattern has 1 to {} bytes", kMaxPatternBytes));
  }
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool at_word_end = i + 1 == pattern.size() || pattern[i + 1] == ' ';
    const bool starred = c == '*' && at_word_end && i > 0 && is_word_byte(pattern[i - 1]);
    if (!is_word_byte(c) && c != ' ' && c != '-' && c != '\'' && c != '#' && !starred) {
      return node.error(fmt::format(
          "'{}': a pattern has letters, digits, blanks, hyphens and apostrophes; '*' only "
          "at the end of a word, '#' for a number",
          text));
    }
  }
  if (!is_word_byte(pattern.front()) && pattern.front() != '#') {
    return node.error(fmt::format("'{}': a pattern begins with a letter or digit", text));
  }
  return pattern;
}

bool is_below(std::string_view domain, const DomainSet& list) {
  for (std::size_t at = 0;; ++at) {
    if (list.contains(domain.substr(at))) return true;
    at = domain.find('.', at);
    if (at == std::string_view::npos) return false;
  }
}

// What a registrable domain calls itself: "paypal" of "pay-pal.co.uk".
std::string name_in(std::string_view site) {
  std::string name(site.substr(0, site.find('.')));
  std::erase(name, '-');
  return name;
}

}  // namespace

Result<Vocabulary::Sorted> Vocabulary::gather(std::span<const Yaml> files,
                                              std::string_view section) {
  Sorted sorted;
  for (const auto& file : files) {
    for (const auto& [name, node] : file[section].members()) {
      if (!is_name(name)) return node.error(fmt::format("'{}' is no name (a-z, 0-9, _)", name));
      if (!sorted.emplace(name, &node).second)
        return node.error(fmt::format("'{}' is in two files", name));
    }
  }
  return sorted;
}

Status Vocabulary::read_lexicons(const Sorted& lexicons, Phrases::Builder& phrases) {
  std::size_t patterns = 0;
  for (const auto& [name, languages] : lexicons) {
    if (lexicons_.size() == kMaxLexicons)
      return languages->error(fmt::format("more than {} lexicons", kMaxLexicons));
    const auto id = static_cast<Phrases::Id>(lexicons_.size());
    lexicons_.push_back(name);
    for (const auto& [language, words] : languages->members()) {
      if (!words.is_sequence())
        return words.error(fmt::format("'{}: {}' is a list of words", name, language));
      for (const auto& word : words.items()) {
        WINNOW_TRY(const std::string pattern, read_pattern(word));
        if (++patterns > kMaxPatterns)
          return word.error(fmt::format("more than {} patterns", kMaxPatterns));
        phrases.add(pattern, id);
      }
    }
  }
  return {};
}

Status Vocabulary::read_lists(const Sorted& lists) {
  std::size_t total = 0;
  for (const auto& [name, domains] : lists) {
    list_names_.push_back(name);
    auto& list = lists_.emplace_back();
    for (const auto& item : domains->items()) {
      WINNOW_TRY(const std::string text, item.as_text());
      auto domain = to_ascii_domain(text);
      if (!domain) return item.error(fmt::format("'{}' is no domain name", text));
      if (++total > kMaxDomains)
        return item.error(fmt::format("more than {} domains", kMaxDomains));
      list.insert(std::move(*domain));
    }
  }
  return {};
}

Status Vocabulary::read_brands(const Sorted& brands, Phrases::Builder& phrases) {
  for (const auto& [key, node] : brands) {
    if (brands_.size() == kMaxBrands)
      return node->error(fmt::format("more than {} brands", kMaxBrands));
    WINNOW_TRY(node->only({"sites", "names", "common_word"}));
    Brand brand{key, {key}, {}, false};
    for (const auto& name : (*node)["names"].items()) {
      WINNOW_TRY(std::string pattern, read_pattern(name));
      brand.names.push_back(std::move(pattern));
    }
    for (const auto& site : (*node)["sites"].items()) {
      WINNOW_TRY(const std::string text, site.as_text());
      auto domain = to_ascii_domain(text);
      if (!domain) return site.error(fmt::format("'{}' is no domain name", text));
      brand.sites.push_back(std::move(*domain));
    }
    if (node->has("common_word")) {
      WINNOW_TRY(brand.common_word, (*node)["common_word"].as_bool());
    }
    for (const auto& name : brand.names) phrases.add(name, brand_id(brands_.size()));
    brands_.push_back(std::move(brand));
  }
  return {};
}

void Vocabulary::index_brands() {
  std::vector<LookalikeReference> references;
  Phrases::Builder telling;
  for (std::size_t i = 0; i < brands_.size(); ++i) {
    const auto& brand = brands_[i];
    brand_keys_.insert(brand.key);
    brand_sites_.insert(brand.sites.begin(), brand.sites.end());
    if (brand.common_word || brand.key.size() < kTellingBytes) continue;
    telling.add(brand.key + '*', static_cast<Phrases::Id>(i));
    for (const auto& site : brand.sites) {
      // Other sites of its owner have names that are no brand's: "office", "live".
      if (name_in(site) == brand.key) references.push_back({site, {brand.key}, brand.key});
    }
  }
  telling_ = std::move(telling).build();
  lookalikes_.emplace(std::move(references));
}

Result<Vocabulary> Vocabulary::read(std::span<const Yaml> files) {
  Vocabulary vocabulary;
  Phrases::Builder phrases;
  WINNOW_TRY(const Sorted lexicons, gather(files, "lexicons"));
  WINNOW_TRY(const Sorted lists, gather(files, "lists"));
  WINNOW_TRY(const Sorted brands, gather(files, "brands"));
  WINNOW_TRY(vocabulary.read_lexicons(lexicons, phrases));
  WINNOW_TRY(vocabulary.read_lists(lists));
  WINNOW_TRY(vocabulary.read_brands(brands, phrases));
  vocabulary.phrases_ = std::move(phrases).build();
  vocabulary.index_brands();
  return vocabulary;
}

const Brand* Vocabulary::brand_of(Phrases::Id id) const {
  return id < lexicons_.size() ? nullptr : &brands_[id - lexicons_.size()];
}

bool Vocabulary::is_listed(std::size_t list, std::string_view domain) const {
  return is_below(domain, lists_[list]);
}

bool Vocabulary::owns(const Brand& brand, std::string_view site) const {
  return std::find(brand.sites.begin(), brand.sites.end(), site) != brand.sites.end() ||
         name_in(site) == brand.key;
}

bool Vocabulary::is_owned(std::string_view site) const {
  return brand_sites_.contains(site) || brand_keys_.contains(name_in(site));
}

bool Vocabulary::is_lookalike(std::string_view host) const {
  const auto site = registrable_domain(host);
  if (is_owned(site)) return false;
  const auto found = site.empty() ? lookalikes_->find(host) : lookalikes_->find(host, site);
  switch (found.kind) {
    case LookalikeKind::Confusable:
    case LookalikeKind::Embeds:
      return true;
    case LookalikeKind::Typo:  // an edit away from a short name lie honest words: boost and bpost
      return lookalikes_->reference(found.reference).owner.size() >= kTypoBytes;
    case LookalikeKind::DifferentSuffix:  // ownership, in the sense of owns()
    case LookalikeKind::Same:
    case LookalikeKind::None:
      break;
  }
  return false;
}

bool Vocabulary::names_foreign_brand(std::string_view text, std::string_view site) const {
  const auto lower = ascii_lower(text);  // a string ends in a NUL, where every walk stops
  bool foreign = false;
  for (const char& at : lower) {
    telling_.match(&at, [&](Phrases::Id id) { foreign = foreign || !owns(brands_[id], site); });
  }
  return foreign;
}

}  // namespace winnow::features
