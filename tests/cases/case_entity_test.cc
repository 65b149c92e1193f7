// Cases of what is no mail know hosts, users, addresses, indicators and techniques: the queue finds
// them, and similar cases share them.
#include "cases/case_entity.h"

#include <fmt/format.h>

#include "cases/detail/entity_table.h"
#include "tests/cases/desk.h"

namespace winnow::cases {
namespace {

using testing::DecidedMail;
using testing::Desk;

// An alert of Wazuh on a host, about an address.
DecidedMail alert(const std::string& host, const std::string& address, const std::string& user,
                  const std::string& rule, const std::string& technique) {
  static int number = 0;
  return {
      .from = host,
      .subject = "alert: " + rule,
      .mapping = "wazuh",
      .domain = Domain::Alerts,
      .raw = fmt::format(R"({{"id":"{}.1","agent":{{"id":"1","name":"{}","ip":"192.0.2.5"}},)"
                         R"("data":{{"srcip":"{}","dstuser":"{}"}},"rule":{{"id":"1","level":12,)"
                         R"("description":"{}"}},"@timestamp":"2026-03-03T14:05:06Z"}})",
                         ++number, host, address, user, rule),
      .techniques = {technique}};
}

std::vector<std::string> keys(const Case& subject) {
  std::vector<std::string> found;
  for (const auto& entity : subject.entities) found.push_back(entity.key);
  return found;
}

TEST(CaseEntities, AreThoseThatItsFindingsEventsName) {
  Desk desk;
  const auto id = desk.find(alert("ws-0042", "198.51.100.9", "bo", "a logon", "T1078"));
  EXPECT_EQ(keys(desk.one(id)),
            (std::vector<std::string>{"ws-0042", "bo", "192.0.2.5", "198.51.100.9"}));
  EXPECT_TRUE(desk.one(desk.find({})).entities.empty()) << "a mail has sender and recipients";
}

TEST(CaseEntities, AreFoundByTheQueuesSearch) {
  Desk desk;
  const auto id = desk.find(alert("ws-0042", "198.51.100.9", "bo", "a logon", "T1078.004"));
  desk.find(alert("srv-7", "100.51.198.9", "cy", "another", "T1046"));
  auto reader = desk.reader();
  for (const auto content : {MailContent::Shown, MailContent::Redacted}) {
    for (const auto* typed : {"198.51.100.9", "ws-0042", "bo", "T1078.004", "t1078",
                              "Cloud Accounts", "ws-0042 T1078.004", "198.51.100"}) {
      const auto page = reader.queue({.text = typed, .content = content}, "").value();
      ASSERT_EQ(page.cases.size(), 1U) << typed;
      EXPECT_EQ(page.cases[0].id, id) << typed;
    }
    EXPECT_EQ(reader.queue({.text = "9.198.51.100", .content = content}, "").value().total, 0U)
        << "an address is one word: its numbers in another order are another one";
  }
}

TEST(CaseEntities, FindCasesThatShareThem) {
  Desk desk;
  const auto id = desk.find(alert("ws-0042", "198.51.100.9", "bo", "a logon", "T1078"));
  const auto same_address = desk.find(alert("srv-7", "198.51.100.9", "cy", "a scan", "T1046"));
  const auto same_technique = desk.find(alert("srv-8", "203.0.113.1", "dee", "a key", "T1078"));
  const auto similar = desk.get(id).similar;
  ASSERT_EQ(similar.size(), 2U);
  EXPECT_EQ(similar[0].subject.id, same_address);
  EXPECT_EQ(similar[0].why, "the address 192.0.2.5, the address 198.51.100.9");
  EXPECT_EQ(similar[1].subject.id, same_technique);
  EXPECT_EQ(similar[1].why, "the address 192.0.2.5, technique T1078 Valid Accounts");
}

TEST(CaseEntities, WhatEverybodyHasMakesNothingSimilar) {
  Desk desk;
  const auto id = desk.find(alert("ws-0042", "198.51.100.9", "bo", "a logon", "T1078"));
  for (std::size_t i = 0; i <= kEverybodys; ++i)
    desk.decide(alert(fmt::format("srv-{}", i), "203.0.113.1", "cy", "a key", "T1078"));
  desk.catch_up();
  EXPECT_TRUE(desk.get(id).similar.empty());
}

TEST(CaseEntities, GoWithTheirCase) {
  Desk desk;
  const auto id = desk.find(alert("ws-0042", "198.51.100.9", "bo", "a logon", "T1078"));
  desk.find(alert("srv-7", "198.51.100.9", "cy", "a scan", "T1046"));
  desk.change({.id = id, .state = CaseState::Resolved});
  ASSERT_OK(desk.book().remove(std::vector{id}, {desk.clock().now(), "test"}));
  auto sqlite = Sqlite::open(desk.database(), Access::ReadOnly).value();
  auto select =
      sqlite.prepare("SELECT count(*) FROM case_entities WHERE value = 'ws-0042'").value();
  EXPECT_OK(select.bind());
  ASSERT_TRUE(select.next().value());
  std::uint64_t left = 1;
  EXPECT_OK(select.read(left));
  EXPECT_EQ(left, 0U);
}

TEST(CaseEntities, KeepThoseThatAreWorthMost) {
  std::vector<CaseEntity> kept;
  for (int i = 0; i < 12; ++i) {
    const CaseEntity one{ocsf::EntityKind::Host, fmt::format("h{}", i),
                         static_cast<std::uint8_t>(i == 11 ? 4 : 0)};
    keep_entities(kept, {&one, 1});
  }
  ASSERT_EQ(kept.size(), kShownEntities);
  EXPECT_EQ(kept[0].key, "h11");
  EXPECT_EQ(kept[1].key, "h0");
  EXPECT_EQ(entities_in(to_text(entities_json(kept))).value(), kept);
}

}  // namespace
}  // namespace winnow::cases
