// The audit log over HTTP: searched, proven, verified, and told when it was tampered with.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "base/json.h"
#include "registry/audit_log.h"
#include "server/endpoints/audit_search.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::RunningService;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class AuditApi : public ::testing::Test {
 protected:
  void append(const std::string& actor, const std::string& action, std::string_view subject,
              int count = 1) {
    std::vector<AuditEntry> entries;
    for (int i = 0; i < count; ++i)
      entries.push_back({RunningService::kNow + std::chrono::seconds(i), actor, action,
                         fmt::format("{}-{}", subject, i), Json::object({{"note", "Überfällig"}})});
    EXPECT_OK(registry().audit().append(entries));
  }
  testing::Answer ask(std::string_view target, Role role = Role::Auditor) const {
    return service.ask("GET", target, service.token(role));
  }
  Json get(std::string_view target) const {
    const auto answer = ask(target);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return parse_json(answer.body).value();
  }
  Json verify(std::string_view body = "{}") const {
    const auto answer =
        service.ask("POST", "/v1/audit/verify", service.token(Role::Auditor), kJson, body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body).value();
  }
  // All that a search finds, page by page: their places.
  std::vector<std::int64_t> found(const std::string& query) const {
    std::vector<std::int64_t> places;
    std::string cursor;
    for (;;) {
      const auto page = get(fmt::format("/v1/audit?limit=7&{}{}", query, cursor));
      for (const auto& entry : page["entries"].items()) places.push_back(entry["index"].as_int());
      if (page["next"].is_null()) return places;
      cursor = "&cursor=" + page["next"].as_string();
    }
  }
  Path only_segment() const {
    return std::filesystem::directory_iterator(service.folder() / "soc/data/audit/entries")->path();
  }
  Registry& registry() { return beside_->registry(); }  // as other processes have it
  RunningService service;

 private:
  FixedClock clock_{RunningService::kNow};
  std::unique_ptr<Workspace> beside_ =
      Workspace::open(service.folder() / "soc", Access::ReadWrite, clock_).value();
};

TEST_F(AuditApi, EveryEntryIsFoundOnceNewestFirst) {
  append("ann", "case.resolved", "c", 40);
  const auto all = found("");
  const auto size = get("/v1/audit")["size"].as_int();
  ASSERT_EQ(all.size(), static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i], size - 1 - static_cast<std::int64_t>(i));
}

TEST_F(AuditApi, IsSearchedByWordsActionActorAndTime) {
  append("ann", "case.resolved", "c", 9);
  append("ben", "case.noted", "c", 9);
  append("ben", "suppression.made", "s", 2);
  EXPECT_EQ(found("action=case").size(), 18U);
  EXPECT_EQ(found("action=case.noted").size(), 9U);
  EXPECT_EQ(found("action=cas").size(), 0U) << "a noun is a whole one";
  EXPECT_EQ(found("actor=ben").size(), 11U);
  EXPECT_EQ(found("actor=ben&action=case&q=C-3").size(), 1U);
  EXPECT_EQ(found("q=%C3%9Cberf%C3%A4llig%20suppression").size(), 2U);
  EXPECT_EQ(found("actor=ben&since=2026-03-04T09:00:01Z&until=2026-03-04T09:00:03Z").size(), 3U);
  EXPECT_EQ(ask("/v1/audit?cursor=x").status, 400);
  EXPECT_EQ(ask("/v1/audit?limit=1000").status, 400);
  EXPECT_EQ(ask("/v1/audit?since=yesterday").status, 400);
}

TEST_F(AuditApi, APageReadsABoundedPartOfTheLogAndSaysWhereToGoOn) {
  append("ann", "needle.lost", "n");
  const auto needle = get("/v1/audit")["size"].as_int() - 1;
  append("ann", "hay.stacked", "h", static_cast<int>(kEntriesAPage));
  const auto first = get("/v1/audit?action=needle");
  EXPECT_EQ(first["entries"].size(), 0U);
  EXPECT_EQ(first["searched"]["to"].as_int(), needle + 1);
  ASSERT_TRUE(first["next"].is_string());
  const auto second = get("/v1/audit?action=needle&cursor=" + first["next"].as_string());
  ASSERT_EQ(second["entries"].size(), 1U);
  EXPECT_EQ(second["entries"][0]["index"].as_int(), needle);
  EXPECT_TRUE(second["next"].is_null());
}

