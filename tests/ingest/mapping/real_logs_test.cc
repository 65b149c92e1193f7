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

constexpr std::uint64_t kValidated = 25;  // events of each kind and file: the validator is slow

Mapping shipped(const std::string& name) {
  const auto file = testing::source_folder() / "content" / "mappings" / (name + ".yaml");
  return Mapping::compile(Yaml::read(file.string()).value()).value();
}

struct Counts {
  std::uint64_t records = 0, mapped = 0, validated = 0;
  std::map<std::string, std::uint64_t> refused;
};

// Maps all records of the file; of each kind of event the first few are validated.
void map_file(const Path& file, const Mapping& mapping, const testing::OcsfSchema& schema,
              Counts& counts) {
  LogReader reader(mapping);
  const auto source = open_log(file, {}).value();
  std::map<std::size_t, std::uint64_t> seen;
  for (;;) {
    RawRecord record;
    const auto more = source->next(record);
    ASSERT_TRUE(more) << more.error();
    if (!*more) return;
    ++counts.records;
    const auto event =
        record.problem ? Result<ocsf::Event>(Error(Code::InvalidArgument, record.problem->message))
                       : reader.read(record.form, record.raw, record.digest);
    if (!event) {
      ++counts.refused[event.error().message()];
      continue;
    }
    ++counts.mapped;
    if (++seen[reader.kind(record.form, record.raw).value()] > kValidated) continue;
    ++counts.validated;
    ASSERT_EQ(schema.problems_of(event->json(ocsf::Event::Unmapped::Include)),
              std::vector<std::string>{})
        << record.position.text() << "\n"
        << record.raw.substr(0, 2000);
  }
}

struct Archive {
  const char* name;
  const char* mapping;
  double least_mapped;        // share of the records
  const char* left_out = "";  // files whose path holds this
};

void PrintTo(const Archive& archive, std::ostream* out) { *out << archive.name; }

class RealLogs : public ::testing::TestWithParam<Archive> {};

TEST_P(RealLogs, BecomeValidOcsf) {
  const auto& [name, mapping_name, least, left_out] = GetParam();
  const auto schema = testing::OcsfSchema::load();
  const auto folder = testing::unpacked(name);
  if (!schema || !folder) GTEST_SKIP() << testing::kNoRealData;
  const auto mapping = shipped(mapping_name);
  Counts counts;
  for (const auto& file : list_files(*folder).value()) {
    const auto path = file.string();
    if (file.filename() == ".unpacked" || path.ends_with(".txt") || path.ends_with(".md") ||
        path.ends_with(".config")) {
      continue;
    }
    if (*left_out != 0 && path.find(left_out) != std::string::npos) continue;
    ASSERT_NO_FATAL_FAILURE(map_file(file, mapping, *schema, counts));
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
                      Archive{"cloud/stratus-detonation.tar.zst", "cloudtrail", 0.99}),
    [](const auto& archive) {
      std::string name = archive.param.name;
      std::ranges::replace_if(
          name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

}  // namespace
}  // namespace winnow
