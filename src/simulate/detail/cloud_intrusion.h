// What the cloud's control plane sees of one intrusion: somebody's session or key, used by others.
#pragma once

#include <string>

#include "simulate/detail/everyday_cloud.h"
#include "simulate/intrusion_plan.h"

namespace winnow::simulate {

// The plan says who breaks in and when; with whose key, from where and with which program is drawn
// once and stays. Many intrusions never reach the cloud: those have nothing to do here.
class CloudIntrusion {
 public:
  CloudIntrusion(IntrusionPlan plan, const Company& company, const CloudPlaces& places);

  // What they do on that day.
  void act(const CloudPlaces& places, Timestamp day, Trail& trail) const;

 private:
  void take(Step step, Timestamp at, const CloudPlaces& places, Trail& trail) const;
  void look_around(Timestamp at, Trail& trail) const;
  void guess_passwords(Timestamp at, const CloudPlaces& places, Trail& trail) const;
  void make_a_way_back(Timestamp at, Trail& trail) const;
  void take_away(Timestamp at, const CloudPlaces& places, Trail& trail) const;

  IntrusionPlan plan_;
  const Company* company_;
  bool has_credentials_ = false;
  Caller caller_;          // as whom they call
  Timestamp from_;         // when they have the credentials
  bool silences_ = false;  // switches logs off before they take anything away
  bool may_change_ = false;
};

}  // namespace winnow::simulate
