// The include rule of docs/architecture.md: a file includes its own folder and lower floors only,
// and each third-party library is included by one folder only.
#include <map>
#include <regex>
#include <set>

#include "base/file.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

// The house. Folders on one floor do not include each other.
const std::map<std::string, int> kFloors = {
    {"base", 0},     {"fetch", 1},    {"http", 1},     {"names", 1},     {"ocsf", 1},
    {"store", 1},    {"ingest", 2},   {"intel", 2},    {"features", 2},  {"model", 2},
    {"rules", 2},    {"oidc", 2},     {"registry", 2}, {"trace", 2},     {"pipeline", 3},
    {"identity", 3}, {"search", 3},   {"labels", 4},   {"learn", 4},     {"cases", 5},
    {"rollout", 5},  {"feedback", 5}, {"respond", 5},  {"retention", 6}, {"milter", 7},
    {"server", 7},   {"simulate", 7}, {"cli", 8}};

struct Include {
  Path file;         // below src/
  std::string name;  // as written, without the brackets
  bool ours;         // "..." rather than <...>
};

std::vector<Include> includes_of(const Path& root) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re",
                                   std::regex::multiline);
  std::vector<Include> found;
  for (const auto& path : list_files(root).value()) {
    if (path.extension() != ".h" && path.extension() != ".cc") continue;
    const auto text = read_file(path, 4UL << 20).value();
    for (std::sregex_iterator it(text.begin(), text.end(), kInclude), end; it != end; ++it) {
      found.push_back({path.lexically_relative(root), (*it)[2], (*it)[1] == "\""});
    }
  }
  return found;
}

std::string folder_of(const Path& path) { return path.begin()->string(); }

TEST(House, IncludesGoDownTheFloors) {
  for (const auto& [file, name, ours] : includes_of(testing::source_folder() / "src")) {
    const auto from = folder_of(file);
    ASSERT_TRUE(kFloors.contains(from)) << file << " is in a folder without a floor";
    if (!ours) continue;
    const auto to = folder_of(name);
    ASSERT_TRUE(kFloors.contains(to))
        << file << " includes \"" << name << "\": write it as folder/file.h";
    EXPECT_TRUE(to == from || kFloors.at(to) < kFloors.at(from))
        << file << " reaches up or sideways to " << name;
    const bool into_detail = to != from && name.find("/detail/") != std::string::npos;
    EXPECT_FALSE(into_detail) << file << " reaches into " << name;
  }
}

TEST(House, EachLibraryHasOneDoor) {
  // A header of fmt is no door: it stands in for <format>. OpenSSL is two libraries: crypto, and
  // ssl with its errors.
  static const std::regex kThirdParty(
      R"re(^(openssl/ssl|openssl/err|openssl|simdjson|yaml-cpp|nlohmann|spdlog|CLI|sqlite3|lmdb|xgboost|linear|gmime|libpsl|unicode|re2|zstd|zlib|xxhash|curl|cjose|archive|sodium|boost|pugixml|maxminddb)[/.])re");
  std::map<std::string, std::set<std::string>> users;
  for (const auto& [file, name, ours] : includes_of(testing::source_folder() / "src")) {
    std::smatch match;
    const std::string text = name;
    if (!ours && std::regex_search(text, match, kThirdParty))
      users[match[1]].insert(folder_of(file));
  }
  for (const auto& [library, folders] : users) {
    EXPECT_EQ(folders.size(), 1U) << library << " is included by more than one folder, among them "
                                  << *folders.begin() << " and " << *folders.rbegin();
  }
}

}  // namespace
}  // namespace winnow
