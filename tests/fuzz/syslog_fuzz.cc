// A stream of syslog messages: the same messages however it is cut; each is read, and what is read
// lies within it.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "ingest/records/syslog.h"
#include "ingest/records/syslog_frames.h"

namespace {

constexpr std::size_t kMost = 256;
const auto kReceived = winnow::Timestamp::from_seconds(1'772'546'706);

std::vector<std::string> frames_of(std::string_view bytes, std::size_t chunk) {
  winnow::SyslogFrames frames(kMost);
  std::vector<std::string> found;
  while (!bytes.empty()) {
    frames.add(bytes.substr(0, chunk));
    bytes.remove_prefix(std::min(chunk, bytes.size()));
    while (const auto frame = frames.next()) found.emplace_back(frame->message);
  }
  if (const auto frame = frames.finish()) found.emplace_back(frame->message);
  return found;
}

void read(std::string_view line) {
  const auto message = winnow::read_syslog(line);
  const std::less_equal<const char*> not_behind;
  for (const auto part : {message.host, message.app, message.process, message.message_id,
                          message.structured_data, message.message}) {
    const bool is_within = not_behind(line.data(), part.data()) &&
                           not_behind(part.data() + part.size(), line.data() + line.size());
    if (!part.empty() && !is_within) std::abort();
  }
  if (!message.message.empty() && !line.ends_with(message.message) &&
      line.find(message.message) == std::string_view::npos)
    std::abort();
  if (message.time) message.time->at(kReceived);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = frames_of(bytes, SIZE_MAX);
  if (frames_of(bytes, 1) != whole || frames_of(bytes, 7) != whole) std::abort();
  for (const auto& line : whole) {
    if (line.size() > kMost) std::abort();
    read(line);
  }
  read(bytes);
  return 0;
}
