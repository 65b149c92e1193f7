// What records of real formats say, as the mappings that ship read them.
#include "identity/sighting.h"

#include <fmt/format.h>

#include "ingest/mapping/mapping.h"
#include "tests/support/support.h"

namespace winnow::identity {
namespace {

std::string text_of(const Sighting& sighting) {
  constexpr std::string_view kPhases[] = {"seen", "begins", "ends"};
  auto text = fmt::format(
      "{} {} {}: {} {} {}s", sighting.one,
      std::array{"is", "on", "from"}[static_cast<std::size_t>(sighting.relation)], sighting.other,
      facts_of(sighting.witness).name, kPhases[static_cast<std::size_t>(sighting.phase)],
      sighting.holds / std::chrono::seconds(1));
  if (!sighting.session.empty()) text += " session " + sighting.session;
  if (!sighting.hardware.empty()) text += " hardware " + sighting.hardware;
  return text;
}

std::vector<std::string> told_by(const std::string& mapping, std::string_view raw) {
  const auto file = winnow::testing::source_folder() / "content/mappings" / (mapping + ".yaml");
  const auto compiled = Mapping::compile(Yaml::read(file.string()).value()).value();
  LogReader reader(compiled);
  const auto event = reader.read(RecordForm::LogJson, raw, sha256(raw));
  EXPECT_TRUE(event) << event.error();
  std::vector<std::string> texts;
  if (!event) return texts;
  for (const auto& sighting : sightings_of(*event, compiled.domain()))
    texts.push_back(text_of(sighting));
  return texts;
}

using Texts = std::vector<std::string>;

constexpr const char* kHead =
    R"({"Channel":"Security","Hostname":"WS5.example.org","TimeCreated":"2026-03-03T14:05:06.000Z",)";
std::string windows(const std::string& rest) { return kHead + rest; }
std::string logon(int type, const std::string& rest) {
  return windows(
      fmt::format(
          R"("EventID":4624,"TargetUserName":"Ana","TargetDomainName":"EXAMPLE","TargetUserSid":"S-1-5-21-1-2-3-1104","TargetLogonId":"0x10a7df","LogonType":"{}",)",
          type) +
      rest);
}

struct Case {
  const char* name;
  const char* mapping;
  std::string raw;
  Texts want;
};

class Sightings : public ::testing::TestWithParam<Case> {};

TEST_P(Sightings, AreWhatTheRecordSays) {
  EXPECT_EQ(told_by(GetParam().mapping, GetParam().raw), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    , Sightings,
    ::testing::Values(
        Case{
            "ZeekLease",
            "zeek",
            R"({"_path":"dhcp","ts":1772546706.5,"uids":["C1"],"client_addr":"10.0.0.4","server_addr":"10.0.0.1","mac":"08:00:27:7f:09:e1","host_name":"WS-0042","assigned_addr":"10.0.0.5","lease_time":3600.0,"msg_types":["REQUEST","ACK"]})",
            {"10.0.0.5 is ws-0042: DHCP lease begins 3600s hardware 08:00:27:7f:09:e1"}},
        Case{
            "ZeekLeaseOfWhoHasNoName",
            "zeek",
            R"({"_path":"dhcp","ts":1772546706.5,"uids":["C1"],"client_addr":"10.0.0.5","server_addr":"10.0.0.1","mac":"24:4b:fe:1c:48:a4","lease_time":600.0,"requested_addr":"10.0.0.5","msg_types":["REQUEST","ACK"]})",
            {"10.0.0.5 is 24:4b:fe:1c:48:a4: DHCP lease begins 600s hardware "
             "24:4b:fe:1c:48:a4"}},
        Case{
            "ZeekLeaseForEverIsBounded",
            "zeek",
            R"({"_path":"dhcp","ts":1772546706.5,"uids":["C1"],"mac":"08:00:27:7f:09:e1","host_name":"ws1","assigned_addr":"10.0.0.5","lease_time":4294967295.0,"msg_types":["ACK"]})",
            {"10.0.0.5 is ws1: DHCP lease begins 2592000s hardware 08:00:27:7f:09:e1"}},
        Case{
            "ZeekRelease",
            "zeek",
            R"({"_path":"dhcp","ts":1772546706.5,"uids":["C1"],"client_addr":"10.0.0.5","server_addr":"10.0.0.1","mac":"08:00:27:7f:09:e1","host_name":"ws-0042","msg_types":["RELEASE"]})",
            {"10.0.0.5 is ws-0042: DHCP lease ends 86400s hardware 08:00:27:7f:09:e1"}},
        Case{
            "ZeekQuestionForAnAddress",
            "zeek",
            R"({"_path":"dhcp","ts":1772546706.5,"uids":["C1"],"mac":"08:00:27:7f:09:e1","host_name":"ws-0042","requested_addr":"10.0.0.5","msg_types":["DISCOVER"]})",
            {}},
        Case{
            "SuricataLease",
            "suricata",
            R"({"timestamp":"2026-03-03T14:05:06.000000+0000","event_type":"dhcp","src_ip":"10.0.0.1","src_port":67,"dest_ip":"255.255.255.255","dest_port":68,"proto":"UDP","dhcp":{"type":"reply","id":1,"client_mac":"00:0c:29:79:2e:c8","assigned_ip":"10.0.0.5","dhcp_type":"ack","lease_time":1800,"hostname":"WS-0042"}})",
            {"10.0.0.5 is ws-0042: DHCP lease begins 1800s hardware 00:0c:29:79:2e:c8"}},
        Case{
            "SuricataAnswerWithoutAnAddress",
            "suricata",
            R"({"timestamp":"2026-03-03T14:05:06.000000+0000","event_type":"dhcp","src_ip":"10.0.0.1","src_port":67,"dest_ip":"10.0.0.5","dest_port":68,"proto":"UDP","dhcp":{"type":"reply","id":1,"client_mac":"00:0c:29:79:2e:c8","assigned_ip":"0.0.0.0","dhcp_type":"nak"}})",
            {}},
        Case{"LogonAtTheMachine",
             "windows",
             logon(2, R"("IpAddress":"127.0.0.1"})"),
             {"ana on ws5: logon begins 43200s session 0x10a7df"}},
        Case{"LogonByRemoteDesktop",
             "windows",
             logon(10, R"("IpAddress":"192.0.2.7"})"),
             {"ana on ws5: remote logon begins 43200s session 0x10a7df",
              "ana from 192.0.2.7: remote logon seen 43200s"}},
        Case{
            "LogonOverTheNetwork",
            "windows",
            logon(
                3,
                R"("IpAddress":"::ffff:192.0.2.7","WorkstationName":"KIOSK","LmPackageName":"NTLM V2"})"),
            {"ana on ws5: network logon seen 600s", "ana from 192.0.2.7: network logon seen 600s",
             "192.0.2.7 is kiosk: NTLM seen 600s"}},
        Case{"LogonOfAService", "windows", logon(5, R"("IpAddress":"-"})"), {}},
        Case{"LogonWithBorrowedCredentials", "windows", logon(9, R"("IpAddress":"::1"})"), {}},
        Case{
            "LogonOfAMachine",
            "windows",
            windows(
                R"("EventID":4624,"TargetUserName":"WS7$","TargetDomainName":"EXAMPLE","TargetLogonId":"0x1","LogonType":"3","IpAddress":"192.0.2.7"})"),
            {"192.0.2.7 is ws7: Kerberos ticket seen 3600s"}},
        Case{
            "LogonThatFailed",
            "windows",
            windows(
                R"("EventID":4625,"TargetUserName":"ana","TargetDomainName":"EXAMPLE","LogonType":"2","Status":"0xc000006d","IpAddress":"192.0.2.7"})"),
            {}},
        Case{
            "Logoff",
            "windows",
            windows(
                R"("EventID":4634,"TargetUserName":"ana","TargetDomainName":"EXAMPLE","TargetLogonId":"0x10a7df","LogonType":"2"})"),
            {"ana on ws5: logon ends 43200s session 0x10a7df"}},
        Case{
            "LogoffByTheUser",
            "windows",
            windows(
                R"("EventID":4647,"TargetUserName":"ana","TargetDomainName":"EXAMPLE","TargetLogonId":"0x10a7df"})"),
            {"ana on ws5: logon ends 43200s session 0x10a7df"}},
        Case{
            "ExplicitCredentialsAreNobodysPlace",
            "windows",
            windows(
                R"("EventID":4648,"SubjectUserName":"ana","SubjectDomainName":"EXAMPLE","TargetUserName":"bo","TargetDomainName":"EXAMPLE","TargetServerName":"fs1","IpAddress":"-"})"),
            {}},
        Case{
            "TicketOfAUser",
            "windows",
            windows(
                R"("EventID":4768,"TargetUserName":"ana","TargetDomainName":"EXAMPLE.ORG","ServiceName":"krbtgt","Status":"0x0","IpAddress":"::ffff:192.0.2.7","IpPort":"49152"})"),
            {"ana from 192.0.2.7: Kerberos ticket seen 3600s"}},
        Case{
            "TicketOfAMachine",
            "windows",
            windows(
                R"("EventID":4769,"TargetUserName":"WS7$@EXAMPLE.ORG","TargetDomainName":"EXAMPLE.ORG","ServiceName":"DC1$","Status":"0x0","IpAddress":"::ffff:192.0.2.7"})"),
            {"192.0.2.7 is ws7: Kerberos ticket seen 3600s"}},
        Case{
            "CredentialsChecked",
            "windows",
            windows(
                R"("EventID":4776,"PackageName":"MICROSOFT_AUTHENTICATION_PACKAGE_V1_0","TargetUserName":"bo","Workstation":"KIOSK","Status":"0x0"})"),
            {"bo on kiosk: NTLM seen 600s"}},
        Case{
            "Process",
            "sysmon",
            R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"WS5.example.org","TimeCreated":"2026-03-03T14:05:06.000Z","ProcessGuid":"{486ee29e-5498-5038-5727-d11fad4632e6}","ProcessId":"7","Image":"C:\\a.exe","User":"EXAMPLE\\ana","ParentImage":"C:\\b.exe","ParentUser":"NT AUTHORITY\\SYSTEM"})",
            {"ana on ws5: process seen 3600s"}},
        Case{
            "ProcessOfTheSystem",
            "sysmon",
            R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"WS5.example.org","TimeCreated":"2026-03-03T14:05:06.000Z","ProcessGuid":"{486ee29e-5498-5038-5727-d11fad4632e6}","ProcessId":"7","Image":"C:\\a.exe","User":"NT AUTHORITY\\SYSTEM","ParentImage":"C:\\b.exe","ParentUser":"EXAMPLE\\ana"})",
            {}},
        Case{"Connection", "sysmon", R"({"EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"WS5.example.org","TimeCreated":"2026-03-03T14:05:06.000Z","ProcessGuid":"{486ee29e-5498-5038-5727-d11fad4632e6}","ProcessId":"7","Image":"C:\\a.exe","User":"EXAMPLE\\ana","Protocol":"tcp","Initiated":"true","SourceIp":"10.0.0.5","SourcePort":"50000","DestinationIp":"198.51.100.9","DestinationPort":"443"})", {"10.0.0.5 is ws5: connection seen 3600s"}},
        Case{
            "ConnectionFromElsewhere",
            "sysmon",
            R"({"EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"WS5.example.org","TimeCreated":"2026-03-03T14:05:06.000Z","ProcessGuid":"{486ee29e-5498-5038-5727-d11fad4632e6}","ProcessId":"7","Image":"C:\\a.exe","Protocol":"tcp","Initiated":"false","SourceIp":"10.0.0.9","SourcePort":"50000","DestinationIp":"10.0.0.5","DestinationPort":"445"})",
            {}},
        Case{
            "SignIn",
            "entra_signin",
            R"({"id":"s-2","createdDateTime":"2026-03-03T14:05:06Z","appId":"a-2","appDisplayName":"ci","userPrincipalName":"Ana@example.org","userId":"u-1","ipAddress":"198.51.100.9","resourceDisplayName":"Azure","resourceId":"r","status":{"errorCode":0},"deviceDetail":{"deviceId":"d","displayName":"LT-7"}})",
            {"ana@example.org from 198.51.100.9: sign-in begins 28800s",
             "ana@example.org on lt-7: sign-in begins 28800s"}},
        Case{
            "SignInThatFailed",
            "entra_signin",
            R"({"id":"s-2","createdDateTime":"2026-03-03T14:05:06Z","appId":"a-2","userPrincipalName":"ana@example.org","ipAddress":"198.51.100.9","resourceDisplayName":"Azure","status":{"errorCode":50126}})",
            {}},
        Case{
            "KerberosOnTheWire",
            "zeek",
            R"({"_path":"kerberos","ts":1772546706.5,"uid":"C3","id.orig_h":"192.0.2.7","id.orig_p":61011,"id.resp_h":"192.0.2.4","id.resp_p":88,"request_type":"TGS","client":"alice/EXAMPLE.ORG","service":"cifs/fs1","success":true})",
            {"alice from 192.0.2.7: Kerberos ticket seen 3600s"}},
        Case{
            "NtlmOnTheWire",
            "zeek",
            R"({"_path":"ntlm","ts":1772546706.5,"uid":"C3","id.orig_h":"192.0.2.7","id.orig_p":61011,"id.resp_h":"192.0.2.4","id.resp_p":445,"username":"bo","hostname":"KIOSK","domainname":"EXAMPLE","success":true})",
            {"bo from 192.0.2.7: NTLM seen 600s", "192.0.2.7 is kiosk: NTLM seen 600s",
             "bo on kiosk: NTLM seen 600s"}}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace winnow::identity
