#include "tests/real/mail_corpus.h"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/ingest.h"
#include "learn/history.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

struct MailSource {
  const char* file;    // below the data's email/ folder
  const char* source;  // its name in the data set
  Label label;
};

constexpr MailSource kSources[] = {
    {"phishing_pot_phish.tar.zst", "phishing_pot", Label::Phish},
    {"nazario_2005_phish.tar.zst", "nazario_2005", Label::Phish},
    {"nazario_2022_phish.tar.zst", "nazario_2022", Label::Phish},
    {"nazario_csv_phish.csv.zst", "nazario_csv", Label::Phish},
    {"trec07p_rulephish_phish.tar.zst", "trec07p_rulephish", Label::Phish},
    {"trec07p_ham.tar.zst", "trec07p_ham", Label::Benign},
    {"spamassassin_easyham_ham.tar.zst", "spamassassin_easyham", Label::Benign},
    {"spamassassin_hardham_ham.tar.zst", "spamassassin_hardham", Label::Benign},
    {"list_usrp_users_ham.tar.zst", "list_usrp_users", Label::Benign},
    {"list_openbmc_ham.tar.zst", "list_openbmc", Label::Benign},
    {"bounces_ham.tar.zst", "bounces", Label::Benign},
    {"circuit_notices_ham.tar.zst", "circuit_notices", Label::Benign},
    {"software_fixtures_ham.tar.zst", "software_fixtures", Label::Benign},
    {"trec07p_spam.tar.zst", "trec07p_spam", Label::Spam},
    {"spamassassin_spam.tar.zst", "spamassassin_spam", Label::Spam},
};

Status take_in(const MailSource& from, EventLog& log, Quarantine& quarantine, Progress& progress) {
  const auto folder = unpacked(std::string("email/") + from.file);
  if (!folder) return Error(Code::NotFound, fmt::format("'{}' is not there", from.file));
  const IngestOptions options{.source = from.source, .label = from.label};
  const std::vector<Path> inputs = {*folder};
  const FixedClock clock(kArrival);
  WINNOW_TRY(const auto report,
             ingest_mail(inputs, RecordMapping(), log, quarantine, options, clock, progress));
  fmt::print(stderr, "{}: {} stored, {} duplicates, {} unusable\n", from.source, report.stored,
             report.duplicates, report.unusable);
  return {};
}

}  // namespace

Result<std::optional<learn::DataSet>> load_mail_corpus(const Path& features, Progress& progress) {
  if (!real_data("email")) return std::optional<learn::DataSet>();
  const TemporaryFolder folder;
  WINNOW_TRY(auto log, EventLog::open(folder / "events", Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(folder / "quarantine", Access::ReadWrite));
  for (const auto& source : kSources) WINNOW_TRY(take_in(source, log, quarantine, progress));
  WINNOW_TRY(const auto compiled, FeatureSet::compile(features));
  WINNOW_TRY(auto history, learn::replay_history(log, {}, DomainMapping(RecordMapping()), compiled,
                                                 nullptr, progress));
  return std::optional(std::move(history.data));
}

Result<learn::DataSet> part_of(const learn::DataSet& data, std::size_t rows_of_a_source,
                               const std::vector<std::string>& without) {
  std::vector<std::size_t> kept, size_of_source(data.sources().size(), 0);
  learn::DataShape shape{data.shape().feature_set, {}, data.shape().term_space};
  for (std::size_t column = 0; column < data.shape().columns.size(); ++column) {
    const auto& of = data.shape().columns[column];
    if (std::find(without.begin(), without.end(), of.view) != without.end()) continue;
    kept.push_back(column);
    shape.columns.push_back(of);
  }
  for (std::size_t row = 0; row < data.size(); ++row) ++size_of_source[data.source(row)];
  WINNOW_TRY(auto builder, learn::DataSetBuilder::start(shape));
  std::vector<float> values, scratch;
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto source = data.source(row);
    const std::size_t rank = data.raw(row).bytes()[0] * size_of_source[source] / 256;
    if (rows_of_a_source > 0 && rank >= rows_of_a_source) continue;
    values.clear();
    for (const auto column : kept) values.push_back(data.values(row)[column]);
    WINNOW_TRY(builder.add({data.raw(row), data.time(row), data.sources()[source], data.label(row),
                            data.weight(row), values, data.terms(row, scratch)}));
  }
  return std::move(builder).finish(learn::DataSetBuilder::Copies::LikeTexts);
}

}  // namespace winnow::testing
