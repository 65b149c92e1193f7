// Raw records beside the OCSF events that others published for them, field by field. Each kind of
// disagreement is judged in docs/mappings-agreement.md: one that is not is a mistake to mend.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/file.h"
#include "base/utf8.h"
#include "ingest/mapping/log_mappings.h"
#include "ingest/records/log_source.h"
#include "tests/ocsf/schema_validator.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

LogMappings all_shipped() {
  std::vector<Mapping> mappings;
  const auto folder = testing::source_folder() / "content" / "mappings";
  for (const auto& file : list_files(folder).value()) {
    if (file.filename() == "mail.yaml") continue;
    mappings.push_back(Mapping::compile(Yaml::read(file.string()).value()).value());
  }
  return LogMappings(std::move(mappings));
}

// Words for numbers, what is written twice, and what no two readers would number alike.
bool is_left_out(const std::string& path, const std::set<std::string>& all) {
  for (const std::string_view start : {"unmapped", "observables", "raw_data", "enrichments"}) {
    if (path.starts_with(start)) return true;
  }
  if (path.ends_with("_dt") || path == "metadata.version" || path == "type_name") return true;
  if (all.contains(path + "_id") || path == "class_name" || path == "category_name") return true;
  return path.ends_with("_name") &&
         (all.contains(path.substr(0, path.size() - 5) + "_id") || path == "activity_name");
}

using Fields = std::map<std::string, std::string>;

void flatten(const Json& json, const std::string& path, Fields& out) {
  if (json.is_object()) {
    for (const auto& [name, member] : json.members())
      flatten(member, path.empty() ? name : path + "." + name, out);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i)
      flatten(json[i], fmt::format("{}.{}", path, i), out);
  } else if (!json.is_null()) {
    out[path] = json.is_string() ? std::string(json.as_string()) : to_text(json);
  }
}

Fields fields_of(const Json& json) {
  Fields all;
  flatten(json, "", all);
  return all;
}

// Both sides without what is not compared.
void leave_out(Fields& ours, Fields& theirs) {
  std::set<std::string> names;
  for (const auto* fields : {&ours, &theirs}) {
    for (const auto& [path, value] : *fields) names.insert(path);
  }
  for (auto* fields : {&ours, &theirs})
    std::erase_if(*fields, [&](const auto& field) { return is_left_out(field.first, names); });
}

// The path without the numbers of rows.
std::string general(const std::string& path) {
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const auto size = std::min(path.find('.', at), path.size()) - at;
    const auto step = path.substr(at, size);
    const bool is_number = std::ranges::all_of(step, [](char c) { return c >= '0' && c <= '9'; });
    out += (out.empty() ? "" : ".") + (is_number ? "*" : step);
    at += size + 1;
  }
  return out;
}

struct Tally {
  std::uint64_t pairs = 0, agree = 0, differ = 0, only_theirs = 0, only_ours = 0;
  // "differ cloud.account.uid", with the first that was seen of it.
  std::map<std::string, std::string> kinds;
};

void compare(const Fields& ours, const Fields& theirs, Tally& tally) {
  ++tally.pairs;
  for (const auto& [path, value] : theirs) {
    const auto own = ours.find(path);
    if (own == ours.end()) {
      ++tally.only_theirs;
      tally.kinds.emplace("theirs " + general(path), fmt::format("theirs is '{}'", value));
    } else if (own->second == value) {
      ++tally.agree;
    } else {
      ++tally.differ;
      tally.kinds.emplace("differ " + general(path),
                          fmt::format("theirs is '{}', ours '{}'", value, own->second));
    }
  }
  for (const auto& [path, value] : ours) tally.only_ours += theirs.contains(path) ? 0 : 1;
}

// The lines "| mapping | kind | `path`, `path` | judgement |" of the document.
std::set<std::string> judgements() {
  std::set<std::string> judged;
  const auto text =
      read_file(testing::source_folder() / "docs" / "mappings-agreement.md", 1U << 20).value();
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto size = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, size);
    rest.remove_prefix(std::min(size + 1, rest.size()));
    std::vector<std::string> cells;
    for (std::size_t at = 0; at < line.size();) {
      const auto end = std::min(line.find('|', at), line.size());
      cells.emplace_back(trim_ascii(line.substr(at, end - at)));
      at = end + 1;
    }
    if (cells.size() < 5 || (cells[2] != "theirs" && cells[2] != "differ")) continue;
    for (std::size_t at = cells[3].find('`'); at != std::string::npos;
         at = cells[3].find('`', at)) {
      const auto end = cells[3].find('`', at + 1);
      if (end == std::string::npos) break;
      judged.insert(
          fmt::format("{} {} {}", cells[1], cells[2], cells[3].substr(at + 1, end - at - 1)));
      at = end + 1;
    }
  }
  return judged;
}

