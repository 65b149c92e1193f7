// What the syslog receiver counts, for people and Prometheus.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace winnow::server {

enum class SyslogTransport : std::uint8_t { Udp, Tcp, Tls };
inline constexpr std::array<std::string_view, 3> kSyslogTransports = {"udp", "tcp", "tls"};

// One way that messages come, since the start. Written by the receiver's thread, read by any
// (relaxed: each number stands for itself).
struct SyslogCounts {
  std::atomic<std::uint64_t> messages{0}, bytes{0};  // taken in
  std::atomic<std::uint64_t> cut{0};                 // of them: too large, or ended early
  std::atomic<std::uint64_t> dropped{0};             // of datagrams: there was no room for them
  std::atomic<std::uint64_t> lost_by_kernel{0};      // of datagrams: it had no room for them
  std::atomic<std::uint64_t> connections{0};         // open now
  std::atomic<std::uint64_t> closed{0};  // connections that had no room, or took too long
};

struct SyslogUse {
  std::array<SyslogCounts, kSyslogTransports.size()> of{};
  std::atomic<std::uint64_t> paused{0};   // 1 while no connection is read, for want of room
  std::atomic<std::uint64_t> waiting{0};  // bytes that were read and are not on disk yet

  SyslogCounts& operator[](SyslogTransport transport) {
    return of[static_cast<std::size_t>(transport)];
  }
};

}  // namespace winnow::server
