// The real mail corpora, through the product's own intake, replay and features: a data set as
// `winnow train mail` would make it. The data's README says what each source is and how it is
// biased.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/progress.h"
#include "base/timestamp.h"
#include "learn/data_set.h"

namespace winnow::testing {

// When everything arrives: a mail without a date of its own counts as of this moment, in every run.
inline const Timestamp kArrival = Timestamp::from_civil(2026, 11, 1);

// Ingests what is there of the corpora into an event log in a temporary folder and replays it.
// `features` is the YAML of the feature set. Nothing when the data is absent. Errors: of intake,
// features and data set.
Result<std::optional<learn::DataSet>> load_mail_corpus(const Path& features, Progress& progress);

// Part of a data set: about `rows_of_a_source` rows of each source, chosen by digest (0: all), and
// no column of the views in `without`.
Result<learn::DataSet> part_of(const learn::DataSet& data, std::size_t rows_of_a_source,
                               const std::vector<std::string>& without);

}  // namespace winnow::testing
