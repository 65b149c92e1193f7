// What winnow.yaml says of syslog and of tailed files, as the service takes it.
#pragma once

#include <memory>

#include "cli/detail/settings.h"
#include "http/tls.h"
#include "server/receivers/syslog_receiver.h"
#include "server/receivers/tail.h"

namespace winnow::cli {

// "127.0.0.1:8420", "[::1]:8420". Errors: InvalidArgument.
Result<server::ListenAddress> listen_address(const std::string& text);

// `certificate` is that of syslog.tls; null where there is none. Errors: InvalidArgument.
Result<server::SyslogOptions> served_syslog(const Settings& settings,
                                            std::shared_ptr<const http::Tls> certificate);

// The same of tailed files; `positions` is where it is kept how far they were read. Errors:
// InvalidArgument.
Result<server::TailOptions> served_tail(const Settings& settings, Path positions);

}  // namespace winnow::cli
