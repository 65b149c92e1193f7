#include "tests/e2e/demo.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

void run(const Path& where, const std::vector<std::string>& words) {
  const auto outcome = winnow(where, words);
  EXPECT_EQ(outcome.exit, 0) << fmt::format("winnow {}\n", fmt::join(words, " ")) << outcome.err;
}

void make(const Path& folder) {
  run(folder, {"simulate", "mail", "mail", "--seed", "7", "--days", "60", "--mails-per-day", "20",
               "--phish-share", "0.25"});
  run(folder, {"init", "soc"});
  const Path soc = folder / "soc";
  train_quickly(soc);
  run(soc, {"intel", "import", "content/intel/intel.yaml"});
  run(soc, {"ingest", "mail", "../mail/history-benign.mbox", "--label", "benign"});
  run(soc, {"ingest", "mail", "../mail/history-phish.mbox", "--label", "phish"});
  EXPECT_OK(write_atomically(folder / "bad.csv", "subject,body,label\n,,phish\n"));
  run(soc, {"ingest", "mail", "../bad.csv"});
  run(soc, {"bundles", "build", "--model", "none"});
  run(soc, {"deployments", "promote", "latest", "--reason", "rules first"});
  run(soc, {"train", "mail"});
  run(soc, {"bundles", "build"});
  run(soc, {"deployments", "promote", "latest", "--reason", "the first model"});
  run(soc, {"score", "mail", "../mail/new.mbox"});
}

}  // namespace

const Path& demo() {
  static const TemporaryFolder folder;
  static const Path path = [] {
    make(folder.path());
    return folder.path();
  }();
  return path;
}

void copy_demo(const Path& folder) {
  std::filesystem::copy(demo(), folder, std::filesystem::copy_options::recursive);
}

void train_quickly(const Path& workspace) {
  const Path file = workspace / "content/training/mail.yaml";
  auto text = read_file(file, 1UL << 20).value();
  for (const auto& [slow, quick] :
       {std::pair("trees: 200", "trees: 8"), std::pair("copies: 4", "copies: 1"),
        std::pair("copies_of_a_group: 2", "copies_of_a_group: 1"),
        std::pair("  folds: 4", "  folds: 2"), std::pair("{folds: 4", "{folds: 2"),
        std::pair("bootstrap_draws: 200", "bootstrap_draws: 20")}) {
    const auto at = text.find(slow);
    ensure(at != std::string::npos, "the shipped training plan has what makes it slow");
    text.replace(at, std::string_view(slow).size(), quick);
  }
  ensure(write_atomically(file, text).has_value(), "the training plan can be written");
}

}  // namespace winnow::testing
