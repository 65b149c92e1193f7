#include "server/case_lag.h"

#include "base/log.h"
#include "server/threads/desk.h"

namespace winnow::server {

std::optional<CaseLag> lag_of_cases(cases::CaseReader& cases, const Desk& desk) {
  const auto waiting = cases.behind();
  if (!waiting) {
    log::warn("how far cases are behind cannot be read", {{"error", waiting.error().text()}});
    return std::nullopt;
  }
  if (*waiting == 0) return CaseLag{};
  return CaseLag{*waiting, std::chrono::steady_clock::now() - desk.caught_up()};
}

}  // namespace winnow::server
