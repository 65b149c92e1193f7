// For each line of JSON its canonical form: canonical_lines < DOCUMENTS > FORMS
#include <iostream>
#include <string>

#include "base/json.h"

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto json = winnow::parse_json(line);
    const auto form =
        json ? winnow::to_canonical(*json) : winnow::Result<std::string>(json.error());
    std::cout << (form ? *form : "refused: " + form.error().message()) << '\n';
  }
  return 0;
}
