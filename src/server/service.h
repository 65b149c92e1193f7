// The front door: a running service on a workspace.
//
//   api.h        a request's way       routes.h  the API as one table, of route_groups.h
//   call.h       what an endpoint sees of a request
//   scorer.h     decides, in batches   readers.h read what was decided
//   desk.h       changes for people    gate.h    who asks (tokens.h, role.h, rate_limit.h)
//   oidc_sign_in.h  by an identity provider
//   problem.h    what goes wrong       metrics.h what is counted
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "cases/case_policy.h"
#include "http/server.h"
#include "registry/registry.h"
#include "server/access/gate.h"
#include "server/access/oidc_sign_in.h"
#include "server/console_files.h"
#include "server/receivers/syslog_receiver.h"
#include "server/receivers/tail.h"
#include "server/threads/champion.h"
#include "server/threads/expiry.h"
#include "server/threads/live.h"
#include "server/threads/scorer.h"
#include "store/spool.h"

namespace winnow::server {

struct ServiceOptions {
  http::ServerOptions http = {};
  Gate::Config gate = {};
  RateLimit::Config recorded_failures = {.a_second = 1.0 / 30, .burst = 20, .known = 1};
  std::string workspace = {};  // its name, for people
  Path data = {};              // its folder: the registry as it is read, and how large it is
  std::string version = {}, build = {};
  std::string code = {};  // another text for each program that runs: what one derived from logs,
                          // another derives again
  std::span<const ConsoleFile> console = console_files();
  cases::CasePolicy cases = {};
  std::optional<OidcOptions> oidc = {};  // who else may sign in
  RoleSet mail_readers = kReadMail;      // who is shown what mails say
  Spool::Config spool = {};
  ExpiryOptions retention = {};
  SyslogOptions syslog = {};  // where it listens, if anywhere
  TailOptions tail = {};      // which files it follows, if any
  unsigned readers = 2;
  std::optional<trace::TracerOptions> traces = {};  // where to; nothing is traced without
};

class Service {
 public:
  // Listens when it returns, and is ready once it has caught up with the event log. Without any
  // champion nothing is scored until one is promoted. `registry` and `clock` outlive it; the
  // registry is used by no other thread meanwhile. Errors: as http::Server::start; of opening the
  // stores.
  static Result<std::unique_ptr<Service>> start(Champions champions, Registry& registry,
                                                const ServiceFiles& files,
                                                const ServiceOptions& options, const Clock& clock);
  ~Service();  // drains for no time at all

  std::uint16_t port() const;
  std::uint16_t syslog_port(SyslogTransport transport) const;  // 0: it does not listen there
  bool is_ready() const;
  Live& live();  // tells those who watch
  // Accepts no more requests, lets those in progress end, at most for `grace`; what was accepted is
  // decided. Then all threads have ended.
  void drain(std::chrono::milliseconds grace);

 private:
  struct State;
  explicit Service(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow::server
