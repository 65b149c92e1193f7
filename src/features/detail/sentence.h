// The phrases of a feature: plain words with placeholders, "the links lead to {link_site}".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "features/detail/evaluation.h"
#include "features/detail/program_builder.h"

namespace winnow::features {

// How a number of a unit is written for people; the units are a closed list.
Status check_unit(std::string_view unit,
                  const Yaml& where);  // Errors: InvalidArgument, with the nearest unit
std::string number_text(double value, std::string_view unit);

class Sentence {
 public:
  // Errors: InvalidArgument (an unknown placeholder, or one that is no text or number).
  static Result<Sentence> read(const Yaml& node, ProgramBuilder& names);

  // Finds what the placeholders need; once, when the program is whole.
  void plan(const Program& program);
  const std::vector<NodeId>& needs() const { return plan_; }
  // With the values of the event, computed where they were not yet; texts cut short, without
  // control characters.
  std::string tell(Evaluation& values, double value, std::string_view unit) const;
  bool empty() const { return parts_.empty(); }

 private:
  struct Part {
    enum class Kind { Words, Value, Text, Number };
    Kind kind = Kind::Words;
    std::string words;
    NodeId node = 0;
  };
  std::vector<Part> parts_;
  std::vector<NodeId> plan_;
};

}  // namespace winnow::features
