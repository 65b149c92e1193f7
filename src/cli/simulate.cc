#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/console.h"
#include "cli/detail/invented_company.h"
#include "cli/detail/nouns.h"
#include "simulate/cloud_traffic.h"
#include "simulate/company_assets.h"
#include "simulate/endpoint_traffic.h"
#include "simulate/mail_log.h"
#include "simulate/mail_traffic.h"
#include "simulate/network_traffic.h"

namespace winnow::cli {
namespace {

// The files of one simulation: history by label, and the last days as new records with their truth
// apart.
class Files {
 public:
  // `malicious` is what the history's other file is called: "phish"; `extension` that of all,
  // `group` the column that names an attack.
  static Result<Files> create(const Path& folder, std::string_view malicious,
                              std::string_view extension, std::string_view group) {
    WINNOW_TRY(make_folders(folder));
    const auto named = [&](std::string_view name) {
      return folder / fmt::format("{}.{}", name, extension);
    };
    std::error_code error;
    if (std::filesystem::exists(folder / "new-truth.csv", error)) {
      return Error(Code::AlreadyExists,
                   fmt::format("'{}' holds a simulation already", folder.string()))
          .with_hint("choose another folder");
    }
    WINNOW_TRY(auto benign, AppendFile::open(named("history-benign")));
    WINNOW_TRY(auto harmful, AppendFile::open(named(fmt::format("history-{}", malicious))));
    WINNOW_TRY(auto recent, AppendFile::open(named("new")));
    WINNOW_TRY(auto truth, AppendFile::open(folder / "new-truth.csv"));
    WINNOW_TRY(truth.append(fmt::format("sha256,label,{}\n", group)));
    return Files(std::move(benign), std::move(harmful), std::move(recent), std::move(truth));
  }

  // As the log says that it is.
  Status add_past(std::string_view entry, Label label) {
    return (label == Label::Benign ? benign_ : malicious_).append(entry);
  }
  // `raw` is what is decided on, `entry` the same as it stands in the file.
  Status add_new(std::string_view entry, std::string_view raw, Label truth,
                 std::string_view group) {
    WINNOW_TRY(recent_.append(entry));
    return truth_.append(fmt::format("{},{},{}\n", sha256(raw).hex(), name_of(truth), group));
  }

 private:
  Files(AppendFile benign, AppendFile malicious, AppendFile recent, AppendFile truth)
      : benign_(std::move(benign)),
        malicious_(std::move(malicious)),
        recent_(std::move(recent)),
        truth_(std::move(truth)) {}
  AppendFile benign_, malicious_, recent_, truth_;
};

// What every simulation is told: `span` is of its traffic.
template <typename Span>
Status read_span(const Arguments& arguments, Span& span) {
  span.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  span.days = static_cast<unsigned>(std::clamp<std::int64_t>(arguments.integer("days"), 2, 3650));
  if (arguments.has("from")) {
    WINNOW_TRY(span.from, Timestamp::parse(arguments.text("from")));
  }
  return {};
}
// From when on records are new.
template <typename Span>
Timestamp new_from(const Arguments& arguments, const Span& span) {
  const auto days = std::clamp<std::int64_t>(arguments.integer("new-days"), 1, span.days - 1);
  return span.from + std::chrono::hours(24 * (span.days - days));
}

Result<simulate::MailTrafficConfig> config_of(const Arguments& arguments) {
  simulate::MailTrafficConfig config;
  WINNOW_TRY(read_span(arguments, config));
  config.mails_a_day = std::clamp(arguments.number("mails-per-day"), 1.0, 1e6);
  config.phish_share = std::clamp(arguments.number("phish-share"), 0.0, 0.5);
  config.label_noise = std::clamp(arguments.number("label-noise"), 0.0, 0.5);
  return config;
}

Result<int> mail(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto config, config_of(arguments));
  const auto first_new = new_from(arguments, config);
  WINNOW_TRY(auto files, Files::create(arguments.text("folder"), "phish", "mbox", "campaign"));
  const auto company = invented_company(arguments);
  simulate::MailTraffic traffic(company, config);
  console.progress().stage("writing mail", config.days);
  std::uint64_t history = 0, phish = 0, recent = 0, day = 0;
  for (simulate::SimulatedMail next; traffic.next(next);) {
    const bool is_new = next.time >= first_new;
    const auto entry = simulate::mail_log_entry(simulate::MailLogFormat::Mbox, next);
    WINNOW_TRY(is_new ? files.add_new(entry, next.raw, next.truth, next.campaign)
                      : files.add_past(entry, next.label));
    ++(is_new ? recent : history);
    phish += !is_new && next.label == Label::Phish ? 1 : 0;
    const auto today = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, (next.time - config.from) / std::chrono::hours(24)));
    if (today > day) console.progress().advance(today - day);
    day = std::max(day, today);
  }
  console.end_progress();
  console.document("simulate.mail", Json::object({{"folder", arguments.text("folder")},
                                                  {"history", history},
                                                  {"history_phish", phish},
                                                  {"new", recent}}));
  console.line(fmt::format("wrote {} mails of the past, {} of them phishing, and {} new ones to {}",
                           human_count(history), human_count(phish), human_count(recent),
                           arguments.text("folder")));
  return 0;
}

