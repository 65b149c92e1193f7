// The characters of a text, counted in one pass.
#pragma once

#include <cstdint>
#include <string_view>

namespace winnow::features {

struct Letters {
  std::uint32_t characters = 0;  // code points, invisible ones left out
  std::uint32_t letters = 0;
  std::uint32_t upper = 0;
  std::uint32_t digits = 0;
  std::uint32_t exclamations = 0;
  std::uint32_t questions = 0;
  std::uint32_t markup = 0;   // ( ) { } [ ] ; = < > | \ _ * / +
  std::uint32_t foreign = 0;  // beyond ASCII and no letter: arrows, emoji, boxes
  std::uint32_t symbols = 0;  // emoji and the like, private use
  std::uint32_t odd = 0;  // ASCII that a person's name does not have: not a letter, digit, blank, .
                          // , ' " ( ) - @ & /
  std::uint32_t invisible = 0;
  std::uint32_t shouted = 0;  // runs of three capitals or more
  std::uint32_t words = 0;    // runs of letters
  std::uint32_t lines = 0;    // that are not blank
  std::uint32_t line_characters = 0;
  std::uint32_t short_lines = 0;  // of fewer than 40 characters
  bool mixed_scripts = false;     // a Latin letter beside a Greek or Cyrillic one
};

Letters count_letters(std::string_view utf8);

}  // namespace winnow::features
