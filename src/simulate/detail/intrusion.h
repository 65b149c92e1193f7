// One intrusion as the network sees it, from the first call home to what is taken away.
#pragma once

#include <string>

#include "simulate/company.h"
#include "simulate/detail/everyday_network.h"
#include "simulate/detail/wire.h"

namespace winnow::simulate {

// Somebody is in, on one machine, for some days. What they do and how is drawn once and stays.
class Intrusion {
 public:
  Intrusion(std::string name, const NetworkPlaces& places, Timestamp begins, Rng rng);

  const std::string& name() const { return name_; }
  Timestamp begins() const { return begins_; }
  Timestamp ends() const { return ends_; }
  // What they do on that day, from when they are in until they are out.
  void act(const NetworkPlaces& places, Timestamp day, Wire& wire) const;

 private:
  void call_home(Timestamp from, Timestamp until, Wire& wire) const;
  void look_around(const NetworkPlaces& places, Timestamp at, Wire& wire) const;
  void guess_passwords(const NetworkPlaces& places, Timestamp at, Wire& wire) const;
  void take_away(Timestamp at, Wire& wire) const;
  void search_master(Timestamp at, Wire& wire) const;
  void tunnel(Timestamp at, Wire& wire) const;

  std::string name_;
  Timestamp begins_, ends_;
  std::string machine_;  // its address
  Site master_;          // where orders come from
  std::string print_, agent_;
  double period_s_, jitter_;
  bool generates_names_, tunnels_, guesses_, looks_around_, takes_away_;
  Rng rng_;
};

}  // namespace winnow::simulate
