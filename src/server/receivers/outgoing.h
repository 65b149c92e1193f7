// What goes to the intake, one batch at a time: kept until it is on disk, offered again when it was
// refused. Belongs to one thread, but for the intake's answers.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "server/threads/intake.h"

namespace winnow::server {

class Outgoing {
 public:
  // How large a batch may be, so that it finds room in a small spool, too: about a sixteenth of it.
  static std::size_t batch_bytes(const Intake& intake);

  using Time = std::chrono::steady_clock::time_point;
  // `wake` is called on the intake's thread when an answer has come, perhaps when this is gone;
  // `intake` outlives it.
  Outgoing(Intake& intake, std::function<void()> wake);

  // Nothing is on its way: the next batch may be sent.
  bool is_free() const { return state_ == State::Free; }
  void send(std::vector<Delivery> deliveries, Time now);
  // Sees to answers, and offers again what is due.
  void look(Time now);
  // It was refused, and is offered again soon: look() without being woken.
  bool is_waiting_to_offer() const { return state_ == State::Refused; }

 private:
  enum class State : std::uint8_t { Free, Offered, Refused };
  // Where the intake leaves its answer; outlives both sides.
  struct Answers {
    std::mutex mutex;  // of all below
    bool came = false;
    bool stored = false;
    std::vector<Delivery> back;
    std::function<void()> wake;
  };
  class Waiting;
  void offer(Time now);

  Intake* intake_;
  std::shared_ptr<Answers> answers_;
  State state_ = State::Free;
  std::vector<Delivery> deliveries_;  // that were refused
  Time next_offer_{};
};

}  // namespace winnow::server
