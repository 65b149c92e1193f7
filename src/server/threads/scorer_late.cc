// What the scorer decides of what came before: what was in quarantine, and what waited for a
// champion that can read it.
#include <algorithm>

#include "base/log.h"
#include "server/threads/in_doubt.h"
#include "server/threads/scorer.h"

namespace winnow::server {
namespace {

constexpr std::size_t kRetried = 64;  // quarantined records between two batches

// What is used again together: the first records, as many as a batch may be large, and at least
// one. Tells whether any was left.
bool cut_to_a_batch(std::vector<QuarantinedRecord>& page) {
  std::uint64_t bytes = 0;
  const auto rest = std::ranges::find_if(page, [&](const QuarantinedRecord& record) {
    const bool is_first = bytes == 0;
    bytes += record.kept_bytes;
    return bytes > Scorer::kBatchBytes && !is_first;
  });
  const bool is_cut = rest != page.end();
  page.erase(rest, page.end());
  return is_cut;
}

}  // namespace

// The champion that reads what this mapping read, or else that of the mapping's domain, where it
// waits.
bool Scorer::is_for(const DomainDecider& domain, const std::string& mapping) const {
  if (domain.bundle->mapping.reads(mapping)) return true;
  const auto read_by = mappings_of_logs_.find(mapping);
  return read_by != mappings_of_logs_.end() &&
         read_by->second.domain() == domain.bundle->mapping.domain() &&
         std::ranges::none_of(stores_->deciders, [&](const auto& other) {
           return other->bundle->mapping.reads(mapping);
         });
}

std::array<KeptCounts, kDomains.size()> Scorer::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

void Scorer::tell_kept() {
  std::array<KeptCounts, kDomains.size()> kept;
  for (const auto& domain : stores_->deciders)
    kept[place_of(domain->bundle->mapping.domain())] = domain->states.kept();
  const std::lock_guard lock(mutex_);
  kept_ = std::move(kept);
}

Result<Scorer::Retried> Scorer::retry(const QuarantineFilter& filter, std::uint64_t after,
                                      std::size_t most) {
  Retried retried{.counts = {}, .last = after};
  while (retried.counts.tried < most) {
    WINNOW_TRY(between_batches([&] {
      auto done = retry_page(filter, std::min(kRetried, most - retried.counts.tried), retried);
      if (!done) give_up_stores();
      return done;
    }));
    if (!retried.more) break;
  }
  return retried;
}

// Decided before they leave the quarantine: whatever fails or dies in between, they are tried
// again.
Status Scorer::retry_page(const QuarantineFilter& filter, std::size_t most, Retried& retried) {
  if (!stores_) return Error(Code::Unavailable, "the event log is closed after a failure");
  take_up_mappings();  // who asks for it may have mended one
  WINNOW_TRY(auto page, stores_->quarantine.list(filter, retried.last, most));
  const bool is_full = page.size() == most;
  retried.more = cut_to_a_batch(page) || is_full;
  if (page.empty()) return {};
  auto reader = this->reader();
  Decided decided;
  std::vector<Digest> released;
  const auto use = [&](std::span<const QuarantinedRecord> records,
                       std::span<const std::string> raws) -> Result<std::vector<Status>> {
    WINNOW_TRY(const auto stored,
               store_quarantined(records, raws, reader, stores_->events, Label::None));
    std::vector<Status> used;
    std::vector<ReceivedOutcome> outcomes;
    for (const auto& one : stored) {
      used.push_back(one ? Status() : Status(one.error()));
      if (one) outcomes.push_back({.digest = one->digest, .mapping = one->mapping});
    }
    for (const auto& outcome : outcomes) released.push_back(outcome.digest);
    in_doubt_ = released;
    WINNOW_TRY(decided, decide_all(outcomes, nullptr));
    in_doubt_.clear();
    return used;
  };
  WINNOW_TRY(const auto counts, stores_->quarantine.retry_together(page, clock_->now(), use));
  retried.last = page.back().id;
  retried.counts.tried += counts.tried;
  retried.counts.released += counts.released;
  for (const auto& digest : released) retried.decided += decided.by_event[digest] ? 1 : 0;
  for (const auto& record : decided.records) note_late(record);
  return settle(false);
}

// A page between two batches, so that nobody waits for more than that.
Status Scorer::decide_some_kept() {
  const auto domain =
      std::ranges::find_if(stores_->deciders, [](const auto& one) { return one->may_read_kept; });
  auto& decides = **domain;
  const bool busy = std::chrono::steady_clock::now() < busy_until_;
  const auto before = decides.decided_kept;
  const auto tried =
      decides.decider.decide_kept(busy ? kBeside : kAlone, [&](const DecisionRecord& record) {
        ++decides.decided_kept;
        note_late(record);
      });
  settling_.note_answers(decides.decided_kept - before);
  if (!tried) {
    log::error("what was kept cannot be decided now", {{"error", tried.error().text()}});
    give_up_stores();
    return tried.error();
  }
  decides.may_read_kept = *tried;
  if (!*tried && decides.decided_kept > 0) {
    log::info("what was kept is decided", {{"domain", name_of(decides.bundle->mapping.domain())},
                                           {"decided", decides.decided_kept}});
  }
  tell_kept();
  return {};
}

void Scorer::note_late(const DecisionRecord& decided) {
  metrics_->note_decision(decided.decision.route);
  activity_->note_late_decision(domain_of(decided), decided.decision.route);
}

}  // namespace winnow::server
