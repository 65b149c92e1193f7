#include "pipeline/event_summary.h"

#include "ingest/mapping/mapping.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

// By the mapping that ships: what a queue says of real shapes of records.
EventSummary summary(const std::string& mapping, std::string_view record) {
  const auto file = testing::source_folder() / "content/mappings" / (mapping + ".yaml");
  LogReader reader(Mapping::compile(Yaml::read(file.string()).value()).value());
  return summary_of(reader.read(RecordForm::LogJson, record, sha256(record)).value());
}

TEST(EventSummary, SaysWhoDidWhat) {
  const struct {
    const char* mapping;
    const char* record;
    const char* actor;
    const char* subject;
  } cases[] = {
      {"suricata",
       R"({"timestamp":"2026-03-03T10:00:00+0000","event_type":"alert","src_ip":"10.0.0.7","src_port":5,)"
       R"("dest_ip":"192.0.2.9","dest_port":80,"proto":"TCP","alert":{"gid":1,"signature_id":7,)"
       R"("signature":"MALWARE call home","category":"c","severity":1}})",
       "10.0.0.7", "alert: MALWARE call home"},
      {"suricata",
       R"({"timestamp":"2026-03-03T10:00:00+0000","event_type":"dns","src_ip":"10.0.0.7","src_port":5,)"
       R"("dest_ip":"10.0.0.1","dest_port":53,"proto":"UDP","dns":{"type":"query","rrname":"Mail.Example","rrtype":"A"}})",
       "10.0.0.7", "dns: mail.example"},
      {"suricata",
       R"({"timestamp":"2026-03-03T10:00:00+0000","event_type":"flow","src_ip":"10.0.0.7","src_port":5,)"
       R"("dest_ip":"192.0.2.9","dest_port":22,"proto":"TCP","app_proto":"ssh","flow":{"bytes_toserver":1}})",
       "10.0.0.7", "ssh to 192.0.2.9:22"},
      {"suricata",
       R"({"timestamp":"2026-03-03T10:00:00+0000","event_type":"flow","src_ip":"10.0.0.7","src_port":5,)"
       R"("dest_ip":"192.0.2.9","dest_port":4444,"proto":"TCP","app_proto":"failed","flow":{"bytes_toserver":1}})",
       "10.0.0.7", "tcp to 192.0.2.9:4444"},
      {"suricata",
       R"({"timestamp":"2026-03-03T10:00:00+0000","event_type":"tls","src_ip":"10.0.0.7","src_port":5,)"
       R"("dest_ip":"192.0.2.9","dest_port":443,"proto":"TCP","tls":{"sni":"shop.example","version":"TLS 1.3"}})",
       "10.0.0.7", "tls to shop.example:443"},
      {"zeek",
       R"({"_path":"conn","ts":1.5,"id.orig_h":"10.0.0.7","id.orig_p":1,"id.resp_h":"192.0.2.9",)"
       R"("id.resp_p":53,"proto":"udp","conn_state":"SF"})",
       "10.0.0.7", "udp to 192.0.2.9:53"},
      {"sysmon",
       R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"WS5","@timestamp":"2026-03-03T14:05:06Z",)"
       R"("ProcessGuid":"{b34bc01c-3031-5f69-6a01-000000000900}","ProcessId":"42","Image":"C:\\a\\who.exe","CommandLine":"who /all",)"
       R"("User":"EXAMPLE\\ana","ParentProcessGuid":"{b34bc01c-2f95-5f69-5f01-000000000900}","ParentImage":"C:\\a\\cmd.exe"})",
       "ana", "process: who /all"},
      {"sysmon",
       R"({"EventID":13,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"WS5","@timestamp":"2026-03-03T14:05:06Z","EventType":"SetValue",)"
       R"("ProcessGuid":"{b34bc01c-3031-5f69-6a01-000000000900}","ProcessId":"42","Image":"C:\\a\\who.exe","TargetObject":"HKLM\\Run\\who","Details":"x"})",
       "ws5", "registry: HKLM\\Run"},
      {"windows",
       R"({"EventID":7045,"Channel":"System","Hostname":"WS5","@timestamp":"2026-03-03T14:05:06Z","ServiceName":"who","ImagePath":"C:\\who.exe"})",
       "ws5", "service: who"},
      {"windows",
       R"({"EventID":4625,"Channel":"Security","Hostname":"dc1","@timestamp":"2026-03-03T14:05:06Z","TargetUserName":"bo","LogonType":"3",)"
       R"("IpAddress":"192.0.2.7","Status":"0xc000006d"})",
       "192.0.2.7", "logon: bo"},
  };
  for (const auto& c : cases) {
    const auto said = summary(c.mapping, c.record);
    EXPECT_EQ(said.actor, c.actor) << c.record;
    EXPECT_EQ(said.subject, c.subject) << c.record;
  }
}

}  // namespace
}  // namespace winnow
