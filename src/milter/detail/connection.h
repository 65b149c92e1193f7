// A connected socket of an MTA, and the event that ends them all.
#pragma once

#include <chrono>

#include "base/result.h"
#include "milter/session.h"

namespace winnow::milter {

// Wakes all who wait for it, for good. Thread-safe.
class StopEvent {
 public:
  StopEvent();
  ~StopEvent();
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  void tell();
  int descriptor() const { return descriptor_; }  // readable once it was told

 private:
  int descriptor_;
};

// Reads packets from `socket` and answers them, until the MTA ends, says what it may not, brings no
// packet or takes no reply for `idle`, or `stop` is told while no mail is in progress.
Status converse(int socket, const StopEvent& stop, std::chrono::milliseconds idle,
                Session& session);

}  // namespace winnow::milter
