#include "cases/process_tree.h"

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow::cases {
namespace {

using testing::TemporaryFolder;

constexpr std::string_view kHost = "ws5.example.org";

std::string guid(int number) { return fmt::format("{{b34bc01c-3031-5f69-6a01-{:012}}}", number); }

std::string start(int second, int parent, int own, std::string_view command,
                  std::string_view host = kHost) {
  return fmt::format(
      R"({{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"{}",)"
      R"("@timestamp":"2026-03-03T14:05:{:02}Z","ProcessGuid":"{}","ProcessId":"{}",)"
      R"("Image":"C:\\a\\p{}.exe","CommandLine":"{}","User":"EXAMPLE\\ana","Hashes":"SHA256={:064}",)"
      R"("ParentProcessGuid":"{}","ParentProcessId":"{}","ParentImage":"C:\\a\\p{}.exe"}})",
      host, second, guid(own), own, own, command, own, guid(parent), parent, parent);
}
std::string connection(int second, int own) {
  return fmt::format(
      R"({{"EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"{}",)"
      R"("@timestamp":"2026-03-03T14:05:{:02}Z","ProcessGuid":"{}","ProcessId":"{}",)"
      R"("Image":"C:\\a\\p{}.exe","Protocol":"tcp","SourceIp":"10.0.0.7","DestinationIp":"192.0.2.9"}})",
      kHost, second, guid(own), own, own);
}

class ProcessTreeOf : public ::testing::Test {
 protected:
  ProcessTreeOf()
      : log_(EventLog::open(folder_ / "events", Access::ReadWrite).value()),
        mapping_(DomainMapping::of_logs(Domain::Endpoint, {shipped("sysmon"), shipped("windows")})
                     .value()) {}

  static Mapping shipped(const std::string& name) {
    const auto file = testing::source_folder() / "content/mappings" / (name + ".yaml");
    return Mapping::compile(Yaml::read(file.string()).value()).value();
  }
  void arrive(const std::string& raw, const std::string& mapping = "sysmon") {
    const auto time = Timestamp::from_civil(2026, 3, 3, 14, 5, second_++);
    const NewEvent event{.form = RecordForm::LogJson,
                         .mapping = mapping,
                         .raw = raw,
                         .digest = sha256(raw),
                         .event_time = time,
                         .received_time = time,
                         .source = "edr"};
    ASSERT_OK(log_.append({&event, 1}));
  }
  // "own 2 p5.exe; ...": as it is printed.
  std::string tree(const std::string& raw) const {
    const auto stored = log_.look_up(sha256(raw)).value();
    const auto found = process_tree(log_, mapping_, *stored);
    if (!found) return found.error().text();
    std::string told;
    for (const auto& one : found->processes)
      told += fmt::format("{} {} {}; ", name_of(one.kin), one.depth, one.name);
    return told;
  }

  TemporaryFolder folder_;
  EventLog log_;
  DomainMapping mapping_;
  int second_ = 1;
};

TEST_F(ProcessTreeOf, AncestorsAndWhatCameOfItAreTold) {
  for (const auto& raw :
       {start(1, 100, 1, "one"), start(2, 1, 2, "two"), start(3, 2, 3, "three"),
        start(4, 2, 4, "beside it"), start(5, 3, 5, "below"), start(6, 5, 6, "below that"),
        start(7, 3, 7, "later"), start(8, 3, 8, "elsewhere", "ws6.example.org")})
    arrive(raw);
  EXPECT_EQ(tree(start(3, 2, 3, "three")),
            "ancestor 0 p100.exe; ancestor 1 p1.exe; ancestor 2 p2.exe; own 3 p3.exe; "
            "descendant 4 p5.exe; descendant 5 p6.exe; descendant 4 p7.exe; ");
}

TEST_F(ProcessTreeOf, AnEventOfARunningProcessFindsItsStart) {
  arrive(start(1, 100, 1, "one"));
  arrive(connection(2, 1));
  EXPECT_EQ(tree(connection(2, 1)), "ancestor 0 p100.exe; own 1 p1.exe; ");
  const auto stored = log_.look_up(sha256(connection(2, 1))).value();
  const auto found = process_tree(log_, mapping_, *stored).value();
  EXPECT_EQ(found.processes[1].command, "one");
  EXPECT_EQ(found.processes[1].user, "ana");
  EXPECT_EQ(found.processes[1].sha256, fmt::format("{:064}", 1));
  EXPECT_EQ(found.processes[1].event, sha256(start(1, 100, 1, "one")));
  EXPECT_FALSE(found.processes[0].started);  // it is known by its child only
  EXPECT_EQ(found.looked_at, 2U);
}

TEST_F(ProcessTreeOf, AProcessWithoutItsStartIsToldByTheEvent) {
  arrive(connection(1, 1));
  EXPECT_EQ(tree(connection(1, 1)), "own 0 p1.exe; ");
}

TEST_F(ProcessTreeOf, NumbersThatAreGivenOutAgainDoNotMixUp) {
  const auto launch = [](int number, int parent, int own, std::string_view name) {
    return fmt::format(
        R"({{"EventID":4688,"Channel":"Security","Hostname":"{}","@timestamp":"2026-03-03T14:05:{:02}Z",)"
        R"("NewProcessId":"0x{:x}","NewProcessName":"C:\\{}.exe","ProcessId":"0x{:x}","SubjectUserName":"ana"}})",
        kHost, number, own, name, parent);
  };
  for (const auto& raw : {launch(1, 4, 8, "first"), launch(2, 8, 16, "child"),
                          launch(3, 4, 8, "second"), launch(4, 8, 24, "late")})
    arrive(raw, "windows");
  EXPECT_EQ(tree(launch(4, 8, 24, "late")), "ancestor 0 ; ancestor 1 second.exe; own 2 late.exe; ");
  EXPECT_EQ(tree(launch(2, 8, 16, "child")),
            "ancestor 0 ; ancestor 1 first.exe; own 2 child.exe; ");
  // A process that names itself as its parent ends the way up.
  arrive(launch(5, 32, 32, "round"), "windows");
  EXPECT_EQ(tree(launch(5, 32, 32, "round")), "ancestor 0 round.exe; own 1 round.exe; ");
}

TEST_F(ProcessTreeOf, ManyDescendantsAreCutAndLongCommandsToo) {
  arrive(start(1, 100, 1, std::string(3 * kShownCommandBytes, 'x')));
  for (int i = 2; i < 200; ++i) arrive(start(1 + i % 50, 1, i, "many"));
  const auto stored =
      log_.look_up(sha256(start(1, 100, 1, std::string(3 * kShownCommandBytes, 'x'))));
  const auto found = process_tree(log_, mapping_, *stored.value()).value();
  EXPECT_TRUE(found.cut);
  EXPECT_EQ(found.processes.size(), kShownAncestors + 1 + kShownDescendants);
  EXPECT_EQ(found.processes[1].command.size(), kShownCommandBytes);
}

TEST_F(ProcessTreeOf, AnEventWithoutAProcessHasNone) {
  const std::string logon =
      R"({"EventID":4624,"Channel":"Security","Hostname":"dc1","@timestamp":"2026-03-03T14:05:06Z","TargetUserName":"bo","LogonType":"3"})";
  arrive(logon, "windows");
  EXPECT_EQ(tree(logon), "");
}

}  // namespace
}  // namespace winnow::cases
