// Real Windows logs: what is told, against what the records say when they are read by other means.
#include <algorithm>
#include <map>
#include <set>

#include "identity/identity_book.h"
#include "identity/identity_reader.h"
#include "ingest/ingest.h"
#include "ingest/mapping/mapping_folder.h"
#include "tests/support/support.h"

namespace winnow::identity {
namespace {

std::vector<Mapping> mappings() {
  return read_log_mappings(winnow::testing::source_folder() / "content/mappings").value();
}

struct RealLogon {
  std::string user, host;
  Timestamp at;
};

// Logons at the screen or by Remote Desktop of accounts of a domain or machine, as flat JSON says.
std::vector<RealLogon> logons_in(std::string_view text) {
  std::vector<RealLogon> found;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto line = text.substr(from, end - from);
    from = end + 1;
    if (line.find("4624") == std::string_view::npos) continue;
    const auto json = parse_json(line);
    if (!json || (*json)["EventID"].as_int() != 4624) continue;
    const auto type = (*json)["LogonType"].is_string()
                          ? (*json)["LogonType"].as_string()
                          : std::to_string((*json)["LogonType"].as_int());
    static const std::set<std::string> kThere = {"2", "7", "10", "11"};
    const auto& uid = (*json)["TargetUserSid"].as_string();
    const auto& time = (*json)["TimeCreated"].as_string();
    if (!kThere.contains(type) || !uid.starts_with("S-1-5-21-") || time.empty()) continue;
    const auto at = Timestamp::parse(time);
    auto user = (*json)["TargetUserName"].as_string();
    auto host = (*json)["Hostname"].as_string();
    for (auto* const text_of : {&user, &host})
      std::ranges::transform(*text_of, text_of->begin(), [](char c) { return std::tolower(c); });
    host = host.substr(0, host.find('.'));
    if (at && !user.ends_with('$')) found.push_back({user, host, *at});
  }
  return found;
}

TEST(IdentityReal, EveryLogonOfTheCapturesIsTold) {
  const auto folder = winnow::testing::unpacked("endpoint/otrf-host.tar.zst");
  if (!folder) GTEST_SKIP() << winnow::testing::kNoRealData;
  const winnow::testing::TemporaryFolder made;
  auto log = EventLog::open(made / "events", Access::ReadWrite).value();
  auto quarantine = Quarantine::open(made / "quarantine.db", Access::ReadWrite).value();
  LogMappings logs(mappings());
  NoProgress progress;
  std::vector<Path> files;
  std::vector<RealLogon> logons;
  for (std::size_t seen = 0; const auto& path : list_files(*folder).value()) {
    if (path.extension() != ".jsonl" || seen++ % winnow::testing::kOneIn != 0) continue;
    const auto more = logons_in(read_file(path, 1UL << 30).value());
    logons.insert(logons.end(), more.begin(), more.end());
    files.push_back(path);
  }
  ASSERT_OK(ingest_logs(files, logs, log, quarantine, {}, SystemClock(), progress));
  auto book = IdentityBook::open(log, made / "identities.db", mappings()).value();
  for (std::size_t done = 4096; done == 4096;) done = book.catch_up(4096).value();
  auto reader = IdentityReader::open(made / "identities.db").value();
  ASSERT_GT(logons.size(), 20U / winnow::testing::kOneIn);
  std::map<std::string, int> missing;
  for (const auto& [user, host, at] : logons) {
    // A logon may share its ten minutes with one before: asked at their end.
    const auto answer =
        reader.who({.party = {PartyKind::Host, host}, .at = at, .limit = kMostSpans}).value();
    const bool told = std::ranges::any_of(answer.direct, [&](const Span& span) {
      return span.relation == Relation::UserHost && span.one == user;
    });
    if (!told) ++missing[user + " on " + host + " at " + at.text()];
  }
  EXPECT_TRUE(missing.empty()) << missing.size() << " of " << logons.size() << ", such as "
                               << missing.begin()->first;
  // What machines tell of their addresses: no address of a host that nobody saw there.
  const auto address = reader.who({.party = {PartyKind::Host, "workstation5"}}).value();
  EXPECT_TRUE(std::ranges::any_of(address.direct, [](const Span& span) {
    return span.relation == Relation::AddressHost && span.one == "172.18.39.5";
  }));
}

}  // namespace
}  // namespace winnow::identity
