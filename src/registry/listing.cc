#include "registry/detail/listing.h"

#include <fmt/format.h>

namespace winnow::registry {

Result<std::string> only_text(SqliteStatement& query, std::string_view what,
                              std::string_view wanted) {
  const auto quoted = fmt::format("{} '{}'", what, wanted.substr(0, 80));
  WINNOW_TRY(const bool any, query.next());
  if (!any) return Error(Code::NotFound, fmt::format("there is no {}", quoted));
  std::string found;
  WINNOW_TRY(query.read(found));
  WINNOW_TRY(const bool more, query.next());
  if (more) {
    return Error(Code::Conflict, fmt::format("{} is the beginning of several", quoted))
        .with_hint("write more of its digits");
  }
  return found;
}

}  // namespace winnow::registry
