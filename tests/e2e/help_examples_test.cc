// Every --help ends with an example that works as printed, and every command answers in JSON. All
// examples run in the order in which a user would come to them, in one demo workspace; once for
// people and once with --json.
#include <algorithm>
#include <csignal>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.h"
#include "tests/e2e/demo.h"
#include "tests/e2e/winnow.h"
#include "tests/support/support.h"

namespace winnow::testing {
namespace {

// A forest of one tree over columns that another team named, as XGBoost saves it.
constexpr std::string_view kForeignModel = R"json({
"version": [2, 1, 4], "learner": {"attributes": {}, "feature_names": ["num_urls", "vt_score"],
"feature_types": ["float", "float"], "learner_model_param": {"base_score": "5E-1",
"boost_from_average": "1", "num_class": "0", "num_feature": "2", "num_target": "1"},
"objective": {"name": "binary:logistic", "reg_loss_param": {"scale_pos_weight": "1"}},
"gradient_booster": {"name": "gbtree", "model": {"gbtree_model_param": {"num_parallel_tree": "1",
"num_trees": "1"}, "iteration_indptr": [0, 1], "tree_info": [0], "trees": [{"id": 0,
"tree_param": {"num_deleted": "0", "num_feature": "2", "num_nodes": "3", "size_leaf_vector": "1"},
"base_weights": [0.0, -1.0, 1.0], "categories": [], "categories_nodes": [],
"categories_segments": [], "categories_sizes": [], "default_left": [1, 0, 0],
"left_children": [1, -1, -1], "right_children": [2, -1, -1], "parents": [2147483647, 0, 0],
"loss_changes": [1.0, 0.0, 0.0], "split_conditions": [1.5, -1.0, 1.0], "split_indices": [0, 0, 0],
"split_type": [0, 0, 0], "sum_hessian": [10.0, 5.0, 5.0]}]}}}})json";
constexpr std::string_view kNoveltyColumns =
    "f0: link_count\nf1: from_local_length\nf2: from_local_digits\n";
constexpr std::string_view kColumns = "num_urls: link_count\nvt_score: missing\n";

constexpr std::string_view kEve =
    R"json({"timestamp":"2026-03-03T14:05:06.5+0000","event_type":"flow",
"src_ip":"192.0.2.7","src_port":49152,"dest_ip":"198.51.100.9","dest_port":443,"proto":"TCP",
"flow":{"pkts_toserver":3,"pkts_toclient":2,"bytes_toserver":300,"bytes_toclient":200}})json";
constexpr std::string_view kConn =
    "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tproto\tconn_state\n"
    "#types\ttime\tstring\taddr\taddr\tenum\tstring\n"
    "1772546706.5\tCAbc1\t192.0.2.7\t198.51.100.9\ttcp\tSF\n";
constexpr std::string_view kLabels = "id,label,step\nCAbc1,malicious,T1071.001\n";
constexpr std::string_view kDns = R"json({"_path":"dns","ts":1772546706.5,"uid":"CAbc2",
"id.orig_h":"192.0.2.7","id.resp_h":"192.0.2.53","proto":"udp","query":"example.org"})json";
constexpr std::string_view kCloudTrail = R"json({"Records":[{"eventVersion":"1.08","userIdentity":
{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana"},"eventTime":"2026-03-03T14:05:06Z",
"eventSource":"s3.amazonaws.com","eventName":"ListBuckets","sourceIPAddress":"192.0.2.7",
"awsRegion":"eu-west-1","eventID":"e-1"}]})json";
constexpr std::string_view kSecurity = R"json({"EventID":4634,"Channel":"Security",
"Hostname":"ws5.example.org","@timestamp":"2026-03-03T14:05:06Z","TargetUserName":"ana",
"TargetLogonId":"0x10a7df","LogonType":"2"})json";
constexpr std::string_view kSysmon = R"json({"EventID":5,"Hostname":"ws5.example.org",
"Channel":"Microsoft-Windows-Sysmon/Operational","UtcTime":"2026-03-03 14:05:06.000",
"ProcessGuid":"{b34bc01c-3031-5f69-6a01-000000000900}","ProcessId":"7","Image":"C:\\a.exe"})json";

