#include "features/detail/sentence.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::features {
namespace {

constexpr std::size_t kMaxShownBytes = 80;  // of one text from the event

enum class Writing : std::uint8_t { Plain, YesNo, Percent, Whole, LogOfWhole };
struct Unit {
  std::string_view name;
  Writing writing;
};
constexpr std::array<Unit, 14> kUnits = {{
    {"yes/no", Writing::YesNo},
    {"share", Writing::Percent},
    {"count", Writing::Whole},
    {"log count", Writing::LogOfWhole},
    {"characters", Writing::Whole},
    {"log characters", Writing::LogOfWhole},
    {"days", Writing::Whole},
    {"log days", Writing::LogOfWhole},
    {"rank", Writing::Whole},
    {"log rank", Writing::LogOfWhole},
    {"bits", Writing::Plain},
    {"per 100 words", Writing::Plain},
    {"result", Writing::Plain},  // 1 passed, 0 neither, -1 failed
    {"number", Writing::Plain},
}};

std::string shown(std::string_view text) {
  const auto cut = utf8_prefix(text, kMaxShownBytes);
  std::string out;
  for (const char c : cut)
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
  return cut.size() < text.size() ? out + "..." : out;
}

}  // namespace

Status check_unit(std::string_view unit, const Yaml& where) {
  std::vector<std::string> valid;
  for (const auto& known : kUnits) {
    if (known.name == unit) return {};
    valid.emplace_back(known.name);
  }
  const auto near = nearest(unit, valid);
  return where.error(fmt::format("unknown unit '{}'{}", unit,
                                 near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
}

std::string number_text(double value, std::string_view unit) {
  auto writing = Writing::Plain;
  for (const auto& known : kUnits) {
    if (known.name == unit) writing = known.writing;
  }
  if (std::isnan(value)) return "unknown";
  switch (writing) {
    case Writing::YesNo:
      return value == 0 ? "no" : "yes";
    case Writing::Percent:
      return fmt::format("{:.0f} %", value * 100);
    case Writing::Whole:
      return fmt::format("{:.0f}", value);
    case Writing::LogOfWhole:
      return fmt::format("{:.0f}", std::expm1(value));
    case Writing::Plain:
      break;
  }
  return fmt::format("{:.3g}", value);
}

Result<Sentence> Sentence::read(const Yaml& node, ProgramBuilder& names) {
  Sentence sentence;
  if (node.is_null()) return sentence;
  WINNOW_TRY(const std::string text, node.as_text());
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto open = rest.find('{');
    if (open != 0) {
      sentence.parts_.push_back({Part::Kind::Words, std::string(rest.substr(0, open)), 0});
      rest = open == std::string_view::npos ? std::string_view() : rest.substr(open);
      continue;
    }
    const auto close = rest.find('}');
    if (close == std::string_view::npos) return node.error("a phrase with '{' and no '}'");
    const auto name = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (name == "value") {
      sentence.parts_.push_back({Part::Kind::Value, {}, 0});
      continue;
    }
    auto bound = names.named(name);
    if (!bound) {
      return node.error(fmt::format("placeholder '{{{}}}': {}", name, bound.error().text()));
    }
    if (bound->type != Type::Text && bound->type != Type::Number) {
      return node.error(fmt::format("placeholder '{{{}}}' is of type {}, expected text or number",
                                    name, name_of(bound->type)));
    }
    sentence.parts_.push_back(
        {bound->type == Type::Text ? Part::Kind::Text : Part::Kind::Number, {}, bound->node});
  }
  return sentence;
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
  for (const auto& part : parts_) {
    switch (part.kind) {
      case Part::Kind::Words:
        out += part.words;
        break;
      case Part::Kind::Value:
        out += number_text(value, unit);
        break;
      case Part::Kind::Number:
        out += number_text(values.value(part.node).number, "number");
        break;
      case Part::Kind::Text: {
        const auto& cell = values.value(part.node);
        out += cell.is_missing() ? std::string("(none)") : shown(cell.text());
        break;
      }
    }
  }
  return out;
}

}  // namespace winnow::features