// Writes what `simulated` makes of the company, a record a line.
template <typename Config>
Result<int> write_records(const Arguments& arguments, Console& console, Config config,
                          simulate::RecordStream (*simulated)(const simulate::Company&,
                                                              const Config&),
                          std::string_view kind, std::string_view extension) {
  WINNOW_TRY(read_span(arguments, config.span));
  config.span.intrusions_a_week = std::clamp(arguments.number("intrusions-per-week"), 0.01, 100.0);
  const auto first_new = new_from(arguments, config.span);
  WINNOW_TRY(auto files,
             Files::create(arguments.text("folder"), "malicious", extension, "intrusion"));
  const auto company = invented_company(arguments);
  auto traffic = simulated(company, config);
  console.progress().stage("writing records", 0);
  std::uint64_t history = 0, malicious = 0, recent = 0;
  for (simulate::SimulatedRecord next; traffic.next(next);) {
    const bool is_new = next.time >= first_new;
    const auto entry = next.raw + "\n";
    WINNOW_TRY(is_new ? files.add_new(entry, next.raw, next.truth, next.intrusion)
                      : files.add_past(entry, next.truth));
    ++(is_new ? recent : history);
    malicious += !is_new && next.truth == Label::Malicious ? 1 : 0;
    console.progress().advance(1);
  }
  console.end_progress();
  console.document(fmt::format("simulate.{}", kind),
                   Json::object({{"folder", arguments.text("folder")},
                                 {"history", history},
                                 {"history_malicious", malicious},
                                 {"new", recent}}));
  console.line(fmt::format(
      "wrote {} records of the past, {} of them of intrusions, and {} new ones to {}",
      human_count(history), human_count(malicious), human_count(recent), arguments.text("folder")));
  return 0;
}

Result<int> network(const Arguments& arguments, Console& console) {
  simulate::NetworkTrafficConfig config;
  config.visits_a_day = std::clamp(arguments.number("visits-per-day"), 0.0, 1e4);
  return write_records(arguments, console, config, simulate::network_traffic, "network",
                       "eve.json");
}

Result<int> endpoint(const Arguments& arguments, Console& console) {
  simulate::EndpointTrafficConfig config;
  config.programs_a_day = std::clamp(arguments.number("programs-per-day"), 0.0, 1e4);
  return write_records(arguments, console, config, simulate::endpoint_traffic, "endpoint", "json");
}

Result<int> assets(const Arguments& arguments, Console& console) {
  const auto company = invented_company(arguments);
  const auto all = simulate::assets_of(company);
  const auto& file = arguments.text("file");
  std::error_code error;
  if (std::filesystem::exists(file, error))
    return Error(Code::AlreadyExists, fmt::format("'{}' is there already", file))
        .with_hint("choose another file");
  WINNOW_TRY(write_atomically(file, assets_csv(all)));
  console.document("simulate.assets",
                   Json::object({{"file", file}, {"assets", std::uint64_t{all.size()}}}));
  console.line(fmt::format("wrote {} assets to {}", human_count(all.size()), file));
  return 0;
}

Result<int> cloud(const Arguments& arguments, Console& console) {
  simulate::CloudTrafficConfig config;
  config.sessions_a_day = std::clamp(arguments.number("sessions-per-day"), 0.0, 1e3);
  return write_records(arguments, console, config, simulate::cloud_traffic, "cloud", "json");
}

