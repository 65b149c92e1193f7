#include "simulate/detail/everyday_endpoint.h"

#include <array>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/utf8.h"

namespace winnow::simulate {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Image of_office(std::string_view leaf) {
  return {fmt::format(R"(C:\Program Files\Microsoft Office\root\Office16\{})", leaf),
          "Microsoft Corporation", std::string(leaf)};
}

std::string profile_of(const Session& session) { return R"(C:\Users\)" + session.user; }

void browse(const EndpointPlaces& places, const MachineDay& machine, Timestamp at, AgentLog& log) {
  auto& rng = log.rng();
  const auto browser = of_program("Browser", "browser.exe");
  const auto window = log.start(
      at, machine.shell, browser,
      fmt::format(R"("{}" --type=renderer --client-id={})", browser.path, rng.below(100'000)));
  for (auto left = rng.between(1, 3); left > 0; --left) {
    const auto& site = rng.pick(places.sites);
    log.look_up(at + seconds(left), window, site);
    log.connect(at + seconds(left + 1), window, public_ipv4(rng), 443, site);
  }
  if (rng.chance(0.1)) {
    static constexpr std::array kFetched = {"offer.pdf", "handbook.pdf", "setup.exe", "data.zip",
                                            "pricelist.xlsx"};
    const auto number = rng.below(1000);
    log.write_file(at + seconds(20), window,
                   fmt::format(R"({}\Downloads\{}_{})", profile_of(machine.person), number,
                               rng.pick(kFetched)));
  }
}

void write(const MachineDay& machine, const Person& person, Timestamp at, AgentLog& log) {
  auto& rng = log.rng();
  static constexpr std::array kOffice = {"WINWORD.EXE", "EXCEL.EXE", "POWERPNT.EXE", "OUTLOOK.EXE"};
  const auto program = of_office(rng.pick(kOffice));
  const auto subject = ascii_lower(invented_word(rng, 2));
  const auto document =
      fmt::format(R"({}\Documents\{}-{}.{})", profile_of(machine.person), subject, rng.below(100),
                  program.original == "EXCEL.EXE" ? "xlsx" : "docx");
  const auto opened =
      log.start(at, machine.shell, program, fmt::format(R"("{}" /n "{}")", program.path, document));
  if (rng.chance(0.3))
    log.start(at + seconds(9), opened, of_system("splwow64.exe"), "splwow64.exe 12288");
  if (rng.chance(0.4)) log.write_file(at + minutes(6), opened, document);
  // Sheets that finance has grown over the years start scripts of their own.
  if (person.department == Department::Finance && rng.chance(0.12)) {
    log.start(
        at + minutes(2), opened, of_system("cmd.exe"),
        fmt::format(R"(cmd.exe /c copy /y "\\files-01\finance\rates.csv" "{}\Documents\rates.csv")",
                    profile_of(machine.person)));
  }
  if (person.department == Department::Finance && rng.chance(0.03)) {
    log.start(
        at + minutes(3), opened, of_powershell(),
        fmt::format(
            R"(powershell.exe -ExecutionPolicy Bypass -File \\files-01\finance\import.ps1 -Month {})",
            rng.between(1, 12)));
  }
}

// What developers do looks worst: shells, downloads, programs that were never seen before.
void develop(const MachineDay& machine, Timestamp at, AgentLog& log) {
  auto& rng = log.rng();
  const auto home = profile_of(machine.person);
  const auto editor =
      log.start(at, machine.shell, of_program("Editor", "editor.exe"), "editor.exe .");
  const auto shell = log.start(at + seconds(30), editor, of_powershell(),
                               "powershell.exe -NoProfile -ExecutionPolicy Bypass -NoExit");
  switch (rng.below(6)) {
    case 0: {
      const auto build = rng.below(10'000);
      const Image tool{fmt::format(R"({}\AppData\Local\Temp\build-{}\unit_test_{}.exe)", home,
                                   build, rng.below(50)),
                       "", ""};
      log.start(at + minutes(1), shell, tool, fmt::format(R"("{}" --filter parser.*)", tool.path));
      return;
    }
    case 1: {
      const auto package = ascii_lower(invented_word(rng, 2));
      const auto fetch = log.start(
          at + minutes(1), shell, of_system("curl.exe"),
          fmt::format("curl.exe -sSL https://packages.example/{0}.tar.gz -o {0}.tar.gz", package));
      log.connect(at + minutes(1), fetch, public_ipv4(rng), 443, "packages.example");
      return;
    }
    case 2:
      log.start(at + minutes(1), shell, of_program("Git", "git.exe"),
                "git.exe fetch --all --prune");
      log.start(at + minutes(2), shell, of_program("Node", "node.exe"),
                "node.exe scripts/build.js --watch");
      return;
    case 3: {
      const auto ask = log.start(at + minutes(1), shell, of_system("cmd.exe"),
                                 "cmd.exe /c netstat -ano | findstr 8080");
      log.start(at + minutes(1), ask, of_system("NETSTAT.EXE"), "netstat -ano");
      log.start(at + minutes(2), shell, of_system("taskkill.exe"),
                fmt::format("taskkill /f /pid {}", rng.below(20'000)));
      return;
    }
    case 4: {
      const auto secret = invented_word(rng, 3);
      log.run_script(
          at + minutes(1), machine.person,
          fmt::format(
              "$env:TOKEN = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('{}')); "
              "Invoke-RestMethod "
              "https://builds-01/api/jobs/{}",
              secret, rng.below(500)));
      return;
    }
    default:
      log.start(
          at + minutes(1), shell,
          {home + R"(\AppData\Local\Programs\Python\python.exe)", "Python", "python.exe"},
          fmt::format("python.exe -c \"import base64,sys;print(base64.b64decode(sys.argv[1]))\" {}",
                      to_base64(invented_word(rng, 4))));
  }
}

// Somebody installs what they found useful: it unpacks itself and asks to be started again.
void install(const MachineDay& machine, Timestamp at, AgentLog& log) {
  auto& rng = log.rng();
  const auto home = profile_of(machine.person);
  const auto name = ascii_lower(invented_word(rng, 3));
  const Image setup{fmt::format(R"({}\Downloads\{}-setup.exe)", home, name),
                    rng.chance(0.6) ? name : "", ""};
  const auto begun = log.start(at, machine.shell, setup, fmt::format(R"("{}")", setup.path));
  const Image inner{
      fmt::format(R"({}\AppData\Local\Temp\is-{:05X}.tmp\{}.tmp)", home, rng.below(1U << 20), name),
      "", ""};
  const auto window = rng.below(4096);
  const auto unpacked =
      log.start(at + seconds(4), begun, inner,
                fmt::format(R"("{}" /SL5="$20{:X},{}")", inner.path, window, rng.below(9'000'000)));
  const Image program{fmt::format(R"({}\AppData\Local\{}\{}.exe)", home, name, name), setup.maker,
                      name + ".exe"};
  log.write_file(at + seconds(9), unpacked, program.path);
  if (rng.chance(0.5)) {
    log.set_value(at + seconds(12), unpacked,
                  fmt::format(R"(HKU\S-1-5-21-{}\Software\Microsoft\Windows\CurrentVersion\Run\{})",
                              rng.below(1U << 20), name),
                  program.path + " --background");
  }
  const auto started = log.start(at + seconds(15), unpacked, program,
                                 fmt::format(R"("{}" --first-run)", program.path));
  log.look_up(at + seconds(17), started, name + ".example");
  log.connect(at + seconds(18), started, public_ipv4(rng), 443, name + ".example");
}

// Tools that intruders borrow have owners.
void use_tools_of_the_system(const MachineDay& machine, Timestamp at, AgentLog& log) {
  auto& rng = log.rng();
  const auto number = rng.below(1000);
  switch (rng.below(4)) {
    case 0:
      log.start(at, machine.shell, of_system("rundll32.exe"),
                R"("C:\Windows\System32\rundll32.exe" shell32.dll,Control_RunDLL desk.cpl)");
      return;
    case 1:
      log.start(at, machine.shell, of_system("wscript.exe"),
                fmt::format(R"("C:\Windows\System32\WScript.exe" "{}\Downloads\form_{}.vbs")",
                            profile_of(machine.person), number));
      return;
    case 2:
      log.start(
          at, machine.shell, of_powershell(),
          fmt::format(
              R"(powershell.exe -ExecutionPolicy Bypass -w hidden -File "{}\Documents\sync{}.ps1")",
              profile_of(machine.person), number % 7));
      return;
    default:
      log.start(
          at, machine.shell, of_program("Vaultkeep", "7z.exe"),
          fmt::format(
              R"("C:\Program Files\Vaultkeep\7z.exe" a -mx1 "{}\Documents\{}.7z" \\files-01\common)",
              profile_of(machine.person), number));
  }
}

void sign_in(const MachineDay& machine, Timestamp at, AgentLog& log) {
  auto& rng = log.rng();
  for (auto wrong = rng.chance(0.08) ? rng.between(1, 3) : 0; wrong > 0; --wrong)
    log.log_on(at - seconds(10 * wrong), machine.person, {.type = 2, .granted = false});
  log.log_on(at, machine.person, {.type = rng.chance(0.5) ? 2 : 7});
  // The company's logon script: what everybody runs and nobody reads.
  const auto script = log.start(at + seconds(5), machine.shell, of_system("cmd.exe"),
                                R"(cmd.exe /c \\directory-01\netlogon\map.bat)");
  log.start(at + seconds(6), script, of_system("net.exe"),
            R"(net use F: \\files-01\common /persistent:no)");
  log.start(at + seconds(7), script, of_system("whoami.exe"), "whoami /groups");
}

void work(const Company& company, const EndpointPlaces& places, const MachineDay& machine,
          Timestamp day, double programs, AgentLog& log) {
  auto& rng = log.rng();
  const auto& person = company.people[machine.host.person];
  const bool develops =
      person.department == Department::Engineering || person.department == Department::It;
  for (auto left = rng.poisson(programs); left > 0; --left) {
    const auto at = at_work(person, day, rng);
    const double drawn = rng.unit();
    if (drawn < 0.35) {
      browse(places, machine, at, log);
    } else if (drawn < 0.7) {
      write(machine, person, at, log);
    } else if (drawn < 0.9) {
      const auto& maker = rng.pick(places.programs);
      const auto image = of_program(maker, ascii_lower(maker) + ".exe");
      log.start(at, machine.shell, image, fmt::format(R"("{}")", image.path));
    } else if (develops) {
      develop(machine, at, log);
    } else if (drawn < 0.91) {
      install(machine, at, log);
    } else if (drawn < 0.93) {
      use_tools_of_the_system(machine, at, log);
    } else {
      const std::string_view leaf = rng.chance(0.5) ? "notepad.exe" : "calc.exe";
      log.start(at, machine.shell, of_system(leaf), leaf);
    }
  }
}

}  // namespace

EndpointPlaces EndpointPlaces::of(Rng rng) {
  EndpointPlaces places;
  for (int i = 0; i < 120; ++i) places.sites.push_back(ascii_lower(invented_word(rng, 4)) + ".com");
  for (int i = 0; i < 12; ++i) places.programs.push_back(invented_word(rng, 3));
  for (int i = 0; i < 8; ++i) {
    OwnProgram program;
    program.name = invented_word(rng, 3);
    program.site = fmt::format("sync.{}.com", ascii_lower(invented_word(rng, 4)));
    program.address = public_ipv4(rng);
    program.period_s = rng.pick(std::array{600.0, 1200.0, 1800.0, 3600.0});
    program.jitter = rng.pick(std::array{0.02, 0.1, 0.3});
    places.own_programs.push_back(program);
  }
  places.deployment = invented_word(rng, 3);
  places.guard = invented_word(rng, 3);
  places.update_site = "update." + ascii_lower(invented_word(rng, 4)) + ".com";
  places.scanner = "10.0.9.5";  // as on the network
  places.backup = "10.0.9.7";
  return places;
}

Timestamp at_work(const Person& person, Timestamp day, Rng& rng) {
  const auto length_s = static_cast<double>(person.ends_h - person.begins_h) * 3600;
  return day + std::chrono::hours(person.begins_h - person.utc_offset_h) +
         Duration(static_cast<std::int64_t>(rng.unit() * length_s * 1e6));
}

MachineDay switched_on(const Company& company, const Host& host, AgentLog& log) {
  const auto& person = company.people[host.person];
  MachineDay machine;
  machine.host = host;
  machine.system = log.session(host.name, host.address, "SYSTEM", "System");
  machine.person = log.session(host.name, host.address,
                               person.mailbox.substr(0, person.mailbox.find('@')), "Medium");
  machine.services = log.running(machine.system, of_system("services.exe"));
  machine.service_host = log.running(machine.system, of_system("svchost.exe"));
  machine.keeper_of_passwords = log.running(machine.system, of_system("lsass.exe"));
  machine.remote_commands = log.running(machine.system, of_system(R"(wbem\WmiPrvSE.exe)"));
  machine.shell = log.running(
      machine.person, {R"(C:\Windows\explorer.exe)", "Microsoft Corporation", "EXPLORER.EXE"});
  return machine;
}

void everyday_work(const Company& company, const EndpointPlaces& places,
                   const std::vector<MachineDay>& machines, Timestamp day, double programs,
                   AgentLog& log) {
  for (const auto& machine : machines) {
    if (machine.host.is_server) continue;
    const auto& person = company.people[machine.host.person];
    if (programs >= 1 || log.rng().chance(programs))
      sign_in(machine,
              day + std::chrono::hours(person.begins_h - person.utc_offset_h) -
                  minutes(log.rng().between(0, 25)),
              log);
    work(company, places, machine, day, programs, log);
  }
}

}  // namespace winnow::simulate
