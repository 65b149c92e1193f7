#include "store/detail/spool_counts.h"

namespace winnow::store {

std::string_view SpoolCounts::known(std::string_view group) const {
  const bool has_place = groups_.size() < Spool::kMostGroups || groups_.contains(group);
  return has_place ? group : Spool::kOtherGroups;
}

void SpoolCounts::add_to(Group& group, std::uint64_t items, std::uint64_t bytes,
                         Accepted accepted) {
  group.waiting.records += 1;
  group.waiting.items += items;
  group.waiting.bytes += bytes;
  auto& steps = group.steps;
  const bool is_new = steps.empty() || accepted.since >= steps.back().accepted.since + kAgeStep ||
                      accepted.at >= steps.back().accepted.at + kAgeStep;
  if (is_new) steps.push_back({accepted});
  ++steps.back().records;
}

void SpoolCounts::remove_from(Group& group, std::uint64_t items, std::uint64_t bytes) {
  group.waiting.records -= 1;
  group.waiting.items -= items;
  group.waiting.bytes -= bytes;
  if (--group.steps.front().records == 0) group.steps.pop_front();
}

void SpoolCounts::add(std::string_view group, std::uint64_t items, std::uint64_t bytes,
                      Accepted accepted) {
  add_to(all_, items, bytes, accepted);
  add_to(groups_[std::string(known(group))], items, bytes, accepted);
}

void SpoolCounts::remove(std::string_view group, std::uint64_t items, std::uint64_t bytes) {
  remove_from(all_, items, bytes);
  const auto found = groups_.find(known(group));
  ensure(found != groups_.end(), "what leaves had come");
  remove_from(found->second, items, bytes);
  if (all_.waiting.records == 0) clear();
}

void SpoolCounts::clear() {
  all_ = {};
  groups_.clear();
}

Spool::Waiting SpoolCounts::told(const Group& group) {
  auto waiting = group.waiting;
  if (group.steps.empty()) return waiting;
  waiting.oldest = group.steps.front().accepted.at;
  waiting.since = group.steps.front().accepted.since;
  return waiting;
}

std::map<std::string, Spool::Waiting> SpoolCounts::by_group() const {
  std::map<std::string, Spool::Waiting> all;
  for (const auto& [name, group] : groups_) all.emplace(name, told(group));
  return all;
}

}  // namespace winnow::store
