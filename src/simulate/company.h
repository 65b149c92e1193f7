// A company that does not exist: its people, accounts, machines and the organisations it deals
// with. Every kind of simulated traffic (mail_traffic.h) draws on this one model, so that the same
// person has the same habits everywhere. All names are invented; domains stand under names reserved
// by RFC 2606 or are made of invented words, and are never resolved.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace winnow::simulate {

enum class Language : std::uint8_t { En, De, Fr, Es, Pt, It };
inline constexpr std::size_t kLanguages = 6;

enum class Department : std::uint8_t { Board, Finance, People, It, Sales, Engineering, Operations };
inline constexpr std::size_t kDepartments = 7;

// Who works there. `id` is the position in Company::people.
struct Person {
  std::uint32_t id = 0;
  std::string given_name, family_name;
  std::string mailbox;  // local@domain
  Department department = Department::Engineering;
  bool leads = false;  // the department; of the board: the chief executive
  Language language = Language::En;
  int utc_offset_h = 0;  // of the office; summer time is left out
  int begins_h = 8;      // of the working day, local
  int ends_h = 17;
  double mails_a_day = 10;                // how much they write, relative to the others
  std::vector<std::uint32_t> colleagues;  // whom they mostly write to

  std::string full_name() const { return given_name + " " + family_name; }
};

// A sign-in of a person; privileged ones administer.
struct Account {
  std::uint32_t person = 0;
  std::string name;
  bool privileged = false;
};

struct Host {
  std::uint32_t person = 0;  // who uses it
  std::string name;          // "ws-0042"
  std::string address;       // private, IPv4
  bool is_server = false;
};

enum class OrganisationKind : std::uint8_t {
  Supplier,
  Customer,
  Service,  // software as a service: shares files, signs, tracks tickets, stores mail
  Bank,
  Carrier,     // brings parcels
  Newsletter,  // sends what somebody subscribed to
  Freemail,    // mailboxes for anybody
  Mailer,      // sends mail in the name of others, and counts their links
  Hosting,     // pages for anybody, for nothing
};

struct Organisation {
  OrganisationKind kind = OrganisationKind::Supplier;
  std::string name;
  std::string domain;
  Language language = Language::En;
  std::string address;  // of its mail server, IPv4
  // Contacts of suppliers and customers, as "Given Family".
  std::vector<std::string> contacts;
  int mailer = -1;     // position of the Mailer that sends its bulk mail; -1: its own server
  double orderly = 1;  // how reliably its mail authenticates
};

struct CompanyConfig {
  std::uint64_t seed = 1;
  unsigned people = 150;
  unsigned suppliers = 40;
  unsigned customers = 60;
  unsigned services = 14;
  unsigned newsletters = 30;
  std::string name = "Halvenmoor";
  std::string domain = "halvenmoor.example";
};

// The same configuration gives the same company on every machine. A value; immutable by habit.
struct Company {
  std::string name, domain;
  std::string gateway;          // the mail server that receives: "mx1.halvenmoor.example"
  std::string gateway_address;  // IPv4
  std::vector<Person> people;   // the chief executive first
  std::vector<Account> accounts;
  std::vector<Host> hosts;
  std::vector<Organisation> organisations;

  static Company build(const CompanyConfig& config);

  // One of a kind, drawn; there is at least one of each.
  const Organisation& pick(OrganisationKind kind, Rng& rng) const;
  const Person& pick_person(Rng& rng) const { return people[rng.below(people.size())]; }
  const Person& pick_from(Department department, Rng& rng) const;
  const Person& chief() const { return people.front(); }
};

// Names of no real company: "Tavonelt", "Brisquemar".
std::string invented_word(Rng& rng, unsigned syllables);
std::string given_name(Language language, Rng& rng);
std::string family_name(Language language, Rng& rng);
std::string full_name(Language language, Rng& rng);  // given and family name
std::string public_ipv4(Rng& rng);  // of the block for benchmarks (RFC 2544), never routed
// Lower case, ASCII: "José Müller" gives "jose.mueller".
std::string mailbox_name(std::string_view given, std::string_view family);

}  // namespace winnow::simulate
