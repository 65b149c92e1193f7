// How well mail is judged, on real mail: the time-ordered evaluation and the cross-source matrix,
// as Markdown. docs/evaluation.md says what the numbers can and cannot claim.
//
//   mail_quality [--quick] [--features FILE] [--only time|matrix|probes] [--json FILE] [--data-set
//   FILE]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "learn/evaluation.h"
#include "tests/real/mail_corpus.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

using namespace learn;  // NOLINT: the program is about nothing else

struct Arguments {
  bool quick = false;
  std::string only;  // empty: everything
  Path features;
  Path json;
  Path data_set;  // read instead of the corpora where it exists, else written
};

std::optional<Arguments> read_arguments(int argc, char** argv) {
  Arguments out;
  out.features = source_folder() / "content" / "features" / "mail.yaml";
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--quick") {
      out.quick = true;
      continue;
    }
    if (i + 1 == argc) return std::nullopt;
    const std::string value = argv[++i];
    if (name == "--features")
      out.features = value;
    else if (name == "--only")
      out.only = value;
    else if (name == "--json")
      out.json = value;
    else if (name == "--data-set")
      out.data_set = value;
    else
      return std::nullopt;
  }
  return out;
}

class Stages final : public Progress {
 public:
  void stage(std::string_view name, std::uint64_t) override {
    const auto now = std::chrono::steady_clock::now();
    if (name == last_) return;
    fmt::print(stderr, "[{:5.0f} s] {}\n", std::chrono::duration<double>(now - begin_).count(),
               name);
    last_ = name;
  }
  void advance(std::uint64_t) override {}
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::string last_;
};

// The corpus, or the data set that an earlier run made of it.
Result<std::optional<DataSet>> load(const Arguments& arguments, Progress& progress) {
  if (!arguments.data_set.empty()) {
    if (const auto bytes = read_file(arguments.data_set, 4ULL << 30)) {
      WINNOW_TRY(auto data, DataSet::read(*bytes));
      return std::optional(std::move(data));
    }
  }
  WINNOW_TRY(auto data,
             load_mail_corpus({arguments.quick ? 400UL : 0UL, arguments.features}, progress));
  if (data && !arguments.data_set.empty())
    WINNOW_TRY(write_atomically(arguments.data_set, data->bytes()));
  return data;
}

TrainingPlan plan_for(const DataSet& data) {
  TrainingPlan plan;
  plan.dropout.views = every_view(data.shape());
  return plan;
}

// The years in which both classes exist with headers of their time: what is older only trains
// elsewhere.
Split since_2019(const DataSet& data, double train_share) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < data.size(); ++row) {
    const auto year = civil(data.time(row)).year;
    if (year >= 2019 && year <= 2026 && data.label(row) != Label::Unwanted) rows.push_back(row);
  }
  const auto cut =
      data.time(rows[static_cast<std::size_t>(train_share * static_cast<double>(rows.size()))]);
  Split split{fmt::format("2019 on, from {}", cut.date()), {}, {}, 0};
  std::vector<std::uint32_t> before;
  for (const auto row : rows) (data.time(row) < cut ? before : split.test).push_back(row);
  split.train = purge_groups(data, before, split.test);
  split.purged = static_cast<std::uint32_t>(before.size() - split.train.size());
  return split;
}

