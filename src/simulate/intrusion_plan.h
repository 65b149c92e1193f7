// Who breaks into a simulated company, where, when and by which steps: the one plan from which each
// kind of traffic writes its part, so that "intrusion-4" is the same story on the network, on the
// machines and in the cloud. The same company and configuration give the same plan everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/timestamp.h"
#include "simulate/company.h"

namespace winnow::simulate {

enum class Step : std::uint8_t {
  GetIn,             // something runs, or somebody signs in, on the machine
  Stay,              // so that it runs again after a restart
  LookAround,        // who and what else there is
  GuessPasswords,    // of the server
  StealCredentials,  // out of the machine's memory or files: from then on `stolen` is theirs
  MoveOn,            // to the server, with what they stole
  TakeAway,          // what they came for
};

struct PlannedStep {
  Step step = Step::GetIn;
  Timestamp at;
};

struct IntrusionPlan {
  std::string name;        // "intrusion-4"
  Timestamp begins, ends;  // what they do is in [begins, ends)
  Host machine;            // of a person, on which they are
  Host server;             // where they want to go
  Account account;         // who is signed in on the machine
  Account stolen;          // what they move on with; `account` unless they steal credentials
  bool at_work = false;    // they got in while the person worked
  std::string master;      // the name under which orders come, and its address
  std::string master_address;
  double period_s = 600;  // between two calls home, give or take `jitter` of it
  double jitter = 0.1;
  std::vector<PlannedStep> steps;  // in the order of time, GetIn first
  Rng rng{0};                      // fork it for what one kind of traffic adds

  bool takes(Step step) const;
  // The steps of that time, in their order.
  std::vector<PlannedStep> steps_in(Timestamp from, Timestamp until) const;
  // When the machine calls home in [from, until).
  std::vector<Timestamp> calls_in(Timestamp from, Timestamp until) const;
};

// What all kinds of a company's traffic are told alike: then they have the same intrusions.
struct TrafficSpan {
  std::uint64_t seed = 1;
  Timestamp from = Timestamp::from_civil(2026, 1, 5);
  unsigned days = 30;  // a longer span begins alike
  double intrusions_a_week = 3;
};

// In the order in which they begin. The company has a server and somebody who administers.
std::vector<IntrusionPlan> plan_intrusions(const Company& company, const TrafficSpan& span);

}  // namespace winnow::simulate
