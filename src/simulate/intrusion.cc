#include "simulate/detail/intrusion.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"

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

Intrusion::Intrusion(std::string name, const NetworkPlaces& places, Timestamp begins, Rng rng)
    : name_(std::move(name)), begins_(begins), rng_(rng) {
  ends_ = begins_ + hours(rng_.between(10, 70));
  machine_ = rng_.pick(places.machines).address;
  // The master looks like any site: mostly with TLS, a certificate that anybody gets, a name of
  // ordinary words, on an address that others use too.
  master_ = places.pick(rng_);
  master_.domain = rng_.chance(0.6) ? ascii_lower(invented_word(rng_, 4)) + ".com"
                                    : letters(rng_, 9, 16) + ".net";
  master_.address = public_ipv4(rng_);
  master_.plain = rng_.chance(0.3);
  if (rng_.chance(0.3)) master_.issuer = fmt::format("CN={}", master_.domain);
  // Half of them speak as the browser of the machine does.
  const auto& program = everyday_program(rng_);
  const bool hides = rng_.chance(0.5);
  print_ = hides ? std::string(program.print) : hex(rng_, 4);
  agent_ = hides ? std::string(program.agent) : "Agent/1.0";
  period_s_ = rng_.pick(std::array{240.0, 600.0, 1200.0, 1800.0, 3600.0});
  jitter_ = rng_.pick(std::array{0.02, 0.1, 0.3, 0.5});
  generates_names_ = rng_.chance(0.25);
  tunnels_ = rng_.chance(0.2);
  guesses_ = rng_.chance(0.4);
  looks_around_ = rng_.chance(0.6);
  takes_away_ = rng_.chance(0.6);
}

void Intrusion::call_home(Timestamp from, Timestamp until, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto at = from; at < until;
       at = at + micros(period_s_ * (1 + jitter_ * (2 * rng.unit() - 1)))) {
    const bool has_orders = rng.chance(0.05);
    wire.visit(at, machine_, master_, master_.domain, print_, agent_, 300 + rng.below(200),
               has_orders ? 20'000 + rng.below(200'000) : 200 + rng.below(150));
    if (rng.chance(0.004)) {
      wire.alert(
          wire.connection(at, machine_, master_.address, master_.plain ? 80 : 443, 400, 300, 0.4),
          kKnownCall);
    }
  }
}

void Intrusion::look_around(const NetworkPlaces& places, Timestamp at, Wire& wire) const {
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

void Intrusion::guess_passwords(const NetworkPlaces& places, Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  const auto& server = rng.pick(places.servers);
  for (auto left = rng.between(60, 400); left > 0; --left) {
    at = at + micros(0.5 + rng.exponential(2));
    const auto tried = wire.connection(at, machine_, server.address, 3389, 1500, 1300, 0.8);
    wire.flow(tried);
    if (rng.chance(0.01)) wire.alert(tried, kManyTries);
  }
}

void Intrusion::take_away(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto left = rng.between(3, 25); left > 0; --left) {
    at = at + micros(20 + rng.exponential(120));
    wire.visit(at, machine_, master_, master_.domain, print_, agent_,
               5'000'000 + static_cast<std::uint64_t>(rng.exponential(4e7)), 2000);
  }
}

void Intrusion::search_master(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto left = rng.between(40, 200); left > 0; --left) {
    at = at + micros(0.2 + rng.exponential(3));
    wire.lookup(at, machine_, letters(rng, 10, 20) + ".info", "A", "NXDOMAIN");
  }
}

void Intrusion::tunnel(Timestamp at, Wire& wire) const {
  auto& rng = wire.rng();
  for (auto left = rng.between(100, 500); left > 0; --left) {
    at = at + micros(0.3 + rng.exponential(1));
    wire.lookup(at, machine_, fmt::format("{}.{}", hex(rng, 6), master_.domain), "TXT", "NOERROR");
  }
}

void Intrusion::act(const NetworkPlaces& places, Timestamp day, Wire& wire) const {
  const auto from = std::max(day, begins_), until = std::min(day + hours(24), ends_);
  if (from >= until) return;
  wire.as(name_);
  call_home(from, until, wire);
  const auto sometime = [&] {
    return from + micros(wire.rng().unit() * std::chrono::duration<double>(until - from).count());
  };
  if (generates_names_) search_master(from, wire);
  if (looks_around_) look_around(places, sometime(), wire);
  if (guesses_) guess_passwords(places, sometime(), wire);
  if (tunnels_) tunnel(sometime(), wire);
  if (takes_away_ && until == ends_) take_away(sometime(), wire);
  wire.as("");
}

}  // namespace winnow::simulate
