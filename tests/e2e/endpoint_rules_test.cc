// What machines log without a model, as a detection engineer begins: quiet weeks are learned as
// history, the policy's rules decide, and say why.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

constexpr std::string_view kGuard = R"(C:\\Program Files\\Guard\\guard.exe)";
constexpr std::string_view kRun =
    R"(HKU\\S-1-5-21-7\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\)";

// As NXLog ships Windows events; each a second after the one before on its day.
class Machine {
 public:
  std::string start(int day, std::string_view parent, std::string_view image,
                    std::string_view line) {
    return sysmon(
        day, 1,
        fmt::format(R"("ProcessGuid":"{}","ProcessId":"42","Image":"{}","CommandLine":"{}",)"
                    R"("User":"EXAMPLE\\ana","ParentProcessGuid":"{}","ParentImage":"{}")",
                    guid(), image, line, guid(), parent));
  }
  std::string open_lsass(int day, std::string_view by) {
    return sysmon(
        day, 10,
        fmt::format(R"("SourceProcessGUID":"{}","SourceImage":"{}","TargetProcessGUID":"{}",)"
                    R"("TargetImage":"C:\\Windows\\System32\\lsass.exe","GrantedAccess":"0x1410")",
                    guid(), by, guid()));
  }
  std::string set_run(int day, std::string_view name, std::string_view data) {
    return sysmon(
        day, 13,
        fmt::format(
            R"("EventType":"SetValue","ProcessGuid":"{}","ProcessId":"7","Image":"C:\\a\\setup.exe",)"
            R"("TargetObject":"{}{}","Details":"{}")",
            guid(), kRun, name, data));
  }
  std::string refused(int day, std::string_view user) {
    return event(
        day, "Security", 4625,
        fmt::format(
            R"("TargetUserName":"{}","LogonType":"3","IpAddress":"10.0.0.66","Status":"0xc000006d")",
            user));
  }
  std::string clear_log(int day) {
    return event(day, "Security", 1102, R"("SubjectUserName":"ana")");
  }

 private:
  std::string sysmon(int day, int id, const std::string& members) {
    return event(day, "Microsoft-Windows-Sysmon/Operational", id, members);
  }
  std::string event(int day, std::string_view channel, int id, const std::string& members) {
    const auto time = Timestamp::from_civil(2026, 3, 2) + std::chrono::hours(24 * day + 9) +
                      std::chrono::seconds(++number_);
    return fmt::format(
        R"({{"EventID":{},"Channel":"{}","Hostname":"ws-0001.example","@timestamp":"{}","RecordNumber":{},{}}})"
        "\n",
        id, channel, time.text(), number_, members);
  }
  std::string guid() { return fmt::format("{{b34bc01c-3031-5f69-6a01-{:012}}}", ++number_); }
  int number_ = 0;
};

constexpr std::string_view kExplorer = R"(C:\\Windows\\explorer.exe)";
constexpr std::string_view kWord = R"(C:\\Program Files\\Office\\WINWORD.EXE)";
constexpr std::string_view kPowerShell = R"(C:\\Windows\\System32\\powershell.exe)";

class EndpointRules : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    Machine machine;
    std::string past, recent;
    for (int day = 0; day < 20; ++day) {
      past += machine.start(day, kExplorer, kWord, R"(WINWORD.EXE /n report.docx)");
      past += machine.start(day, kExplorer, kPowerShell, "powershell.exe");
      past += machine.open_lsass(day, kGuard);
      past += machine.set_run(day, "chat", R"(C:\\Users\\ana\\AppData\\Local\\chat\\chat.exe)");
      past += machine.refused(day, "ana");
      for (int i = 0; i < 30; ++i)
        past += machine.start(day, kExplorer, R"(C:\\Windows\\notepad.exe)",
                              fmt::format("notepad.exe {}.txt", i));
    }
    recent += machine.start(21, kExplorer, kWord, R"(WINWORD.EXE /n report.docx)");
    recent += machine.start(21, kWord, kPowerShell, "powershell.exe -w hidden -enc SQBFAFgA");
    recent += machine.open_lsass(21, kGuard);
    recent += machine.open_lsass(21, R"(C:\\Windows\\System32\\rundll32.exe)");
    recent += machine.set_run(21, "chat", R"(C:\\Users\\ana\\AppData\\Local\\chat\\chat.exe)");
    recent += machine.set_run(21, "tavo", R"(C:\\Users\\Public\\tavo.exe)");
    recent += machine.clear_log(21);
    for (int i = 0; i < 14; ++i)
      recent += machine.refused(22, fmt::format("user{}", static_cast<char>('a' + i)));
    recent += machine.refused(23, "ana");  // a typing error
    soc_ = std::make_unique<Soc>();
    scored_ = score_by_rules(*soc_, "endpoint", "auto", past, recent).json();
  }
  static void TearDownTestSuite() { soc_.reset(); }

  static inline std::unique_ptr<Soc> soc_;
  static inline Json scored_;
};

TEST_F(EndpointRules, QueueWhatIsUnlikeTheQuietWeeks) {
  EXPECT_EQ(scored_["decisions"].size(), 22U);
  auto queued = queued_by_rules(scored_);
  const auto guessed = std::ranges::count_if(queued, [](const auto& one) {
    return one.find(": passwords-guessed:") != std::string::npos;
  });
  EXPECT_GE(guessed, 2);
  EXPECT_LE(guessed, 10);  // the first of them are nothing yet
  std::erase_if(queued, [](const auto& one) {
    return one.find(": passwords-guessed:") != std::string::npos;
  });
  EXPECT_EQ(queued,
            (std::vector<std::string>{
                "ana: document-runs-commands: T1059 T1204.002", "ana: log-cleared: T1070.001",
                "ws-0001.example: passwords-in-memory: T1003.001",
                "ws-0001.example: starts-again-from-user-folder: T1547.001"}));
}

TEST_F(EndpointRules, ReplayBitForBit) {
  const auto replayed = soc_->must_run({"decisions", "replay", "--limit", "30", "--json"});
  EXPECT_EQ(replayed.json()["equal"].as_int(), 22);
}

}  // namespace
}  // namespace winnow::testing
