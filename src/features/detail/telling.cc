#include "features/detail/telling.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "features/detail/written_numbers.h"

namespace winnow::features {

Result<Telling> Telling::read(const Yaml& feature, ProgramBuilder& names) {
  Telling telling;
  WINNOW_TRY(telling.high_, Sentence::read(feature["high"], names));
  WINNOW_TRY(telling.low_, Sentence::read(feature["low"], names));
  WINNOW_TRY(telling.missing_, Sentence::read(feature["missing"], names));
  WINNOW_TRY(telling.measure_, Sentence::read_measure(feature["measure"], names));
  for (const auto* key : {"usual", "about"}) {
    if (feature.has(key) && telling.measure_.empty())
      return feature[key].error(
          fmt::format("'{}' says more of a 'measure', and there is none", key));
  }
  if (feature.has("usual")) {
    WINNOW_TRY(telling.usual_, names.bind_as(feature["usual"], Type::Number));
  }
  if (feature.has("about")) {
    WINNOW_TRY(telling.about_, feature["about"].as_text());
  }
  if (feature.has("alarming")) {
    WINNOW_TRY(const std::string side, feature["alarming"].as_text());
    if (side != "high" && side != "low")
      return feature["alarming"].error("the phrase that is alarming is 'high' or 'low'");
    if (telling.measure_.empty())
      return feature["alarming"].error(
          "what is told when the alarming phrase does not suit is a 'measure', and there is none");
    telling.alarming_ = side == "high" ? Side::High : Side::Low;
  }
  return telling;
}

void Telling::plan(const Program& program) {
  for (auto* sentence : {&high_, &low_, &missing_, &measure_}) sentence->plan(program);
  if (usual_) usual_plan_ = program.plan({*usual_});
}

std::vector<NodeId> Telling::needs() const {
  auto needs = usual_plan_;
  for (const auto* sentence : {&high_, &low_, &missing_, &measure_})
    needs.insert(needs.end(), sentence->needs().begin(), sentence->needs().end());
  return needs;
}

bool Telling::suits(Side side, float contribution) const {
  return !alarming_ || (side == *alarming_) == (contribution > 0);
}

std::string Telling::missing(Evaluation& values, std::string_view unit) const {
  return missing_.tell(values, std::numeric_limits<double>::quiet_NaN(), unit);
}

std::string Telling::judged(Side side, Evaluation& values, double value,
                            std::string_view unit) const {
  const auto phrase = (side == Side::High ? high_ : low_).tell(values, value, unit);
  return measure_.empty() ? phrase : fmt::format("{}: {}", phrase, measured(values, value, unit));
}

std::string Telling::plain(Side side, Evaluation& values, double value,
                           std::string_view unit) const {
  return measure_.empty() ? judged(side, values, value, unit) : measured(values, value, unit);
}

std::string Telling::measured(Evaluation& values, double value, std::string_view unit) const {
  auto text = measure_.tell(values, value, unit);
  if (!usual_) return text;
  values.run(usual_plan_);
  const auto usual = values.value(*usual_).number;
  return std::isnan(usual) ? text : fmt::format("{}, usually {}", text, usual_text(usual));
}

}  // namespace winnow::features
