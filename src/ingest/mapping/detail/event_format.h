// Lines of the two formats in which appliances send events over syslog: ArcSight's Common Event
// Format and IBM's Log Event Extended Format.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow::mapping {

inline constexpr std::string_view kCefMark = "CEF:", kLeefMark = "LEEF:";

// Where one of the marks begins: at the front, or behind a syslog header; npos where it does not.
std::size_t find_event_format(std::string_view line, std::string_view mark);

// Reads the fields of one line, which borrow from it, or from the buffer where they had escapes.
// Linear in the line. One thread at a time.
class EventFormatReader {
 public:
  using Put = std::function<Status(std::string_view name, std::string_view text)>;

  // "CEF:0|vendor|product|version|class|name|severity|key=value ...", at its mark. The fields of
  // the header are cefVersion, deviceVendor, deviceProduct, deviceVersion, deviceEventClassId, name
  // and severity. A '=' behind what is no key is text, as devices write it. Errors: InvalidArgument
  // (no such header); of `put`.
  Status read_cef(std::string_view line, const Put& put);
  // "LEEF:1.0|vendor|product|version|id|key=value<tab>..." or "LEEF:2.0|...|id|delimiter|...":
  // leefVersion, deviceVendor, deviceProduct, deviceVersion, eventId. Errors: as above.
  Status read_leef(std::string_view line, const Put& put);

 private:
  std::string_view unescaped(std::string_view text);

  std::string buffer_;
};

}  // namespace winnow::mapping
