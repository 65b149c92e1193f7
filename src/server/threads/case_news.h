// Open pages are told which cases changed, whoever changed them.
#pragma once

#include <optional>

#include "cases/case_reader.h"
#include "server/threads/desk.h"
#include "server/threads/live.h"

namespace winnow::server {

// On the desk's thread. `live` outlives it.
class CaseNews {
 public:
  explicit CaseNews(Live& live) : live_(&live) {}

  // Tells what changed since the look before; the first one tells nothing. What cannot be read is
  // logged, and told the next time.
  void look(DeskStores& stores);

 private:
  Status tell(cases::CaseReader& reader);
  Live* live_;
  std::optional<cases::CaseMark> seen_;
};

}  // namespace winnow::server
