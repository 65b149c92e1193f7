// One syslog message: RFC 5424, and RFC 3164 as devices really write it: without a year, a host or
// a tag, with ISO times, with Cisco's sequence numbers, clock marks and mnemonics. Reading never
// fails: what has no header is all message. Linear in the line's size.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/timestamp.h"

namespace winnow {

// A header's time as far as the header says it.
struct SyslogTime {
  Timestamp wall;  // as if it were UTC; of a leap year where it has no year
  bool has_year = true;
  bool has_zone = true;

  // What it lacks comes from when the message was received. The year is the latest that puts it no
  // more than a day ahead. Without a zone it is a clock on some wall: up to 14 hours off it is
  // taken as the clock of another zone, and the nearest whole quarters of an hour of the difference
  // are that zone's; a message that is further off was under way for long, and its time counts as
  // UTC.
  Timestamp at(Timestamp received) const;
};

// Views into the line; empty, or nothing, where the line has none ("-" is none, too).
struct SyslogMessage {
  std::optional<std::uint8_t> priority = {};  // facility * 8 + severity
  std::optional<SyslogTime> time = {};
  std::string_view host = {}, app = {}, process = {};
  std::string_view message_id = {}, structured_data = {};  // of RFC 5424
  std::string_view message = {};  // without blanks at its ends; Cisco's mnemonic is part of it
};
SyslogMessage read_syslog(std::string_view line);

// The JSON object that the message is, also behind the mark "@cee:"; empty where it is none.
std::string_view syslog_json(const SyslogMessage& message);

}  // namespace winnow
