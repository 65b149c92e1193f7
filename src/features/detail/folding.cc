#include "features/detail/folding.h"

#include <algorithm>
#include <cmath>

namespace winnow::features {
namespace {

// Folds the event into one accumulator; false when it came too late for it.
bool fold_in(const History::Keep& keep, const Program& program, const Evaluation& evaluation,
             Timestamp at, Timestamp known_at, Accumulator& accumulator) {
  if (!keep.verdict.empty()) return true;
  if (keep.when && !evaluation.value(*keep.when).is_yes()) return true;
  const auto amount = [&]() -> std::uint64_t {
    const auto number = evaluation.value(*keep.value).number;
    return number >= 0.5 ? static_cast<std::uint64_t>(std::min(std::round(number), 1e15)) : 0;
  };
  const auto for_texts = [&](const auto& add) {
    const auto& cell = evaluation.value(*keep.value);
    if (cell.is_missing()) return true;
    if (program.nodes[*keep.value].type == Type::Text) return add(cell.text());
    bool in_time = true;
    for (const auto text : cell.texts()) in_time &= add(text);
    return in_time;
  };
  // Nothing happens after it was reported: what a clock that runs ahead says is known is taken as
  // of then, or one false date would empty the windows of its entity.
  const auto recent = std::min(at, known_at);
  struct Fold {
    decltype(amount)& amount_of;
    decltype(for_texts)& each_text;
    Timestamp at, recent;
    bool operator()(SeenSpan& seen) const { return seen.add(at), true; }
    bool operator()(BucketCounts& counts) const { return counts.add(at, amount_of()); }
    bool operator()(DistinctCount& values) const {
      return each_text([&](std::string_view text) { return values.add(text), true; });
    }
    bool operator()(WindowCounts& window) const { return window.add(recent, amount_of()); }
    bool operator()(WindowDistinct& window) const {
      return each_text([&](std::string_view text) { return window.add(recent, text); });
    }
    bool operator()(Frequencies& values) const {
      return each_text([&](std::string_view text) { return values.add(text), true; });
    }
    bool operator()(Arrivals& arrivals) const { return arrivals.add(recent); }
  };
  return std::visit(Fold{amount, for_texts, at, recent}, accumulator);
}

}  // namespace

Result<Observed> fold(const Program& program, const Evaluation& evaluation, Timestamp at,
                      Timestamp known_at, NamedEntities& entities, EntityStates& states) {
  WINNOW_TRY(const auto changing, entities.change(states));
  Observed observed{false, at > known_at};
  for (std::size_t i = 0; i < changing.size(); ++i) {
    const auto& history = entities.history(i);
    const auto accumulators = changing[i]->accumulators();
    for (std::size_t k = 0; k < accumulators.size(); ++k) {
      observed.late |=
          !fold_in(history.keeps[k], program, evaluation, at, known_at, accumulators[k]);
    }
  }
  return observed;
}

Status fold_verdict(const Program& program, std::string_view verdict, Timestamp known_at,
                    NamedEntities& entities, EntityStates& states) {
  const auto is_of_verdict = [&](const History::Keep& keep) { return keep.verdict == verdict; };
  for (std::size_t at = 0; at < program.histories.size(); ++at) {
    const auto& keeps = program.histories[at].keeps;
    if (std::ranges::none_of(keeps, is_of_verdict)) continue;
    WINNOW_TRY(const auto changing, entities.change_those_of(at, states));
    for (auto* const state : changing) {
      for (std::size_t k = 0; k < keeps.size(); ++k) {
        if (is_of_verdict(keeps[k]))
          std::get<BucketCounts>(state->accumulators()[k]).add(known_at, 1);
      }
    }
  }
  return {};
}

}  // namespace winnow::features
