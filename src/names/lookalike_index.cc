#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "base/contract.h"
#include "base/digest.h"
#include "names/detail/edit_pattern.h"
#include "names/domain.h"
#include "names/lookalike.h"

namespace winnow {
namespace {

constexpr std::size_t kMinTokenName = 3;   // shorter names say nothing
constexpr std::size_t kMinFoldedName = 4;  // below, folding would make too many strangers equal
constexpr std::size_t kMinInsideName = 6;  // found inside a longer word: "apple" is in "pineapple"
constexpr std::size_t kMinTypoName = 5;
constexpr std::size_t kMinTwoEditsName = 9;

// Edits within which a name of this size still reads as the same.
unsigned typo_limit(std::size_t size) {
  return size < kMinTypoName ? 0 : size < kMinTwoEditsName ? 1 : 2;
}

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};
using Positions =
    std::unordered_map<std::string, std::vector<std::uint32_t>, Hash, std::equal_to<>>;

// One way to write a reference: its registrable label, or a further name.
struct Name {
  std::string text;
  std::string folded;
  std::uint64_t letters;  // which bytes occur in `folded`, modulo 64
  std::size_t reference;
};

std::uint64_t letters_in(std::string_view text) {
  std::uint64_t letters = 0;
  for (const char c : text) letters |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
  return letters;
}

// The part of a domain that its owner chose: registrable domain without public suffix. A public
// suffix itself stands for its first label.
std::string_view chosen_label(std::string_view registrable) {
  return registrable.substr(0, registrable.find('.'));
}

std::string_view registrable_or_all(std::string_view domain) {
  const auto registrable = registrable_domain(domain);
  return registrable.empty() ? domain : registrable;
}

bool is_separator(char c) { return c == '.' || c == '-' || c == '_'; }

constexpr std::size_t kHeadBytes = 3;
std::uint32_t head_of(const char* text) {
  std::uint32_t head = 0;
  std::memcpy(&head, text, kHeadBytes);
  return head;
}
// Which of some thousand sorts a head is: tells most heads that no name begins like them.
constexpr std::size_t kHeadSorts = 4096;
std::size_t sort_of(std::uint32_t head) { return head * 0x9E3779B1U >> 20; }

}  // namespace

struct LookalikeIndex::State {
  std::vector<LookalikeReference> references;
  std::vector<Name> names;  // in the order of the references
  Positions by_domain;      // registrable domain -> references
  Positions by_folded;      // folded name -> names
  std::array<std::vector<std::uint32_t>, 65>
      by_size;  // folded size -> names long enough for typing errors
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>
      by_head;                         // first kHeadBytes of folded -> names
  std::bitset<kHeadSorts> head_sorts;  // of all of by_head

  void add(LookalikeReference reference);
  void add_name(std::string text, std::size_t reference);
  std::optional<Lookalike> same(std::string_view registrable) const;
  std::optional<Lookalike> equal_looking(std::string_view label, std::string_view folded) const;
  std::optional<Lookalike> misspelt(std::string_view folded) const;
  std::optional<Lookalike> embedded(std::string_view host) const;
};

void LookalikeIndex::State::add(LookalikeReference reference) {
  const auto position = references.size();
  const auto registrable = registrable_or_all(reference.domain);
  by_domain[std::string(registrable)].push_back(static_cast<std::uint32_t>(position));
  add_name(std::string(chosen_label(registrable)), position);
  for (const auto& name : reference.names) add_name(name, position);
  references.push_back(std::move(reference));
}

void LookalikeIndex::State::add_name(std::string text, std::size_t reference) {
  if (text.size() < kMinTokenName) return;
  auto folded = skeleton(to_unicode_domain(text));
  if (folded.size() < kMinTokenName) return;
  const auto position = static_cast<std::uint32_t>(names.size());
  by_folded[folded].push_back(position);
  const auto head = head_of(folded.data());
  by_head[head].push_back(position);
  head_sorts.set(sort_of(head));
  if (typo_limit(folded.size()) > 0 && folded.size() < by_size.size())
    by_size[folded.size()].push_back(position);
  const auto letters = letters_in(folded);
  names.push_back({std::move(text), std::move(folded), letters, reference});
}

std::optional<Lookalike> LookalikeIndex::State::same(std::string_view registrable) const {
  const auto found = by_domain.find(registrable);
  if (found == by_domain.end()) return std::nullopt;
  return Lookalike{LookalikeKind::Same, 0, found->second.front()};
}

