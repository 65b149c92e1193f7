#include "simulate/detail/agent_log.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"

namespace winnow::simulate {
namespace {

constexpr std::string_view kSysmon = "Microsoft-Windows-Sysmon/Operational";
constexpr std::string_view kSecurity = "Security";
constexpr std::string_view kPowerShell = "Microsoft-Windows-PowerShell/Operational";

std::string upper(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return made;
}
std::string folder_of(std::string_view path) {
  return std::string(path.substr(0, path.find_last_of('\\') + 1));
}

// "2026-01-05 08:00:00.125", as Sysmon writes the time of an event.
std::string plain_time(Timestamp at) {
  const auto when = civil(at);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", when.year, when.month, when.day,
                     when.hour, when.minute, when.second, at.millis() % 1000);
}

}  // namespace

Image of_system(std::string_view leaf) {
  return {fmt::format(R"(C:\Windows\System32\{})", leaf), "Microsoft Corporation",
          std::string(leaf)};
}

Image of_powershell() {
  return {R"(C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe)", "Microsoft Corporation",
          "PowerShell.EXE"};
}

Image of_program(std::string_view maker, std::string_view leaf) {
  return {fmt::format(R"(C:\Program Files\{}\{})", maker, leaf), std::string(maker),
          std::string(leaf)};
}

std::string AgentLog::guid() {
  const auto high = rng_.next(), low = rng_.next();
  return fmt::format("{{{:08x}-{:04x}-{:04x}-{:04x}-{:012x}}}", high >> 32, (high >> 16) & 0xFFFF,
                     high & 0xFFFF, low >> 48, low & 0xFFFFFFFFFFFFULL);
}

std::string AgentLog::with_domain(std::string_view user) const {
  if (user == "SYSTEM") return R"(NT AUTHORITY\SYSTEM)";
  return fmt::format("{}\\{}", upper(domain_.substr(0, domain_.find('.'))), user);
}

Session AgentLog::session(std::string_view host, std::string_view address, std::string_view user,
                          std::string_view integrity) {
  const auto id = user == "SYSTEM" ? 0x3e7 : 0x10000 + rng_.below(1U << 24);
  return {std::string(host), std::string(address), std::string(user), fmt::format("0x{:x}", id),
          integrity};
}

Process AgentLog::running(const Session& session, const Image& image) {
  return {session, guid(), image.path, image.path, rng_.between(300, 9000)};
}

Json AgentLog::head(Timestamp at, std::string_view host, std::string_view channel,
                    std::int64_t id) {
  const auto source = channel == kSysmon       ? "Microsoft-Windows-Sysmon"
                      : channel == kPowerShell ? "Microsoft-Windows-PowerShell"
                      : channel == kSecurity   ? "Microsoft-Windows-Security-Auditing"
                                               : "Service Control Manager";
  return Json::object({{"@timestamp", at.text()},
                       {"Hostname", full_name(host)},
                       {"Channel", channel},
                       {"SourceName", source},
                       {"EventID", id},
                       {"RecordNumber", static_cast<std::int64_t>(rng_.below(1ULL << 40))}});
}

Json AgentLog::of_process(Timestamp at, std::int64_t id, const Process& process) {
  auto json = head(at, process.session.host, kSysmon, id);
  json.set("UtcTime", plain_time(at))
      .set("ProcessGuid", process.guid)
      .set("ProcessId", process.pid)
      .set("Image", process.image)
      .set("User", with_domain(process.session.user));
  return json;
}

void AgentLog::add(Timestamp at, Json members) {
  records_.push_back(
      {at, to_text(members), intrusion_.empty() ? Label::Benign : Label::Malicious, intrusion_});
}

Process AgentLog::start(Timestamp at, const Process& parent, const Image& image,
                        std::string_view line) {
  return start_in(at, parent.session, parent, image, line);
}

