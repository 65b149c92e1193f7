// What was damaged or cut in a mail, in words for people; each once, in the order of appearance.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace winnow {

class MailProblems {
 public:
  void note(std::string_view problem) {  // a literal: it is kept as a view
    if (std::ranges::find(texts_, problem) == texts_.end()) texts_.push_back(problem);
  }
  const std::vector<std::string_view>& texts() const { return texts_; }

 private:
  std::vector<std::string_view> texts_;
};

}  // namespace winnow
