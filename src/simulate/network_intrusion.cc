#include "simulate/detail/network_intrusion.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace winnow::simulate {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Signature kKnownCall{2035595, "MALWARE call home of a known family",
                               "Malware Command and Control Activity Detected", 1};
constexpr Signature kManyTries{2019876, "SCAN many sign-ins in a short time",
                               "Attempted Administrator Privilege Gain", 1};

std::chrono::microseconds micros(double value_s) {
  return std::chrono::microseconds(static_cast<std::int64_t>(value_s * 1e6));
}

std::string letters(Rng& rng, std::int64_t least, std::int64_t most) {
  std::string text;
  for (auto left = rng.between(least, most); left > 0; --left)
    text.push_back(static_cast<char>('a' + rng.below(26)));
  return text;
}

std::string hex(Rng& rng, unsigned words) {
  std::string text;
  for (; words > 0; --words) text += fmt::format("{:08x}", rng.below(1ULL << 32));
  return text;
}

}  // namespace

NetworkIntrusion::NetworkIntrusion(IntrusionPlan plan, const NetworkPlaces& places)
    : plan_(std::move(plan)), machine_(plan_.machine.address) {
  auto rng = plan_.rng.fork("network");
  // The master looks like any site: mostly with TLS, a certificate that anybody gets.
  master_ = places.pick(rng);
  master_.domain = plan_.master;
  master_.address = plan_.master_address;
  master_.plain = rng.chance(0.3);
  if (rng.chance(0.3)) master_.issuer = fmt::format("CN={}", master_.domain);
  // Half of them speak as the browser of the machine does.
  const auto& program = everyday_program(rng);
  const bool hides = rng.chance(0.5);
  print_ = hides ? std::string(program.print) : hex(rng, 4);
  agent_ = hides ? std::string(program.agent) : "Agent/1.0";
  generates_names_ = rng.chance(0.25);
  tunnels_ = rng.chance(0.2);
}

void NetworkIntrusion::call_home(Timestamp from, Timestamp until, Wire& wire) const {
  auto& rng = wire.rng();
  for (const auto at : plan_.calls_in(from, until)) {
    const bool has_orders = rng.chance(0.05);
    const auto asked = 300 + rng.below(200);
    wire.visit(at, machine_, master_, master_.domain, print_, agent_, asked,
               has_orders ? 20'000 + rng.below(200'000) : 200 + rng.below(150));
    if (rng.chance(0.004)) {
      wire.alert(
          wire.connection(at, machine_, master_.address, master_.plain ? 80 : 443, 400, 300, 0.4),
          kKnownCall);
    }
  }
}

void NetworkIntrusion::look_around(const NetworkPlaces& places, Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  const auto port = rng.pick(std::array<std::uint16_t, 4>{445, 3389, 22, 5985});
  for (const auto& machine : places.machines) {
    at = at + micros(rng.exponential(0.8));
    if (rng.chance(0.85)) {
      wire.unanswered(at, machine_, machine.address, port);
    } else {
      wire.flow(wire.connection(at, machine_, machine.address, port, 300, 300, 0.2));
    }
  }
}

void NetworkIntrusion::guess_passwords(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto left = rng.between(60, 400); left > 0; --left) {
    at = at + micros(0.5 + rng.exponential(2));
    const auto tried = wire.connection(at, machine_, plan_.server.address, 3389, 1500, 1300, 0.8);
    wire.flow(tried);
    if (rng.chance(0.01)) wire.alert(tried, kManyTries);
  }
}

// A session like an administrator's, and a program that is copied there before it.
void NetworkIntrusion::move_on(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  auto copied = wire.connection(at, machine_, plan_.server.address, 445,
                                400'000 + rng.below(600'000), 20'000, 3);
  copied.application = "smb";
  wire.flow(copied);
  const auto port = rng.pick(std::array<std::uint16_t, 3>{135, 3389, 5985});
  wire.flow(wire.connection(at + seconds(20), machine_, plan_.server.address, port, 30'000, 90'000,
                            60 + rng.exponential(600)));
}

void NetworkIntrusion::take_away(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto left = rng.between(3, 25); left > 0; --left) {
    at = at + micros(20 + rng.exponential(120));
    wire.visit(at, machine_, master_, master_.domain, print_, agent_,
               5'000'000 + static_cast<std::uint64_t>(rng.exponential(4e7)), 2000);
  }
}

void NetworkIntrusion::search_master(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto left = rng.between(40, 200); left > 0; --left) {
    at = at + micros(0.2 + rng.exponential(3));
    wire.lookup(at, machine_, letters(rng, 10, 20) + ".info", "A", "NXDOMAIN");
  }
}

void NetworkIntrusion::tunnel(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto left = rng.between(100, 500); left > 0; --left) {
    at = at + micros(0.3 + rng.exponential(1));
    wire.lookup(at, machine_, fmt::format("{}.{}", hex(rng, 6), master_.domain), "TXT", "NOERROR");
  }
}

void NetworkIntrusion::take(Step step, Timestamp at, const NetworkPlaces& places,
                            Wire& wire) const {
  switch (step) {
    case Step::LookAround:
      return look_around(places, at, wire);
    case Step::GuessPasswords:
      return guess_passwords(at, wire);
    case Step::MoveOn:
      return move_on(at, wire);
    case Step::TakeAway:
      return take_away(at, wire);
    case Step::GetIn:
    case Step::Stay:
    case Step::StealCredentials:
      return;  // nothing crosses the wire
  }
}

void NetworkIntrusion::act(const NetworkPlaces& places, Timestamp day, Wire& wire) const {
  const auto from = std::max(day, plan_.begins), until = std::min(day + hours(24), plan_.ends);
  if (from >= until) return;
  wire.as(plan_.name);
  call_home(from, until, wire);
  for (const auto& step : plan_.steps_in(from, until)) take(step.step, step.at, places, wire);
  if (generates_names_) search_master(from, wire);
  const auto length_s = std::chrono::duration<double>(until - from).count();
  if (tunnels_) tunnel(from + micros(wire.rng().unit() * length_s), wire);
  wire.as("");
}

}  // namespace winnow::simulate
