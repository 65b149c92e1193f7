// A morning of logons, leases and connections of an office in an event log.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "ingest/ingest.h"
#include "tests/support/support.h"

namespace winnow::testing {

inline const Timestamp kOfficeOpens = Timestamp::from_civil(2026, 3, 3, 8);

struct OfficeLog {
  TemporaryFolder folder;
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();
  Quarantine quarantine = Quarantine::open(folder / "quarantine.db", Access::ReadWrite).value();
  FixedClock clock{kOfficeOpens};

  static std::vector<Mapping> mappings() {
    std::vector<Mapping> all;
    for (const auto* const name : {"zeek", "windows"}) {
      const auto file = source_folder() / "content/mappings" / (std::string(name) + ".yaml");
      all.push_back(Mapping::compile(Yaml::read(file.string()).value()).value());
    }
    return all;
  }

  static std::string logon(Timestamp at, const std::string& user, const std::string& host) {
    return fmt::format(
        R"({{"Channel":"Security","EventID":4624,"Hostname":"{}.example.org","TimeCreated":"{}","TargetUserName":"{}","TargetDomainName":"EXAMPLE","TargetLogonId":"0x1{}","LogonType":"2","IpAddress":"127.0.0.1"}})",
        host, at.text(), user, at.seconds());
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
};

}  // namespace winnow::testing
