// What the MTA says of a mail besides the mail itself, and the header fields that it will write of
// it: an MTA shows a milter the mail as it came, without its own Received field.
#pragma once

#include <string>
#include <string_view>

#include "base/timestamp.h"

namespace winnow::milter {

// Of a connection, and of one mail on it. Texts are the client's or the MTA's, of any bytes.
struct Envelope {
  std::string helo, client_name, client_address;  // the client: what it says, its name, its address
  std::string server;                             // the MTA's own name
  bool encrypted = false;

  std::string sender, recipient, queue_id;  // of the mail; the first recipient
  std::size_t recipients = 0;
  bool authenticated = false;

  void begin_mail();  // forgets the mail before
  // A macro of the MTA: "j", "{tls_version}", "i", ...; those that say nothing here are ignored.
  void macro(std::string_view name, std::string_view value);
};

// "Return-Path: <..>" and "Received: from .. by ..", as the receiver writes them (RFC 5321 section
// 4.4), with their ends of line. What is not printable, or would end a word, is a '?'.
std::string trace_of(const Envelope& envelope, Timestamp now);

}  // namespace winnow::milter
