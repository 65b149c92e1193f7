// The data of a Windows event where a shipper keeps it as a text of XML (Azure Monitor does):
// <EventData><Data Name="TargetUserName">ada</Data>...</EventData>.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow::mapping {

inline constexpr std::size_t kMostEventData = 256UL << 10;  // bytes of the XML
inline constexpr std::size_t kMostDataElements = 1000;

// Replaces `json` by an object of the named Data elements; those without a name are "Data",
// "Data2",
// ... in their order. Text and the five entities of XML, character references and CDATA; no DTD, no
// elements within Data. Linear. Errors: InvalidArgument (it is not such XML, or beyond the bounds).
Status read_event_data(std::string_view xml, std::string& json);

}  // namespace winnow::mapping
