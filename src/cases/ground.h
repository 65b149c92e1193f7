// Why a finding belongs to others, in the order of how much each ground says.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cases/domain_set.h"

namespace winnow::cases {

struct Finding;

struct Ground {
  enum class Kind : std::uint8_t {
    Text,      // the same text but for names, numbers and links
    NearText,  // nearly the same text
    Link,      // links to the same site
    Subject,   // the same sender and subject
    Sender,    // the same sender
    Mail,      // the very same mail, decided again: certain, but it says nothing about others
  };
  Kind kind;
  std::string value;  // what is the same: a site, a mailbox; for texts a digest
  friend bool operator==(const Ground&, const Ground&) = default;
};
std::string_view name_of(Ground::Kind kind);                    // "text", "near_text", ...
Result<Ground::Kind> ground_kind_named(std::string_view name);  // Errors: InvalidArgument

// The grounds that can be looked up by their value, strongest first: all but Mail and NearText.
std::vector<Ground> grounds_of(const Finding& finding);

// "the same text, links to pay-now.example": the most telling ones, for people. Empty for none.
// What is not of mail alone has an actor where mail has a sender.
std::string in_words(std::span<const Ground> grounds, DomainSet domains);
// Adds to those kept and keeps the kMaxTelling most telling ones, strongest first.
void keep_telling(std::vector<Ground>& kept, std::span<const Ground> more);
inline constexpr std::size_t kMaxTelling = 2;

// A subject without the marks of answers, folded, with its numbers as one word each.
std::string plain_subject(std::string_view subject);

inline constexpr std::size_t kLeastTerms = 8;  // shorter texts resemble each other by chance

}  // namespace winnow::cases
