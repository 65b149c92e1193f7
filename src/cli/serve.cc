#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <malloc.h>

#include "base/log.h"
#include "cli/console.h"
#include "cli/detail/case_policy.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/retention_policy.h"
#include "cli/detail/served_oidc.h"
#include "cli/detail/served_syslog.h"
#include "cli/detail/served_tls.h"
#include "cli/detail/served_traces.h"
#include "cli/detail/session.h"
#include "cli/detail/stop_signals.h"
#include "names/domain.h"
#include "rollout/deployments.h"
#include "server/service.h"

namespace winnow::cli {
namespace {

constexpr std::chrono::seconds kGrace{30};  // for requests in progress when told to stop

Result<http::ServerOptions> listen_options(const std::string& text) {
  WINNOW_TRY(auto address, listen_address(text));
  http::ServerOptions options;
  options.address = std::move(address.address);
  options.port = address.port;
  return options;
}

// Whole segments go once they are worked off: a small spool has small ones.
Spool::Config spool_config(std::uint64_t max_bytes) {
  Spool::Config config;
  config.max_bytes = max_bytes;
  config.segment_bytes = std::min(config.segment_bytes, max_bytes / 8);
  return config;
}

// With a word to the operator, where nothing is deployed yet.
Result<server::Champions> champions_of(Workspace& workspace) {
  auto& registry = workspace.registry();
  WINNOW_TRY(auto deployments,
             Deployments::open(registry, workspace.database_file(), Access::ReadWrite));
  WINNOW_TRY(auto champions, server::deployed_champions(registry, deployments));
  if (!champions[server::place_of(Domain::Mail)]) {
    log::warn("no bundle decides for mail: scoring answers 503",
              {{"hint", "winnow deployments promote BUNDLE"}});
  }
  return champions;
}

// The bundle that decides in each domain, by its name.
Json json_of(const server::Champions& champions) {
  Json json = Json::object();
  for (const auto domain : kDomains) {
    const auto& champion = champions[server::place_of(domain)];
    if (champion) json.set(std::string(name_of(domain)), champion->bundle->id.text());
  }
  return json;
}

Result<server::RoleSet> mail_readers_of(const Settings& settings) {
  auto roles = server::roles_named(settings.text("privacy.mail_bodies"));
  if (!roles) return std::move(roles).error().with_context("privacy.mail_bodies");
  return roles;
}

void warn_if_public(const http::ServerOptions& options) {
  if (options.tls || options.address.starts_with("127.") || options.address == "::1") return;
  log::warn("tokens and mails travel unencrypted here",
            {{"listen", options.address},
             {"hint",
              "give it a certificate (--tls-certificate, --tls-key), or put a proxy that "
              "speaks TLS in front"}});
}

void tell_of_syslog(const server::SyslogOptions& options, const server::Service& service) {
  const auto tell = [&](const auto& address, server::SyslogTransport transport) {
    if (!address) return;
    log::info("receiving syslog",
              {{"transport", server::kSyslogTransports[static_cast<std::size_t>(transport)]},
               {"address", address->address},
               {"port", service.syslog_port(transport)}});
  };
  tell(options.udp, server::SyslogTransport::Udp);
  tell(options.tcp, server::SyslogTransport::Tcp);
  tell(options.tls, server::SyslogTransport::Tls);
}

void tell_what_to_try(Console& console, const std::string& url) {
  console.note(fmt::format(
      "the console is at {}/; who may sign in has a token (winnow tokens create NAME --role ROLE)",
      url));
  console.note("to try:");
  console.note(fmt::format(
      "  curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: message/rfc822' \\\n"
      "       --data-binary @suspicious.eml {0}/v1/score/mail\n"
      "  curl -H \"Authorization: Bearer $TOKEN\" '{0}/v1/decisions?route=escalate'\n"
      "  curl {0}/readyz\n"
      "Ctrl-C ends what is in progress and stops",
      url));
}

// Of the folder, however it was written: "soc", also for "." and "soc/".
std::string name_of(const Path& workspace) {
  std::error_code error;
  const auto whole = std::filesystem::canonical(workspace, error);
  return (error ? workspace : whole).filename().string();
}

std::string url_of(const http::ServerOptions& options, std::uint16_t port) {
  const bool v6 = options.address.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", options.tls ? "https" : "http", v6 ? "[" : "",
                     options.address, v6 ? "]" : "", port);
}

// glibc gives each busy thread a heap of its own, and each keeps what lies free between what is
// used: over hours the process grows by what it never needed at one time.
void share_heaps() { ::mallopt(M_ARENA_MAX, 2); }

Result<int> serve(const Arguments& arguments, Console& console) {
  share_heaps();
  const StopSignals signals;
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  server::ServiceOptions options;
  options.workspace = name_of(workspace->folder());
  options.data = workspace->data();
  options.version = WINNOW_VERSION;
  options.build = fmt::format("g++ {}", __VERSION__);
  WINNOW_TRY(const auto program, build_id());
  // Which part of a name is a company's own is the library's list.
  options.code = fmt::format("{}, {}", program, PublicSuffixes::built_in().version());
  WINNOW_TRY(options.http, listen_options(settings.text("server.listen")));
  options.http.threads =
      static_cast<unsigned>(std::clamp<std::int64_t>(arguments.integer("threads"), 1, 64));
  WINNOW_TRY(const auto tls, ServedTls::of(settings));
  if (tls) options.http.tls = tls->tls();
  WINNOW_TRY(const auto syslog_tls, ServedTls::of_syslog(settings));
  WINNOW_TRY(options.syslog, served_syslog(settings, syslog_tls ? syslog_tls->tls() : nullptr));
  WINNOW_TRY(options.tail, served_tail(settings, workspace->data() / "tail.positions"));
  const auto look_at_tls = [&] {
    if (tls) tls->look(system_clock().now());
    if (syslog_tls) syslog_tls->look(system_clock().now());
  };
  look_at_tls();
  WINNOW_TRY(options.oidc, served_oidc(settings));
  WINNOW_TRY(options.traces, served_traces(settings));
  if (options.traces) options.traces->service = {options.version, options.workspace};
  WINNOW_TRY(options.cases, case_policy_of(*workspace));
  WINNOW_TRY(options.mail_readers, mail_readers_of(settings));
  options.retention.policy = retention_policy(settings);
  WINNOW_TRY(options.retention.at, retention_time(settings));
  options.spool = spool_config(settings.number("server.spool"));
  const auto a_second = static_cast<double>(settings.number("server.requests_a_second"));
  options.gate.requests.a_second = a_second;
  options.gate.requests.burst = 2 * a_second;
  WINNOW_TRY(const auto champions, champions_of(*workspace));
  warn_if_public(options.http);
  const server::ServiceFiles files{events_folder(*workspace),   quarantine_file(*workspace),
                                   states_folder(*workspace),   workspace->database_file(),
                                   workspace->data() / "spool", sessions_file(*workspace),
                                   mappings_folder(*workspace)};
  WINNOW_TRY(const auto service, server::Service::start(champions, workspace->registry(), files,
                                                        options, system_clock()));
  const auto url = url_of(options.http, service->port());
  const auto decides = json_of(champions);
  log::info("serving", {{"url", url}, {"champions", decides}});
  tell_of_syslog(options.syslog, *service);
  console.document("serve", Json::object({{"url", url}, {"champions", decides}}));
  console.line(fmt::format("serving {} at {}", workspace->folder().string(), url));
  std::fflush(stdout);  // who started this may wait for the address
  if (console.is_watched()) tell_what_to_try(console, url);  // else stderr is the log alone
  signals.wait(look_at_tls);
  log::info("stopping: requests in progress end, what was accepted is decided");
  service->drain(kGrace);
  log::info("stopped");
  return 0;
}

}  // namespace

std::vector<Command> serve_commands() {
  using Kind = Option::Kind;
  return {
      {"serve",
       "Runs the service: scores mail that programs send, keeps the queue, serves the console",
       "The champion decides. An answer says that mail and decision are on disk. SIGINT or "
       "SIGTERM ends requests in progress, decides what was accepted, and stops. Other commands "
       "work on the workspace meanwhile, except those that take in or decide mail; what they "
       "promote or revoke holds here within a second. With a certificate and its key it speaks "
       "HTTPS; it looks every minute whether they were renewed. People may sign in by an identity "
       "provider: docs/sign-in.md. Traces go to a collector, and syslog comes in by UDP, TCP and "
       "TLS, where winnow.yaml "
       "says so: docs/operating.md. docs/console.md "
       "shows the console, docs/api.md the API.",
       "winnow serve --listen 127.0.0.1:8420",
       {{Kind::Text, "listen", "address and port (default: winnow config show)"},
        {Kind::Text, "tls-certificate", "PEM file of a certificate and its chain: HTTPS"},
        {Kind::Text, "tls-key", "PEM file of its private key"},
        {Kind::Integer, "threads", "how many threads read requests", "1"},
        workspace_option()},
       serve}};
}

}  // namespace winnow::cli