// What simulations of records are told; `activity` says how busy people are.
std::vector<Option> record_options(Option activity) {
  using Kind = Option::Kind;
  return {{Kind::Positional, "folder", "where the files go", "", true},
          {Kind::Integer, "seed", "of everything drawn", "1"},
          {Kind::Integer, "days", "the span of time", "30"},
          {Kind::Integer, "new-days", "how many of the last days are new", "7"},
          people_option("60"),
          std::move(activity),
          {Kind::Number, "intrusions-per-week", "about", "3"},
          {Kind::Text, "from", "the first day (default: 2026-01-05)"}};
}

}  // namespace

std::vector<Command> simulate_commands() {
  using Kind = Option::Kind;
  return {
      {"simulate mail",
       "Writes the mail of an invented company under attack, to try Winnow on",
       "history-benign.mbox and history-phish.mbox to train on, new.mbox to score, "
       "new-truth.csv with what the new mails really are. The same "
       "seed gives the same bytes. No name, domain or address in it is real.",
       "winnow simulate mail simulated --days 60 --seed 7",
       {{Kind::Positional, "folder", "where the files go", "", true},
        {Kind::Integer, "seed", "of everything drawn", "1"},
        {Kind::Integer, "days", "the span of time", "180"},
        {Kind::Integer, "new-days", "how many of the last days are new mail", "7"},
        people_option("150"),
        {Kind::Number, "mails-per-day", "on a working day, about", "60"},
        {Kind::Number, "phish-share", "of all mails", "0.1"},
        {Kind::Number, "label-noise", "share of wrong labels in the history", "0"},
        {Kind::Text, "from", "the first day (default: 2026-01-05)"}},
       mail},
      {"simulate network", "Writes what a network IDS sees of an invented company under attack",
       "Suricata's eve.json: history-benign and history-malicious to train on, new to score, "
       "new-truth.csv with what the new records really are. Intrusions call home, look around, "
       "guess passwords and take data away, amid honest traffic that looks alike. The same "
       "seed gives the same bytes. No name, domain or address in it is real.",
       "winnow simulate network simulated-network --days 14 --people 40 --seed 7",
       record_options(
           {Kind::Number, "visits-per-day", "of a person to sites, on a working day, about", "12"}),
       network},
      {"simulate endpoint",
       "Writes what the machines of an invented company log while it is under attack",
       "Sysmon, Security, PowerShell and System events as NXLog ships them: history-benign and "
       "history-malicious to train on, new to score, new-truth.csv with what the new records "
       "really are. With the same seed, span, people and intrusions-per-week, the intrusions "
       "are those of 'simulate network': same machines, same moments, same names. The same "
       "seed gives the same bytes. No name, domain or address in it is real.",
       "winnow simulate endpoint simulated-endpoint --days 14 --people 40 --seed 7",
       record_options({Kind::Number, "programs-per-day",
                       "that a person starts on a working day, about", "10"}),
       endpoint},
      {"simulate assets",
       "Writes the list of an invented company's people, machines and addresses",
       "CSV for winnow assets import: how critical each is, and whose. With the same seed and "
       "people it is the company of 'simulate network' and 'simulate endpoint'.",
       "winnow simulate assets simulated-assets.csv --people 40 --seed 7",
       {{Kind::Positional, "file", "where they go", "", true},
        {Kind::Integer, "seed", "of everything drawn", "1"},
        people_option("60")},
       assets},
      {"simulate cloud", "Writes what an invented company's cloud records while it is under attack",
       "Events of AWS CloudTrail, one a line: history-benign and history-malicious to train on, "
       "new to score, new-truth.csv with what the new records really are. Intruders use stolen "
       "sessions and keys, amid people, deployments, backups and auditors that look alike. With "
       "the same seed, span, people and intrusions-per-week, the intrusions are those of "
       "'simulate network': same people, same moments, same names; some never reach the cloud. "
       "The same seed gives the same bytes. No name, domain or address in it is real.",
       "winnow simulate cloud simulated-cloud --days 28 --people 40 --intrusions-per-week 5 --seed "
       "7",
       record_options({Kind::Number, "sessions-per-day",
                       "of a person who works in the cloud, on a working day, about", "2"}),
       cloud}};
}

}  // namespace winnow::cli
