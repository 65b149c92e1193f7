#include "simulate/company.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/utf8.h"

namespace winnow::simulate {
namespace {

struct Office {
  Language language;
  int utc_offset_h;
  double share;  // of the people
};
constexpr std::array kOffices = {Office{Language::En, 0, 0.34}, Office{Language::De, 1, 0.26},
                                 Office{Language::Fr, 1, 0.14}, Office{Language::Es, 1, 0.10},
                                 Office{Language::Pt, 0, 0.08}, Office{Language::It, 1, 0.08}};
// Board, Finance, People, It, Sales, Engineering, Operations.
constexpr std::array<double, kDepartments> kDepartmentShares = {0.04, 0.10, 0.06, 0.08,
                                                                0.22, 0.32, 0.18};
constexpr std::size_t kColleagues = 9;

template <typename Items, typename Member>
std::vector<double> weights_of(const Items& items, Member member) {
  std::vector<double> weights;
  for (const auto& item : items) weights.push_back(item.*member);
  return weights;
}

const Office& draw_office(Rng& rng) {
  static const auto kShares = weights_of(kOffices, &Office::share);
  return kOffices[rng.weighted(kShares)];
}

Person make_person(std::uint32_t id, const CompanyConfig& config, std::set<std::string>& taken,
                   Rng& rng) {
  const Office& office = draw_office(rng);
  Person person;
  person.id = id;
  person.language = office.language;
  person.utc_offset_h = office.utc_offset_h;
  person.begins_h = static_cast<int>(rng.between(7, 9));
  person.ends_h = person.begins_h + static_cast<int>(rng.between(8, 10));
  person.mails_a_day = 2 + rng.exponential(8);
  // The first people lead the departments in turn, the chief executive first.
  person.leads = id < kDepartments;
  person.department = static_cast<Department>(person.leads ? id : rng.weighted(kDepartmentShares));
  std::string local;
  do {
    person.given_name = given_name(person.language, rng);
    person.family_name = family_name(person.language, rng);
    local = mailbox_name(person.given_name, person.family_name);
    if (taken.size() > 200) local += std::to_string(rng.between(2, 99));
  } while (!taken.insert(local).second);
  person.mailbox = local + "@" + config.domain;
  return person;
}

// Mostly people of the same department, and a few from anywhere.
void make_friends(std::vector<Person>& people, Rng& rng) {
  for (Person& person : people) {
    for (int tries = 0; person.colleagues.size() < kColleagues && tries < 200; ++tries) {
      const Person& other = people[rng.below(people.size())];
      const bool near = other.department == person.department || rng.chance(0.2);
      const bool known = std::ranges::find(person.colleagues, other.id) != person.colleagues.end();
      if (near && !known && other.id != person.id) person.colleagues.push_back(other.id);
    }
  }
}

void give_machines(Company& company, Rng& rng) {
  for (const Person& person : company.people) {
    const auto local = person.mailbox.substr(0, person.mailbox.find('@'));
    company.accounts.push_back({person.id, local, false});
    if (person.department == Department::It) {
      company.accounts.push_back({person.id, "adm-" + local, true});
    }
    company.hosts.push_back({person.id, fmt::format("ws-{:04}", person.id),
                             fmt::format("10.20.{}.{}", person.id / 200, person.id % 200 + 20),
                             false});
  }
  for (const std::string_view role : {"files", "directory", "builds", "backup"}) {
    const Person& keeper = company.pick_from(Department::It, rng);
    company.hosts.push_back({keeper.id, std::string(role) + "-01",
                             fmt::format("10.20.250.{}", company.hosts.size() % 200 + 10), true});
  }
}

std::string_view suffix_of(Language language, Rng& rng) {
  constexpr std::array<std::string_view, 6> kGeneral = {"com", "com", "com", "net", "io", "eu"};
  constexpr std::array<std::string_view, kLanguages> kNational = {"co.uk", "de", "fr",
                                                                  "es",    "pt", "it"};
  return rng.chance(0.45) ? kNational[static_cast<std::size_t>(language)] : rng.pick(kGeneral);
}

// Four syllables make a word that hardly anybody else has made.
Organisation make_organisation(OrganisationKind kind, Rng& rng) {
  Organisation organisation;
  organisation.kind = kind;
  organisation.language = draw_office(rng).language;
  const auto word = invented_word(rng, 4);
  organisation.name = word;
  organisation.domain =
      ascii_lower(word) + "." + std::string(suffix_of(organisation.language, rng));
  organisation.address = public_ipv4(rng);
  organisation.orderly = rng.chance(0.75) ? 0.99 : 0.6 + 0.35 * rng.unit();
  const bool deals = kind == OrganisationKind::Supplier || kind == OrganisationKind::Customer;
  for (auto left = deals ? rng.between(1, 4) : 0; left > 0; --left) {
    organisation.contacts.push_back(full_name(organisation.language, rng));
  }
  return organisation;
}

void add_organisations(Company& company, OrganisationKind kind, unsigned count, Rng& rng) {
  for (; count > 0; --count) company.organisations.push_back(make_organisation(kind, rng));
}

void choose_mailers(std::vector<Organisation>& organisations, Rng& rng) {
  std::vector<int> mailers;
  for (std::size_t i = 0; i < organisations.size(); ++i) {
    if (organisations[i].kind == OrganisationKind::Mailer) mailers.push_back(static_cast<int>(i));
  }
  for (Organisation& organisation : organisations) {
    const bool bulk = organisation.kind == OrganisationKind::Newsletter ||
                      organisation.kind == OrganisationKind::Service ||
                      organisation.kind == OrganisationKind::Carrier;
    if (bulk && rng.chance(0.65)) organisation.mailer = rng.pick(mailers);
  }
}

}  // namespace

Company Company::build(const CompanyConfig& config) {
  ensure(config.people >= kDepartments, "every department has somebody to lead it");
  const Rng root = Rng(config.seed).fork("company");
  Company company{.name = config.name,
                  .domain = config.domain,
                  .gateway = "mx1." + config.domain,
                  .gateway_address = "192.0.2.10",
                  .people = {},
                  .accounts = {},
                  .hosts = {},
                  .organisations = {}};
  Rng people = root.fork("people");
  std::set<std::string> taken;
  for (std::uint32_t id = 0; id < config.people; ++id) {
    company.people.push_back(make_person(id, config, taken, people));
  }
  make_friends(company.people, people);
  Rng machines = root.fork("machines");
  give_machines(company, machines);
  Rng world = root.fork("organisations");
  using enum OrganisationKind;
  add_organisations(company, Supplier, std::max(1U, config.suppliers), world);
  add_organisations(company, Customer, std::max(1U, config.customers), world);
  add_organisations(company, Service, std::max(1U, config.services), world);
  add_organisations(company, Newsletter, std::max(1U, config.newsletters), world);
  add_organisations(company, Bank, 4, world);
  add_organisations(company, Carrier, 4, world);
  add_organisations(company, Freemail, 3, world);
  add_organisations(company, Mailer, 3, world);
  add_organisations(company, Hosting, 3, world);
  choose_mailers(company.organisations, world);
  return company;
}

const Organisation& Company::pick(OrganisationKind kind, Rng& rng) const {
  const auto is_kind = [&](const Organisation& one) { return one.kind == kind; };
  auto left = rng.below(static_cast<std::uint64_t>(std::ranges::count_if(organisations, is_kind)));
  const auto found = std::ranges::find_if(
      organisations, [&](const Organisation& one) { return is_kind(one) && left-- == 0; });
  return *found;
}

const Person& Company::pick_from(Department department, Rng& rng) const {
  const auto belongs = [&](const Person& one) { return one.department == department; };
  auto left = rng.below(static_cast<std::uint64_t>(std::ranges::count_if(people, belongs)));
  return *std::ranges::find_if(people,
                               [&](const Person& one) { return belongs(one) && left-- == 0; });
}

}  // namespace winnow::simulate
