// One forest, scored and explained by Winnow and by XGBoost's C API, on the same rows in one
// process.
//   forest_bench [rounds]
//   WINNOW_XGBOOST_LIB  another libxgboost.so (say, of PyPI's release build) measured beside the
//   system's
#include <cmath>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "base/cpu.h"
#include "base/digest.h"
#include "base/rng.h"
#include "bench/model/contest.h"
#include "bench/model/xgboost_library.h"
#include "model/forest_import.h"
#include "model/forest_model.h"

namespace winnow::bench {
namespace {

constexpr std::size_t kColumns = 60;
constexpr std::size_t kTrainingRows = 50'000;
constexpr std::size_t kRows = 8192;
constexpr std::size_t kBatch = 4096;
constexpr std::size_t kExplained = 64;

struct Data {
  std::vector<float> rows;
  std::vector<float> labels;
};

// Columns of six kinds (normal, heavy-tailed, counts, flags, shares, few values), some of them
// missing now and then, and a label that depends on products, thresholds and noise.
Data make_data(std::size_t count, Rng rng) {
  Data data;
  for (std::size_t i = 0; i < count; ++i) {
    float x[kColumns];
    for (std::size_t f = 0; f < kColumns; ++f) {
      const double draws[] = {rng.normal(),
                              std::exp(1.5 * rng.normal()),
                              std::floor(rng.exponential(5)),
                              rng.chance(0.3) ? 1.0 : 0.0,
                              rng.unit(),
                              std::floor(200 * rng.unit())};
      x[f] = static_cast<float>(draws[f % 6]);
    }
    double signal = -3;
    for (std::size_t k = 0; k < 10; ++k) {
      signal += 0.6 * static_cast<double>(x[6 * k] * x[(6 * k + 6) % kColumns]);
      signal +=
          0.4 * std::log1p(static_cast<double>(x[6 * k + 1])) * (x[6 * k + 3] > 0.5F ? 1 : -0.7);
      signal += x[6 * k + 4] > 0.6F && x[6 * k + 2] > 6 ? 0.7 : -0.1;
      signal += 0.0025 * std::fabs(static_cast<double>(x[6 * k + 5]) - 100);
    }
    data.labels.push_back(signal + rng.normal() > 0 ? 1 : 0);
    for (std::size_t f = 0; f < kColumns; ++f) {
      data.rows.push_back(f % 5 == 0 && rng.chance(0.08) ? NAN : x[f]);
    }
  }
  return data;
}

struct Opponent {
  std::unique_ptr<XgboostLibrary> library;
  std::unique_ptr<XgboostLibrary::Model> model;
};

std::vector<Opponent> opponents_with(const XgboostLibrary& system, const std::string& json) {
  std::vector<Opponent> opponents;
  opponents.push_back({nullptr, std::make_unique<XgboostLibrary::Model>(system, json)});
  if (const char* other = std::getenv("WINNOW_XGBOOST_LIB")) {
    auto library = std::make_unique<XgboostLibrary>(other, "WINNOW_XGBOOST_LIB");
    auto model = std::make_unique<XgboostLibrary::Model>(*library, json);
    opponents.push_back({std::move(library), std::move(model)});
  }
  return opponents;
}

void compare_margins(const std::string& who, const float* theirs, const std::vector<float>& ours) {
  std::size_t equal = 0;
  double widest = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == theirs[i]) ++equal;
    widest = std::max(widest, std::fabs(static_cast<double>(ours[i] - theirs[i])));
  }
  fmt::print("check margins against {}: {} of {} bit-equal, largest difference {:.1e}\n", who,
             equal, ours.size(), widest);
}

void compare_contributions(const std::string& who, const std::vector<float>& theirs,
                           const Contributions& ours) {
  double widest = 0;
  for (std::size_t i = 0; i < kExplained; ++i) {
    for (std::size_t f = 0; f < kColumns; ++f) {
      widest = std::max(
          widest, std::fabs(static_cast<double>(ours.row(i)[f] - theirs[i * (kColumns + 1) + f])));
    }
    widest = std::max(
        widest,
        std::fabs(static_cast<double>(ours.base(i) - theirs[i * (kColumns + 1) + kColumns])));
  }
  fmt::print("check contributions against {}: largest difference {:.1e}\n", who, widest);
}

// Every level gives the same bits, for all rows at once and for each alone.
void compare_levels(const std::vector<ForestModel>& models, const std::vector<float>& rows) {
  std::vector<float> first(kRows);
  models[0].margins({rows.data(), kRows, kColumns}, first);
  for (const auto& model : models) {
    std::vector<float> batch(kRows);
    std::vector<float> single(kRows);
    model.margins({rows.data(), kRows, kColumns}, batch);
    for (std::size_t i = 0; i < kRows; ++i)
      model.margins({rows.data() + i * kColumns, 1, kColumns}, {&single[i], 1});
    fmt::print("check {}: batch {}, row by row {}\n", name_of(model.level()),
               batch == first ? "bit-equal" : "DIFFERENT",
               single == first ? "bit-equal" : "DIFFERENT");
  }
}

