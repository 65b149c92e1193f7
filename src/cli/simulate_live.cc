// The mail of the simulated company as it is written: sent to a running server, each at its time.
#include <thread>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/invented_company.h"
#include "cli/detail/nouns.h"
#include "cli/detail/patient_sender.h"
#include "cli/detail/session.h"
#include "simulate/mail_traffic.h"

namespace winnow::cli {
namespace {

// The campaigns of the span, at today's stage; every day is a working day.
simulate::MailTrafficConfig traffic_of(const Arguments& arguments,
                                       const simulate::TrafficSpan& span, Timestamp now) {
  simulate::MailTrafficConfig config;
  config.seed = span.seed;
  config.from = span.from;
  config.first = now;
  config.days = span.days;
  config.mails_a_day = std::clamp(arguments.number("per-minute"), 0.1, 6000.0) * 24 * 60;
  config.weekend = 1;
  config.phish_share = std::clamp(arguments.number("phish-share"), 0.0, 0.5);
  return config;
}

Result<int> live(const Arguments& arguments, Console& console) {
  const auto& clock = system_clock();
  const auto now = clock.now();
  WINNOW_TRY(const auto span, live_span(arguments, now));
  WINNOW_TRY(auto gateway, PatientSender::open(arguments));
  const auto wanted =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, arguments.integer("mails")));
  const auto company = invented_company(arguments);
  simulate::MailTraffic traffic(company, traffic_of(arguments, span, now));
  std::map<std::string, std::uint64_t> routes;
  std::uint64_t sent = 0;
  console.progress().stage("sending mail", wanted);
  for (simulate::SimulatedMail next; (wanted == 0 || sent < wanted) && traffic.next(next);) {
    std::this_thread::sleep_for(next.time - clock.now());
    WINNOW_TRY(const auto answer, gateway.post("/v1/score/mail", "message/rfc822", next.raw));
    ++routes[answer["route"].as_string()];
    ++sent;
    console.progress().advance(1);
  }
  console.end_progress();
  Json decided = Json::object();
  for (const auto& [route, count] : routes) decided.set(route, count);
  console.document("simulate.live", Json::object({{"sent", sent}, {"routes", std::move(decided)}}));
  std::string text;
  for (const auto& [route, count] : routes)
    text += fmt::format(", {}: {}", route, human_count(count));
  console.line(fmt::format("{} mails sent{}", human_count(sent), text));
  return 0;
}

}  // namespace

std::vector<Command> simulate_live_commands() {
  using Kind = Option::Kind;
  return {{"simulate live",
           "Sends the mail of the invented company to a server, each when it is written",
           "What arrives is new: the same people and the same attackers as in the files of "
           "`simulate mail` with this --seed, --people and --from, at today's stage. A server that "
           "is busy or away for less than half a minute misses nothing. Ends with Ctrl-C, after "
           "--mails, or after 30 days.",
           "winnow simulate live --token-file gateway.token --per-minute 600 --mails 5",
           {server_option(),
            token_file_option(),
            {Kind::Number, "per-minute", "mails, about; fewer at night", "30"},
            {Kind::Integer, "mails", "how many; 0: until it is stopped", "0"},
            {Kind::Integer, "seed", "of everything drawn", "1"},
            people_option("150"),
            {Kind::Number, "phish-share", "of all mails", "0.05"},
            {Kind::Text, "from", "the first day of the company's mail", "2026-01-05"}},
           live}};
}

}  // namespace winnow::cli
