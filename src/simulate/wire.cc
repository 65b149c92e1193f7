#include "simulate/detail/wire.h"

#include <utility>

#include <fmt/format.h>

namespace winnow::simulate {
namespace {

constexpr std::uint64_t kFullPacket = 1400;

std::chrono::microseconds micros(double seconds) {
  return std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
}

std::uint64_t packets_for(std::uint64_t bytes) { return 2 + bytes / kFullPacket; }

// Suricata writes times with their offset and no 'Z'.
std::string stamp(Timestamp at) {
  auto text = at.text();
  text.pop_back();
  return text + "+0000";
}

}  // namespace

Connection Wire::connection(Timestamp start, std::string_view source, std::string_view target,
                            std::uint16_t port, std::uint64_t bytes_out, std::uint64_t bytes_in,
                            double seconds) {
  Connection made;
  made.start = start;
  made.source = source;
  made.target = target;
  made.port = port;
  made.seconds = seconds;
  made.packets_out = packets_for(bytes_out) + packets_for(bytes_in) / 2;
  made.packets_in = packets_for(bytes_in) + packets_for(bytes_out) / 2;
  // Each packet has its headers.
  made.bytes_out = bytes_out + 60 * made.packets_out;
  made.bytes_in = bytes_in + 60 * made.packets_in;
  return made;
}

void Wire::add(Timestamp at, Json members) {
  records_.push_back(
      {at, to_text(members), intrusion_.empty() ? Label::Benign : Label::Malicious, intrusion_});
}

Json Wire::event(const Connection& connection, std::string_view type) {
  return Json::object({{"timestamp", stamp(connection.start)},
                       {"flow_id", static_cast<std::int64_t>(rng_.below(1ULL << 50))},
                       {"in_iface", "mirror0"},
                       {"event_type", type},
                       {"src_ip", connection.source},
                       {"src_port", rng_.between(49152, 65535)},
                       {"dest_ip", connection.target},
                       {"dest_port", std::int64_t{connection.port}},
                       {"proto", connection.transport}});
}

void Wire::flow(const Connection& connection) {
  const auto end = connection.start + micros(connection.seconds);
  auto json = event(connection, "flow");
  json.set("timestamp", stamp(end))
      .set("app_proto", connection.application)
      .set("flow", Json::object({{"pkts_toserver", connection.packets_out},
                                 {"pkts_toclient", connection.packets_in},
                                 {"bytes_toserver", connection.bytes_out},
                                 {"bytes_toclient", connection.bytes_in},
                                 {"start", stamp(connection.start)},
                                 {"end", stamp(end)},
                                 {"age", static_cast<std::int64_t>(connection.seconds)},
                                 {"state", connection.packets_in > 0 ? "closed" : "new"},
                                 {"reason", "timeout"},
                                 {"alerted", false}}));
  add(end, std::move(json));
}

void Wire::unanswered(Timestamp at, std::string_view source, std::string_view target,
                      std::uint16_t port) {
  Connection tried;
  tried.start = at;
  tried.source = source;
  tried.target = target;
  tried.port = port;
  tried.bytes_out = 60;
  flow(tried);
}

void Wire::lookup(Timestamp at, std::string_view source, std::string_view name,
                  std::string_view type, std::string_view rcode) {
  auto asked = connection(at, source, resolver_, 53, 40, 120, 0.02);
  asked.transport = "UDP";
  asked.application = "dns";
  auto json = event(asked, "dns");
  json.set("dns", Json::object({{"version", 2},
                                {"type", "answer"},
                                {"id", rng_.between(0, 65535)},
                                {"flags", "8180"},
                                {"rrname", name},
                                {"rrtype", type},
                                {"rcode", rcode}}));
  add(at, std::move(json));
}

void Wire::visit(Timestamp at, std::string_view source, const Site& site, std::string_view name,
                 std::string_view print, std::string_view agent, std::uint64_t bytes_out,
                 std::uint64_t bytes_in) {
  lookup(at, source, name, "A", "NOERROR");
  auto made = connection(at + micros(0.03), source, site.address, site.plain ? 80 : 443, bytes_out,
                         bytes_in, 0.2 + rng_.exponential(4));
  made.application = site.plain ? "http" : "tls";
  auto json = event(made, made.application);
  if (site.plain) {
    json.set("http", Json::object({{"hostname", name},
                                   {"url", fmt::format("/{:x}", rng_.below(1U << 16))},
                                   {"http_user_agent", agent},
                                   {"http_method", bytes_out > 2000 ? "POST" : "GET"},
                                   {"protocol", "HTTP/1.1"},
                                   {"status", 200},
                                   {"http_content_type", "text/html"},
                                   {"length", bytes_in}}));
  } else {
    json.set("tls", Json::object({{"subject", fmt::format("CN={}", name)},
                                  {"issuerdn", site.issuer},
                                  {"sni", name},
                                  {"version", "TLS 1.3"},
                                  {"ja3", Json::object({{"hash", print}})},
                                  {"ja3s", Json::object({{"hash", site.server_print}})}}));
  }
  add(made.start + micros(0.05), std::move(json));
  flow(made);
}

void Wire::alert(const Connection& connection, const Signature& signature) {
  auto json = event(connection, "alert");
  json.set("alert", Json::object({{"action", "allowed"},
                                  {"gid", 1},
                                  {"signature_id", std::int64_t{signature.id}},
                                  {"rev", 1},
                                  {"signature", signature.text},
                                  {"category", signature.category},
                                  {"severity", std::int64_t{signature.severity}}}));
  add(connection.start + micros(0.01), std::move(json));
}

std::vector<SimulatedRecord> Wire::take() { return std::exchange(records_, {}); }

}  // namespace winnow::simulate
