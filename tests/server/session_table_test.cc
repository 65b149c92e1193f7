#include "server/access/session_table.h"

#include "tests/support/support.h"

namespace winnow::server {
namespace {

using std::chrono::minutes;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4);

class SessionTableTest : public ::testing::Test {
 protected:
  Path file() const { return folder_ / "sessions.db"; }
  SessionTable open() const { return SessionTable::open(file()).value(); }
  static Sessions::Kept session(const char* secret, const char* owner, const char* name = "") {
    return {sha256(secret),
            {.id = owner, .name = name, .role = Role::Senior, .provider = "p"},
            kNow,
            kNow};
  }
  std::size_t count() { return open().list().value().size(); }
  testing::TemporaryFolder folder_;
};

TEST_F(SessionTableTest, KeepsThemAsTheyAre) {
  ASSERT_OK(open().put(session("a", "o-1", "oidc:ann@example.com")));
  const auto kept = open().list().value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].secret, sha256("a"));
  EXPECT_EQ(kept[0].owner.id, "o-1");
  EXPECT_EQ(kept[0].owner.name, "oidc:ann@example.com");
  EXPECT_EQ(kept[0].owner.role, Role::Senior);
  EXPECT_EQ(kept[0].owner.provider, "p");
  EXPECT_EQ(kept[0].opened, kNow);
  EXPECT_EQ(kept[0].used, kNow);
}

TEST_F(SessionTableTest, WhatEndedStaysAwayWhateverUsedIt) {
  auto table = open();
  ASSERT_OK(table.put(session("a", "t-1")));
  ASSERT_OK(table.put(session("b", "t-1")));
  auto used = session("a", "t-1");
  used.used = kNow + minutes(5);
  ASSERT_OK(table.take({.ended = {sha256("b")}, .used = {used}}));
  EXPECT_EQ(table.list().value().at(0).used, kNow + minutes(5));
  used.used = kNow + minutes(3);
  ASSERT_OK(table.take({.ended = {}, .used = {used}}));
  EXPECT_EQ(table.list().value().at(0).used, kNow + minutes(5)) << "never back";
  ASSERT_OK(table.remove(sha256("a")));
  used.used = kNow + minutes(9);
  ASSERT_OK(table.take({.ended = {}, .used = {used}}));
  EXPECT_EQ(count(), 0U);
}

TEST_F(SessionTableTest, AllOfOneOwnerEndAndOthersAreTold) {
  auto table = open();
  for (const auto* secret : {"a", "b"}) ASSERT_OK(table.put(session(secret, "o-1", "oidc:ann")));
  ASSERT_OK(table.put(session("c", "t-1")));
  const auto before = table.endings().value();
  EXPECT_EQ(open().end_all_of("o-1").value(), 2U);
  EXPECT_NE(table.endings().value(), before);
  EXPECT_EQ(open().end_all_of("t-1").value(), 1U);
  EXPECT_EQ(open().end_all_of("").value(), 0U);
  EXPECT_EQ(count(), 0U);
}

TEST(OwnerCalled, IsMeantByIdOrByANameThatOnePersonHas) {
  const std::vector<SessionOwner> all = {{"t-1", "ann"}, {"t-1", "ann"}, {"t-2", "o-7"},
                                         {"o-7", "bob"}, {"t-3", "cid"}, {"o-9", "cid"}};
  EXPECT_EQ(owner_called(all, "ann")->id, "t-1");
  EXPECT_EQ(owner_called(all, "o-7")->name, "bob") << "an id first";
  EXPECT_EQ(owner_called(all, "o-9")->name, "cid");
  EXPECT_EQ(testing::code_of(owner_called(all, "dan")), Code::NotFound);
  const auto several = owner_called(all, "cid");
  ASSERT_EQ(testing::code_of(several), Code::Conflict);
  EXPECT_NE(several.error().hint().find("o-9, t-3"), std::string::npos);
}

TEST_F(SessionTableTest, OneThatIsDamagedIsMadeAnew) {
  ASSERT_OK(open().put(session("a", "t-1")));
  auto bytes = read_file(file(), 16UL << 20).value();
  for (std::size_t at = 4096; at < bytes.size(); at += 512)
    bytes[at] = static_cast<char>(~bytes[at]);
  ASSERT_OK(write_atomically(file(), bytes));
  EXPECT_EQ(count(), 0U);
  ASSERT_OK(open().put(session("b", "t-1")));
  EXPECT_EQ(count(), 1U);
}

}  // namespace
}  // namespace winnow::server