// What a user does between the examples is not their subject, but has to be done.
struct Step {
  std::string_view path;             // of the command whose example runs; or empty
  std::vector<std::string> words{};  // what runs instead
};

std::vector<Step> steps() {
  return {{"config show"},
          {"intel import"},
          {"intel list"},
          {"intel diff"},
          {"features list"},
          {"ingest mail"},
          {"", {"ingest", "mail", "phish.mbox", "--label", "phish"}},
          {"features preview"},
          // Records of other domains, in the log that mail is learnt from and decided by.
          {"mappings list"},
          {"mappings test"},
          {"mappings show"},
          {"mappings coverage"},
          {"ingest suricata"},
          {"ingest zeek"},
          {"ingest cloudtrail"},
          {"ingest windows"},
          {"ingest sysmon"},
          {"ingest auto"},
          {"labels import"},
          {"labels list"},
          {"labels show"},
          {"quarantine list"},
          {"quarantine retry"},
          {"identities who"},
          {"identities rebuild"},
          {"simulate assets"},
          {"assets import"},
          {"assets list"},
          {"train"},
          {"runs list"},
          {"runs show"},
          {"runs diff"},
          {"runs reproduce"},
          {"bundles build"},
          {"bundles list"},
          {"bundles show"},
          {"bundles diff"},
          {"evaluate"},
          {"deployments promote"},
          {"", {"deployments", "promote", "latest", "--reason", "the first model"}},
          {"models import"},
          {"models list"},
          {"models show"},
          // It tells novelty: the bundle that is built next leaves it alone.
          {"", {"models", "import", "novelty.onnx", "--columns", "novelty.yaml", "--kind", "onnx"}},
          {"models show"},
          {"", {"bundles", "build"}},
          {"", {"evaluate", "--bundle", "latest"}},
          {"", {"deployments", "promote", "latest", "--reason", "a model from elsewhere"}},
          {"deployments rollback"},
          {"", {"deployments", "rollback", "mail", "--reason", "it was worse"}},
          {"deployments show"},
          {"score"},
          {"decisions list"},
          {"decisions explain"},
          {"decisions replay"},
          {"cases list"},
          {"cases rebuild"},
          {"holds add"},
          {"holds list"},
          {"retention plan"},
          {"retention apply"},
          {"holds release"},
          {"tokens create"},
          {"tokens list"},
          {"sessions list"},
          {"sessions end"},
          {"serve"},
          {"milter"},
          {"tokens revoke"},
          {"keys list"},
          {"keys rotate"},
          {"audit list"},
          {"audit verify"},
          {"audit prove"},
          {"audit checkpoint"},
          {"doctor"},
          {"backup"},
          {"restore"}};
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find(' ', from), text.size());
    if (end > from) words.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

// The words behind `winnow` in the last line of the command's --help.
std::vector<std::string> example_of(const Path& folder, std::string_view path) {
  auto words = words_of(path);
  words.push_back("--help");
  const auto help = winnow(folder, words);
  EXPECT_EQ(help.exit, 0) << path;
  const auto at = help.out.find("Example:\n  winnow ");
  EXPECT_NE(at, std::string::npos) << help.out;
  if (at == std::string::npos) return {};
  const auto text = help.out.substr(at + std::string_view("Example:\n  winnow ").size());
  return words_of(text.substr(0, text.find('\n')));
}

std::string first_mail_of(const Path& mbox) {
  const auto text = read_file(mbox, 64UL << 20).value();
  const auto begin = text.find('\n') + 1;
  return text.substr(begin, text.find("\nFrom ", begin) - begin);
}

