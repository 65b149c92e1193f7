#include "http/response.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace winnow::http {
namespace {

constexpr std::pair<int, std::string_view> kReasons[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

std::string_view reason_of(int status) {
  for (const auto& [code, reason] : kReasons) {
    if (code == status) return reason;
  }
  return "Unknown";
}

void Response::add(std::string_view name, std::string_view value) {
  fields_.append(name).append(": ");
  const auto begin = fields_.size();
  fields_.append(value);
  std::replace_if(
      fields_.begin() + static_cast<std::ptrdiff_t>(begin), fields_.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  fields_.append("\r\n");
}

void Response::set(int new_status, std::string_view media_type, std::string_view new_body) {
  status = new_status;
  add("content-type", media_type);
  body = new_body;
}

void Response::clear() {
  status = 200;
  body.clear();
  fields_.clear();
}

void Response::append_stream_head_to(std::string& out, std::string_view date,
                                     std::string_view fields) const {
  out.append("HTTP/1.1 200 OK\r\ndate: ").append(date).append("\r\n");
  out.append("content-type: text/event-stream\r\nx-accel-buffering: no\r\n");
  out.append(fields).append(fields_).append("\r\n");
}

void Response::append_to(std::string& out, std::string_view date, std::string_view fields,
                         bool with_body, bool close) const {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(reason_of(status)).append("\r\ndate: ").append(date).append("\r\n");
  if (!has_no_body(status)) {
    out.append("content-length: ");
    append_number(out, body.size());
    out.append("\r\n");
  }
  if (close) out.append("connection: close\r\n");
  out.append(fields).append(fields_).append("\r\n");
  if (with_body && !has_no_body(status)) out.append(body);
}

}  // namespace winnow::http