// The pairs of index.tsv whose expected side is JSON: {raw, expected}.
std::vector<std::pair<Path, Path>> pairs_of(const Path& folder) {
  std::vector<std::pair<Path, Path>> pairs;
  const auto text = read_file(folder / "index.tsv", 1U << 20).value();
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto size = std::min(rest.find('\n'), rest.size());
    std::vector<std::string> cells;
    auto line = rest.substr(0, size);
    rest.remove_prefix(std::min(size + 1, rest.size()));
    for (std::size_t at = 0; at <= line.size();) {
      const auto end = std::min(line.find('\t', at), line.size());
      cells.emplace_back(line.substr(at, end - at));
      at = end + 1;
    }
    if (cells.size() >= 7 && cells[4] == "yes" && !cells[5].empty())
      pairs.emplace_back(folder / cells[5], folder / cells[6]);
  }
  return pairs;
}

TEST(MappingAgreement, EveryDisagreementWithPublishedEventsIsJudged) {
  const auto folder = testing::unpacked("standards/ocsf-examples.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  auto mappings = all_shipped();
  std::map<std::string, Tally> tallies;
  std::uint64_t other_sources = 0;
  for (const auto& [raw, expected] : pairs_of(*folder / "ocsf-examples")) {
    const auto wanted = parse_json(read_file(expected, 1U << 22).value());
    if (!wanted) {
      std::cout << "not compared: " << expected.filename() << ": " << wanted.error().message()
                << '\n';
      continue;
    }
    const auto source = open_log(raw, {});
    RawRecord record;
    const bool is_record = source && (*source)->next(record).value_or(false) && !record.problem;
    auto mapped = is_record ? mappings.read(record.form, record.raw, record.digest)
                            : Result<LogMappings::Mapped>(Error(Code::NotFound, "no record"));
    if (!mapped) {
      ++other_sources;
      std::cout << "not mapped: " << raw.parent_path().filename() << "/" << raw.filename() << ": "
                << mapped.error().message() << '\n';
      continue;
    }
    auto ours = fields_of(mapped->event.json(ocsf::Event::Unmapped::LeaveOut));
    auto theirs = fields_of(wanted->is_array() ? (*wanted)[0] : *wanted);
    leave_out(ours, theirs);
    compare(ours, theirs, tallies[mapped->mapping]);
  }
  std::cout << fmt::format("{:<12} {:>5} {:>6} {:>6} {:>11} {:>9}\n", "mapping", "pairs", "agree",
                           "differ", "only theirs", "only ours");
  const auto judged = judgements();
  for (const auto& [name, tally] : tallies) {
    std::cout << fmt::format("{:<12} {:>5} {:>6} {:>6} {:>11} {:>9}\n", name, tally.pairs,
                             tally.agree, tally.differ, tally.only_theirs, tally.only_ours);
    for (const auto& [kind, example] : tally.kinds) {
      EXPECT_TRUE(judged.contains(fmt::format("{} {}", name, kind)))
          << name << " " << kind << ": " << example;
    }
  }
  std::cout << other_sources << " pairs of sources without a mapping\n";
}

// What others made of their records is OCSF already: it passes through, and is valid.
TEST(MappingAgreement, PublishedEventsPassThrough) {
  const auto folder = testing::unpacked("standards/ocsf-examples.tar.zst");
  const auto schema = testing::OcsfSchema::load();
  if (!folder || !schema) GTEST_SKIP() << testing::kNoRealData;
  auto mappings = all_shipped();
  std::map<std::string, int> passed;
  for (const auto& [raw, expected] : pairs_of(*folder / "ocsf-examples")) {
    const auto source = open_log(expected, {});
    for (RawRecord record; source && (*source)->next(record).value_or(false);) {
      const auto mapped = mappings.read(record.form, record.raw, record.digest);
      if (record.problem || !mapped) continue;
      EXPECT_TRUE(mapped->mapping.starts_with("ocsf_")) << expected << mapped->mapping;
      EXPECT_EQ(schema->problems_of(mapped->event.json(ocsf::Event::Unmapped::Include)),
                std::vector<std::string>{})
          << expected;
      ++passed[mapped->mapping];
    }
  }
  for (const auto& [name, count] : passed) std::cout << count << " events by " << name << '\n';
  EXPECT_GE(passed["ocsf_network"], 8);
  EXPECT_GE(passed["ocsf_cloud"], 10);
}

}  // namespace
}  // namespace winnow
