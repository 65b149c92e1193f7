// Between an answer and the moment from which others can read what it is about. The answer waits
// for the disk only; indexes and tables, which are made again from what is there, follow when
// nobody waits, or for several answers at once. Who reads waits for them here.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace winnow::server {

class Settling {
 public:
  // Records that are answered before they are settled: each settling of so many takes less than a
  // millisecond, during which nothing is decided.
  static constexpr std::size_t kMost = 16;

  // `wake` has the thread that settles look at is_due() soon; any thread calls it.
  explicit Settling(std::function<void()> wake) : wake_(std::move(wake)) {}

  // The thread that settles. So many are about to be answered.
  void note_answers(std::size_t records);
  bool is_needed() const;  // something was answered since
  bool is_due() const;     // it was much, or somebody waits
  void note_settled();     // or closed: opening the stores settles them

  // Any other thread, which must not be waited for by the one that settles: returns once all that
  // was answered before the call can be read.
  void wait();

 private:
  const std::function<void()> wake_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable settled_;
  std::uint64_t answered_ = 0, readable_ = 0;  // batches
  std::size_t records_ = 0;                    // answered and not settled
  bool is_wanted_ = false;
};

}  // namespace winnow::server
