#include "simulate/company_assets.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/contract.h"

namespace winnow::simulate {
namespace {

constexpr std::array<std::string_view, kDepartments> kDepartmentNames = {
    "Board", "Finance", "People", "IT", "Sales", "Engineering", "Operations"};

std::string department_of(const Person& person) {
  return std::string(kDepartmentNames[static_cast<std::size_t>(person.department)]);
}

// Whoever can move money or machines is worth more to who breaks in.
Criticality worth_of(const Person& person, bool is_privileged) {
  if (is_privileged || person.department == Department::Board) return Criticality::High;
  if (person.department == Department::Finance) return Criticality::Medium;
  return Criticality::Low;
}

bool is_privileged(const Company& company, const Person& person) {
  return std::ranges::any_of(company.accounts, [&](const Account& account) {
    return account.person == person.id && account.privileged;
  });
}

Asset user_of(const Company& company, const Person& person) {
  const bool privileged = is_privileged(company, person);
  Asset asset{.kind = AssetKind::User,
              .name = person.mailbox,
              .criticality = worth_of(person, privileged),
              .department = department_of(person)};
  if (privileged) asset.tags.emplace_back("privileged");
  if (person.leads) asset.tags.emplace_back("lead");
  for (const auto& account : company.accounts) {
    if (account.person == person.id) asset.aliases.push_back(account.name);
  }
  return asset;
}

Asset host_of(const Company& company, const Host& host) {
  const auto& person = company.people[host.person];
  Asset asset{.kind = AssetKind::Host, .name = host.name};
  asset.aliases.push_back(fmt::format("{}.{}", host.name, company.domain));
  if (host.is_server) {
    asset.criticality = Criticality::Critical;
    asset.owner = "IT";
    asset.purpose = "server";
    asset.department = "IT";
  } else {
    asset.criticality = worth_of(person, is_privileged(company, person));
    asset.owner = person.mailbox;
    asset.purpose = "workstation";
    asset.department = department_of(person);
  }
  return asset;
}

// Sensors on the network know machines by their addresses.
Asset address_of(const Host& host, Asset asset) {
  asset.kind = AssetKind::Network;
  asset.name = host.address;
  asset.aliases.clear();
  asset.purpose += " " + host.name;
  return asset;
}

}  // namespace

std::vector<Asset> assets_of(const Company& company) {
  std::vector<Asset> assets;
  for (const auto& person : company.people) assets.push_back(user_of(company, person));
  for (const auto& host : company.hosts) {
    assets.push_back(host_of(company, host));
    assets.push_back(address_of(host, assets.back()));
  }
  auto all = checked(std::move(assets));
  ensure(all.has_value(), "an invented company names nothing twice");
  return std::move(*all);
}

}  // namespace winnow::simulate
