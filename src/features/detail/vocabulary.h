// What a feature set knows by name: lexicons, lists of domains, brands.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "features/detail/phrases.h"
#include "features/detail/words.h"
#include "names/lookalike.h"

namespace winnow::features {

// Looked up without making a string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
using DomainSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;

struct Brand {
  std::string key;                 // "bankofamerica"
  std::vector<std::string> names;  // folded, as phrases; the key among them
  std::vector<std::string> sites;  // registrable domains of its owner
  bool common_word = false;        // "orange": counts where a name is expected, not in running text
};

class Vocabulary {
 public:
  // From the members lexicons, lists and brands of a feature set's files; each may be absent, no
  // name may come twice. Errors: InvalidArgument ("FILE:LINE: ...").
  static Result<Vocabulary> read(std::span<const Yaml> files);

  const std::vector<std::string>& lexicons() const { return lexicons_; }  // position: the phrase id
  const std::vector<std::string>& lists() const { return list_names_; }
  const std::vector<Brand>& brands() const { return brands_; }
  const Phrases& phrases() const { return phrases_; }

  Phrases::Id brand_id(std::size_t brand) const {
    return static_cast<Phrases::Id>(lexicons_.size() + brand);
  }
  const Brand* brand_of(Phrases::Id id) const;  // null for a lexicon

  // Whether the list has the domain or one above it.
  bool is_listed(std::size_t list, std::string_view domain) const;
  // Whether a registrable domain is the brand's: one of its sites, or its very name under another
  // suffix (brands own their name in many countries).
  bool owns(const Brand& brand, std::string_view site) const;
  // Whether a host is made to look like a brand's without being one's.
  bool is_lookalike(std::string_view host) const;
  // Whether `text` (of a URL) holds the name of a brand that does not own `site`, anywhere, in any
  // case.
  bool names_foreign_brand(std::string_view text, std::string_view site) const;

 private:
  using Sorted =
      std::map<std::string, const Yaml*>;  // so that ids do not depend on the order of files
  static Result<Sorted> gather(std::span<const Yaml> files, std::string_view section);
  Status read_lexicons(const Sorted& lexicons, Phrases::Builder& phrases);
  Status read_lists(const Sorted& lists);
  Status read_brands(const Sorted& brands, Phrases::Builder& phrases);
  void index_brands();
  bool is_owned(std::string_view site) const;  // by any brand

  std::vector<std::string> lexicons_;
  std::vector<std::string> list_names_;
  std::vector<DomainSet> lists_;
  std::vector<Brand> brands_;
  DomainSet brand_keys_, brand_sites_;  // of all brands: whether any owns a site
  Phrases phrases_;
  Phrases telling_;  // keys long and rare enough to be told from other words, as prefixes; id:
                     // position of the brand
  std::optional<LookalikeIndex> lookalikes_;
};

}  // namespace winnow::features
