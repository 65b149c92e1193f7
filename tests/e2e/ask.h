// Asking `winnow serve` over HTTP.
#pragma once

#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "tests/e2e/winnow.h"
#include "tests/http/client.h"

namespace winnow::testing {

// What it answers to "METHOD TARGET", with records of a log as the body; null where that is no
// JSON.
inline Json ask(RunningWinnow& server, std::string_view head, std::string_view token,
                std::string_view body = "") {
  Client client(server.port());
  client.send(
      fmt::format("{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                  "Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n{}",
                  head, token, body.size(), body));
  return parse_json(client.read_answer(true, std::chrono::minutes(1)).body).value_or(Json());
}

}  // namespace winnow::testing
