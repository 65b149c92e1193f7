#include "tests/real/mail_corpus.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "features/feature_set.h"
#include "ingest/ingest.h"
#include "learn/replay.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

using learn::Label;

winnow::Label intake_label(Label label) {
  switch (label) {
    case Label::Benign:
      return winnow::Label::Benign;
    case Label::Malicious:
      return winnow::Label::Phish;
    case Label::Unwanted:
      return winnow::Label::Spam;
  }
  return winnow::Label::None;
}

std::optional<Label> training_label(winnow::Label label) {
  switch (label) {
    case winnow::Label::None:
      return std::nullopt;
    case winnow::Label::Benign:
      return Label::Benign;
    case winnow::Label::Spam:
      return Label::Unwanted;
    case winnow::Label::Phish:
      return Label::Malicious;
  }
  return std::nullopt;
}

Status take_in(const MailSource& from, EventLog& log, Quarantine& quarantine, Progress& progress) {
  const auto folder = unpacked("email/" + from.file);
  if (!folder) return Error(Code::NotFound, fmt::format("'{}' is not there", from.file));
  const IngestOptions options{.source = from.source, .label = intake_label(from.label)};
  const std::vector<Path> inputs = {*folder};
  // A fixed time of arrival: what has no date of its own gets the same place in every run.
  const FixedClock clock(Timestamp::from_civil(2026, 11, 1));
  WINNOW_TRY(const auto report,
             ingest_mail(inputs, RecordMapping(), log, quarantine, options, clock, progress));
  fmt::print(stderr, "{}: {} stored, {} duplicates, {} unusable\n", from.source, report.stored,
             report.duplicates, report.unusable);
  return {};
}

// The log in order of time. Events of one moment come by digest, as the data set wants them.
class LogInOrder {
 public:
  LogInOrder(const EventLog& log, std::map<std::string, double> share_of_source)
      : log_(log), scan_(log.scan({})), share_of_source_(std::move(share_of_source)) {}

  Result<std::optional<learn::HistoricEvent>> next() {
    if (at_ == moment_.size()) WINNOW_TRY(read_moment());
    if (at_ == moment_.size()) return std::optional<learn::HistoricEvent>();
    const auto& stored = moment_[at_++];
    WINNOW_TRY(const auto raw, log_.read_raw(stored));
    WINNOW_TRY(auto event, mapping_.apply(stored.form, raw));
    return std::optional(learn::HistoricEvent{std::move(event), stored.event_time, stored.source,
                                              training_label(stored.label), 1});
  }

 private:
  Status read_moment() {
    moment_.clear();
    at_ = 0;
    while (true) {
      if (!ahead_) {
        WINNOW_TRY(const bool more, scan_.next());
        if (!more) break;
        if (!is_wanted(scan_.event())) continue;
        ahead_ = scan_.event();
      }
      if (!moment_.empty() && moment_.front().event_time != ahead_->event_time) break;
      moment_.push_back(*ahead_);
      ahead_.reset();
    }
    std::sort(moment_.begin(), moment_.end(),
              [](const auto& a, const auto& b) { return a.digest < b.digest; });
    return {};
  }

  // A choice by digest: the same mails every time, of all times.
  bool is_wanted(const StoredEvent& event) const {
    const auto share = share_of_source_.find(event.source);
    return share == share_of_source_.end() || event.digest.bytes()[0] < share->second * 256;
  }

  const EventLog& log_;
  RecordMapping mapping_;
  EventScan scan_;
  std::map<std::string, double> share_of_source_;
  std::optional<StoredEvent> ahead_;
  std::vector<StoredEvent> moment_;
  std::size_t at_ = 0;
};

}  // namespace

const std::vector<MailSource>& mail_sources() {
  static const std::vector<MailSource> sources = {
      {"phishing_pot_phish.tar.zst", "phishing_pot", Label::Malicious},
      {"nazario_2005_phish.tar.zst", "nazario_2005", Label::Malicious},
      {"nazario_2022_phish.tar.zst", "nazario_2022", Label::Malicious},
      {"nazario_csv_phish.csv.zst", "nazario_csv", Label::Malicious},
      {"trec07p_rulephish_phish.tar.zst", "trec07p_rulephish", Label::Malicious},
      {"trec07p_ham.tar.zst", "trec07p_ham", Label::Benign},
      {"spamassassin_easyham_ham.tar.zst", "spamassassin_easyham", Label::Benign},
      {"spamassassin_hardham_ham.tar.zst", "spamassassin_hardham", Label::Benign},
      {"list_usrp_users_ham.tar.zst", "list_usrp_users", Label::Benign},
      {"list_openbmc_ham.tar.zst", "list_openbmc", Label::Benign},
      {"bounces_ham.tar.zst", "bounces", Label::Benign},
      {"circuit_notices_ham.tar.zst", "circuit_notices", Label::Benign},
      {"software_fixtures_ham.tar.zst", "software_fixtures", Label::Benign},
      {"trec07p_spam.tar.zst", "trec07p_spam", Label::Unwanted},
      {"spamassassin_spam.tar.zst", "spamassassin_spam", Label::Unwanted},
  };
  return sources;
}

Result<std::optional<learn::DataSet>> load_mail_corpus(const CorpusOptions& options,
                                                       Progress& progress) {
  if (!real_data("email")) return std::optional<learn::DataSet>();
  const TemporaryFolder folder;
  WINNOW_TRY(auto log, EventLog::open(folder / "events", Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(folder / "quarantine", Access::ReadWrite));
  std::map<std::string, double> share_of_source;
  for (const auto& source : mail_sources()) {
    WINNOW_TRY(take_in(source, log, quarantine, progress));
    if (options.mails_of_a_source == 0) continue;
    WINNOW_TRY(const auto mails, log.count({.source = source.source}));
    share_of_source[source.source] = static_cast<double>(options.mails_of_a_source) /
                                     static_cast<double>(std::max<std::uint64_t>(1, mails));
  }
  WINNOW_TRY(const auto features, FeatureSet::compile(options.features));
  MemoryEntityStates states;
  LogInOrder events(log, std::move(share_of_source));
  WINNOW_TRY(auto data, learn::replay([&] { return events.next(); }, features, NoIntelligence(),
                                      states, {}, progress));
  return std::optional(std::move(data));
}

}  // namespace winnow::testing
