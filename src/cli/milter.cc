// The milter that an MTA asks about each mail: docs/postfix.md.
#include "milter/milter.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "base/log.h"
#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "cli/detail/stop_signals.h"
#include "milter/scoring_client.h"

namespace winnow::cli {
namespace {

constexpr std::chrono::seconds kGrace{30};  // for mails in progress when told to stop
constexpr int kMinutesOfADay = 24 * 60;
constexpr double kLongestTimeout = 300;  // seconds, above which MTAs give up on a milter
constexpr std::int64_t kMostConnections = 10'000, kMostMib = 1 << 20;

Result<milter::ScoringServer> scoring_server(const Arguments& arguments) {
  milter::ScoringServer server;
  server.url = arguments.text("server");
  const bool encrypted = server.url.starts_with("https://");
  if (!encrypted && !server.url.starts_with("http://")) {
    return Error(Code::InvalidArgument, fmt::format("'{}' is no URL of a server", server.url))
        .with_hint("such as http://127.0.0.1:8420");
  }
  while (server.url.ends_with('/')) server.url.pop_back();
  server.token_file = arguments.text("token-file");
  WINNOW_TRY(server.token, milter::token_in(server.token_file));
  server.authorities = arguments.text("ca-file");
  if (!server.authorities.empty() && !std::filesystem::is_regular_file(server.authorities))
    return Error(Code::NotFound, fmt::format("there is no file '{}'", server.authorities));
  const auto seconds = std::clamp(arguments.number("timeout"), 0.1, kLongestTimeout);
  server.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  const bool here = server.url.starts_with("http://127.") ||
                    server.url.starts_with("http://localhost") ||
                    server.url.starts_with("http://[::1]");
  if (!encrypted && !here)
    log::warn("token and mails travel unencrypted to the server", {{"server", server.url}});
  return server;
}

std::size_t mebibytes(std::int64_t count) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(count, 1, kMostMib)) << 20;
}

Result<milter::MilterOptions> milter_options(const Arguments& arguments) {
  milter::MilterOptions options;
  WINNOW_TRY(options.listen, milter::ListenAddress::parse(arguments.text("listen")));
  for (const auto& rule : arguments.texts("on")) WINNOW_TRY(options.rules.set(rule));
  if (arguments.text("unavailable") == "accept")
    options.rules.unavailable = milter::WhenUnavailable::Accept;
  options.connections = static_cast<std::size_t>(
      std::clamp<std::int64_t>(arguments.integer("connections"), 1, kMostConnections));
  options.mail_bytes = mebibytes(arguments.integer("max-mail"));
  // A mail that may come must have room when it comes alone.
  options.room_bytes = std::max(mebibytes(arguments.integer("memory")), options.mail_bytes);
  return options;
}

void tell_concerns(milter::ScoringClient& client) {
  for (const auto& concern : client.concerns(system_clock().now()))
    log::warn("mails may have to wait", {{"concern", concern}});
}

Result<int> serve_milter(const Arguments& arguments, Console& console) {
  const StopSignals signals;
  WINNOW_TRY(const auto options, milter_options(arguments));
  WINNOW_TRY(auto server, scoring_server(arguments));
  milter::ScoringClient client(server);
  WINNOW_TRY(const auto milter,
             milter::Milter::start(
                 options, [&client](std::string_view mail) { return client.score(mail); },
                 system_clock()));
  const auto address = milter->address().text();
  if (!milter->address().is_local())
    log::warn("who reaches this port can have mails scored", {{"listen", address}});
  log::info("milter ready", {{"listen", address}, {"server", server.url}});
  console.document("milter", Json::object({{"listen", address}, {"server", server.url}}));
  console.line(fmt::format("a milter of {} at {}", server.url, address));
  std::fflush(stdout);  // who started this may wait for the address
  console.note(fmt::format(
      "for Postfix's main.cf: smtpd_milters = {}",
      milter->address().is_unix
          ? address
          : fmt::format("inet:{}:{}", milter->address().place, milter->address().port)));
  console.note("Ctrl-C ends the mails in progress and stops");
  tell_concerns(client);
  signals.wait([&client, minutes = 0]() mutable {
    if (++minutes % kMinutesOfADay == 0) tell_concerns(client);
  });
  log::info("stopping: mails in progress end");
  milter->drain(kGrace);
  log::info("stopped");
  return 0;
}

}  // namespace

std::vector<Command> milter_commands() {
  using Kind = Option::Kind;
  return {
      {"milter",
       "Has each mail that Postfix or Sendmail receives scored, and tags, holds or refuses it",
       "Speaks the milter protocol to the MTA and POST /v1/score/mail to a running `winnow serve`, "
       "with the token of a sensor. Each mail gets the fields X-Winnow-Route, -Score and "
       "-Decision; what came under these names from outside is removed; the body is never changed. "
       "What is escalated is put on hold, the rest is delivered; --on changes that. While the "
       "server gives no answer, senders are asked to come again later, so no mail is lost and none "
       "passes unseen; `--unavailable accept` delivers instead, with X-Winnow-Unscored. A mail "
       "larger than --max-mail is delivered with X-Winnow-Unscored too. SIGINT or SIGTERM ends "
       "mails in progress, and stops. docs/postfix.md is the whole recipe.",
       "winnow milter --token-file gateway.token --on escalate=quarantine",
       {{Kind::Text, "listen", "inet:PORT@HOST, inet6:PORT@HOST or unix:PATH, where the MTA asks",
         "inet:8421@127.0.0.1"},
        {Kind::Text, "server", "that scores", "http://127.0.0.1:8420"},
        {Kind::Text, "token-file",
         "holds the token of a sensor; read again when the token is refused", "", true},
        {Kind::Text, "ca-file", "PEM file of who vouches for the server (default: the system's)"},
        {Kind::Texts, "on",
         "ROUTE=ACTION: what is done with close, queue, escalate or playbook: accept, tag, "
         "quarantine or reject (default: quarantine for the last two, else tag)"},
        {Kind::Text,
         "unavailable",
         "what is done while the server gives no answer",
         "tempfail",
         false,
         {"tempfail", "accept"}},
        {Kind::Number, "timeout", "seconds that the server has for a mail", "10"},
        {Kind::Integer, "max-mail", "MiB of a mail; larger ones are not scored", "50"},
        {Kind::Integer, "memory", "MiB for the mails in progress together", "512"},
        {Kind::Integer, "connections", "of the MTA at once", "200"}},
       serve_milter}};
}

}  // namespace winnow::cli
