// Where syslog is received, and how much of it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "http/tls.h"
#include "server/receivers/socket.h"

namespace winnow::server {

struct SyslogOptions {
  std::optional<ListenAddress> udp = {}, tcp = {}, tls = {};
  std::shared_ptr<const http::Tls> certificate = {};  // of `tls`
  std::string source = "syslog";                      // whose records they are
  std::size_t max_message = 64UL << 10;               // a larger one is kept in part, in quarantine
  // At once; then the one that has been silent for longest gives way, if that is long, else who
  // comes is hung up on.
  std::size_t connections = 1000;
  std::chrono::seconds silence{600};  // what counts as long

  bool is_wanted() const { return udp || tcp || tls; }
};

}  // namespace winnow::server
