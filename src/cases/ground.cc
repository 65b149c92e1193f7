#include "cases/ground.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "cases/finding.h"
#include "names/text_fold.h"

namespace winnow::cases {
namespace {

constexpr std::size_t kMaxSubjectBytes = 200;

std::string words_of(const Ground& ground, DomainSet domains) {
  const bool mail = domains == kMailAlone;
  switch (ground.kind) {
    case Ground::Kind::Mail:
      return "the same mail, decided again";
    case Ground::Kind::Text:
      return "the same text";
    case Ground::Kind::NearText:
      return "nearly the same text";
    case Ground::Kind::Link:
      return fmt::format("links to {}", ground.value);
    case Ground::Kind::Subject:
      return mail ? "the same sender and subject" : "the same actor and kind of event";
    case Ground::Kind::Sender:
      return fmt::format("{} {}", mail ? "sent by" : "the actor", ground.value);
  }
  return {};
}

// How many characters, each counted by the byte that begins it.
std::ptrdiff_t characters_in(std::string_view utf8) {
  return std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; });
}

// "re: aw: fwd: hello" begins with this many bytes of marks: up to three characters and a colon,
// which is what answers and copies are marked with in every language that does.
std::size_t marks_in(std::string_view folded) {
  std::size_t end = 0;
  for (;;) {
    std::size_t at = end;
    while (at < folded.size() && folded[at] == ' ') ++at;
    const auto colon = folded.find(':', at);
    if (colon == std::string_view::npos) return at;
    const auto length = characters_in(folded.substr(at, colon - at));
    if (length < 1 || length > 3) return at;
    end = colon + 1;
  }
}

constexpr std::array<std::string_view, 6> kNames = {"text",    "near_text", "link",
                                                    "subject", "sender",    "mail"};

}  // namespace

std::string_view name_of(Ground::Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

Result<Ground::Kind> ground_kind_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end())
    return Error(Code::InvalidArgument, fmt::format("'{}' is no ground", name));
  return static_cast<Ground::Kind>(found - kNames.begin());
}

std::string plain_subject(std::string_view subject) {
  const auto folded = fold_text(utf8_prefix(subject, kMaxSubjectBytes));
  std::string plain;
  for (const char c : std::string_view(folded).substr(marks_in(folded))) {
    const bool digit = c >= '0' && c <= '9';
    const char shown = digit ? '#' : c;
    const bool repeats = !plain.empty() && (shown == ' ' || shown == '#') && plain.back() == shown;
    if (!repeats) plain.push_back(shown);
  }
  return std::string(trim_ascii(plain));
}

std::vector<Ground> grounds_of(const Finding& finding) {
  std::vector<Ground> grounds;
  if (finding.terms.size() >= kLeastTerms) {
    const std::string_view bytes(reinterpret_cast<const char*>(finding.terms.data()),
                                 finding.terms.size() * sizeof finding.terms[0]);
    grounds.push_back({Ground::Kind::Text, sha256(bytes).hex().substr(0, 32)});
  }
  for (const auto& site : finding.link_sites) {
    if (site != finding.sender_domain) grounds.push_back({Ground::Kind::Link, site});
  }
  const auto& sender = finding.record.sender;
  if (!sender.empty() && sender.size() <= 320) {
    grounds.push_back({Ground::Kind::Subject,
                       fmt::format("{} {}", sender, plain_subject(finding.record.subject))});
    grounds.push_back({Ground::Kind::Sender, sender});
  }
  return grounds;
}

namespace {

// Of several grounds of one topic the strongest says it all.
Ground::Kind topic_of(Ground::Kind kind) {
  switch (kind) {
    case Ground::Kind::NearText:
      return Ground::Kind::Text;
    case Ground::Kind::Sender:
      return Ground::Kind::Subject;
    default:
      return kind;
  }
}

}  // namespace

void keep_telling(std::vector<Ground>& kept, std::span<const Ground> more) {
  kept.insert(kept.end(), more.begin(), more.end());
  std::ranges::stable_sort(kept, {}, &Ground::kind);
  std::vector<Ground> telling;
  for (auto& ground : kept) {
    const auto says_it = [&](const Ground& other) {
      const bool same = topic_of(other.kind) == topic_of(ground.kind);
      return ground.kind == Ground::Kind::Link ? other == ground : same;
    };
    if (telling.size() < kMaxTelling && std::ranges::none_of(telling, says_it))
      telling.push_back(std::move(ground));
  }
  kept = std::move(telling);
}

std::string in_words(std::span<const Ground> grounds, DomainSet domains) {
  std::vector<Ground> telling;
  keep_telling(telling, grounds);
  std::string words;
  for (const auto& ground : telling)
    words += (words.empty() ? "" : ", ") + words_of(ground, domains);
  return words;
}

}  // namespace winnow::cases
