// How one feature speaks of one event: a phrase that judges the value, and the value itself with
// its unit and window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/detail/sentence.h"

namespace winnow::features {

class Telling {
 public:
  enum class Side { Low, High };

  // Reads `high`, `low`, `missing`, `measure`, `usual`, `alarming` and `about` of a feature.
  // Errors: InvalidArgument.
  static Result<Telling> read(const Yaml& feature, ProgramBuilder& names);

  bool has_missing() const { return !missing_.empty(); }
  void set_missing(Sentence sentence) { missing_ = std::move(sentence); }
  // What the feature measures; features of one thing are not worded against each other. Empty: of
  // nothing that another measures.
  const std::string& about() const { return about_; }

  // Finds what the sentences need; once, when the program is whole.
  void plan(const Program& program);
  std::vector<NodeId> needs() const;

  // Whether the phrase of that side may stand beside a contribution: one that sounds of danger
  // speaks for no contribution that lowers the risk, and the other way round.
  bool suits(Side side, float contribution) const;
  std::string missing(Evaluation& values, std::string_view unit) const;
  // The phrase, and behind it the value where the feature says how to measure it.
  std::string judged(Side side, Evaluation& values, double value, std::string_view unit) const;
  // The value alone; the phrase of a feature that has no measure.
  std::string plain(Side side, Evaluation& values, double value, std::string_view unit) const;

 private:
  std::string measured(Evaluation& values, double value, std::string_view unit) const;

  Sentence high_, low_, missing_;
  Sentence measure_;                // empty in sets that were made before there were measures
  std::optional<NodeId> usual_;     // what the value usually is, as people read its unit
  std::vector<NodeId> usual_plan_;  // what that needs
  std::optional<Side> alarming_;    // the phrase that sounds of danger
  std::string about_;
};

}  // namespace winnow::features
