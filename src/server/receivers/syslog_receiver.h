// The front door of receiving syslog: UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425). One thread
// reads all senders and hands what came to the intake, one batch at a time, so that the disk's wait
// is shared. While there is no room, connections are not read, and their senders wait; datagrams
// cannot wait: what finds no room is dropped and counted, by fair shares.
#pragma once

#include <chrono>
#include <memory>

#include "base/result.h"
#include "server/receivers/syslog_options.h"
#include "server/receivers/syslog_use.h"
#include "server/threads/intake.h"

namespace winnow::server {

class SyslogReceiver {
 public:
  // Listens when it returns. `intake` outlives it. Errors: as listen_at(); Unavailable.
  static Result<std::unique_ptr<SyslogReceiver>> start(const SyslogOptions& options,
                                                       Intake& intake);
  ~SyslogReceiver();  // drain() without patience

  std::uint16_t port(SyslogTransport transport) const;  // 0: it does not listen there
  const SyslogUse& use() const;
  // Takes no more senders; what the system holds of those that there are is read, and what was read
  // is accepted, within `grace`. Then all is closed.
  void drain(std::chrono::milliseconds grace);

 private:
  class Loop;
  explicit SyslogReceiver(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace winnow::server