std::optional<Lookalike> LookalikeIndex::State::equal_looking(std::string_view label,
                                                              std::string_view folded) const {
  const auto found = by_folded.find(folded);
  if (found == by_folded.end()) return std::nullopt;
  std::optional<Lookalike> best;
  for (const auto position : found->second) {
    const auto& name = names[position];
    if (name.text == label) {
      // Written alike, so only the suffix differs: weaker than a name that was made to look alike.
      if (!best) best = Lookalike{LookalikeKind::DifferentSuffix, 0, name.reference};
    } else if (folded.size() >= kMinFoldedName) {
      return Lookalike{LookalikeKind::Confusable, 0, name.reference};
    }
  }
  return best;
}

std::optional<Lookalike> LookalikeIndex::State::misspelt(std::string_view folded) const {
  const auto limit_of_all = typo_limit(kMinTwoEditsName);
  if (folded.size() + limit_of_all < kMinTypoName || folded.size() >= by_size.size())
    return std::nullopt;
  const detail::EditPattern pattern(folded);
  const auto letters = letters_in(folded);
  std::optional<Lookalike> best;
  const auto from = folded.size() < limit_of_all ? 0 : folded.size() - limit_of_all;
  const auto to = std::min(folded.size() + limit_of_all, by_size.size() - 1);
  for (auto size = from; size <= to; ++size) {
    for (const auto position : by_size[size]) {
      const auto& name = names[position];
      const auto limit = typo_limit(size);
      // One edit changes at most two letters of the set.
      if (static_cast<unsigned>(std::popcount(letters ^ name.letters)) > 2 * limit) continue;
      const auto distance = pattern.distance(name.folded);
      if (distance > limit) continue;
      const Lookalike found{LookalikeKind::Typo, distance, name.reference};
      if (!best || distance < best->distance ||
          (distance == best->distance && found.reference < best->reference)) {
        best = found;
      }
    }
  }
  return best;
}

std::optional<Lookalike> LookalikeIndex::State::embedded(std::string_view host) const {
  std::optional<Lookalike> best;
  const auto look_in = [&](std::string_view text) {
    for (std::size_t at = 0; at + kMinTokenName <= text.size(); ++at) {
      const auto head = head_of(text.data() + at);
      if (!head_sorts.test(sort_of(head))) continue;
      const auto candidates = by_head.find(head);
      if (candidates == by_head.end()) continue;
      for (const auto position : candidates->second) {
        const auto& name = names[position];
        if (!text.substr(at).starts_with(name.folded)) continue;
        const auto end = at + name.folded.size();
        const bool whole = (at == 0 || is_separator(text[at - 1])) &&
                           (end == text.size() || is_separator(text[end]));
        if (!whole && name.folded.size() < kMinInsideName) continue;
        if (!best || name.reference < best->reference)
          best = Lookalike{LookalikeKind::Embeds, 0, name.reference};
      }
    }
  };
  const auto folded = skeleton(host);
  look_in(folded);
  if (best) return best;
  // bank-of-america: hyphens do not hide a name, but tokens need them to be seen.
  auto joined = folded;
  std::erase(joined, '-');
  if (joined != folded) look_in(joined);
  return best;
}

LookalikeIndex::LookalikeIndex(std::vector<LookalikeReference> references) {
  auto state = std::make_unique<State>();
  for (auto& reference : references) state->add(std::move(reference));
  state_ = std::move(state);
}

LookalikeIndex::~LookalikeIndex() = default;
LookalikeIndex::LookalikeIndex(LookalikeIndex&&) noexcept = default;
LookalikeIndex& LookalikeIndex::operator=(LookalikeIndex&&) noexcept = default;

const LookalikeReference& LookalikeIndex::reference(std::size_t position) const {
  ensure(position < state_->references.size(), "a look-alike names a reference of its index");
  return state_->references[position];
}

std::size_t LookalikeIndex::size() const { return state_->references.size(); }

Lookalike LookalikeIndex::find(std::string_view domain) const {
  if (domain.empty() || is_ip_literal(domain)) return {};
  return find(domain, registrable_or_all(domain));
}

Lookalike LookalikeIndex::find(std::string_view domain, std::string_view registrable) const {
  if (domain.size() > kMaxDomainBytes) return {};
  if (const auto found = state_->same(registrable)) return *found;
  const auto label = chosen_label(registrable);
  const auto folded = skeleton(to_unicode_domain(label));
  if (const auto found = state_->equal_looking(label, folded)) return *found;
  if (const auto found = state_->misspelt(folded)) return *found;
  // Everything above the public suffix: names of hosts and folders of a hoster count too.
  const auto before_suffix =
      domain.substr(0, static_cast<std::size_t>(label.data() + label.size() - domain.data()));
  return state_->embedded(to_unicode_domain(before_suffix)).value_or(Lookalike{});
}

}  // namespace winnow
