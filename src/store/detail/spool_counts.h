// What waits in a spool, counted: all of it, and each group.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "base/timestamp.h"
#include "store/spool.h"

namespace winnow::store {

// One thread at a time. Records leave in the order in which they came.
class SpoolCounts {
 public:
  struct Accepted {
    Timestamp at;
    std::chrono::steady_clock::time_point since;
  };
  void add(std::string_view group, std::uint64_t items, std::uint64_t bytes, Accepted accepted);
  void remove(std::string_view group, std::uint64_t items,
              std::uint64_t bytes);  // the oldest of it
  void clear();                      // nothing waits

  Spool::Waiting all() const { return told(all_); }
  std::map<std::string, Spool::Waiting> by_group() const;

 private:
  static constexpr std::chrono::seconds kAgeStep{1};  // ages are no more exact than that
  // Records that were accepted at one time.
  struct Step {
    Accepted accepted;
    std::uint64_t records = 0;
  };
  struct Group {
    Spool::Waiting waiting;
    std::deque<Step> steps;
  };
  static void add_to(Group& group, std::uint64_t items, std::uint64_t bytes, Accepted accepted);
  static void remove_from(Group& group, std::uint64_t items, std::uint64_t bytes);
  static Spool::Waiting told(const Group& group);

  // A name that was put aside stays aside until nothing waits, so that a record leaves the group
  // that it came to.
  std::string_view known(std::string_view group) const;
  Group all_;
  std::map<std::string, Group, std::less<>> groups_;
};

}  // namespace winnow::store
