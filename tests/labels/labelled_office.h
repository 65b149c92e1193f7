// An office's morning, as lists of labels name it.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "labels/label_search.h"
#include "tests/ingest/office_log.h"

namespace winnow::testing {

struct LabelledOffice : OfficeLog {
  RecordMapping mails;

  // One a minute.
  static std::string logon(int minute, const std::string& user, const std::string& host) {
    return OfficeLog::logon(kOfficeOpens + std::chrono::minutes(minute), user, host);
  }
  static std::string connection(int minute, const std::string& uid, const std::string& source) {
    return fmt::format(
        R"({{"_path":"conn","ts":{}.5,"uid":"{}","id.orig_h":"{}","id.orig_p":4000,"id.resp_h":"192.0.2.1","id.resp_p":80,"proto":"tcp","conn_state":"SF"}})",
        (kOfficeOpens + std::chrono::minutes(minute)).seconds(), uid, source);
  }

  Result<FoundLabels> find(const std::vector<LabelLine>& lines,
                           const LabelSearchLimits& limits = {}) {
    NoProgress progress;
    LogMappings logs(mappings());
    return find_labelled(log, mails, logs, lines, "list", limits, progress);
  }
};

}  // namespace winnow::testing
