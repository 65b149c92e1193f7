// What a control plane writes down: who called what, from where, and what came of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/rng.h"
#include "simulate/simulated_record.h"

namespace winnow::simulate {

inline constexpr std::string_view kCloudAccount = "111122223333";
inline constexpr std::string_view kHomeRegion = "eu-west-1";

// By which right, from where and with which program somebody calls.
struct Caller {
  enum class Kind : std::uint8_t { User, Role, Root, Service };
  Kind kind = Kind::Role;
  std::string name;     // of the user, the role or the service
  std::string session;  // of a role: who took it
  std::string key;
  Timestamp session_began;
  bool mfa = false;
  std::string source;  // an address
  std::string agent;
};

// Something that can be called.
struct Act {
  std::string_view service;  // "ec2"
  std::string_view name;     // "DescribeInstances"
};

struct Outcome {
  std::string_view region = kHomeRegion;
  std::string_view error = {};  // "AccessDenied"; empty: it was done
  Json request = {};
  Json response = {};
};

// Collects what is written. Everything that is written after `as` belongs to it.
class Trail {
 public:
  explicit Trail(Rng rng) : rng_(rng) {}

  // From now on: honest for "", else an intrusion's.
  void as(std::string intrusion) { intrusion_ = std::move(intrusion); }

  void call(Timestamp at, const Caller& caller, Act act, Outcome outcome = {});
  // A person signs in to the console with a password.
  void sign_in(Timestamp at, const Caller& caller, bool succeeds);

  Rng& rng() { return rng_; }
  std::vector<SimulatedRecord> take();  // in the order in which they were added

 private:
  Json event(Timestamp at, const Caller& caller, Act act, const Outcome& outcome);
  void add(Timestamp at, const Json& event);

  Rng rng_;
  std::string intrusion_;
  std::vector<SimulatedRecord> records_;
};

// "ASIA..." or "AKIA...", as keys of sessions and of users begin.
std::string invented_key(std::string_view beginning, Rng& rng);

}  // namespace winnow::simulate
