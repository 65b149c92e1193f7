#include "tests/e2e/demo.h"

#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

void make(const Soc& soc) {
  soc.must_run({"simulate", "mail", "../mail", "--seed", "7", "--days", "60", "--mails-per-day",
                "20", "--phish-share", "0.25"});
  train_quickly(soc.path());
  soc.must_run({"intel", "import", "content/intel/intel.yaml"});
  soc.must_run({"ingest", "mail", "../mail/history-benign.mbox", "--label", "benign"});
  soc.must_run({"ingest", "mail", "../mail/history-phish.mbox", "--label", "phish"});
  EXPECT_OK(write_atomically(soc.beside() / "bad.csv", "subject,body,label\n,,phish\n"));
  soc.must_run({"ingest", "mail", "../bad.csv"});
  soc.deploy_rules("mail");
  soc.must_run({"train", "mail"});
  soc.deploy_model("mail");
  soc.must_run({"score", "mail", "../mail/new.mbox"});
}

}  // namespace

const Path& demo() {
  static const Soc soc;
  static const Path path = [] {
    make(soc);
    return soc.beside();
  }();
  return path;
}

void copy_demo(const Path& folder) {
  std::filesystem::copy(demo(), folder, std::filesystem::copy_options::recursive);
}

void train_quickly(const Path& workspace) {
  change_plan(workspace, "mail",
              {{"trees: 200", "trees: 8"},
               {"copies: 4", "copies: 1"},
               {"copies_of_a_group: 2", "copies_of_a_group: 1"},
               {"  folds: 4", "  folds: 2"},
               {"{folds: 4", "{folds: 2"},
               {"bootstrap_draws: 200", "bootstrap_draws: 20"}});
}

}  // namespace winnow::testing
