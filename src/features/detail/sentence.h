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

class Sentence {
 public:
  // Errors: InvalidArgument (an unknown placeholder, or one that is no text or number).
  static Result<Sentence> read(const Yaml& node, ProgramBuilder& names);
  // A sentence that gives the value and does not judge it: numbers are grouped ("4,212"), and
  // `{amount alert|alerts}`, `{odds}` and `{span}` write the value too.
  static Result<Sentence> read_measure(const Yaml& node, ProgramBuilder& names);

  // Finds what the placeholders need; once, when the program is whole.
  void plan(const Program& program);
  const std::vector<NodeId>& needs() const { return plan_; }
  // With the values of the event, computed where they were not yet; texts cut short, without
  // control characters.
  std::string tell(Evaluation& values, double value, std::string_view unit) const;
  bool empty() const { return parts_.empty(); }

 private:
  struct Part {
    enum class Kind { Words, Value, Text, Number, Amount, Odds, Span };
    Kind kind = Kind::Words;
    std::string words;  // of an amount: what is counted, as one of it is called
    std::string many;   // of an amount: as others are called
    NodeId node = 0;
  };
  static Result<Sentence> read(const Yaml& node, ProgramBuilder& names, bool is_measure);
  static Result<Part> read_part(std::string_view name, const Yaml& node, ProgramBuilder& names,
                                bool is_measure);
  std::string tell(const Part& part, const Evaluation& values, double value,
                   std::string_view unit) const;
  bool is_measure_ = false;
  std::vector<Part> parts_;
  std::vector<NodeId> plan_;
};

}  // namespace winnow::features
