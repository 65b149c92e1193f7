#include "features/detail/sentence.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "features/detail/written_numbers.h"

namespace winnow::features {
namespace {

constexpr std::size_t kMaxShownBytes = 80;  // of one text from the event

std::string shown(std::string_view text) {
  const auto cut = utf8_prefix(text, kMaxShownBytes);
  std::string out;
  for (const char c : cut)
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
  return cut.size() < text.size() ? out + "..." : out;
}

}  // namespace

Result<Sentence> Sentence::read(const Yaml& node, ProgramBuilder& names) {
  return read(node, names, false);
}

Result<Sentence> Sentence::read_measure(const Yaml& node, ProgramBuilder& names) {
  return read(node, names, true);
}

Result<Sentence> Sentence::read(const Yaml& node, ProgramBuilder& names, bool is_measure) {
  Sentence sentence;
  sentence.is_measure_ = is_measure;
  if (node.is_null()) return sentence;
  WINNOW_TRY(const std::string text, node.as_text());
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto open = rest.find('{');
    if (open != 0) {
      sentence.parts_.push_back({Part::Kind::Words, std::string(rest.substr(0, open)), {}, 0});
      rest = open == std::string_view::npos ? std::string_view() : rest.substr(open);
      continue;
    }
    const auto close = rest.find('}');
    if (close == std::string_view::npos) return node.error("a phrase with '{' and no '}'");
    WINNOW_TRY(auto part, read_part(rest.substr(1, close - 1), node, names, is_measure));
    sentence.parts_.push_back(std::move(part));
    rest.remove_prefix(close + 1);
  }
  return sentence;
}

Result<Sentence::Part> Sentence::read_part(std::string_view name, const Yaml& node,
                                           ProgramBuilder& names, bool is_measure) {
  constexpr std::string_view kAmount = "amount ";
  if (name == "value") return Part{Part::Kind::Value, {}, {}, 0};
  if (is_measure && name == "odds") return Part{Part::Kind::Odds, {}, {}, 0};
  if (is_measure && name == "span") return Part{Part::Kind::Span, {}, {}, 0};
  if (is_measure && name.starts_with(kAmount)) {
    const auto counted = name.substr(kAmount.size());
    const auto bar = counted.find('|');
    if (bar == std::string_view::npos)
      return node.error(fmt::format("'{{{}}}' names one and many: {{amount alert|alerts}}", name));
    return Part{Part::Kind::Amount, std::string(counted.substr(0, bar)),
                std::string(counted.substr(bar + 1)), 0};
  }
  auto bound = names.named(name);
  if (!bound) {
    return node.error(fmt::format("placeholder '{{{}}}': {}", name, bound.error().text()));
  }
  if (bound->type != Type::Text && bound->type != Type::Number) {
    return node.error(fmt::format("placeholder '{{{}}}' is of type {}, expected text or number",
                                  name, name_of(bound->type)));
  }
  const auto kind = bound->type == Type::Text ? Part::Kind::Text : Part::Kind::Number;
  return Part{kind, {}, {}, bound->node};
}

void Sentence::plan(const Program& program) {
  std::vector<NodeId> roots;
  for (const auto& part : parts_) {
    if (part.kind == Part::Kind::Text || part.kind == Part::Kind::Number)
      roots.push_back(part.node);
  }
  plan_ = program.plan(std::move(roots));
}

std::string Sentence::tell(Evaluation& values, double value, std::string_view unit) const {
  values.run(plan_);
  std::string out;
  for (const auto& part : parts_) out += tell(part, values, value, unit);
  return out;
}

std::string Sentence::tell(const Part& part, const Evaluation& values, double value,
                           std::string_view unit) const {
  const auto written = is_measure_ ? amount_text : number_text;
  switch (part.kind) {
    case Part::Kind::Words:
      return part.words;
    case Part::Kind::Value:
      return written(value, unit);
    case Part::Kind::Number:
      return written(values.value(part.node).number, "number");
    case Part::Kind::Amount: {
      const auto amount = amount_text(value, unit);
      return fmt::format("{} {}", amount, amount == "1" ? part.words : part.many);
    }
    case Part::Kind::Odds:
      return odds_text(value);
    case Part::Kind::Span:
      return span_text(value, unit);
    case Part::Kind::Text:
      break;
  }
  const auto& cell = values.value(part.node);
  return cell.is_missing() ? std::string("(none)") : shown(cell.text());
}

}  // namespace winnow::features
