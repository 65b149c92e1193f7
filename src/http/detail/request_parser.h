// Bytes become requests. One of these reads one request after another from a connection's buffer.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "http/request.h"
#include "http/server.h"

namespace winnow::http {

class RequestParser {
 public:
  enum class Outcome : std::uint8_t {
    NeedsMore,
    Continue,  // the client waits for "100 Continue" before it sends the body
    Complete,
    Refused,  // status() and why() say how; the connection cannot go on
  };

  explicit RequestParser(Handler& handler);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Reads on in data[0, size), which begins with the request and has room for `capacity` bytes. It
  // does not move until the request is over, but for compact(); names become lower case in place.
  Outcome parse(char* data, std::size_t size, std::size_t capacity);
  // After NeedsMore: drops what is not needed again of data[0, size); the size that is left.
  std::size_t compact(char* data, std::size_t size);
  std::size_t used() const;  // after Complete: the end of the request
  void reset();              // forgets the request

  const Request& request() const;
  Request& request();
  bool keeps_alive() const;
  int status() const;
  std::string_view why() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow::http
