#include "server/access/tokens.h"

#include "registry/workspace.h"
#include "tests/support/support.h"

namespace winnow::server {
namespace {

using testing::code_of;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4);

class TokensTest : public ::testing::Test {
 protected:
  TokensTest() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
  }
  Tokens open() {
    return Tokens::open(workspace_->registry(), workspace_->database_file()).value();
  }
  std::vector<std::string> actions() {
    std::vector<std::string> found;
    const auto& audit = workspace_->registry().audit();
    EXPECT_OK(
        audit.scan(0, audit.size(), [&](std::uint64_t, std::string_view text) -> Result<bool> {
          const auto entry = audit_entry_of(text).value();
          if (entry.action.starts_with("token.")) found.push_back(entry.action + " " + entry.actor);
          return true;
        }));
    return found;
  }
  testing::TemporaryFolder folder_;
  FixedClock clock_{kNow};
  std::unique_ptr<Workspace> workspace_;
};

TEST_F(TokensTest, OnlyTheDigestOfASecretIsKept) {
  auto tokens = open();
  const auto made = tokens.create("gate", Role::Sensor, std::chrono::hours(1), "ann").value();
  EXPECT_EQ(made.token.secret, sha256(made.text));
  EXPECT_EQ(token_id_in(made.text), made.token.id);
  const auto secret = made.text.substr(made.text.rfind('_') + 1);
  EXPECT_EQ(secret.size(), 64U);
  for (const auto& path : list_files(folder_.path()).value())
    EXPECT_EQ(read_file(path, 64UL << 20).value().find(secret), std::string::npos) << path;
}

TEST_F(TokensTest, TheAuditLogIsTheTruth) {
  {
    auto tokens = open();
    ASSERT_OK(tokens.create("gate", Role::Sensor, std::chrono::hours(1), "ann"));
    ASSERT_OK(tokens.create("console", Role::Admin, std::nullopt, "ann"));
    ASSERT_OK(tokens.revoke("gate", "bob"));
  }
  EXPECT_EQ(actions(), (std::vector<std::string>{"token.created ann", "token.created ann",
                                                 "token.revoked bob"}));
  const auto before = open().list().value();
  {
    auto database = Sqlite::open(workspace_->database_file(), Access::ReadWrite).value();
    ASSERT_OK(database.execute("DELETE FROM tokens; UPDATE tokens_cursor SET audit_entries = 0"));
  }
  const auto after = open().list().value();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].id, before[i].id);
    EXPECT_EQ(after[i].secret, before[i].secret);
    EXPECT_EQ(after[i].role, before[i].role);
    EXPECT_EQ(after[i].expires, before[i].expires);
    EXPECT_EQ(after[i].revoked, before[i].revoked);
  }
}

TEST_F(TokensTest, ATokenIsValidUntilItExpiresOrIsRevoked) {
  auto tokens = open();
  const auto token =
      tokens.create("gate", Role::Sensor, std::chrono::hours(1), "ann").value().token;
  EXPECT_TRUE(token.is_valid_at(kNow));
  EXPECT_FALSE(token.is_valid_at(kNow + std::chrono::hours(1)));
  EXPECT_EQ(code_of(tokens.create("gate", Role::Admin, {}, "ann")), Code::AlreadyExists);
  const auto revoked = tokens.revoke(token.id, "ann").value();
  EXPECT_FALSE(revoked.is_valid_at(kNow));
  EXPECT_EQ(code_of(tokens.revoke(token.id, "ann")), Code::Conflict);
  EXPECT_EQ(code_of(tokens.revoke("gate", "ann")), Code::NotFound);
  EXPECT_OK(tokens.create("gate", Role::Sensor, {}, "ann"));  // the name is free again
}

TEST_F(TokensTest, RefusesNamesThatAreNone) {
  auto tokens = open();
  for (const auto& name : {std::string(), std::string("Gate"), std::string("a b"),
                           std::string("a\n"), std::string(65, 'a')}) {
    EXPECT_EQ(code_of(tokens.create(name, Role::Sensor, {}, "ann")), Code::InvalidArgument) << name;
  }
  EXPECT_TRUE(actions().empty());
}

TEST(TokenText, HasOneForm) {
  const std::string id(12, 'a'), secret(64, 'b');
  EXPECT_EQ(token_id_in("wnw_" + id + "_" + secret), "t-" + id);
  for (const auto& text :
       {id, "wnw_" + id, "wnw_" + id + "-" + secret, "wnw_" + id + "_" + secret + "0",
        "WNW_" + id + "_" + secret, std::string()}) {
    EXPECT_FALSE(token_id_in(text)) << text;
  }
}

}  // namespace
}  // namespace winnow::server