Status tell_time_order(const DataSet& data, const Arguments& arguments, unsigned draws,
                       Progress& progress) {
  EvaluationOptions options;
  options.figures.draws = draws;
  options.slice_columns = {"link_count", "auth_dmarc", "attachment_count"};
  for (const double share : {0.6, 0.7, 0.8}) {
    const std::vector<Split> splits = {since_2019(data, share)};
    WINNOW_TRY(const auto report, evaluate(data, splits, plan_for(data), options, progress));
    fmt::print("\n## Time order, {} (train {}, test {})\n\n```\n{}```\n", splits[0].name,
               splits[0].train.size(), splits[0].test.size(), report.text());
    if (!arguments.json.empty() && share == 0.7) {
      WINNOW_TRY(write_atomically(arguments.json, to_pretty_text(report.json())));
    }
    std::fflush(stdout);
  }
  return {};
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? std::nan("")
                        : (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

struct MatrixSummary {
  std::vector<double> average_precision, recall;
  void add(const Figures& figures) {
    average_precision.push_back(figures.average_precision.value);
    recall.push_back(figures.recall_at_fpr_1_percent.value);
  }
  void tell(std::string_view name) const {
    fmt::print(
        "| **{}** | | median AP {:.4f} | worst AP {:.4f} | median recall at 1 % FPR {:.3f} | pairs "
        "with AP >= 0.97: {} of {} |\n",
        name, median_of(average_precision),
        *std::min_element(average_precision.begin(), average_precision.end()), median_of(recall),
        std::count_if(average_precision.begin(), average_precision.end(),
                      [](double ap) { return ap >= 0.97; }),
        average_precision.size());
  }
};

Status tell_matrix(const DataSet& data, bool quick, unsigned draws, Progress& progress) {
  const std::vector<std::string> malicious = {"phishing_pot", "nazario_2005", "nazario_2022",
                                              "nazario_csv"};
  const std::vector<std::string> benign = {"trec07p_ham",          "spamassassin_easyham",
                                           "spamassassin_hardham", "list_usrp_users",
                                           "list_openbmc",         "bounces",
                                           "software_fixtures"};
  WINNOW_TRY(const auto splits, cross_source_matrix(data, malicious, benign));
  auto plan = plan_for(data);
  plan.calibration = CalibrationCurve::None;  // rankings do not need it
  fmt::print(
      "\n## Cross-source matrix: trained without both sources, tested on both\n\n"
      "| malicious source, benign source | test rows | AP (95 %) | recall at 1 % FPR (95 %) | "
      "baseline AP | baseline recall |\n"
      "|---|---|---|---|---|---|\n");
  MatrixSummary model, baseline;
  for (std::size_t i = 0; i < splits.size(); i += quick ? 3 : 1) {
    progress.stage(splits[i].name, 1);
    NoProgress quiet;
    WINNOW_TRY(const auto cell, evaluate_split(data, splits[i], plan, {.draws = draws}, 1, quiet));
    fmt::print("| {} | {} | {} | {} | {:.3f} | {:.3f} |\n", cell.name, cell.model.rows,
               text_of(cell.model.average_precision), text_of(cell.model.recall_at_fpr_1_percent),
               cell.baseline.average_precision.value, cell.baseline.recall_at_fpr_1_percent.value);
    std::fflush(stdout);
    model.add(cell.model);
    baseline.add(cell.baseline);
  }
  model.tell("model");
  baseline.tell("baseline");
  return {};
}

Status tell_sources(const DataSet& data, Progress& progress) {
  progress.stage("telling sources apart", 1);
  WINNOW_TRY(const auto probes, probe_sources(data, {}));
  fmt::print(
      "\n## Sources told apart within one class (ROC AUC, the same features)\n\n| class | source | "
      "AUC |\n|---|---|---|\n");
  for (const auto& probe : probes)
    fmt::print("| {} | {} | {:.3f} |\n", name_of(probe.label), probe.source, probe.auc);
  return {};
}

Status tell(const Arguments& arguments, Stages& progress) {
  WINNOW_TRY(const auto data, load(arguments, progress));
  if (!data) {
    fmt::print(stderr, "{}\n", kNoRealData);
    return {};
  }
  const auto wants = [&](std::string_view part) {
    return arguments.only.empty() || arguments.only == part;
  };
  const unsigned draws = arguments.quick ? 50 : 200;
  fmt::print(
      "# Quality of mail judgement\n\n{} mails, {} features, {} sources; data set {}; loaded in "
      "{:.0f} s\n",
      data->size(), data->shape().columns.size(), data->sources().size(),
      sha256(data->bytes()).short_hex(), progress.seconds());
  if (wants("probes")) WINNOW_TRY(tell_sources(*data, progress));
  if (wants("time")) WINNOW_TRY(tell_time_order(*data, arguments, draws, progress));
  if (wants("matrix")) WINNOW_TRY(tell_matrix(*data, arguments.quick, draws, progress));
  fmt::print("\nin {:.0f} s\n", progress.seconds());
  return {};
}

}  // namespace
}  // namespace winnow::testing

int main(int argc, char** argv) {
  const auto arguments = winnow::testing::read_arguments(argc, argv);
  if (!arguments) {
    fmt::print(stderr,
               "usage: mail_quality [--quick] [--features FILE] [--only time|matrix|probes] "
               "[--json FILE] [--data-set FILE]\n");
    return 2;
  }
  winnow::testing::Stages progress;
  const auto told = winnow::testing::tell(*arguments, progress);
  if (!told) fmt::print(stderr, "{}\n", told.error().text());
  return told ? 0 : 1;
}
