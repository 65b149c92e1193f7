#include "ingest/mapping/detail/steps.h"

#include "ingest/mapping/detail/conversion.h"

namespace winnow::mapping {
namespace {

// Whether a step can hold all that the source says.
bool is_simple(const Source& source) {
  const auto is_short = [](const std::optional<Constant>& constant) {
    const auto* text = constant ? std::get_if<std::string>(&constant->value) : nullptr;
    return text == nullptr || text->size() <= EventTexts::kMaxText;
  };
  // The rows of a table were checked when it was compiled.
  const bool is_closed = !source.words.empty() || (!source.numbers.empty() && !source.table);
  if (source.is_texts || is_closed || !is_short(source.constant) || !is_short(source.otherwise)) {
    return false;
  }
  if (source.how == Source::How::Constant) return true;
  if (!source.formats.empty()) return false;
  if (source.how != Source::How::First || source.operands.size() != 1) return false;
  const auto& operand = source.operands.front();
  return !operand.place.list && !operand.is_part();
}

// Texts become views of nothing yet: `at` tells where they will lie.
struct Texts {
  std::vector<char>& all;
  std::vector<std::pair<std::size_t, std::size_t>> places;  // by assignment: where, how many

  ocsf::Value value(const std::optional<Constant>& constant) {
    auto& [at, size] = places.emplace_back();
    if (!constant) return {};
    if (const auto* number = std::get_if<std::int64_t>(&constant->value))
      return ocsf::Value::of(*number);
    if (const auto* real = std::get_if<double>(&constant->value)) return ocsf::Value::of(*real);
    if (const auto* flag = std::get_if<bool>(&constant->value)) return ocsf::Value::of(*flag);
    const auto& text = std::get<std::string>(constant->value);
    at = all.size();
    size = text.size();
    all.insert(all.end(), text.begin(), text.end());
    return ocsf::Value::of(std::string_view());
  }
};

}  // namespace

void make_steps(EventProgram& event) {
  const auto count = event.assignments.size();
  const auto words = words_for(count);
  Texts texts{event.constants, {}};
  event.required.assign(words, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& source = event.assignments[i].source;
    if (event.assignments[i].is_required) set_bit(event.required, i);
    Step step{event.assignments[i].attribute};
    if (!is_simple(source)) {
      texts.value({});
      event.steps.push_back(step);
      continue;
    }
    const bool is_constant = source.how == Source::How::Constant;
    step.takes = is_constant    ? Step::Takes::Nothing
                 : source.table ? Step::Takes::Lookup
                                : Step::Takes::Cell;
    step.conversion = source.conversion;
    step.as_millis = source.as_millis;
    if (!is_constant) step.column = source.operands.front().place.column;
    step.otherwise = texts.value(is_constant ? source.constant : source.otherwise);
    event.steps.push_back(step);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto [at, size] = texts.places[i];
    auto& value = event.steps[i].otherwise;
    if (value.kind() == ocsf::Value::Kind::Text)
      value = ocsf::Value::of(std::string_view(event.constants.data() + at, size));
  }
  for (auto& check : event.checks) {
    check.bits.assign(words * (1 + check.needs.size()), 0);
    const auto all = std::span(check.bits);
    for (const auto member : check.members) set_bit(all.first(words), member);
    for (std::size_t i = 0; i < check.needs.size(); ++i) {
      for (const auto number : check.needs[i].numbers)
        set_bit(all.subspan((i + 1) * words, words), number);
    }
  }
}

}  // namespace winnow::mapping
