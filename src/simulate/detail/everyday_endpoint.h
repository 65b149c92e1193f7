// Honest work on the machines of a company, that included which looks like an intrusion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulate/company.h"
#include "simulate/detail/agent_log.h"

namespace winnow::simulate {

// A machine on one day: who is signed in, and what has been running since it was switched on.
struct MachineDay {
  Host host;
  Session system, person;  // of a server, nobody is signed in: `person` is its keeper's account
  Process services, service_host, keeper_of_passwords, shell, remote_commands;
};

// What somebody installed for themselves, which asks its maker all day.
struct OwnProgram {
  std::string name, site, address;
  double period_s = 900, jitter = 0.1;
};

// What stays the same from day to day.
struct EndpointPlaces {
  std::vector<std::string> sites;     // that people and programs reach
  std::vector<std::string> programs;  // that the company bought or wrote, by maker
  std::vector<OwnProgram> own_programs;
  std::string deployment;       // the name of its software deployment
  std::string guard;            // of its protection against malware
  std::string scanner, backup;  // addresses
  std::string update_site;

  static EndpointPlaces of(Rng rng);
};

MachineDay switched_on(const Company& company, const Host& host, AgentLog& log);

// A moment of that person's working day.
Timestamp at_work(const Person& person, Timestamp day, Rng& rng);

// A command that asks who and what there is: administrators, inventories and intruders ask alike.
std::string_view question(Rng& rng);
// Runs `line` from that process, by itself or by an interpreter.
void command(Timestamp at, const Process& from, bool by_powershell, std::string_view line,
             AgentLog& log);

// What people do. `programs` is how many a person starts on a working day.
void everyday_work(const Company& company, const EndpointPlaces& places,
                   const std::vector<MachineDay>& machines, Timestamp day, double programs,
                   AgentLog& log);
// What those who keep machines running do, and what runs by itself.
void everyday_administration(const Company& company, const EndpointPlaces& places,
                             const std::vector<MachineDay>& machines, Timestamp day, bool works,
                             AgentLog& log);

}  // namespace winnow::simulate
