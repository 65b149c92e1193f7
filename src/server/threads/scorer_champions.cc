// Which champions the scorer decides with: what was promoted takes over between two batches, at
// once or when its states are filled (ADR 20).
#include <utility>

#include "base/log.h"
#include "server/threads/scorer.h"

namespace winnow::server {
namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t kSmallLog = Decider::kBatch;  // events: states are made of it at once
constexpr std::chrono::milliseconds kAtOnce{1'000};   // and how long that is waited for
constexpr std::chrono::seconds kFillAgain{10};        // after a failure

Digest history_of(const Champion& champion) {
  return champion.bundle->pipeline.features().history_digest();
}

Domain domain_of(const Champion& champion) { return champion.bundle->mapping.domain(); }

// It remembers the same things as who decides now. Where nobody decides anything nobody is kept
// waiting, either.
bool takes_over_at_once(const Champion& champion, const Champions& deciding) {
  const auto& now = deciding[place_of(domain_of(champion))];
  return now ? history_of(champion) == history_of(*now) : !has_any(deciding);
}

}  // namespace

std::shared_ptr<const Champion> Scorer::champion(Domain domain) const {
  const std::lock_guard lock(mutex_);
  return champions_[place_of(domain)];
}

Champions Scorer::champions() const {
  const std::lock_guard lock(mutex_);
  return champions_;
}

std::shared_ptr<const Champion> Scorer::promoted(Domain domain) const {
  const std::lock_guard lock(mutex_);
  return promoted_[place_of(domain)];
}

Champions Scorer::promoted() const {
  const std::lock_guard lock(mutex_);
  return promoted_;
}

std::optional<StatesUse> Scorer::use(Domain domain) const {
  const std::lock_guard lock(mutex_);
  return uses_[place_of(domain)];
}

std::vector<Filling> Scorer::filling() const {
  std::vector<Filling> all;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < promoted_.size(); ++i) {
    const auto& waits = promoted_[i];
    if (!waits || waits == champions_[i]) continue;
    const auto& filler = fillers_[i];
    all.push_back(filler && filler->champion() == waits
                      ? filler->filling()
                      : Filling{.domain = server::domain_of(*waits),
                                .bundle = waits->bundle->id,
                                .promoted = waits->promoted,
                                .problem = problems_[i]});
  }
  return all;
}

void Scorer::set_champion(std::shared_ptr<const Champion> champion) {
  {
    const std::lock_guard lock(mutex_);
    const auto place = place_of(server::domain_of(*champion));
    // Who asks from now on is not refused, and waits until it is ready.
    if (takes_over_at_once(*champion, champions_)) champions_[place] = champion;
    promoted_[place] = std::move(champion);
    problems_[place].clear();
  }
  queue_.nudge();
}

// A failure may have come before a switch was done, or behind it: the states say who decides.
Status Scorer::find_who_decides() {
  const auto promoted = this->promoted();
  for (const auto domain : kDomains) {
    const auto& champion = promoted[place_of(domain)];
    auto& decides = open_for_[place_of(domain)];
    if (!champion || champion == decides) continue;
    WINNOW_TRY(const auto use, use_of(ServingStates::folder_of(files_.states, domain)));
    if (use && use->bundle == champion->bundle->id) decides = champion;
  }
  return {};
}

void Scorer::note_who_decides() {
  const std::lock_guard lock(mutex_);
  champions_ = open_for_;
  for (const auto& domain : stores_->deciders)
    uses_[place_of(domain->bundle->mapping.domain())] = domain->use;
}

void Scorer::take_up_at_once(const Champions& promoted) {
  auto next = open_for_;
  for (std::size_t i = 0; i < promoted.size(); ++i) {
    if (promoted[i] && takes_over_at_once(*promoted[i], open_for_)) next[i] = promoted[i];
  }
  if (next == open_for_) {
    // One that was to take over at once lost its place to one that waits.
    const std::lock_guard lock(mutex_);
    if (promoted_ == promoted) champions_ = open_for_;
    return;
  }
  close_stores();
  open_for_ = std::move(next);
  const std::lock_guard lock(backlog_mutex_);
  if (backlog_) backlog_->waits = false;
}

Status Scorer::fill_for(const Champions& promoted) {
  if (promoted == open_for_) fill_again_.reset();
  for (std::size_t i = 0; i < promoted.size(); ++i) {
    if (promoted[i] != open_for_[i]) {
      WINNOW_TRY(fill_for(promoted[i]));
    } else if (fillers_[i]) {  // who decides was promoted again
      fillers_[i]->stop();
      if (fillers_[i]->has_ended_in({})) drop(fillers_[i]);
    }
  }
  return {};
}

// One at a time. Each wakes this thread when it ends.
Status Scorer::fill_for(const std::shared_ptr<const Champion>& champion) {
  auto& filler = fillers_[place_of(server::domain_of(*champion))];
  if (filler && filler->champion() != champion) {
    filler->stop();
    if (!filler->has_ended_in({})) return {};
    drop(filler);
  }
  std::chrono::milliseconds patience{0};
  if (!filler) {
    if (fill_again_ && steady_clock::now() < *fill_again_) return {};
    fill_again_.reset();
    WINNOW_TRY(const auto events, stores_->events.last_id());
    if (events <= kSmallLog) patience = kAtOnce;
    auto begun =
        std::make_unique<StatesFiller>(champion, files_, *clock_, [this] { queue_.nudge(); });
    const std::lock_guard lock(mutex_);
    filler = std::move(begun);
    problems_[place_of(server::domain_of(*champion))].clear();
  }
  if (!filler->has_ended_in(patience)) return {};
  const auto filled = filler->outcome();
  drop(filler);
  return end_filling(champion, filled);
}

Status Scorer::end_filling(const std::shared_ptr<const Champion>& champion, const Status& filled) {
  const auto domain = server::domain_of(*champion);
  if (filled) {
    auto switched = switch_to(champion);
    if (!switched) fill_again_later(domain, switched.error());
    return switched;
  }
  log::error("the states of a champion cannot be filled now; who decided before it goes on",
             {{"domain", name_of(domain)}, {"error", filled.error().text()}});
  fill_again_later(domain, filled.error());
  return {};
}

void Scorer::fill_again_later(Domain domain, const Error& error) {
  fill_again_ = steady_clock::now() + kFillAgain;
  const std::lock_guard lock(mutex_);
  problems_[place_of(domain)] = error.text();
}

Status Scorer::switch_to(const std::shared_ptr<const Champion>& champion) {
  const auto begun = steady_clock::now();
  const auto domain = server::domain_of(*champion);
  WINNOW_TRY(stores_->take_place(*champion, files_, *clock_));
  settling_.note_settled();
  open_for_[place_of(domain)] = champion;
  note_who_decides();
  WINNOW_TRY(catch_up());
  ready_.store(true, std::memory_order_release);
  const auto took = steady_clock::now() - begun;
  log::info("the states of a champion are filled: it decides",
            {{"domain", name_of(domain)},
             {"bundle", champion->bundle->id.text()},
             {"took_ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
  return {};
}

// Outside the lock: it may wait for the end of a page.
void Scorer::drop(std::unique_ptr<StatesFiller>& filler) {
  std::unique_ptr<StatesFiller> dropped;
  const std::lock_guard lock(mutex_);
  std::swap(dropped, filler);
}

void Scorer::stop_filling() {
  for (auto& filler : fillers_) {
    if (filler) filler->stop();
  }
  for (auto& filler : fillers_) drop(filler);
}

}  // namespace winnow::server
