#include "server/threads/case_news.h"

#include "base/json.h"
#include "base/log.h"

namespace winnow::server {

void CaseNews::look(DeskStores& stores) {
  if (const auto told = tell(stores.case_reader); !told)
    log::warn("the changes of cases cannot be read", {{"error", told.error().message()}});
}

Status CaseNews::tell(cases::CaseReader& reader) {
  WINNOW_TRY(const auto latest, reader.latest());
  if (seen_ && *seen_ != latest) {
    WINNOW_TRY(const auto changed, reader.changed(*seen_, latest));
    for (const auto& one : changed) {
      live_->tell("case", one.id,
                  to_text(Json::object({{"id", one.id}, {"version", one.version}})));
    }
  }
  seen_ = latest;
  return {};
}

}  // namespace winnow::server
