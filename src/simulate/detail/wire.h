// What a network IDS sees and writes: connections, names asked for, requests, alerts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/rng.h"
#include "base/timestamp.h"
#include "simulate/network_traffic.h"

namespace winnow::simulate {

// One connection as it was at its end.
struct Connection {
  Timestamp start;
  std::string source, target;
  std::uint16_t port = 0;
  std::string_view transport = "TCP", application = "failed";
  double seconds = 0;
  std::uint64_t bytes_out = 0, bytes_in = 0, packets_out = 1, packets_in = 0;
};

// A site that machines reach: its names, and what its server looks like.
struct Site {
  std::string domain, address, issuer, server_print;
  double popularity = 1;
  bool plain = false;  // without TLS
};

struct Signature {
  std::uint32_t id = 0;
  std::string_view text, category;
  int severity = 3;  // Suricata's: 1 is the most severe
};

// Collects what the IDS writes. Everything that is written after `as` belongs to it.
class Wire {
 public:
  Wire(std::string resolver, Rng rng) : resolver_(std::move(resolver)), rng_(rng) {}

  // From now on: honest traffic for "", else an intrusion's.
  void as(std::string intrusion) { intrusion_ = std::move(intrusion); }

  // A connection that carried this much, in packets of ordinary size.
  Connection connection(Timestamp start, std::string_view source, std::string_view target,
                        std::uint16_t port, std::uint64_t bytes_out, std::uint64_t bytes_in,
                        double seconds);
  void flow(const Connection& connection);
  void unanswered(Timestamp at, std::string_view source, std::string_view target,
                  std::uint16_t port);
  void lookup(Timestamp at, std::string_view source, std::string_view name, std::string_view type,
              std::string_view rcode);
  // A look-up, the greeting or request, and the connection behind it. `print` is that of the client
  // program, `agent` what it says it is.
  void visit(Timestamp at, std::string_view source, const Site& site, std::string_view name,
             std::string_view print, std::string_view agent, std::uint64_t bytes_out,
             std::uint64_t bytes_in);
  void alert(const Connection& connection, const Signature& signature);

  Rng& rng() { return rng_; }
  std::vector<SimulatedRecord> take();  // in the order in which they were added

 private:
  void add(Timestamp at, Json members);
  Json event(const Connection& connection, std::string_view type);

  std::string resolver_;
  Rng rng_;
  std::string intrusion_;
  std::vector<SimulatedRecord> records_;
};

}  // namespace winnow::simulate
