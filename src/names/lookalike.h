// Names made to look like other names: confusable letters (UTS 39), typing errors, a brand's name
// with extra words around it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// How a domain resembles a reference, strongest claim first (None is no claim; Same is the
// reference itself).
enum class LookalikeKind : std::uint8_t {
  None,
  Same,             // the same registrable domain, or a name below it
  Confusable,       // reads the same: раураl.com (Cyrillic), paypa1.com, rnicrosoft.com
  DifferentSuffix,  // the same name under another suffix: paypal.top
  Typo,             // within a few edits: paypl.com, papyal.com
  Embeds,           // the name as a token or with extra words: paypal-secure-login.com,
                    // paypal.com.evil.example
};
std::string_view name_of(LookalikeKind kind);  // "none", "same", "confusable", ...

struct Lookalike {
  LookalikeKind kind = LookalikeKind::None;
  unsigned distance = 0;      // edits, for Typo; else 0
  std::size_t reference = 0;  // position in the index; meaningless for None
  explicit operator bool() const {
    return kind != LookalikeKind::None && kind != LookalikeKind::Same;
  }
  friend bool operator==(const Lookalike&, const Lookalike&) = default;
};

// A domain that others imitate, in normal form (names/domain.h), and further names of its owner as
// one would write them in a domain ("paypal", "bankofamerica", "bofa"); names shorter than 4 count
// as whole tokens only.
struct LookalikeReference {
  std::string domain;
  std::vector<std::string> names;
  std::string owner;  // the brand it belongs to, for the caller; not looked at
};

// References with everything precomputed. Immutable; thread-safe. Up to a few thousand references.
class LookalikeIndex {
 public:
  explicit LookalikeIndex(std::vector<LookalikeReference> references);
  ~LookalikeIndex();
  LookalikeIndex(LookalikeIndex&&) noexcept;
  LookalikeIndex& operator=(LookalikeIndex&&) noexcept;

  // The strongest resemblance of a domain in normal form to any reference; Same wins over all, then
  // the order of LookalikeKind, then distance, then position. Cost: a few microseconds at 300
  // references.
  Lookalike find(std::string_view domain) const;
  // The same for who knows registrable_domain(domain) already, a part of it, not empty.
  Lookalike find(std::string_view domain, std::string_view registrable) const;

  const LookalikeReference& reference(std::size_t position) const;
  std::size_t size() const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

// The same for one reference; slower, for tests and one-off questions.
Lookalike compare(std::string_view domain, std::string_view reference);

// What a reader's eye makes of it: the UTS 39 skeleton of the Unicode form, then ASCII look-alikes
// folded (rn -> m, vv -> w, 0 -> o, 1 and i -> l, ...). Equal for names that look alike; for
// comparing only, not for display.
std::string skeleton(std::string_view text);

// Damerau-Levenshtein distance (optimal string alignment: no part is edited twice) in code units,
// or `limit + 1` when it exceeds `limit`. Texts longer than 64 bytes are compared by their
// first 64.
unsigned edit_distance(std::string_view a, std::string_view b, unsigned limit);

// The text mixes scripts in a way that no language writes (UTS 39 restriction level below "highly
// restrictive").
bool mixes_scripts(std::string_view text);

}  // namespace winnow
