// The trace a mail carries: Received header fields (RFC 5321 section 4.4, and what servers write).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/timestamp.h"
#include "names/ip_address.h"

namespace winnow {

// One hop. What the field does not say, or says unreadably, is empty.
struct ReceivedHop {
  std::string helo;             // after "from", lower case: what the client called itself
  std::string host;             // its name by reverse DNS, from the comment
  std::optional<IpAddress> ip;  // of the client
  std::string by;               // the server that wrote the field, lower case
  std::string protocol;         // a registered one (smtp, esmtps, lmtp, http, ...), lower case
  bool encrypted = false;       // TLS, by the protocol's name or the comments
  std::optional<Timestamp> time;
};

// Linear; never fails.
ReceivedHop read_received(std::string_view value);

}  // namespace winnow