TEST_F(AuditApi, AnEntryComesWithTheBytesThatAreHashed) {
  append("ann", "case.resolved", "c");
  const auto index = get("/v1/audit")["size"].as_int() - 1;
  const auto entry = get(fmt::format("/v1/audit/{}", index));
  EXPECT_EQ(entry["action"].as_string(), "case.resolved");
  EXPECT_EQ(entry["canonical"].as_string(),
            registry().audit().entry(static_cast<std::uint64_t>(index)).value());
  EXPECT_EQ(ask(fmt::format("/v1/audit/{}", index + 1)).status, 404);
  EXPECT_EQ(ask("/v1/audit/-1").status, 400);
  EXPECT_EQ(ask("/v1/audit/99999999999999999999").status, 400);
}

TEST_F(AuditApi, ProofsAndCheckpointsAreThoseOfTheLog) {
  append("ann", "case.resolved", "c");
  auto& audit = registry().audit();
  const auto index = audit.size() - 1;
  const auto proof = ask(fmt::format("/v1/audit/{}/proof", index));
  EXPECT_EQ(proof.body, to_text(audit.prove(index).value()));
  EXPECT_EQ(proof.field("content-disposition"),
            fmt::format("attachment; filename=\"entry-{}.tlog-proof\"", index));
  const auto checkpoint = ask("/v1/audit/checkpoint");
  EXPECT_EQ(checkpoint.body, audit.checkpoint());
  EXPECT_OK(verify_checkpoint(checkpoint.body, registry().keys()));
  EXPECT_EQ(ask("/v1/audit/keys").body,
            note_verifier_key(audit.origin(), registry().keys().current().public_key) + "\n");
}

TEST_F(AuditApi, VerificationSaysWhatWasChecked) {
  append("ann", "case.resolved", "c", 3);
  const auto kept = registry().audit().checkpoint();
  append("ann", "case.resolved", "c", 3);
  const auto known = Json::object({{"known", Json::array({Json(kept)})}});
  const auto checked = verify(to_text(known));
  EXPECT_TRUE(checked["verified"].as_bool()) << to_text(checked);
  EXPECT_EQ(checked["entries"].as_int(), static_cast<std::int64_t>(registry().audit().size()));
  EXPECT_GT(checked["checkpoints"].as_int(), 1);
  EXPECT_EQ(checked["known_checkpoints"].as_int(), 1);
  EXPECT_EQ(
      service.ask("POST", "/v1/audit/verify", service.token(Role::Senior), kJson, "{}").status,
      403);
  EXPECT_FALSE(verify(R"({"known":["no checkpoint at all"]})")["verified"].as_bool());
  for (const auto* const wrong : {R"({"known":{}})", R"({"known":null})", R"({"known":[7]})"}) {
    EXPECT_EQ(
        service.ask("POST", "/v1/audit/verify", service.token(Role::Auditor), kJson, wrong).status,
        400)
        << wrong;
  }
}

TEST_F(AuditApi, VerificationFindsAnEntryThatWasEditedAndNamesNoFolder) {
  append("ann", "case.resolved", "c", 3);
  append("ann", "case.reopened", "c", 3);
  const auto segment = only_segment();
  auto bytes = read_file(segment, 1UL << 20).value();
  const auto at = bytes.find("case.resolved");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'C';
  EXPECT_OK(write_atomically(segment, bytes));
  const auto checked = verify();
  EXPECT_FALSE(checked["verified"].as_bool());
  ASSERT_GE(checked["findings"].size(), 1U);
  EXPECT_TRUE(checked["findings"][0]["unchanged_until"].is_string());
  EXPECT_EQ(to_text(checked).find(service.folder().string()), std::string::npos);
}

}  // namespace
}  // namespace winnow::server