class Examples : public ::testing::TestWithParam<bool> {
 protected:
  void run(const Path& where, std::vector<std::string> words) {
    const bool json = GetParam();
    if (json) words.push_back("--json");
    const auto outcome = winnow(where, words);
    const auto shown =
        fmt::format("winnow {}\n{}{}", fmt::join(words, " "), outcome.out, outcome.err);
    EXPECT_EQ(outcome.exit, 0) << shown;
    EXPECT_FALSE(outcome.out.empty()) << shown;
    if (!json) return;
    EXPECT_TRUE(outcome.json()["schema"].as_string().starts_with("winnow.")) << shown;
    EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << shown;
  }
  void run_example(const Path& where, std::string_view path) {
    if (path == "serve") return serve(where);
    if (path == "milter") return milter(where);
    run(where, example_of(where, path));
  }
  // What does not end by itself; on a free port, since others may run this test.
  void serve(const Path& where) {
    auto words = example_of(where, "serve");
    ASSERT_EQ(words.at(1), "--listen");
    words.at(2) = "127.0.0.1:0";
    if (GetParam()) words.push_back("--json");
    const auto token = winnow(where, {"tokens", "create", "sender", "--role", "sensor", "--quiet"});
    ASSERT_OK(write_atomically(where / "gateway.token", token.out));
    RunningWinnow server(where, words);
    EXPECT_NE(server.port(), 0);
    send_to(server.port(), where);
    const auto outcome = server.end(SIGTERM);
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    if (GetParam()) {
      EXPECT_EQ(outcome.json()["schema"].as_string(), "winnow.serve/1");
    }
  }
  // Asks nothing of the server before a mail comes.
  void milter(const Path& where) {
    auto words = example_of(where, "milter");
    words.insert(words.end(), {"--listen", "inet:0@127.0.0.1"});
    if (GetParam()) words.push_back("--json");
    RunningWinnow milter(where, words);
    EXPECT_NE(milter.port(), 0) << "it says whom it asks";
    const auto outcome = milter.end(SIGTERM);
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    if (GetParam()) {
      EXPECT_EQ(outcome.json()["schema"].as_string(), "winnow.milter/1");
    }
  }
  // What needs a server.
  void send_to(std::uint16_t port, const Path& where) {
    for (const auto* const command : {"simulate live", "simulate sensors"}) {
      auto words = example_of(where, command);
      words.insert(words.end(), {"--server", fmt::format("http://127.0.0.1:{}", port)});
      run(where, words);
    }
  }
};

TEST_P(Examples, WorkInTheOrderOfUse) {
  TemporaryFolder folder;
  run_example(folder.path(), "simulate mail");
  run_example(folder.path(), "init");
  const Path soc = folder / "my-soc";
  train_quickly(soc);
  const Path mail = demo() / "mail";
  std::filesystem::copy(mail / "history-benign.mbox", soc / "mailbox.mbox");
  std::filesystem::copy(mail / "history-phish.mbox", soc / "phish.mbox");
  ASSERT_OK(write_atomically(soc / "suspicious.eml", first_mail_of(mail / "new.mbox")));
  ASSERT_OK(write_atomically(soc / "phishing.json", kForeignModel));
  ASSERT_OK(write_atomically(soc / "columns.yaml", kColumns));
  std::filesystem::copy(source_folder() / "tests/fuzz/corpus/model_onnx/isolation.onnx",
                        soc / "novelty.onnx");
  ASSERT_OK(write_atomically(soc / "novelty.yaml", kNoveltyColumns));
  ASSERT_OK(write_atomically(soc / "eve.json", kEve));
  ASSERT_OK(write_atomically(soc / "conn.log", kConn));
  ASSERT_OK(write_atomically(soc / "labels.csv", kLabels));
  ASSERT_OK(write_atomically(soc / "dns.log", kDns));
  ASSERT_OK(write_atomically(soc / "cloudtrail.json", kCloudTrail));
  ASSERT_OK(write_atomically(soc / "security.json", kSecurity));
  ASSERT_OK(write_atomically(soc / "sysmon.json", kSysmon));
  for (const auto& step : steps()) {
    if (step.path.empty()) {
      run(soc, step.words);
    } else {
      run_example(soc, step.path);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ForPeopleAndPrograms, Examples, ::testing::Bool());

TEST(ExampleSteps, AllCommandsHaveTheirPlaceAbove) {
  std::set<std::string_view> known{"simulate mail",
                                   "simulate network",
                                   "simulate endpoint",
                                   "simulate cloud",
                                   "simulate live",
                                   "simulate sensors",
                                   "init"};
  for (const auto& step : steps()) known.insert(step.path);
  for (const auto& command : cli::commands())
    EXPECT_TRUE(known.contains(command.path)) << command.path;
}

}  // namespace
}  // namespace winnow::testing
