// What the network sees of one intrusion, from the first call home to what is taken away.
#pragma once

#include <string>

#include "simulate/detail/everyday_network.h"
#include "simulate/detail/wire.h"
#include "simulate/intrusion_plan.h"

namespace winnow::simulate {

// The plan says what they do and when; how it looks on the wire is drawn once and stays.
class NetworkIntrusion {
 public:
  NetworkIntrusion(IntrusionPlan plan, const NetworkPlaces& places);

  // What they do on that day, from when they are in until they are out.
  void act(const NetworkPlaces& places, Timestamp day, Wire& wire) const;

 private:
  void take(Step step, Timestamp at, const NetworkPlaces& places, Wire& wire) const;
  void call_home(Timestamp from, Timestamp until, Wire& wire) const;
  void look_around(const NetworkPlaces& places, Timestamp at, Wire& wire) const;
  void guess_passwords(Timestamp at, Wire& wire) const;
  void move_on(Timestamp at, Wire& wire) const;
  void take_away(Timestamp at, Wire& wire) const;
  void search_master(Timestamp at, Wire& wire) const;
  void tunnel(Timestamp at, Wire& wire) const;

  IntrusionPlan plan_;
  std::string machine_;  // its address
  Site master_;          // where orders come from
  std::string print_, agent_;
  bool generates_names_, tunnels_;
};

}  // namespace winnow::simulate
