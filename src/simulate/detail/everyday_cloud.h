// The honest side of a company's cloud: who works there, which programs do, and what they call.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "simulate/company.h"
#include "simulate/detail/trail.h"

namespace winnow::simulate {

// Somebody with an account in the cloud.
struct CloudUser {
  std::uint32_t person = 0;
  bool administers = false;
  std::string office, home;  // addresses from which they work
  std::string agent;         // of the program that they use beside the console
  bool has_key = false;      // a key that never expires, from earlier times
  std::string key;
};

struct CloudPlaces {
  std::vector<CloudUser> users;
  std::string builds;  // the address of the company's own programs
  std::vector<std::string> buckets, secrets, machines;
  std::string deploy_key;

  static CloudPlaces of(const Company& company, Rng rng);
  const CloudUser* user_of(std::uint32_t person) const;  // null: they have no account there
};

// The person as a caller: a session of their role, or their key.
Caller session_of(const Company& company, const CloudUser& user, Timestamp began, Rng& rng);

// What happens on that day without anybody meaning harm.
void everyday_cloud(const Company& company, const CloudPlaces& places, Timestamp day, bool works,
                    double sessions, Trail& trail);

// What looks around in an account call, in the order in which programs ask.
std::span<const Act> acts_that_list();

}  // namespace winnow::simulate