Process AgentLog::start_in(Timestamp at, const Session& session, const Process& parent,
                           const Image& image, std::string_view line) {
  Process made{session, guid(), image.path, std::string(line), rng_.between(1000, 30'000)};
  auto json = of_process(at, 1, made);
  const bool of_windows = image.path.starts_with(R"(C:\Windows\)");
  json.set("CommandLine", made.line)
      .set("CurrentDirectory", of_windows ? R"(C:\Windows\system32\)" : folder_of(image.path))
      .set("LogonId", session.logon_id)
      .set("IntegrityLevel", session.integrity)
      .set("Company", image.maker.empty() ? "-" : image.maker)
      .set("OriginalFileName", image.original.empty() ? "-" : image.original)
      .set("Hashes", fmt::format("SHA256={}", upper(sha256(image.path + image.maker).hex())))
      .set("ParentProcessGuid", parent.guid)
      .set("ParentProcessId", parent.pid)
      .set("ParentImage", parent.image)
      .set("ParentCommandLine", parent.line);
  add(at, std::move(json));
  return made;
}

void AgentLog::connect(Timestamp at, const Process& process, std::string_view address,
                       std::uint16_t port, std::string_view name) {
  auto json = of_process(at, 3, process);
  json.set("Protocol", "tcp")
      .set("Initiated", "true")
      .set("SourceIsIpv6", "false")
      .set("SourceIp", process.session.address)
      .set("SourcePort", rng_.between(49152, 65535))
      .set("DestinationIp", address)
      .set("DestinationHostname", name.empty() ? "-" : name)
      .set("DestinationPort", std::int64_t{port});
  add(at, std::move(json));
}

void AgentLog::look_up(Timestamp at, const Process& process, std::string_view name) {
  auto json = of_process(at, 22, process);
  json.set("QueryName", name).set("QueryStatus", "0").set("QueryResults", "-");
  add(at, std::move(json));
}

Json AgentLog::between(Timestamp at, std::int64_t id, const Process& source, const Process& target,
                       std::string_view guid) {
  auto json = head(at, source.session.host, kSysmon, id);
  json.set("UtcTime", plain_time(at));
  for (const auto& [role, process] : {std::pair("Source", &source), std::pair("Target", &target)}) {
    json.set(fmt::format("{}Process{}", role, guid), process->guid)
        .set(fmt::format("{}ProcessId", role), process->pid)
        .set(fmt::format("{}Image", role), process->image)
        .set(fmt::format("{}User", role), with_domain(process->session.user));
  }
  return json;
}

void AgentLog::open_process(Timestamp at, const Process& process, const Process& target,
                            std::string_view rights) {
  auto json = between(at, 10, process, target, "GUID");
  json.set("GrantedAccess", rights);
  add(at, std::move(json));
}

void AgentLog::run_inside(Timestamp at, const Process& process, const Process& target) {
  auto json = between(at, 8, process, target, "Guid");
  json.set("NewThreadId", rng_.between(1000, 30'000))
      .set("StartAddress", fmt::format("0x{:016X}", rng_.below(1ULL << 44)));
  add(at, std::move(json));
}

void AgentLog::write_file(Timestamp at, const Process& process, std::string_view path) {
  auto json = of_process(at, 11, process);
  json.set("TargetFilename", path).set("CreationUtcTime", plain_time(at));
  add(at, std::move(json));
}

void AgentLog::set_value(Timestamp at, const Process& process, std::string_view key,
                         std::string_view data) {
  auto json = of_process(at, 13, process);
  json.set("EventType", "SetValue").set("TargetObject", key).set("Details", data);
  add(at, std::move(json));
}

void AgentLog::log_on(Timestamp at, const Session& session, const Logon& logon) {
  auto json = head(at, session.host, kSecurity, logon.granted ? 4624 : 4625);
  json.set("Keywords", logon.granted ? "Audit Success" : "Audit Failure")
      .set("TargetUserName", session.user)
      .set("TargetDomainName", upper(domain_.substr(0, domain_.find('.'))))
      .set("LogonType", std::to_string(logon.type))
      .set("AuthenticationPackageName", logon.ntlm ? "NTLM" : "Kerberos")
      .set("IpAddress", logon.source_address.empty() ? "-" : logon.source_address)
      .set("WorkstationName",
           logon.source_host.empty() ? std::string("-") : upper(logon.source_host));
  if (logon.granted) {
    json.set("TargetLogonId", session.logon_id);
  } else {
    json.set("Status", "0xc000006d").set("SubStatus", logon.why_not);
  }
  add(at, std::move(json));
}

void AgentLog::install_service(Timestamp at, const Session& session, std::string_view name,
                               std::string_view line) {
  auto json = head(at, session.host, "System", 7045);
  json.set("ServiceName", name)
      .set("ImagePath", line)
      .set("ServiceType", "user mode service")
      .set("StartType", "demand start")
      .set("AccountName", "LocalSystem");
  add(at, std::move(json));
}

void AgentLog::make_task(Timestamp at, const Session& session, std::string_view name,
                         std::string_view command, std::string_view arguments) {
  auto json = head(at, session.host, kSecurity, 4698);
  json.set("SubjectUserName", session.user)
      .set("SubjectLogonId", session.logon_id)
      .set("TaskName", name)
      .set("TaskContent",
           fmt::format("<Task><Exec><Command>{0} {1}</Command></Exec></Task>", command, arguments));
  add(at, std::move(json));
}

void AgentLog::run_script(Timestamp at, const Session& session, std::string_view text) {
  auto json = head(at, session.host, kPowerShell, 4104);
  json.set("ScriptBlockText", text)
      .set("ScriptBlockId", guid())
      .set("MessageNumber", 1)
      .set("MessageTotal", 1);
  add(at, std::move(json));
}

void AgentLog::reach_share(Timestamp at, const Session& session, std::string_view from_address,
                           std::string_view share, std::string_view file) {
  auto json = head(at, session.host, kSecurity, 5145);
  json.set("SubjectUserName", session.user)
      .set("SubjectLogonId", session.logon_id)
      .set("ObjectType", "File")
      .set("IpAddress", from_address)
      .set("IpPort", rng_.between(49152, 65535))
      .set("ShareName", fmt::format(R"(\\*\{})", share))
      .set("RelativeTargetName", file)
      .set("AccessMask", "0x2");
  add(at, std::move(json));
}

void AgentLog::clear_log(Timestamp at, const Session& session) {
  auto json = head(at, session.host, kSecurity, 1102);
  json.set("SubjectUserName", session.user).set("SubjectLogonId", session.logon_id);
  add(at, std::move(json));
}

std::vector<SimulatedRecord> AgentLog::take() { return std::exchange(records_, {}); }

}  // namespace winnow::simulate
