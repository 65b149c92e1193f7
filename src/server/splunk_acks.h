// Acknowledgements as Splunk's HTTP Event Collector gives them
// (https://docs.splunk.com/Documentation/Splunk/latest/Data/AboutHECIDXAck): a client that names a
// channel hears a number with each answer, and asks later whether what had that number is safe.
// Here all of it is on disk before the answer leaves, so that every number that was given is.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/request.h"

namespace winnow::server {

// The channel that a request names, in its field or its query, in lower case; an empty one: it
// names none. Nothing: what it names is no UUID.
std::optional<std::string> splunk_channel_of(const http::Request& request);

// Thread-safe. Numbers are known as long as the server runs and their channel is among those used
// last; who hears that one is not known sends again, which does no harm.
class SplunkAcks {
 public:
  explicit SplunkAcks(std::size_t most_channels = 10'000) : most_channels_(most_channels) {}

  // The next number of the channel of a token, from 0. For what is on disk.
  std::int64_t give(std::string_view token, std::string_view channel);
  // How many were given: those below this number, to that token.
  std::int64_t given(std::string_view token, std::string_view channel);

 private:
  using Name = std::pair<std::string, std::string>;  // of token and channel
  struct Channel {
    Name name;
    std::int64_t next = 0;
  };
  Channel* find(const Name& name);  // it is the one used last then

  const std::size_t most_channels_;
  std::mutex mutex_;             // of all below
  std::list<Channel> channels_;  // the one used last in front
  std::map<Name, std::list<Channel>::iterator> by_name_;
};

}  // namespace winnow::server
