#include "cases/case.h"

#include <array>

#include <fmt/format.h>

namespace winnow::cases {
namespace {

constexpr std::array<std::string_view, 4> kStates = {"new", "in_progress", "snoozed", "resolved"};
constexpr std::array<std::string_view, 4> kSeverities = {"low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> kVerdicts = {"true_positive", "benign_positive",
                                                       "false_positive"};

template <typename Enum, std::size_t N>
Result<Enum> named(const std::array<std::string_view, N>& names, std::string_view name,
                   std::string_view what) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is no {}", name.substr(0, 40), what))
      .with_hint(fmt::format("one of {}", fmt::join(names, ", ")));
}

}  // namespace

std::string_view name_of(CaseState state) { return kStates[static_cast<std::size_t>(state)]; }
Result<CaseState> state_named(std::string_view name) {
  return named<CaseState>(kStates, name, "state of a case");
}
std::string_view name_of(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}
Result<Severity> severity_named(std::string_view name) {
  return named<Severity>(kSeverities, name, "severity");
}
std::string_view name_of(VerdictKind kind) { return kVerdicts[static_cast<std::size_t>(kind)]; }
Result<VerdictKind> verdict_named(std::string_view name) {
  return named<VerdictKind>(kVerdicts, name, "verdict");
}

}  // namespace winnow::cases
