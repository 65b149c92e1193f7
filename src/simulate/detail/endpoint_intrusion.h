// What the machines log of one intrusion, from what somebody opened to what is taken away.
#pragma once

#include <string>
#include <vector>

#include "simulate/detail/everyday_endpoint.h"
#include "simulate/intrusion_plan.h"

namespace winnow::simulate {

// The plan says what they do and when; by which means is drawn once and stays.
class EndpointIntrusion {
 public:
  explicit EndpointIntrusion(IntrusionPlan plan);

  // What they do on that day. `machines` are all of the company's.
  void act(const std::vector<MachineDay>& machines, Timestamp day, AgentLog& log) const;

 private:
  struct Place {
    const MachineDay* machine;
    Process foothold;  // what runs for them there
  };
  void take(const PlannedStep& step, const Place& at_home, const MachineDay& server,
            AgentLog& log) const;
  Process get_in(Timestamp at, const MachineDay& machine, AgentLog& log) const;
  void stay(Timestamp at, const Place& place, AgentLog& log) const;
  void look_around(Timestamp at, const Process& from, AgentLog& log) const;
  void guess_passwords(Timestamp at, const MachineDay& server, AgentLog& log) const;
  void steal_credentials(Timestamp at, const Place& place, AgentLog& log) const;
  void move_on(Timestamp at, const Place& from, const MachineDay& server, AgentLog& log) const;
  void take_away(Timestamp at, const Place& place, AgentLog& log) const;

  IntrusionPlan plan_;
  Image program_;     // theirs
  std::string word_;  // by which they name things
  int way_in_, way_to_stay_, way_to_steal_, way_to_move_;
  bool hides_inside_;  // in a process of the system
  bool by_powershell_, clears_log_;
  double talkative_;  // how many commands they need
};

}  // namespace winnow::simulate
