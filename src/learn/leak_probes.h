// What could make an evaluation look better than it is, measured before any of its numbers is
// shown: models that should know nothing, and what they know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "learn/data_set.h"
#include "learn/splits.h"

namespace winnow::learn {

struct ProbeOptions {
  std::uint32_t trees = 40;    // of each probe's forest
  std::uint32_t shuffles = 3;  // of the labels; the mean is told
  std::uint32_t rows_of_a_source =
      400;  // more are sampled down; sources with fewer than 40 are left out
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

struct LeakProbes {
  // Share of malicious rows in the test: the average precision of knowing nothing.
  double prevalence = 0;
  // Average precision on the split's test rows ...
  double shuffled_labels =
      0;  // ... after training on labels dealt out at random: should be prevalence
  double identifiers_only = 0;  // ... from bits of the digest and the second of the hour: likewise
  double missing_only =
      0;  // ... from which values are missing: above prevalence, it names collectors
  // ... on a split of the same sizes that ignores time: what it exceeds the real one by is owed to
  // time.
  double shuffled_time = 0;

  // How well the same features tell one source from the others of its class (ROC AUC,
  // cross-validated by group). Near 1 means that a model could know collections rather than kinds
  // of mail: then only splits that hold sources out show what it learned.
  struct SourceProbe {
    Label label;
    std::string source;
    double auc;
  };
  std::vector<SourceProbe> sources;

  // What must hold for a number to be shown without a warning; empty when all does.
  std::vector<std::string> warnings() const;
  Json json() const;
  std::string text() const;
};

// The probe model is a small forest over all dense values plus a text model, added up; it stands in
// for the plan's so that probing stays cheap. Errors: those of training.
Result<LeakProbes> probe_leaks(const DataSet& data, const Split& split,
                               const ProbeOptions& options);

// The source probe alone, for matrices that share one.
Result<std::vector<LeakProbes::SourceProbe>> probe_sources(const DataSet& data,
                                                           const ProbeOptions& options);

}  // namespace winnow::learn
