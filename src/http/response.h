// One HTTP response. Made once a connection and used again, so that answering allocates nothing.
#pragma once

#include <string>
#include <string_view>

namespace winnow::http {

class Response {
 public:
  int status = 200;
  std::string body;

  // A field besides those of the server (date, content-length, connection). Control characters in
  // `value` become blanks: no value can end its line.
  void add(std::string_view name, std::string_view value);
  void set(int new_status, std::string_view media_type, std::string_view new_body);
  void clear();  // as new, but with its memory

  // Writes it behind what `out` holds, as HTTP/1.1; without the body for HEAD. `date` is that of
  // RFC 9110, section 5.6.7; `fields` ("name: value\r\n" each) come before its own.
  void append_to(std::string& out, std::string_view date, std::string_view fields, bool with_body,
                 bool close) const;
  // Likewise the head of an answer without an end: a stream of events.
  void append_stream_head_to(std::string& out, std::string_view date,
                             std::string_view fields) const;

 private:
  std::string fields_;  // "name: value\r\n" each
};

std::string_view reason_of(int status);  // "Not Found"

}  // namespace winnow::http
