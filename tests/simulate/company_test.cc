#include "simulate/company.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

TEST(Company, IsTheSameForTheSameSeed) {
  const auto one = Company::build({.seed = 7});
  const auto same = Company::build({.seed = 7});
  const auto other = Company::build({.seed = 8});
  ASSERT_EQ(one.people.size(), same.people.size());
  for (std::size_t i = 0; i < one.people.size(); ++i) {
    EXPECT_EQ(one.people[i].mailbox, same.people[i].mailbox);
    EXPECT_EQ(one.people[i].colleagues, same.people[i].colleagues);
  }
  EXPECT_NE(one.organisations[0].domain, other.organisations[0].domain);
}

TEST(Company, MailboxesAndDomainsAreUnique) {
  const auto company = Company::build({.seed = 3, .people = 600});
  std::set<std::string> mailboxes, domains;
  for (const auto& person : company.people) EXPECT_TRUE(mailboxes.insert(person.mailbox).second);
  for (const auto& organisation : company.organisations) {
    EXPECT_TRUE(domains.insert(organisation.domain).second) << organisation.domain;
  }
}

TEST(Company, EveryDepartmentHasALeadAndEveryLanguageSpeakers) {
  const auto company = Company::build({});
  std::set<Language> languages;
  for (std::size_t i = 0; i < kDepartments; ++i) {
    EXPECT_TRUE(company.people[i].leads);
    EXPECT_EQ(company.people[i].department, static_cast<Department>(i));
  }
  for (const auto& person : company.people) languages.insert(person.language);
  EXPECT_EQ(languages.size(), kLanguages);
}

TEST(Company, ModelsAccountsAndHostsForTrafficOfOtherKinds) {
  const auto company = Company::build({});
  EXPECT_GE(company.accounts.size(), company.people.size());
  EXPECT_GE(company.hosts.size(), company.people.size());
  for (const auto& host : company.hosts) EXPECT_LT(host.person, company.people.size());
}

TEST(MailboxName, FoldsLettersOfAllLanguages) {
  EXPECT_EQ(mailbox_name("José", "Müller"), "jose.mueller");
  EXPECT_EQ(mailbox_name("Élodie", "Noël"), "elodie.noel");
  EXPECT_EQ(mailbox_name("João", "Magalhães"), "joao.magalhaes");
}

}  // namespace
}  // namespace winnow::simulate
