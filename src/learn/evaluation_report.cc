// How an evaluation is told: as JSON for programs, as tables for people.
#include <cmath>

#include <fmt/format.h>

#include "learn/evaluation.h"

namespace winnow::learn {
namespace {

template <typename Items>
Json list_of(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push(item.json());
  return list;
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.3f}", value); }

void append_figures(std::string& out, std::string_view name, const Figures& f) {
  out +=
      fmt::format("  {:<28} {:>6} {:>6}  {:<22} {:<22} {:<22} {:>6} {:>6}\n", name, f.rows,
                  f.malicious, text_of(f.average_precision), text_of(f.recall_at_fpr_0_1_percent),
                  text_of(f.recall_at_fpr_1_percent), number(f.brier), number(f.calibration_error));
}

void append_slices(std::string& out, std::span<const SliceFigures> slices) {
  out +=
      fmt::format("\n{:<34} {:>6} {:>6} {:>7} {:>7} {:>7}\n",
                  "slice, at 1 % false positives overall", "rows", "malic.", "AP", "recall", "FPR");
  for (const auto& s : slices) {
    out +=
        fmt::format("  {:<35} {:>6} {:>6} {:>7} {:>7} {:>7}\n", s.name, s.rows, s.malicious,
                    number(s.average_precision), number(s.recall), number(s.false_positive_rate));
  }
}

void append_months(std::string& out, const EvaluationReport& report) {
  out += fmt::format("\n{:<10} {:>6} {:>6}  {:>8} {:>8}   {:>9} {:>9}\n", "month", "rows", "malic.",
                     "AP", "F1", "frozen AP", "frozen F1");
  for (std::size_t i = 0; i < report.months.size(); ++i) {
    const auto &m = report.months[i], &f = report.months_frozen[i];
    out += fmt::format("  {:<8} {:>6} {:>6}  {:>8} {:>8}   {:>9} {:>9}\n", m.month, m.rows,
                       m.malicious, number(m.average_precision), number(m.f1),
                       number(f.average_precision), number(f.f1));
  }
  out += fmt::format("  {:<8} {:>6} {:>6}  {:>8} {:>8}   {:>9} {:>9}\n", "AUT", "", "",
                     number(report.aut_average_precision), number(report.aut_f1),
                     number(report.aut_average_precision_frozen), number(report.aut_f1_frozen));
}

// Beyond what the luck of the draw explains.
void append_comparison(std::string& out, const EvaluationReport& report) {
  const auto &model = report.model.average_precision, &baseline = report.baseline.average_precision;
  if (!(model.interval.high < baseline.interval.low)) return;
  out += fmt::format(
      "  WARNING: the model ranks worse than the plain baseline: {} against {}\n"
      "  do not let it decide; label more events, or let more rows train (plan.sampling)\n",
      text_of(model), text_of(baseline));
}

// Where few events may be read, thresholds stand close to 1.
std::string threshold_text(double threshold) {
  return fmt::format("{:.{}f}", threshold, threshold > 0.999 ? 6 : 3);
}

void append_operating_point(std::string& out, const EvaluationReport& report) {
  const auto& point = report.operating_point;
  const auto& capacity = report.capacity;
  const double malicious_a_day = capacity.events_per_day * capacity.prevalence;
  if (!std::isfinite(point.close)) {
    out +=
        "\noperating point: none; at any threshold more would be read than 'capacity' allows\n"
        "  allow more a day, or train on more benign events: few cannot show a low rate\n";
    return;
  }
  out += fmt::format(
      "\noperating point: alert {}, close below {}; expected {:.1f} alerts a day, recall {:.3f}, "
      "false-positive rate {:.4f}\n  if {:.0f} events come a day, {:.4g} of them malicious\n"
      "  on the last test: recall {:.3f}, false-positive rate {:.4f}\n",
      std::isfinite(point.alert) ? "from " + threshold_text(point.alert) : "never",
      threshold_text(point.close), point.alerts_per_day, point.recall, point.false_positive_rate,
      capacity.events_per_day, malicious_a_day, report.at_operating_point.recall,
      report.at_operating_point.false_positive_rate);
  if (malicious_a_day > capacity.alerts_per_day) {
    out += fmt::format(
        "  'capacity' lets {:.4g} be read a day: of so many malicious events no threshold can tell "
        "more than {:.0f} %\n",
        capacity.alerts_per_day, 100 * capacity.alerts_per_day / malicious_a_day);
  }
}

}  // namespace

Json SplitFigures::json() const {
  return Json::object({{"name", name},
                       {"train_rows", train_rows},
                       {"purged", purged},
                       {"model", model.json()},
                       {"baseline", baseline.json()}});
}

Json EvaluationReport::json() const {
  return Json::object(
      {{"schema", "winnow.evaluation/1"},
       {"probes", probes.json()},
       {"splits", list_of(splits)},
       {"model", model.json()},
       {"baseline", baseline.json()},
       {"operating_point", operating_point.json()},
       {"at_operating_point", at_operating_point.json()},
       {"threshold", std::isfinite(threshold) ? Json(threshold) : Json()},
       {"slices", list_of(slices)},
       {"months", list_of(months)},
       {"months_frozen", list_of(months_frozen)},
       {"aut_average_precision", number_or_null(aut_average_precision)},
       {"aut_f1", number_or_null(aut_f1)},
       {"aut_average_precision_frozen", number_or_null(aut_average_precision_frozen)},
       {"aut_f1_frozen", number_or_null(aut_f1_frozen)}});
}

std::string EvaluationReport::text() const {
  auto out = probes.text();
  out += fmt::format("\n{:<30} {:>6} {:>6}  {:<22} {:<22} {:<22} {:>6} {:>6}\n",
                     "figures (95 % interval)", "rows", "malic.", "average precision",
                     "recall at 0.1 % FPR", "recall at 1 % FPR", "Brier", "ECE");
  for (const auto& split : splits) {
    append_figures(out, split.name, split.model);
    append_figures(out, "  baseline", split.baseline);
  }
  append_figures(out, "all", model);
  append_figures(out, "  baseline", baseline);
  out += fmt::format("  reading the {:.4g} highest of each day: recall {}, baseline {}\n",
                     capacity.alerts_per_day, text_of(model.recall_at_daily_alerts),
                     text_of(baseline.recall_at_daily_alerts));
  append_comparison(out, *this);
  append_operating_point(out, *this);
  append_slices(out, slices);
  append_months(out, *this);
  return out;
}

}  // namespace winnow::learn
