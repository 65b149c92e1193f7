// Things that a text is recognised to hold, without regular expressions: each takes one pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::features {

// A subject without leading "[tag]", "Re:", "Fwd:" and their kin in other languages, however many.
struct SubjectParts {
  std::string_view rest;
  bool reply = false, forward = false;
};
SubjectParts read_subject(std::string_view subject);

std::string mailbox_in(
    std::string_view text);                    // the first local@host.tld, lower case; "" when none
std::string domain_in(std::string_view text);  // the first word like a domain name, likewise
bool looks_personal(std::string_view text);  // two to four capitalised words, as people's names are
bool has_reference_number(std::string_view text);  // "#4711", six digits or more, "INV-20391"
bool has_phone_number(std::string_view text);  // ten digits or more, grouped as people write them
// What program text, logs and patches have and prose lacks: calls, a_b, ::, ->, ==, paths,
// hexadecimal numbers.
std::uint32_t count_code_marks(std::string_view text);

// The longest word of `name` that `other` contains or that contains it, by its length, over the
// longest word; both lower case. Below 0 when `name` has no word of two letters or more.
double shared_part(std::string_view name, std::string_view other);

}  // namespace winnow::features
