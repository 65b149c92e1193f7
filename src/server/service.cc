#include "server/service.h"

#include <atomic>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "pipeline/kept_mapping.h"
#include "server/api.h"
#include "server/routes.h"
#include "server/threads/case_news.h"
#include "server/threads/feeder.h"
#include "server/threads/filter_keeper.h"
#include "server/threads/follower.h"
#include "server/threads/identity_follower.h"
#include "server/threads/in_doubt.h"
#include "server/threads/session_keeper.h"
#include "server/threads/source_keeper.h"

namespace winnow::server {
namespace {

constexpr std::chrono::milliseconds kLastSpans{5000};  // for what is left to be sent at the end

std::vector<std::string> labels_of_routes() {
  std::vector<std::string> labels;
  for (const auto& route : routes()) {
    labels.push_back(
        fmt::format(R"(method="{}",route="{}")", http::name_of(route.method), route.pattern));
  }
  return labels;
}

Gate::Config gate_config(const ServiceOptions& options) {
  auto config = options.gate;
  if (options.oidc) config.provider = settings_digest(*options.oidc).hex();
  return config;
}

}  // namespace

// Torn down from below: first nobody asks any more, then nobody works for those who asked.
struct Service::State {
  State(const ServiceOptions& options, const Clock& clock)
      : metrics(labels_of_routes()),
        activity(clock),
        formats(clock),
        gate(gate_config(options), clock),
        console(options.console),
        storage(options.data),
        live(gate) {}
  Metrics metrics;
  Activity activity;
  FormatWatch formats;
  std::optional<SourceKeeper> sources;
  Gate gate;
  ConsoleHost console;
  StorageUse storage;
  std::atomic<const http::Server*> listening{nullptr};  // for the metrics, once there is one
  std::unique_ptr<http::Server> server;  // outlives who answers: they post to its loops
  Live live;                             // of its streams
  SplunkAcks splunk_acks;
  std::unique_ptr<trace::Tracer> tracer;  // outlives whom it observes
  std::unique_ptr<Spool> spool;
  std::unique_ptr<Scorer> scorer;
  std::unique_ptr<Feeder> feeder;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<SyslogReceiver> syslog;  // hands to the intake, as the next
  std::unique_ptr<Tail> tail;
  std::unique_ptr<IdentityFollower> identities;
  std::unique_ptr<FilterKeeper> filters;  // asks the scorer who decides
  std::unique_ptr<Readers> readers;
  std::unique_ptr<Records> records;
  std::unique_ptr<Searchers> searchers;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Expiry> expiry;  // has scorer and desk do its work
  std::unique_ptr<SignInRecord> sign_ins;
  std::unique_ptr<OidcSignIn> oidc;  // hands to the desk who came back
  std::unique_ptr<Api> api;
};

Service::Service(std::unique_ptr<State> state) : state_(std::move(state)) {}
Service::~Service() { drain(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<Service>> Service::start(Champions champions, Registry& registry,
                                                const ServiceFiles& files,
                                                const ServiceOptions& options, const Clock& clock) {
  auto state = std::make_unique<State>(options, clock);
  {
    WINNOW_TRY(auto tokens, Tokens::open(registry, files.database));
    WINNOW_TRY(const auto known, tokens.list());
    state->gate.set_tokens(known);
  }
  std::uint64_t endings = 0;
  {
    WINNOW_TRY(auto sessions, SessionTable::open(files.sessions));
    WINNOW_TRY(endings, sessions.endings());
    WINNOW_TRY(auto earlier, sessions.list());
    state->gate.take_up_sessions(std::move(earlier));
    WINNOW_TRY(sessions.take(state->gate.take_session_changes()));  // what has ended, ended
  }
  if (options.traces) state->tracer = std::make_unique<trace::Tracer>(*options.traces, clock);
  WINNOW_TRY(EventLog::open(files.events, Access::ReadWrite));  // its folder
  auto spool = options.spool;
  spool.group_of = source_of;
  WINNOW_TRY(state->spool, Spool::open(files.spool, spool, clock.now()));
  WINNOW_TRY(auto in_doubt, digests_waiting(*state->spool));
  std::optional<MappingFolder> mappings;
  UsableMappings usable;
  if (!files.mappings.empty()) {
    mappings.emplace(files.mappings);
    WINNOW_TRY(mappings->look(last_kept_in(registry)));
    usable = mappings->usable();
    log_refused(usable);
  }
  WINNOW_TRY(ServingStates::move_in(files.states));
  WINNOW_TRY(auto deciding, deciding_champions(registry, champions, files.states));
  WINNOW_TRY(state->scorer,
             Scorer::start(std::move(champions), std::move(deciding), usable, std::move(in_doubt),
                           files, clock, state->metrics, state->activity, state->formats));
  state->feeder = std::make_unique<Feeder>(*state->spool, *state->scorer, state->tracer.get());
  state->intake = std::make_unique<Intake>(*state->spool, clock, state->metrics, state->activity,
                                           [feeder = state->feeder.get()] { feeder->nudge(); });
  WINNOW_TRY(state->identities,
             IdentityFollower::start(files.events, std::move(usable), identities_in(options.data)));
  state->sources.emplace(options.data / "sources.json", state->activity, clock);
  state->sources->take_up();
  WINNOW_TRY(state->desk,
             Desk::start(registry, files, options.cases,
                         [follower = Follower(state->gate, *state->scorer, *state->identities,
                                              std::move(mappings)),
                          keeper = SessionKeeper(state->gate, endings), sources = &*state->sources,
                          news = CaseNews(state->live)](DeskStores& stores) mutable {
                           follower.look(stores);
                           keeper.look(stores);
                           sources->look();
                           news.look(stores);
                         }));
  WINNOW_TRY(state->filters, FilterKeeper::start(files.events, filters_in(options.data),
                                                 options.code, *state->scorer));
  // Who was answered finds what it was about.
  const auto catch_up = [scorer = state->scorer.get()] { scorer->wait_until_readable(); };
  // Of the desk's tables, too.
  WINNOW_TRY(state->readers, Readers::start(files, options.readers, catch_up));
  WINNOW_TRY(state->records, Records::start(options.data, files, clock, catch_up));
  WINNOW_TRY(state->searchers, Searchers::start(files, filters_in(options.data), catch_up));
  state->expiry = std::make_unique<Expiry>(
      options.data,
      RetainedFiles{files.events, files.states, files.quarantine, files.database,
                    identities_in(options.data), files.mappings, filters_in(options.data)},
      options.retention, *state->scorer, *state->desk, clock);
  state->sign_ins = std::make_unique<SignInRecord>(*state->desk, options.recorded_failures);
  if (options.oidc) {
    WINNOW_TRY(state->oidc, OidcSignIn::start(*options.oidc));
  }
  if (options.syslog.is_wanted()) {
    WINNOW_TRY(state->syslog, SyslogReceiver::start(options.syslog, *state->intake));
  }
  if (!options.tail.files.empty()) {
    WINNOW_TRY(state->tail, Tail::start(options.tail, *state->intake));
  }
  const auto connections = [&listening = state->listening] {
    const auto* const server = listening.load(std::memory_order_acquire);
    return server == nullptr ? 0 : server->connections();
  };
  state->api = std::make_unique<Api>(
      Backing{state->gate,       state->metrics,      *state->readers,     *state->records,
              *state->searchers, *state->desk,        *state->sign_ins,    *state->scorer,
              *state->intake,    *state->expiry,      state->splunk_acks,  state->live,
              state->activity,   state->formats,      state->storage,      options.mail_readers,
              state->oidc.get(), state->tracer.get(), state->syslog.get(), state->tail.get(),
              options.http.tls,  options.workspace,   options.version,     options.build,
              connections},
      state->console);
  WINNOW_TRY(state->server, http::Server::start(options.http, *state->api));
  state->listening.store(state->server.get(), std::memory_order_release);
  return std::unique_ptr<Service>(new Service(std::move(state)));
}

std::uint16_t Service::port() const { return state_->server->port(); }
std::uint16_t Service::syslog_port(SyslogTransport transport) const {
  return state_->syslog ? state_->syslog->port(transport) : 0;
}
bool Service::is_ready() const { return state_->scorer->is_ready(); }

Live& Service::live() { return state_->live; }

void Service::drain(std::chrono::milliseconds grace) {
  state_->live.stop();
  state_->server->drain(grace);
  if (state_->oidc) state_->oidc->stop();
  state_->expiry->stop();  // while those who work for it do
  state_->desk->stop();
  state_->records->stop();
  state_->identities->stop();
  state_->filters->stop();
  state_->searchers->stop();
  state_->readers->stop();  // they hand unpacked bodies to intake and scorer
  if (state_->syslog) state_->syslog->drain(grace);
  if (state_->tail) state_->tail->stop();
  state_->intake->stop();
  state_->feeder->stop();  // what it leaves waits in the spool for the next start
  state_->scorer->stop();
  state_->sources->keep();  // nothing comes any more, and the desk looks no more
  if (state_->tracer) state_->tracer->stop(grace > kLastSpans ? kLastSpans : grace);
}

}  // namespace winnow::server
