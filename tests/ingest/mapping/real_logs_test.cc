// Records that nobody here wrote: each becomes valid OCSF, or goes to quarantine for a reason that
// is known here.
#include <algorithm>

#include <fmt/format.h>

#include "ingest/mapping/coverage.h"
#include "ingest/mapping/log_mappings.h"
#include "ingest/records/log_source.h"
#include "tests/ocsf/schema_validator.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

// How many events of each kind are validated, which is slow: of a file, and of all files.
constexpr std::uint64_t kValidatedOfFile = 25, kValidatedOfAll = 250;

Mapping shipped(const std::string& name) {
  const auto file = testing::source_folder() / "content" / "mappings" / (name + ".yaml");
  return Mapping::compile(Yaml::read(file.string()).value()).value();
}

struct Counts {
  std::uint64_t records = 0, mapped = 0, validated = 0;
  std::map<std::string, std::uint64_t> refused;
  std::map<std::string, std::uint64_t> validated_kinds;
};

// What the mapping tells apart: its class, and the source's own number of it.
std::string kind_of(const LogMappings::Mapped& mapped) {
  static const auto kCode = ocsf::Attribute::of("metadata.event_code");
  static const auto kLog = ocsf::Attribute::of("metadata.log_name");
  return fmt::format("{} {} {} {}", mapped.mapping, static_cast<unsigned>(mapped.event.class_uid()),
                     mapped.event.get(kLog).as_text(), mapped.event.get(kCode).as_text());
}

LogMappings shipped_by_names(std::string_view names) {
  std::vector<Mapping> mappings;
  while (!names.empty()) {
    const auto size = std::min(names.find(' '), names.size());
    mappings.push_back(shipped(std::string(names.substr(0, size))));
    names.remove_prefix(std::min(size + 1, names.size()));
  }
  return LogMappings(std::move(mappings));
}

// Maps all records of the file; of each kind of event the first few are validated.
void map_file(const Path& file, LogMappings& mappings, const testing::OcsfSchema& schema,
              Counts& counts) {
  const auto source = open_log(file, {}).value();
  std::map<std::string, std::uint64_t> seen;
  for (;;) {
    RawRecord record;
    const auto more = source->next(record);
    ASSERT_TRUE(more) << more.error();
    if (!*more) return;
    ++counts.records;
    const auto mapped =
        record.problem
            ? Result<LogMappings::Mapped>(Error(Code::InvalidArgument, record.problem->message))
            : mappings.read(record.form, record.raw, record.digest);
    if (!mapped) {
      ++counts.refused[mapped.error().message()];
      continue;
    }
    ++counts.mapped;
    const auto kind = kind_of(*mapped);
    if (++seen[kind] > kValidatedOfFile) continue;
    if (++counts.validated_kinds[kind] > kValidatedOfAll) continue;
    ++counts.validated;
    ASSERT_EQ(schema.problems_of(mapped->event.json(ocsf::Event::Unmapped::Include)),
              std::vector<std::string>{})
        << record.position.text() << "\n"
        << record.raw.substr(0, 2000);
  }
}

struct Archive {
  const char* name;
  const char* mappings;       // by name, blanks between
  double least_mapped;        // share of the records
  const char* left_out = "";  // files whose path holds this
};

void PrintTo(const Archive& archive, std::ostream* out) { *out << archive.name; }

class RealLogs : public ::testing::TestWithParam<Archive> {};

TEST_P(RealLogs, BecomeValidOcsf) {
  const auto& [name, mapping_names, least, left_out] = GetParam();
  const auto schema = testing::OcsfSchema::load();
  const auto folder = testing::unpacked(name);
  if (!schema || !folder) GTEST_SKIP() << testing::kNoRealData;
  auto mappings = shipped_by_names(mapping_names);
  Counts counts;
  for (const auto& file : list_files(*folder).value()) {
    const auto path = file.string();
    if (file.filename() == ".unpacked" || path.ends_with(".txt") || path.ends_with(".md") ||
        path.ends_with(".csv") || path.ends_with(".config")) {
      continue;
    }
    if (*left_out != 0 && path.find(left_out) != std::string::npos) continue;
    ASSERT_NO_FATAL_FAILURE(map_file(file, mappings, *schema, counts));
  }
  for (const auto& [reason, count] : counts.refused)
    std::cout << count << " refused: " << reason << '\n';
  std::cout << counts.mapped << " of " << counts.records << " mapped, " << counts.validated
            << " validated\n";
  EXPECT_GE(static_cast<double>(counts.mapped), least * static_cast<double>(counts.records));
}

INSTANTIATE_TEST_SUITE_P(
    Data, RealLogs,
    ::testing::Values(Archive{"network/suricata-eve.tar.zst", "suricata", 1.0},
                      Archive{"network/zeek-protocol-samples.tar.zst", "zeek", 0.998},
                      Archive{"network/zeek-wrccdc-2018.tar.zst", "zeek", 0.999},
                      Archive{"network/zeek-otrf.tar.zst", "zeek", 0.999},
                      Archive{"network/zeek-rita.tar.zst", "zeek", 0.999},
                      Archive{"network/zeek-stratosphere.tar.zst", "zeek", 0.99, "argus"},
                      Archive{"cloud/cloudtrail-stratus-2023.tar.zst", "cloudtrail", 0.99},
                      Archive{"cloud/stratus-detonation.tar.zst", "cloudtrail", 0.99},
                      Archive{"endpoint/otrf-host.tar.zst", "sysmon windows", 0.998,
                              "log4shell_cve2021_44228_jndi_reference"},  // Syslog and VMConnection
                      Archive{"cloud/m365_unified_audit.jsonl.zst", "m365", 1.0},
                      Archive{"alerts/ait-ads-raw.tar.zst", "aminer wazuh", 1.0},
                      Archive{"endpoint/evtx-attack.tar.zst", "sysmon windows", 1.0}),
    [](const auto& archive) {
      std::string name = archive.param.name;
      std::ranges::replace_if(
          name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

}  // namespace
}  // namespace winnow
