#include "features/detail/written_numbers.h"

#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace winnow::features {
namespace {

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

Writing writing_of(std::string_view unit) {
  for (const auto& known : kUnits) {
    if (known.name == unit) return known.writing;
  }
  return Writing::Plain;
}

std::string grouped(double value) {
  auto digits = fmt::format("{:.0f}", std::fabs(value));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return value <= -0.5 ? "-" + digits : digits;
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
  if (std::isnan(value)) return "unknown";
  switch (writing_of(unit)) {
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

double counted(double value, std::string_view unit) {
  return writing_of(unit) == Writing::LogOfWhole ? std::expm1(value) : value;
}

std::string amount_text(double value, std::string_view unit) {
  const auto writing = writing_of(unit);
  if (std::isnan(value) || writing == Writing::YesNo || writing == Writing::Percent)
    return number_text(value, unit);
  const double count = counted(value, unit);
  const bool is_whole = writing != Writing::Plain || std::fabs(count) >= 999.5;
  return is_whole ? grouped(count) : fmt::format("{:.3g}", count);
}

std::string usual_text(double value) {
  return value >= 9.5 ? grouped(value) : fmt::format("{:.1g}", value);
}

std::string odds_text(double bits) {
  return fmt::format("1 of {}", grouped(std::exp2(std::max(bits, 0.0))));
}

std::string span_text(double value, std::string_view unit) {
  const double in_seconds = unit.ends_with("days") ? 86'400 : 1;
  const double seconds = counted(value, unit) * in_seconds;
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 2 * 86'400) return fmt::format("{:.0f} h", seconds / 3600);
  return grouped(seconds / 86'400) + " days";
}

}  // namespace winnow::features
