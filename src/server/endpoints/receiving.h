// The way of a body whose records are decided later: unpacked, read, on disk, answered.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "server/call.h"
#include "server/threads/delivery.h"

namespace winnow::server {

// What a body was found to hold.
struct ReceivedBody {
  std::vector<Delivery> deliveries;  // none: the answer leaves at once
  http::Response answer;             // otherwise once they are on disk
  // Where the answer tells what is only known then: changes it, on the intake's thread.
  std::function<void(http::Response& answer)> when_stored = {};
};
using ReadBody = std::function<ReceivedBody(const http::Request& request, std::string_view body)>;

inline constexpr std::size_t kSmallBytes = 256UL << 10;     // are read on the loop's thread
inline constexpr std::size_t kMaxEventsBytes = 50UL << 20;  // packed and unpacked

// Answers the call. A small body is read on the loop's thread, a packed or large one on a reader's.
// What goes wrong is told in the words of the call's route.
void receive_body(Call& call, ReadBody read);

// Whether `name` can say who supplied records: names go to tables and terminals, so 1 to 100
// printable ASCII characters.
bool is_source_name(std::string_view name);

}  // namespace winnow::server
