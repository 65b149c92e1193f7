// A morning of logons and connections in an event log, as lists of labels name it.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "ingest/ingest.h"
#include "labels/label_search.h"
#include "tests/support/support.h"

namespace winnow::testing {

inline const Timestamp kLogonsBegin = Timestamp::from_civil(2026, 3, 3, 8);

struct LabelledOffice {
  TemporaryFolder folder;
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();
  Quarantine quarantine = Quarantine::open(folder / "quarantine.db", Access::ReadWrite).value();
  FixedClock clock{kLogonsBegin};
  RecordMapping mails;

  static std::vector<Mapping> mappings() {
    std::vector<Mapping> all;
    for (const auto* const name : {"zeek", "windows"}) {
      const auto file = source_folder() / "content/mappings" / (std::string(name) + ".yaml");
      all.push_back(Mapping::compile(Yaml::read(file.string()).value()).value());
    }
    return all;
  }

  // One a minute.
  static std::string logon(int minute, const std::string& user, const std::string& host) {
    return fmt::format(
        R"({{"Channel":"Security","EventID":4624,"Hostname":"{}.example.org","TimeCreated":"{}","TargetUserName":"{}","TargetDomainName":"EXAMPLE","TargetLogonId":"0x1{}","LogonType":"2","IpAddress":"127.0.0.1"}})",
        host, (kLogonsBegin + std::chrono::minutes(minute)).text(), user, minute);
  }
  static std::string connection(int minute, const std::string& uid, const std::string& source) {
    return fmt::format(
        R"({{"_path":"conn","ts":{}.5,"uid":"{}","id.orig_h":"{}","id.orig_p":4000,"id.resp_h":"192.0.2.1","id.resp_p":80,"proto":"tcp","conn_state":"SF"}})",
        (kLogonsBegin + std::chrono::minutes(minute)).seconds(), uid, source);
  }

  void arrive(const std::vector<std::string>& lines, const std::string& mapping,
              const std::string& source = "sensor") {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    const Path file = folder / "lines.log";
    EXPECT_OK(write_atomically(file, text));
    NoProgress progress;
    LogMappings logs(mappings());
    IngestOptions options;
    options.mapping = mapping;
    options.source = source;
    const auto report = ingest_logs({&file, 1}, logs, log, quarantine, options, clock, progress);
    ASSERT_OK(report);
    ASSERT_EQ(report->unusable, 0U);
  }

  Result<FoundLabels> find(const std::vector<LabelLine>& lines,
                           const LabelSearchLimits& limits = {}) {
    NoProgress progress;
    LogMappings logs(mappings());
    return find_labelled(log, mails, logs, lines, "list", limits, progress);
  }
};

}  // namespace winnow::testing
