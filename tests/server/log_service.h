// A service that reads logs by shipped mappings.
#pragma once

#include <map>

#include "tests/server/running_service.h"

namespace winnow::testing {

class LogService : public RunningService {
 public:
  // `mappings` are names of files in content/mappings; `mail` decides on mail.
  explicit LogService(const std::vector<std::string>& mappings, Champion mail = Champion::Small);

  // The shipped content of these domains decides on them from now on, without a model: its rules
  // alone, and these mappings.
  using Content = std::map<Domain, std::vector<std::string>>;
  void promote(const Content& content);
  void promote_network() { promote({{Domain::Network, {"suricata.yaml"}}}); }
  // Once the service knows of their champions.
  void wait_for(const Content& content) const;

  // The body of an answer that should have this status.
  Json read(std::string_view target, server::Role role, int status = 200) const;

  // A source sends records, a line each, which the service accepts.
  void post(std::string_view source, std::string_view lines) const;
};

}  // namespace winnow::testing