void run(int rounds) {
  const XgboostLibrary system("libxgboost.so.0", "system");
  const auto training = make_data(kTrainingRows, Rng(42));
  const auto json = system.train(training.rows, kColumns, training.labels, 200, 6);
  const auto rows = make_data(kRows, Rng(43)).rows;
  const auto forest = read_xgboost(json).value();
  std::size_t leaves = 0;
  for (const auto& tree : forest.trees) leaves += tree.leaf_values.size();
  fmt::print(
      "200 trees of depth 6, {} leaves, {} features, model sha256 {}, {} rounds of thread CPU "
      "time\n",
      leaves, kColumns, sha256(json).short_hex(), rounds);

  const auto opponents = opponents_with(system, json);
  const auto label = [&](std::size_t k) {
    return opponents[k].library ? opponents[k].library->version() : system.version();
  };
  std::vector<ForestModel> models;
  for (const auto level : cpu_levels())
    models.push_back(ForestModel::compile(forest, level).value());

  std::vector<float> margins(kRows);
  models[0].margins({rows.data(), kRows, kColumns}, margins);
  compare_levels(models, rows);
  Contributions explained;
  models.back().explain({rows.data(), kExplained, kColumns}, explained);
  for (std::size_t k = 0; k < opponents.size(); ++k) {
    fmt::print("opponent {}: {}\n", k, label(k));
    compare_margins(label(k), opponents[k].model->margins(rows.data(), kRows, kColumns), margins);
    compare_contributions(
        label(k), opponents[k].model->contributions(rows.data(), kExplained, kColumns), explained);
  }

  for (std::size_t k = 0; k < opponents.size(); ++k) {
    const auto& theirs = *opponents[k].model;
    fmt::print("\nagainst {}\n", label(k));
    Contest contest;
    const auto single = contest.add("xgboost, PredictFromDense, one row", 500, 0, [&] {
      for (std::size_t i = 0; i < 500; ++i) theirs.margins(rows.data() + i * kColumns, 1, kColumns);
    });
    for (const auto& model : models) {
      contest.add(fmt::format("winnow, {}, one row", name_of(model.level())), 8000, single, [&] {
        for (std::size_t i = 0; i < 8000; ++i)
          model.margins({rows.data() + i * kColumns, 1, kColumns}, {&margins[i], 1});
      });
    }
    const auto batch =
        contest.add("xgboost, PredictFromDense, 4096 rows", kBatch, single + models.size() + 1,
                    [&] { theirs.margins(rows.data(), kBatch, kColumns); });
    for (const auto& model : models) {
      contest.add(
          fmt::format("winnow, {}, 4096 rows", name_of(model.level())), 4 * kBatch, batch, [&] {
            for (int i = 0; i < 4; ++i)
              model.margins({rows.data() + (i % 2) * kBatch * kColumns, kBatch, kColumns}, margins);
          });
    }
    const auto explain_batch =
        contest.add("xgboost, pred_contribs, 64 rows", kExplained, batch + models.size() + 1,
                    [&] { theirs.contributions(rows.data(), kExplained, kColumns); });
    for (const auto& model : models) {
      contest.add(fmt::format("winnow, {}, explain 512 rows", name_of(model.level())), 512,
                  explain_batch, [&] {
                    model.explain({rows.data(), 512, kColumns}, explained);
                  });
    }
    const auto explain_one =
        contest.add("xgboost, pred_contribs, one row", 16, explain_batch + models.size() + 1, [&] {
          for (std::size_t i = 0; i < 16; ++i)
            theirs.contributions(rows.data() + i * kColumns, 1, kColumns);
        });
    for (const auto& model : models) {
      contest.add(fmt::format("winnow, {}, explain one row", name_of(model.level())), 100,
                  explain_one, [&] {
                    for (std::size_t i = 0; i < 100; ++i)
                      model.explain({rows.data() + i * kColumns, 1, kColumns}, explained);
                  });
    }
    contest.hold(rounds);
  }
}

}  // namespace
}  // namespace winnow::bench

int main(int argc, char** argv) {
  setenv("OMP_WAIT_POLICY", "passive", 1);  // before any library starts OpenMP
  setenv("OMP_NUM_THREADS", "1", 1);
  winnow::bench::run(argc > 1 ? std::atoi(argv[1]) : 11);
}
