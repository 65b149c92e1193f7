// What events turned out to be, as a detection engineer says it: nothing is labelled at first, a
// list labels it, a model learns from that, and a mistake is corrected beside a running service.
#include <csignal>

#include <fmt/format.h>

#include "base/digest.h"
#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

std::vector<std::string> lines_of(const Path& file) {
  const auto text = read_file(file, 1UL << 26).value();
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class LabelsStory : public ::testing::Test {
 protected:
  LabelsStory() {
    soc_.must_run({"simulate", "network", "../log", "--seed", "7", "--days", "10", "--new-days",
                   "1", "--people", "8", "--visits-per-day", "3", "--intrusions-per-week", "6"});
    change_plan(soc_.path(), "network",
                {{"trees: 200", "trees: 10"},
                 {"  folds: 3", "  folds: 2"},
                 {"{folds: 3", "{folds: 2"},
                 {"bootstrap_draws: 200", "bootstrap_draws: 20"}});
    for (const std::string_view label : {"benign", "malicious"})
      soc_.must_run({"ingest", "suricata", fmt::format("../log/history-{}.eve.json", label)});
  }
  void write_list(std::string_view name, const std::string& text) const {
    ASSERT_OK(write_atomically(soc_.beside() / name, text));
  }
  static std::string digest_of(const std::string& line) { return sha256(line).hex(); }
  std::string label_of(const std::string& digest) const {
    return soc_.must_run({"labels", "show", digest, "--json"}).json()["label"].as_string();
  }
  Json say(const std::string& digest, std::string_view label) const {
    write_list("said.ndjson", fmt::format(R"({{"event": "{}", "label": "{}"}})", digest, label));
    return soc_.must_run({"labels", "import", "../said.ndjson", "--json"}).json();
  }
  void wait_for_statements(const std::string& digest, std::size_t count) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    for (std::size_t known = 0; known < count;) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << known << " of " << count;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      known = soc_.must_run({"labels", "show", digest, "--json"}).json()["history"].items().size();
    }
  }
  Soc soc_;
};

TEST_F(LabelsStory, AListLabelsAModelLearnsAndAMistakeIsCorrected) {
  const auto untold = soc_.run({"train", "network", "--quiet"});
  EXPECT_EQ(untold.exit, 2);
  EXPECT_NE(untold.err.find("has a label"), std::string::npos) << untold.err;

  std::string list = "event,label,step,by\n";
  const auto benign = lines_of(soc_.beside() / "log/history-benign.eve.json");
  const auto malicious = lines_of(soc_.beside() / "log/history-malicious.eve.json");
  for (const auto& line : benign) list += fmt::format("{},benign,,\n", digest_of(line));
  for (const auto& line : malicious)
    list += fmt::format("{},malicious,T1071.001,red team\n", digest_of(line));
  write_list("labels.csv", list);
  const auto dry = soc_.must_run({"labels", "import", "../labels.csv", "--dry-run", "--json"});
  EXPECT_TRUE(dry.json()["audit_entry"].is_null());
  EXPECT_EQ(label_of(digest_of(malicious.front())), "none") << "a dry run";
  const auto told = soc_.must_run({"labels", "import", "../labels.csv", "--json"}).json();
  EXPECT_EQ(told["labelled"].as_int(), static_cast<std::int64_t>(benign.size() + malicious.size()));
  EXPECT_EQ(told["corrected"].as_int(), 0);
  EXPECT_EQ(told["lines_without_events"].items().size(), 0U);
  soc_.must_run({"train", "network", "--quiet"});

  const auto again = soc_.must_run({"labels", "import", "../labels.csv", "--json"}).json();
  EXPECT_EQ(again["unchanged"].as_int(), told["labelled"].as_int());
  EXPECT_TRUE(again["audit_entry"].is_null()) << "nothing new, nothing on record";

  // While a service has the log, to which nothing comes.
  const auto mistaken = digest_of(malicious.front());
  soc_.deploy_rules("network");
  RunningWinnow server(soc_.path(), {"serve", "--listen", "127.0.0.1:0"});
  ASSERT_NE(server.port(), 0);
  const auto corrected = say(mistaken, "benign");
  EXPECT_EQ(corrected["corrected"].as_int(), 1);
  wait_for_statements(mistaken, 2);
  // A slip, and what was meant, before the service knows of either.
  say(mistaken, "malicious");
  say(mistaken, "benign");
  wait_for_statements(mistaken, 4);
  EXPECT_EQ(server.end(SIGTERM).exit, 0);

  const auto shown = soc_.must_run({"labels", "show", mistaken, "--json"}).json();
  EXPECT_EQ(shown["label"].as_string(), "benign");
  const auto& history = shown["history"].items();
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history[0]["label"].as_string(), "malicious");
  EXPECT_EQ(history[0]["step"].as_string(), "T1071.001");
  EXPECT_EQ(history[0]["audit_entry"].as_int(), told["audit_entry"].as_int());
  EXPECT_EQ(history[1]["audit_entry"].as_int(), corrected["audit_entry"].as_int());
  const auto listed =
      soc_.must_run({"labels", "list", "--by", "red team", "--limit", "100000", "--json"}).json();
  std::size_t replaced = 0;
  for (const auto& label : listed["labels"].items())
    replaced += label["event"].as_string() == mistaken && !label["counts"].as_bool() ? 1 : 0;
  EXPECT_EQ(replaced, 1U);
  soc_.must_run({"audit", "verify"});
  // What was learnt before the correction is learnt again as it was known then.
  soc_.must_run({"runs", "reproduce", "latest", "--quiet"});
}

TEST_F(LabelsStory, AListThatCannotBeMeantSoChangesNothing) {
  write_list("bad.csv", "event,label\n0123456789,malicous\n");
  const auto refused = soc_.run({"labels", "import", "../bad.csv"});
  EXPECT_EQ(refused.exit, 2) << refused.err;
  for (const std::string_view part :
       {"bad.csv:2: 'malicous' is no label", "did you mean 'malicious'?"})
    EXPECT_NE(refused.err.find(part), std::string::npos) << refused.err;
  write_list("wide.csv",
             "label,mapping,from,before,ip\nmalicious,suricata,2000-01-01T00:00:00Z,"
             "2100-01-01T00:00:00Z,192.0.2.1\n");
  const auto wide = soc_.must_run({"labels", "import", "../wide.csv", "--json"}).json();
  EXPECT_EQ(wide["lines_without_events"].items().size(), 1U);
  EXPECT_EQ(soc_.must_run({"labels", "list", "--json"}).json()["labels"].items().size(), 0U);
}

}  // namespace
}  // namespace winnow::testing
