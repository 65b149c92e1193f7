// How far the entity states are that a promoted bundle waits for (ADR 20), as people are told.
#pragma once

#include <cstdint>
#include <string>

#include "base/timestamp.h"
#include "ocsf/domain.h"
#include "registry/bundle.h"

namespace winnow::server {

struct Filling {
  Domain domain = Domain::Mail;
  BundleId bundle;  // that waits for them
  Timestamp promoted;
  // 0 of 0 until filling begins.
  std::uint64_t events = 0;  // of the event log that are part of them
  std::uint64_t of = 0;      // that the log held when it was looked at last
  // Why they could not be filled the last time, which is tried again soon; empty: nothing is known.
  std::string problem = {};
};

}  // namespace winnow::server
