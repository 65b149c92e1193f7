// Administration, and what runs by itself: the noise in which intruders hide.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "simulate/detail/everyday_endpoint.h"

namespace winnow::simulate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

using Machines = std::vector<MachineDay>;

const Account* administrator(const Company& company, Rng& rng) {
  std::vector<const Account*> found;
  for (const auto& account : company.accounts) {
    if (account.privileged) found.push_back(&account);
  }
  return found.empty() ? nullptr : rng.pick(found);
}

const MachineDay& machine_of(const Machines& machines, std::uint32_t person) {
  return *std::ranges::find_if(machines, [&](const MachineDay& one) {
    return !one.host.is_server && one.host.person == person;
  });
}

const MachineDay& any_server(const Machines& machines, Rng& rng) {
  std::vector<const MachineDay*> servers;
  for (const auto& one : machines) {
    if (one.host.is_server) servers.push_back(&one);
  }
  return *rng.pick(servers);
}

// Regular tasks of the system and of the protection against malware.
void run_by_itself(const EndpointPlaces& places, const MachineDay& machine, Timestamp day,
                   AgentLog& log) {
  auto& rng = log.rng();
  static constexpr std::array kTasks = {"taskhostw.exe", "SearchIndexer.exe", "CompatTelRunner.exe",
                                        "wsqmcons.exe",  "usoclient.exe",     "rundll32.exe",
                                        "conhost.exe"};
  for (auto left = rng.poisson(4); left > 0; --left) {
    const std::string_view leaf = rng.pick(kTasks);
    log.start(day + seconds(rng.between(0, 86'399)), machine.service_host, of_system(leaf),
              leaf == "rundll32.exe"
                  ? R"(rundll32.exe C:\Windows\system32\PcaSvc.dll,PcaPatchSdbTask)"
                  : leaf);
  }
  const auto guard = log.running(machine.system, of_program(places.guard, "guard.exe"));
  for (auto left = rng.poisson(1.5); left > 0; --left) {
    const auto at = day + seconds(rng.between(0, 86'399));
    log.open_process(at, guard, machine.keeper_of_passwords, rng.chance(0.7) ? "0x1410" : "0x1010");
  }
  // The updater asks its maker as regularly as a clock.
  const auto updater = log.running(machine.system, of_program("Browser", "updater.exe"));
  for (auto at = day + minutes(rng.between(0, 239)); at < day + hours(24); at = at + hours(4)) {
    log.look_up(at, updater, places.update_site);
    log.connect(at + seconds(1), updater, "198.18.77.7", 443, places.update_site);
  }
}

// Programs that people installed for themselves, and parts of the system, call home like any
// intruder.
void call_home(const EndpointPlaces& places, const MachineDay& machine, Timestamp day,
               AgentLog& log) {
  auto& rng = log.rng();
  static constexpr std::array kParts = {"RuntimeBroker.exe", "backgroundTaskHost.exe",
                                        "dllhost.exe"};
  const auto part = log.running(machine.person, of_system(rng.pick(kParts)));
  for (auto left = rng.poisson(3); left > 0; --left) {
    const auto at = day + seconds(rng.between(0, 86'399));
    log.connect(at, part, "198.18.77.9", 443, places.update_site);
  }
  if (machine.host.person % 2 != 0) return;
  const auto& own = places.own_programs[machine.host.person / 2 % places.own_programs.size()];
  const auto name = ascii_lower(own.name);
  const auto program = log.running(
      machine.person,
      {fmt::format(R"(C:\Users\{0}\AppData\Local\{1}\{1}.exe)", machine.person.user, name),
       own.name, name + ".exe"});
  for (auto at = day + seconds(rng.between(0, 599)); at < day + hours(24);
       at = at + Duration(static_cast<std::int64_t>(
                     own.period_s * (1 + own.jitter * (2 * rng.unit() - 1)) * 1e6))) {
    if (rng.chance(0.1)) log.look_up(at, program, own.site);
    log.connect(at + std::chrono::milliseconds(30), program, own.address, 443, own.site);
  }
}

// The inventory asks each machine the questions that intruders ask.
void take_inventory(const EndpointPlaces& places, const MachineDay& machine, Timestamp day,
                    AgentLog& log) {
  auto& rng = log.rng();
  auto at = day + seconds(rng.between(0, 86'000));
  const auto agent = log.running(machine.system, of_program(places.deployment, "inventory.exe"));
  for (auto left = rng.between(1, 3); left > 0; --left, at = at + seconds(3)) {
    const auto asked =
        question(rng);  // before: the order in which arguments draw is the compiler's
    command(at, agent, rng.chance(0.5), asked, log);
  }
}

// Packages go to all machines by encoded commands, as the makers of such software do it.
void deploy(const EndpointPlaces& places, const Machines& machines, Timestamp at, AgentLog& log) {
  auto& rng = log.rng();
  const auto package = invented_word(rng, 3);
  const auto encoded =
      to_base64(fmt::format("Start-Process msiexec -ArgumentList '/i "
                            "\\\\files-01\\packages\\{0}.msi /qn' -Wait; Get-Process",
                            package));
  for (const auto& machine : machines) {
    at = at + seconds(rng.between(5, 90));
    const auto agent = log.running(machine.system, of_program(places.deployment, "agent.exe"));
    const auto shell =
        log.start(at, agent, of_powershell(),
                  fmt::format("powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass "
                              "-WindowStyle Hidden -EncodedCommand {}",
                              encoded));
    log.start(at + seconds(3), shell, of_system("msiexec.exe"),
              fmt::format(R"("msiexec.exe" /i \\files-01\packages\{}.msi /qn)", package));
    if (rng.chance(0.3))
      log.install_service(at + seconds(40), machine.system, package + " Service",
                          fmt::format(R"("C:\Program Files\{0}\{0}.exe" -k service)", package));
    if (rng.chance(0.2))
      log.make_task(at + seconds(44), machine.system, fmt::format(R"(\{}\Update)", package),
                    fmt::format(R"(C:\Program Files\{0}\update.exe)", package), "/silent");
  }
}

void look_after_a_server(const Company& company, const Machines& machines, Timestamp day,
                         AgentLog& log) {
  auto& rng = log.rng();
  const auto* account = administrator(company, rng);
  if (account == nullptr) return;
  const auto& own = machine_of(machines, account->person);
  const auto& server = any_server(machines, rng);
  auto at = at_work(company.people[account->person], day, rng);
  const auto session = log.session(server.host.name, server.host.address, account->name, "High");
  const bool desktop = rng.chance(0.4);
  log.log_on(
      at, session,
      {.type = desktop ? 10 : 3, .source_address = own.host.address, .source_host = own.host.name});
  const auto remote = log.running(session, desktop ? Image{R"(C:\Windows\explorer.exe)",
                                                           "Microsoft Corporation", "EXPLORER.EXE"}
                                                   : of_system("wsmprovhost.exe"));
  static constexpr std::array kCommands = {
      "net user {0} /domain",
      "sc query {1}",
      "schtasks /query /tn {1}",
      "reg query HKLM\\Software\\{1}",
      "wevtutil qe System /c:50 /rd:true",
      "nslookup {1}.halvenmoor.example",
      "net stop {1}",
      "sc config {1} start= auto",
      "dsquery user -inactive 8",
      "wevtutil cl Application",
      "schtasks /create /sc daily /tn {1} /tr C:\\Scripts\\{1}.cmd /f",
      "reg save HKLM\\SYSTEM C:\\Temp\\{1}.sav"};
  const bool by_powershell = rng.chance(0.6);
  const auto shell =
      by_powershell
          ? log.start(at + seconds(30), remote, of_powershell(), "powershell.exe -NoProfile")
          : log.start(at + seconds(30), remote, of_system("cmd.exe"), "cmd.exe");
  for (auto left = rng.between(1, 6); left > 0; --left) {
    at = at + seconds(rng.between(20, 400));
    if (rng.chance(0.6)) {
      command(at, shell, by_powershell, question(rng), log);
      continue;
    }
    const auto& asked = company.pick_person(rng).family_name;
    const auto thing = ascii_lower(invented_word(rng, 2));
    command(at, shell, by_powershell, fmt::format(fmt::runtime(rng.pick(kCommands)), asked, thing),
            log);
  }
  if (rng.chance(0.25)) {
    log.run_script(at, session,
                   fmt::format("Get-ADUser -Filter {{Name -like '*{}*'}} -Properties LastLogonDate "
                               "| Select Name,LastLogonDate",
                               company.pick_person(rng).family_name));
  }
  if (rng.chance(0.2)) {
    const auto& other = any_server(machines, rng).host.name;
    log.run_script(
        at + seconds(50), session,
        fmt::format("Invoke-Command -ComputerName {} -ScriptBlock {{ Get-Process | Where CPU -gt "
                    "100; Restart-Service {} }}",
                    other, ascii_lower(invented_word(rng, 2))));
  }
  if (rng.chance(0.12))
    log.make_task(at + minutes(2), session,
                  fmt::format(R"(\{}-cleanup)", ascii_lower(invented_word(rng, 2))),
                  "powershell.exe", R"(-ExecutionPolicy Bypass -File C:\Scripts\cleanup.ps1)");
  if (rng.chance(0.06)) {  // a program hangs, and its maker wants to see its memory
    const Image dump{R"(C:\Tools\procdump64.exe)", "Sysinternals - www.sysinternals.com",
                     "procdump"};
    log.start(at + minutes(3), shell, dump,
              fmt::format(R"(procdump64.exe -accepteula -ma {} C:\Temp\hang.dmp)",
                          rng.between(1000, 9000)));
  }
  if (rng.chance(0.15))
    log.reach_share(at + minutes(4), session, own.host.address, "C$",
                    fmt::format(R"(Scripts\{}.ps1)", ascii_lower(invented_word(rng, 2))));
}

// The help desk signs in on somebody's machine with rights of its own.
void help_somebody(const Company& company, const Machines& machines, Timestamp day, AgentLog& log) {
  auto& rng = log.rng();
  const auto* account = administrator(company, rng);
  if (account == nullptr) return;
  const auto& own = machine_of(machines, account->person);
  const auto& machine = machine_of(machines, company.pick_person(rng).id);
  const auto at = at_work(company.people[account->person], day, rng);
  const auto session = log.session(machine.host.name, machine.host.address, account->name, "High");
  log.log_on(at, session,
             {.type = rng.chance(0.6) ? 10 : 3,
              .source_address = own.host.address,
              .source_host = own.host.name,
              .ntlm = rng.chance(0.2)});
  const auto shell = log.start_in(at + seconds(20), session, machine.service_host,
                                  of_system("cmd.exe"), "cmd.exe");
  for (auto left = rng.between(1, 4); left > 0; --left)
    command(at + seconds(40 * left), shell, false, question(rng), log);
  if (rng.chance(0.4))
    log.start(at + seconds(70), shell, of_system("gpupdate.exe"), "gpupdate /force");
  if (rng.chance(0.3)) {
    const auto manager =
        log.start(at + seconds(100), shell, of_system("Taskmgr.exe"), "taskmgr.exe /7");
    log.open_process(at + seconds(110), manager, machine.keeper_of_passwords, "0x1410");
  }
  if (rng.chance(0.2))
    log.reach_share(at - minutes(2), session, own.host.address, "ADMIN$", R"(Temp\support.exe)");
  if (rng.chance(0.2))
    log.install_service(at - minutes(1), session, fmt::format("SUPPORT-{:04X}", rng.below(65536)),
                        R"(%SystemRoot%\Temp\support.exe)");
}

// Copies of volumes come and go at night.
void back_up(const EndpointPlaces& places, const Machines& machines, Timestamp day, bool works,
             AgentLog& log) {
  for (const auto& server : machines) {
    if (!server.host.is_server) continue;
    const auto at = day + hours(1) + minutes(log.rng().between(0, 20));
    const auto session = log.session(server.host.name, server.host.address, "svc-backup", "High");
    log.log_on(
        at, session,
        {.type = 3, .source_address = places.backup, .source_host = "backup-01", .ntlm = true});
    const auto agent = log.running(session, of_program("Vaultkeep", "agent.exe"));
    log.start(at + seconds(10), agent, of_system("vssadmin.exe"), "vssadmin create shadow /for=C:");
    if (!works)
      log.start(at + minutes(50), agent, of_system("vssadmin.exe"),
                "vssadmin delete shadows /for=C: /oldest /quiet");
    log.start(at + seconds(30), agent, of_program("Vaultkeep", "7z.exe"),
              fmt::format(R"("C:\Program Files\Vaultkeep\7z.exe" a -mx1 D:\stage\{}.7z C:\Data)",
                          day.date()));
  }
}

// The company looks for its own weaknesses, with an account of its own.
void scan_own(const EndpointPlaces& places, const Machines& machines, Timestamp day,
              AgentLog& log) {
  auto& rng = log.rng();
  auto at = day + hours(3);
  for (const auto& machine : machines) {
    at = at + seconds(rng.between(2, 40));
    const auto session = log.session(machine.host.name, machine.host.address, "svc-scan", "High");
    for (const auto* guess : {"guest", "admin", "test"})
      log.log_on(at, log.session(machine.host.name, machine.host.address, guess, "Medium"),
                 {.type = 3,
                  .source_address = places.scanner,
                  .source_host = "scan-01",
                  .granted = false,
                  .ntlm = true,
                  .why_not = "0xc0000064"});
    log.log_on(
        at + seconds(2), session,
        {.type = 3, .source_address = places.scanner, .source_host = "scan-01", .ntlm = true});
    const auto shell =
        log.start_in(at + seconds(3), session, machine.remote_commands, of_system("cmd.exe"),
                     fmt::format(R"(cmd.exe /Q /c systeminfo 1> \\127.0.0.1\ADMIN$\__{} 2>&1)",
                                 rng.below(1U << 30)));
    log.start(at + seconds(4), shell, of_system("systeminfo.exe"), "systeminfo");
    if (rng.chance(0.3))
      log.start(at + seconds(9), shell, of_system("net.exe"), "net localgroup administrators");
  }
}

// A password that somebody changed and a service never learned.
void be_refused_every_hour(const Machines& machines, Timestamp day, AgentLog& log) {
  const auto& server = machines.back();
  for (auto at = day + minutes(7); at < day + hours(24); at = at + hours(1)) {
    for (int tries = 0; tries < 3; ++tries)
      log.log_on(at + seconds(tries),
                 log.session(server.host.name, server.host.address, "svc-reports", "Medium"),
                 {.type = 3,
                  .source_address = "10.20.250.40",
                  .source_host = "reports-01",
                  .granted = false,
                  .ntlm = true});
  }
}

}  // namespace

std::string_view question(Rng& rng) {
  static constexpr std::array<std::string_view, 17> kQuestions = {
      "whoami /all",
      "whoami /groups",
      "ipconfig /all",
      "systeminfo",
      "net group \"domain admins\" /domain",
      "net user /domain",
      "nltest /domain_trusts",
      "nltest /dclist:",
      "net view",
      "tasklist /svc",
      "quser",
      "net localgroup administrators",
      "arp -a",
      "nslookup files-01",
      "net session",
      "netstat -ano",
      "hostname"};
  return rng.pick(kQuestions);
}

void command(Timestamp at, const Process& from, bool by_powershell, std::string_view line,
             AgentLog& log) {
  const auto image = of_system(std::string(line.substr(0, line.find(' '))) + ".exe");
  if (log.rng().chance(0.4)) {
    log.start(at, from, image, line);
    return;
  }
  const auto shell =
      by_powershell ? log.start(at, from, of_powershell(),
                                fmt::format("powershell.exe -NoProfile -Command {}", line))
                    : log.start(at, from, of_system("cmd.exe"), fmt::format("cmd.exe /c {}", line));
  log.start(at + seconds(1), shell, image, line);
}

void everyday_administration(const Company& company, const EndpointPlaces& places,
                             const Machines& machines, Timestamp day, bool works, AgentLog& log) {
  auto& rng = log.rng();
  for (const auto& machine : machines) {
    run_by_itself(places, machine, day, log);
    take_inventory(places, machine, day, log);
    if (!machine.host.is_server) call_home(places, machine, day, log);
  }
  back_up(places, machines, day, works, log);
  be_refused_every_hour(machines, day, log);
  if (!works) {
    if (civil(day).weekday == 0) scan_own(places, machines, day, log);
    if (rng.chance(0.5)) look_after_a_server(company, machines, day, log);
    return;
  }
  for (auto left = 2 + rng.poisson(static_cast<double>(machines.size()) / 12); left > 0; --left)
    look_after_a_server(company, machines, day, log);
  for (auto left = rng.poisson(static_cast<double>(machines.size()) / 20); left > 0; --left)
    help_somebody(company, machines, day, log);
  if (rng.chance(0.3)) deploy(places, machines, day + hours(12), log);
}

}  // namespace winnow::simulate
