// How well mail is judged, on real mail: leak probes, the time-ordered evaluation and the
// cross-source matrix, as Markdown, with the training that ships. docs/evaluation.md says what the
// numbers can and cannot claim.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "base/yaml.h"
#include "learn/evaluation.h"
#include "learn/training_run.h"
#include "tests/real/mail_corpus.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

using namespace learn;  // NOLINT: the program is about nothing else

constexpr std::string_view kUsage =
    "usage: mail_quality [--quick] [--only probes|time|matrix] [--without VIEW[,VIEW]]\n"
    "                    [--json FILE] [--data-set FILE]\n";

struct Arguments {
  bool quick = false;
  std::string only;                  // empty: everything
  std::vector<std::string> without;  // views left out, to see what they are worth
  Path json;
  Path data_set;  // read instead of the corpora where it exists, else written
};

std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t at = 0, end = 0; at <= list.size(); at = end + 1) {
    end = std::min(list.find(',', at), list.size());
    parts.push_back(list.substr(at, end - at));
  }
  return parts;
}

std::optional<Arguments> read_arguments(int argc, char** argv) {
  Arguments out;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--quick") {
      out.quick = true;
      continue;
    }
    if (i + 1 == argc) return std::nullopt;
    const std::string value = argv[++i];
    if (name == "--only") {
      out.only = value;
    } else if (name == "--without") {
      out.without = parts_of(value);
    } else if (name == "--json") {
      out.json = value;
    } else if (name == "--data-set") {
      out.data_set = value;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

class Stages final : public Progress {
 public:
  void stage(std::string_view name, std::uint64_t) override {
    if (name == last_) return;
    fmt::print(stderr, "[{:5.0f} s] {}\n", seconds(), name);
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

Path content() { return source_folder() / "content"; }

// The corpus, or the data set that an earlier run made of it; narrowed to what is asked for.
Result<std::optional<DataSet>> load(const Arguments& arguments, Progress& progress) {
  std::optional<DataSet> whole;
  if (const auto bytes = read_file(arguments.data_set, 4ULL << 30)) {
    WINNOW_TRY(whole, DataSet::read(*bytes));
  } else {
    WINNOW_TRY(whole, load_mail_corpus(content() / "features" / "mail.yaml", progress));
    if (whole && !arguments.data_set.empty()) {
      WINNOW_TRY(write_atomically(arguments.data_set, whole->bytes()));
    }
  }
  if (!whole || (!arguments.quick && arguments.without.empty())) return whole;
  WINNOW_TRY(auto part, part_of(*whole, arguments.quick ? 400 : 0, arguments.without));
  return std::optional(std::move(part));
}

// What `winnow train mail` ships with.
Result<TrainingRequest> shipped_training() {
  WINNOW_TRY(const auto yaml, Yaml::read((content() / "training" / "mail.yaml").string()));
  return TrainingRequest::from_json(yaml.json());
}

// One program run: the data, the training, and how many draws the intervals take.
struct Study {
  const DataSet& data;
  const TrainingRequest& training;
  bool quick;
  Progress& progress;
  FigureOptions figures() const { return {.draws = quick ? 50U : 200U}; }
};

Status tell_sources(const Study& study) {
  study.progress.stage("telling sources apart", 1);
  WINNOW_TRY(const auto probes, probe_sources(study.data, {}));
  fmt::print(
      "\n## Sources told apart within one class, by the same features\n\n"
      "| class | source | ROC AUC |\n|---|---|--:|\n");
  for (const auto& probe : probes) {
    fmt::print("| {} | {} | {:.3f} |\n", name_of(probe.label), probe.source, probe.auc);
  }
  return {};
}

// Of the years in which both classes exist with headers of their time, the given share trains.
Split since_2019(const DataSet& data, double train_share) {
  const auto first = Timestamp::from_civil(2019, 1, 1);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < data.size(); ++row) {
    const bool in_time = data.time(row) >= first && data.time(row) < kArrival;
    if (in_time && data.label(row) != learn::Label::Unwanted) rows.push_back(row);
  }
  const auto last_train = static_cast<std::size_t>(train_share * static_cast<double>(rows.size()));
  const auto cut = data.time(rows[last_train]);
  Split split{fmt::format("from {}", cut.date()), {}, {}, 0};
  std::vector<std::uint32_t> before;
  for (const auto row : rows) (data.time(row) < cut ? before : split.test).push_back(row);
  split.train = purge_groups(data, before, split.test);
  split.purged = static_cast<std::uint32_t>(before.size() - split.train.size());
  return split;
}

void tell_figures(std::string_view name, const Figures& f) {
  fmt::print("| {} | {} | {} | {} | {} |\n", name, f.rows - f.malicious,
             text_of(f.average_precision), text_of(f.recall_at_fpr_0_1_percent),
             text_of(f.recall_at_fpr_1_percent));
}

Status tell_time_order(const Study& study, const Path& json) {
  const std::vector<Split> splits = {since_2019(study.data, 0.7)};
  auto options = study.training.evaluation;
  options.figures = study.figures();
  options.slice_columns = {"has_links", "auth_dmarc", "attachment_count"};
  WINNOW_TRY(const auto report,
             evaluate(study.data, splits, study.training.plan, options, study.progress));
  fmt::print("\n## Time order, 2019 on\n\n```\n{}```\n", report.text());
  if (!json.empty()) WINNOW_TRY(write_atomically(json, to_pretty_text(report.json())));
  fmt::print(
      "\n| cut | benign tested | AP | recall at 0.1 % FPR | recall at 1 % FPR |\n"
      "|---|--:|--:|--:|--:|\n");
  auto plan = study.training.plan;
  plan.calibration = CalibrationCurve::None;  // rankings do not need it
  for (const double share : {0.4, 0.5, 0.6, 0.7, 0.8}) {
    NoProgress quiet;
    WINNOW_TRY(const auto cell, evaluate_split(study.data, since_2019(study.data, share), plan,
                                               study.figures(), 1, quiet));
    tell_figures(fmt::format("{:.0f} % train, test {}", 100 * share, cell.name), cell.model);
    tell_figures("baseline", cell.baseline);
  }
  return {};
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto size = values.size();
  return size == 0 ? std::nan("") : (values[(size - 1) / 2] + values[size / 2]) / 2;
}

struct MatrixSummary {
  std::vector<double> average_precision, recall;
  void add(const Figures& figures) {
    average_precision.push_back(figures.average_precision.value);
    recall.push_back(figures.recall_at_fpr_1_percent.value);
  }
  void tell(std::string_view name) const {
    const auto& ap = average_precision;
    fmt::print("| {} | {:.4f} | {:.4f} | {:.3f} | {} of {} |\n", name, median_of(ap),
               *std::min_element(ap.begin(), ap.end()), median_of(recall),
               std::count_if(ap.begin(), ap.end(), [](double value) { return value >= 0.97; }),
               ap.size());
  }
};

Status tell_matrix(const Study& study) {
  const std::vector<std::string> malicious = {"phishing_pot", "nazario_2005", "nazario_2022",
                                              "nazario_csv"};
  const std::vector<std::string> benign = {"trec07p_ham",          "spamassassin_easyham",
                                           "spamassassin_hardham", "list_usrp_users",
                                           "list_openbmc",         "bounces",
                                           "software_fixtures"};
  WINNOW_TRY(const auto splits, cross_source_matrix(study.data, malicious, benign));
  auto plan = study.training.plan;
  plan.calibration = CalibrationCurve::None;  // rankings do not need it
  fmt::print(
      "\n## Cross-source matrix: trained without both sources, tested on both\n\n"
      "| sources | rows | AP | recall at 1 % FPR | baseline AP | baseline recall |\n"
      "|---|--:|--:|--:|--:|--:|\n");
  MatrixSummary model, baseline;
  for (std::size_t i = 0; i < splits.size(); i += study.quick ? 3 : 1) {
    study.progress.stage(splits[i].name, 1);
    NoProgress quiet;
    WINNOW_TRY(const auto cell,
               evaluate_split(study.data, splits[i], plan, study.figures(), 1, quiet));
    fmt::print("| {}, {} | {} | {} | {} | {:.3f} | {:.3f} |\n", malicious[i / benign.size()],
               benign[i % benign.size()], cell.model.rows, text_of(cell.model.average_precision),
               text_of(cell.model.recall_at_fpr_1_percent), cell.baseline.average_precision.value,
               cell.baseline.recall_at_fpr_1_percent.value);
    model.add(cell.model);
    baseline.add(cell.baseline);
  }
  fmt::print(
      "\n| | median AP | worst AP | median recall at 1 % FPR | pairs with AP >= 0.97 |\n"
      "|---|--:|--:|--:|--:|\n");
  model.tell("model");
  baseline.tell("baseline");
  return {};
}

Status tell(const Arguments& arguments) {
  Stages progress;
  WINNOW_TRY(const auto training, shipped_training());
  WINNOW_TRY(const auto data, load(arguments, progress));
  if (!data) {
    fmt::print(stderr, "{}\n", kNoRealData);
    return {};
  }
  fmt::print("# Quality of mail judgement\n\n{} mails, {} features, {} sources; feature set {}\n",
             data->size(), data->shape().columns.size(), data->sources().size(),
             data->shape().feature_set.short_hex());
  const Study study{*data, training, arguments.quick, progress};
  const auto wants = [&](std::string_view part) {
    std::fflush(stdout);
    return arguments.only.empty() || arguments.only == part;
  };
  if (wants("probes")) WINNOW_TRY(tell_sources(study));
  if (wants("time")) WINNOW_TRY(tell_time_order(study, arguments.json));
  if (wants("matrix")) WINNOW_TRY(tell_matrix(study));
  fmt::print(stderr, "[{:5.0f} s] done\n", progress.seconds());
  return {};
}

}  // namespace
}  // namespace winnow::testing

int main(int argc, char** argv) {
  const auto arguments = winnow::testing::read_arguments(argc, argv);
  if (!arguments) {
    fmt::print(stderr, "{}", winnow::testing::kUsage);
    return 2;
  }
  const auto told = winnow::testing::tell(*arguments);
  if (!told) fmt::print(stderr, "{}\n", told.error().text());
  return told ? 0 : 1;
}
