#include "simulate/detail/everyday_network.h"

#include <array>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::simulate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kSites = 400;
constexpr std::array kIssuers = {"C=US, O=Brisk Trust, CN=Brisk TLS CA 3",
                                 "C=US, O=Openwell, CN=R11", "C=BE, O=Vastsign, CN=Vastsign DV 2"};
constexpr std::array kPrograms = {
    Program{"a4c123b1612dd272d1371c17149d4395",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Browser/131.0"},
    Program{"36b3216fdaeeb975729fae923d5a4fd1",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) Browser/18.1"},
    Program{"2aabfe228f219e9cb0eb53f16947ccf2", "Mozilla/5.0 (X11; Linux x86_64) Browser/128.0"},
    Program{"5ec84d8dbc74254770f58904dba41ecc", "Updater/4.2"}};

// What rules of an IDS raise all day without anybody being in danger.
constexpr std::array kNoise = {
    Signature{2200073, "SURICATA IPv4 invalid checksum", "Generic Protocol Command Decode", 3},
    Signature{2210044, "SURICATA STREAM Packet with invalid timestamp",
              "Generic Protocol Command Decode", 3},
    Signature{2013028, "POLICY program without a browser's name asks the web",
              "Attempted Information Leak", 2},
    Signature{2027397, "POLICY remote help session", "Potential Corporate Privacy Violation", 1}};
constexpr std::array kScans = {
    Signature{2402000, "SCAN address on a list of scanners", "Misc Attack", 2},
    Signature{2010935, "SCAN port of a database tried from outside", "Potentially Bad Traffic", 2},
    Signature{2024364, "SCAN known web scanner", "Web Application Attack", 1}};

std::string hex(Rng& rng, unsigned digits) {
  std::string text;
  while (text.size() < digits) text += fmt::format("{:08x}", rng.below(1ULL << 32));
  text.resize(digits);
  return text;
}

Site make_site(Rng& rng, double popularity) {
  static constexpr std::array kEndings = {"com", "net", "org", "io", "de", "co"};
  Site site;
  // Statements of their own, here and below: the order in which arguments draw is the compiler's.
  const auto* const ending = rng.pick(kEndings);
  site.domain = fmt::format("{}.{}", ascii_lower(invented_word(rng, 4)), ending);
  site.address = public_ipv4(rng);
  site.issuer = rng.pick(kIssuers);
  site.server_print = hex(rng, 32);
  site.popularity = popularity;
  site.plain = rng.chance(0.08);
  return site;
}

// What a page asks for beside itself: content networks name their machines by numbers.
std::string name_of(const Site& site, Rng& rng) {
  if (rng.chance(0.15)) return fmt::format("d{}.cdn.{}", hex(rng, 12), site.domain);
  return rng.chance(0.6) ? "www." + site.domain : site.domain;
}

Timestamp at_work(const Person& person, Timestamp day, Rng& rng) {
  const auto begins = hours(person.begins_h - person.utc_offset_h);
  const auto length = static_cast<double>(person.ends_h - person.begins_h) * 3600;
  return day + begins +
         std::chrono::microseconds(static_cast<std::int64_t>(rng.unit() * length * 1e6));
}

void browse(const Company& company, const NetworkPlaces& places, Timestamp day, double visits,
            Wire& wire) {
  auto& rng = wire.rng();
  for (const auto& machine : places.machines) {
    const auto& person = company.people[machine.person];
    const auto& program = everyday_program(rng);
    for (auto left = rng.poisson(visits); left > 0; --left) {
      const auto& site = places.pick(rng);
      const bool brings = rng.chance(0.06);  // a file to a share, a form
      const auto out = 400 + static_cast<std::uint64_t>(rng.exponential(brings ? 4e6 : 1500));
      const auto in = 800 + static_cast<std::uint64_t>(rng.exponential(brings ? 3000 : 60'000));
      const auto at = at_work(person, day, rng);
      wire.visit(at, machine.address, site, name_of(site, rng), program.print, program.agent, out,
                 in);
      if (rng.chance(0.02)) {  // a typing error
        auto wrong = site.domain;
        std::swap(wrong[0], wrong[1]);
        wire.lookup(at, machine.address, wrong, "A", "NXDOMAIN");
      }
      if (rng.chance(0.01)) {
        const auto& noise = rng.pick(kNoise);
        wire.alert(wire.connection(at, machine.address, site.address, 443, 400, 900, 1), noise);
      }
    }
    // Files and directory of the own servers.
    for (auto left = rng.poisson(visits / 3); left > 0; --left) {
      const auto port = static_cast<std::uint16_t>(rng.pick(std::array{445, 389, 88, 3389}));
      const auto length_s = rng.exponential(60);
      const auto answered = static_cast<std::uint64_t>(rng.exponential(90'000));
      const auto asked = static_cast<std::uint64_t>(rng.exponential(20'000));
      const auto& server = rng.pick(places.servers).address;
      const auto at = at_work(person, day, rng);
      auto made = wire.connection(at, machine.address, server, port, asked, answered, length_s);
      made.application = port == 445 ? "smb" : "failed";
      wire.flow(made);
    }
  }
}

// As regular as a beacon: programs that ask their maker, and the monitoring of servers.
void call_home(const NetworkPlaces& places, Timestamp day, Wire& wire) {
  auto& rng = wire.rng();
  for (std::size_t i = 0; i < places.machines.size(); i += 3) {
    for (auto at = day + minutes(rng.between(0, 59)); at < day + hours(24); at = at + minutes(60)) {
      wire.visit(at + seconds(rng.between(0, 3)), places.machines[i].address, places.vendor,
                 "update." + places.vendor.domain, kPrograms[3].print, kPrograms[3].agent, 600,
                 900);
    }
  }
  for (auto at = day; at < day + hours(24); at = at + minutes(15)) {
    for (const auto& server : places.servers)
      wire.flow(wire.connection(at, places.monitor, server.address, 9100, 300, 4000, 0.1));
  }
}

// As large as a theft: the nightly copy to a data centre.
void back_up(const NetworkPlaces& places, Timestamp day, Wire& wire) {
  auto& rng = wire.rng();
  for (int part = 0; part < 12; ++part) {
    wire.visit(day + hours(1) + minutes(4 * part), places.backup_source, places.backup,
               "store." + places.backup.domain, kPrograms[2].print, kPrograms[2].agent,
               200'000'000 + rng.below(100'000'000), 60'000);
  }
}

// As wide as an intruder's search: the company looks for its own weaknesses on Sundays.
void scan_own(const NetworkPlaces& places, Timestamp day, Wire& wire) {
  auto at = day + hours(3);
  for (const auto& server : places.servers) {
    for (const int port : {21, 22, 23, 80, 135, 443, 445, 3306, 3389, 5432, 5985, 8080}) {
      at = at + std::chrono::milliseconds(400);
      if (wire.rng().chance(0.2)) {
        wire.flow(wire.connection(at, places.scanner, server.address,
                                  static_cast<std::uint16_t>(port), 700, 900, 0.5));
      } else {
        wire.unanswered(at, places.scanner, server.address, static_cast<std::uint16_t>(port));
      }
    }
  }
}

// Strangers who try every address of the internet.
void be_scanned(const NetworkPlaces& places, Timestamp day, Wire& wire) {
  auto& rng = wire.rng();
  for (auto left = rng.poisson(60); left > 0; --left) {
    const auto from = public_ipv4(rng);
    const auto at = day + seconds(rng.between(0, 86'399));
    const auto port =
        static_cast<std::uint16_t>(rng.pick(std::array{22, 23, 80, 443, 1433, 3389, 5900, 8080}));
    if (rng.chance(0.8)) {
      wire.unanswered(at, from, places.public_address, port);
    } else {
      const auto tried = wire.connection(at, from, places.public_address, port, 200, 200, 0.3);
      wire.flow(tried);
      wire.alert(tried, rng.pick(kScans));
    }
  }
}

}  // namespace

const Program& everyday_program(Rng& rng) {
  static constexpr std::array<double, 4> kShares = {0.6, 0.2, 0.15, 0.05};
  return kPrograms[rng.weighted(kShares)];
}

NetworkPlaces NetworkPlaces::of(const Company& company, Rng rng) {
  NetworkPlaces places;
  for (const auto& host : company.hosts)
    (host.is_server ? places.servers : places.machines).push_back(host);
  for (std::size_t i = 0; i < kSites; ++i) {
    places.sites.push_back(make_site(rng, 1.0 / static_cast<double>(i + 3)));
    places.weights.push_back(places.sites.back().popularity);
  }
  places.vendor = make_site(rng, 0);
  places.backup = make_site(rng, 0);
  places.vendor.plain = places.backup.plain = false;
  places.scanner = "10.0.9.5";
  places.monitor = "10.0.9.6";
  places.backup_source = "10.0.9.7";
  places.public_address = company.gateway_address;
  return places;
}

void everyday_network(const Company& company, const NetworkPlaces& places, Timestamp day,
                      bool works, double visits, Wire& wire) {
  browse(company, places, day, works ? visits : visits * 0.08, wire);
  call_home(places, day, wire);
  back_up(places, day, wire);
  if (!works) scan_own(places, day, wire);
  be_scanned(places, day, wire);
}

}  // namespace winnow::simulate
