// The real mail corpora, through the product's own intake and features: a data set as training
// would make it. README of the data: what each source is and how it is biased.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/progress.h"
#include "learn/data_set.h"

namespace winnow::testing {

struct MailSource {
  std::string file;    // below the data's email/ folder
  std::string source;  // its name in the data set
  learn::Label label;
};
const std::vector<MailSource>& mail_sources();

struct CorpusOptions {
  std::size_t mails_of_a_source = 0;  // about so many, chosen by digest; 0: all
  Path features;                      // the YAML of the feature set
};

// Reads what is there of the corpora into an event log in a temporary folder, then replays it in
// order of time. Nothing when the data is absent. Errors: of intake, features and data set.
Result<std::optional<learn::DataSet>> load_mail_corpus(const CorpusOptions& options,
                                                       Progress& progress);

}  // namespace winnow::testing
