// A service in this process, on a workspace of its own, with a token for each role.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <source_location>
#include <string>

#include "registry/workspace.h"
#include "server/route.h"
#include "server/service.h"
#include "tests/http/client.h"
#include "tests/support/support.h"
#include "tests/support/wait.h"

namespace winnow::testing {

// A path that the route has, `variable` standing for its variable.
std::string target_of(const server::Route& route, std::string_view variable = "d-0000");

class RunningService {
 public:
  enum class Champion { Small, None };
  explicit RunningService(server::ServiceOptions options = {}, Champion champion = Champion::Small);

  std::uint16_t port() const { return service_->port(); }
  const Path& folder() const { return folder_.path(); }
  Path mappings() const { return folder_ / "soc/content/mappings"; }  // empty at first
  const std::string& token(server::Role role) const { return tokens_.at(role); }
  server::Service& service() { return *service_; }
  Registry& registry() { return workspace_->registry(); }  // once it is drained
  void restart();                                          // as after a stop
  void restart(Champion champion);
  // The same, with something done between, to the options and the clock.
  void restart(const std::function<void(server::ServiceOptions&, FixedClock&)>& meanwhile);

  // One request, on a connection of its own; `fields` are whole lines ("x-a: b\r\n").
  Answer ask(std::string_view method, std::string_view target, std::string_view token,
             std::string_view fields = "", std::string_view body = "") const;
  Answer score(std::string_view mail, std::string_view fields = "") const;
  // Until what was accepted is decided, or kept in the event log.
  void wait_for_empty_spool(std::source_location asked = std::source_location::current()) const;

  static inline const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9);
  std::string expired, revoked;  // tokens of an analyst

 private:
  static std::shared_ptr<const server::Champion> made(Champion champion);
  void start();
  TemporaryFolder folder_;
  FixedClock clock_{kNow};
  server::ServiceOptions options_;
  std::shared_ptr<const server::Champion> champion_;
  std::unique_ptr<Workspace> workspace_;
  std::map<server::Role, std::string> tokens_;
  std::unique_ptr<server::Service> service_;
};

}  // namespace winnow::testing
