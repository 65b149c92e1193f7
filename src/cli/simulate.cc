#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "simulate/company.h"
#include "simulate/mail_log.h"
#include "simulate/mail_traffic.h"

namespace winnow::cli {
namespace {

// The files of one simulation: history by label, and the last days as new mail with its truth
// apart.
class Files {
 public:
  static Result<Files> create(const Path& folder) {
    WINNOW_TRY(make_folders(folder));
    std::error_code error;
    if (std::filesystem::exists(folder / "new.mbox", error)) {
      return Error(Code::AlreadyExists,
                   fmt::format("'{}' holds a simulation already", folder.string()))
          .with_hint("choose another folder");
    }
    WINNOW_TRY(auto benign, AppendFile::open(folder / "history-benign.mbox"));
    WINNOW_TRY(auto phish, AppendFile::open(folder / "history-phish.mbox"));
    WINNOW_TRY(auto recent, AppendFile::open(folder / "new.mbox"));
    WINNOW_TRY(auto truth, AppendFile::open(folder / "new-truth.csv"));
    WINNOW_TRY(truth.append("sha256,label,campaign\n"));
    return Files(std::move(benign), std::move(phish), std::move(recent), std::move(truth));
  }

  Status add(const simulate::SimulatedMail& mail, bool is_new) {
    const auto entry = simulate::mail_log_entry(simulate::MailLogFormat::Mbox, mail);
    if (!is_new) return (mail.label == Label::Phish ? phish_ : benign_).append(entry);
    WINNOW_TRY(recent_.append(entry));
    return truth_.append(
        fmt::format("{},{},{}\n", sha256(mail.raw).hex(), name_of(mail.truth), mail.campaign));
  }

 private:
  Files(AppendFile benign, AppendFile phish, AppendFile recent, AppendFile truth)
      : benign_(std::move(benign)),
        phish_(std::move(phish)),
        recent_(std::move(recent)),
        truth_(std::move(truth)) {}
  AppendFile benign_, phish_, recent_, truth_;
};

Result<simulate::MailTrafficConfig> config_of(const Arguments& arguments) {
  simulate::MailTrafficConfig config;
  config.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  config.days = static_cast<unsigned>(std::clamp<std::int64_t>(arguments.integer("days"), 2, 3650));
  config.mails_a_day = std::clamp(arguments.number("mails-per-day"), 1.0, 1e6);
  config.phish_share = std::clamp(arguments.number("phish-share"), 0.0, 0.5);
  config.label_noise = std::clamp(arguments.number("label-noise"), 0.0, 0.5);
  if (arguments.has("from")) {
    WINNOW_TRY(config.from, Timestamp::parse(arguments.text("from")));
  }
  return config;
}

Result<int> mail(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto config, config_of(arguments));
  const auto new_days = std::clamp<std::int64_t>(arguments.integer("new-days"), 1, config.days - 1);
  const auto new_from = config.from + std::chrono::hours(24 * (config.days - new_days));
  WINNOW_TRY(auto files, Files::create(arguments.text("folder")));
  const auto company = simulate::Company::build({.seed = config.seed});
  simulate::MailTraffic traffic(company, config);
  console.progress().stage("writing mail", config.days);
  std::uint64_t history = 0, phish = 0, recent = 0, day = 0;
  for (simulate::SimulatedMail next; traffic.next(next);) {
    const bool is_new = next.time >= new_from;
    WINNOW_TRY(files.add(next, is_new));
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

}  // namespace

std::vector<Command> simulate_commands() {
  using Kind = Option::Kind;
  return {{"simulate mail",
           "Writes the mail of an invented company under attack, to try Winnow on",
           "history-benign.mbox and history-phish.mbox to train on, new.mbox to score, "
           "new-truth.csv with what the new mails really are. The same "
           "seed gives the same bytes. No name, domain or address in it is real.",
           "winnow simulate mail simulated --days 60 --seed 7",
           {{Kind::Positional, "folder", "where the files go", "", true},
            {Kind::Integer, "seed", "of everything drawn", "1"},
            {Kind::Integer, "days", "the span of time", "180"},
            {Kind::Integer, "new-days", "how many of the last days are new mail", "7"},
            {Kind::Number, "mails-per-day", "on a working day, about", "60"},
            {Kind::Number, "phish-share", "of all mails", "0.1"},
            {Kind::Number, "label-noise", "share of wrong labels in the history", "0"},
            {Kind::Text, "from", "the first day (default: 2026-01-05)"}},
           mail}};
}

}  // namespace winnow::cli
