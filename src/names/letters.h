// Plain measures of a name's letters, for telling generated names from chosen ones.
#pragma once

#include <string_view>

namespace winnow {

double entropy_bits(
    std::string_view text);  // Shannon entropy in bits a byte, of its own byte counts; "" is 0
double digit_share(std::string_view text);  // share of 0-9, in [0, 1]; "" is 0
double vowel_share(
    std::string_view text);  // share of a, e, i, o, u, y among its ASCII letters; none is 0
unsigned longest_consonant_run(
    std::string_view text);  // ASCII letters that are no vowels, in a row

}  // namespace winnow
