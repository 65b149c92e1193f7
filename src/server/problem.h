// What a client is told when something goes wrong: application/problem+json (RFC 9457). The one
// place that makes it, so that nothing of the server's inside leaks.
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "http/response.h"

namespace winnow::server {

// `detail` says what was found, `hint` (may be empty) what to do.
void write_problem(int status, std::string_view detail, std::string_view hint,
                   http::Response& response);

// An error about what the client said: in its own words, its code deciding the status. Codes that
// no client causes are told as write_failure() does.
void write_problem(const Error& error, http::Response& response);
// The same where Denied is the library's answer to what the client wishes, and not a file that the
// server may not open: it is told with the status `denied`.
void write_problem(const Error& error, int denied, http::Response& response);

// An error of the server itself: its words name files and go to the log, the client hears only what
// kind of failure it is.
void write_failure(const Error& error, http::Response& response);

// 429 with Retry-After.
void write_busy(std::chrono::seconds retry_after, std::string_view detail, std::string_view hint,
                http::Response& response);

http::Response queue_full();  // 429: more waits than the server takes

// What every answer of the API carries, problems and others.
void add_security_fields(http::Response& response);
// Of these, what the console's pages carry too.
void add_isolation_fields(http::Response& response);

}  // namespace winnow::server
