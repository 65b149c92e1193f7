// A client that says exactly what a test wants said, well-formed or not. Loopback only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/http/wire.h"

namespace winnow::testing {

struct Answer {
  int status = 0;
  std::string head;  // with its status line
  std::string body;
  std::string field(std::string_view lower_name) const;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : Client(plain_wire(port)) {}
  explicit Client(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool send(std::string_view bytes) { return wire_->send(bytes); }  // as Wire's
  void end_sending() { wire_->end_sending(); }
  // The next answer; status 0 when the server closes or says nothing for `patience`.
  Answer read_answer(bool has_body = true,
                     std::chrono::milliseconds patience = std::chrono::seconds(5));
  std::string read_until(std::string_view end, std::chrono::milliseconds patience);
  bool is_closed(std::chrono::milliseconds patience = std::chrono::seconds(5));  // by the server

 private:
  bool read_some(std::chrono::milliseconds patience);
  std::unique_ptr<Wire> wire_;
  bool ended_ = false;
  std::string in_;
};

}  // namespace winnow::testing
