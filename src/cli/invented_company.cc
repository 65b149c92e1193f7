#include "cli/detail/invented_company.h"

#include <algorithm>
#include <chrono>

namespace winnow::cli {

Option people_option(std::string_view preset) {
  return {Option::Kind::Integer, "people", "who work there", preset};
}

simulate::Company invented_company(const Arguments& arguments) {
  const auto people = std::clamp<std::int64_t>(arguments.integer("people"), 10, 10'000);
  return simulate::Company::build({.seed = static_cast<std::uint64_t>(arguments.integer("seed")),
                                   .people = static_cast<unsigned>(people)});
}

Result<simulate::TrafficSpan> live_span(const Arguments& arguments, Timestamp now) {
  constexpr unsigned kDaysAhead = 30;
  WINNOW_TRY(const auto from, Timestamp::parse(arguments.text("from")));
  if (from > now) return Error(Code::InvalidArgument, "--from is a day that has not come yet");
  return simulate::TrafficSpan{
      .seed = static_cast<std::uint64_t>(arguments.integer("seed")),
      .from = from,
      .days = static_cast<unsigned>((now - from) / std::chrono::hours(24)) + kDaysAhead};
}

}  // namespace winnow::cli
