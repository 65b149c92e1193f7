#include "trace/tracer.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/thread.h"

namespace winnow::trace {
namespace {

constexpr std::chrono::minutes kTellAgain{1};
constexpr std::chrono::milliseconds kMostPause{30'000};

std::uint64_t seed_of_this_process() {
  std::uint64_t seed = 0;
  std::memcpy(&seed, random_bytes(sizeof seed).data(), sizeof seed);
  return seed;
}

std::string traces_url(std::string_view endpoint) {
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  return fmt::format("{}/v1/traces", endpoint);
}

// Zeros are no id.
template <std::size_t kBytes>
void draw(Rng& rng, std::array<std::uint8_t, kBytes>& id) {
  do {
    for (std::size_t at = 0; at < kBytes; at += sizeof(std::uint64_t)) {
      const auto word = rng.next();
      std::memcpy(id.data() + at, &word, sizeof word);
    }
  } while (id == std::array<std::uint8_t, kBytes>{});
}

// OTLP/HTTP, "Retryable Response Codes".
bool is_worth_another(long status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

Tracer::Tracer(TracerOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(&clock),
      url_(traces_url(options_.endpoint)),
      ids_(seed_of_this_process()),
      thread_(start_thread("traces", [this] { run(); })) {}

Tracer::~Tracer() { stop(std::chrono::milliseconds(0)); }

SpanContext Tracer::begin(const std::optional<SpanContext>& parent) {
  if (parent) return child_of(*parent);
  SpanContext context;
  const std::lock_guard lock(mutex_);
  draw(ids_, context.trace);
  draw(ids_, context.span);
  context.sampled = ids_.chance(options_.ratio);
  return context;
}

SpanContext Tracer::child_of(const SpanContext& parent) {
  SpanContext context = parent;
  const std::lock_guard lock(mutex_);
  draw(ids_, context.span);
  return context;
}

void Tracer::record(std::vector<Span> spans) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() + spans.size() > options_.queue_spans) {
      dropped_.fetch_add(spans.size(), std::memory_order_relaxed);
      return;
    }
    std::ranges::move(spans, std::back_inserter(waiting_));
  }
  changed_.notify_one();
}

Tracer::Counts Tracer::counts() const {
  return {sent_.load(std::memory_order_relaxed), dropped_.load(std::memory_order_relaxed)};
}

void Tracer::stop(std::chrono::milliseconds grace) {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    ended_.wait_for(lock, grace, [&] { return has_ended_; });
  }
  fetch_.stop();
  if (thread_.joinable()) thread_.join();
}

std::vector<Span> Tracer::next_batch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
  changed_.wait_for(lock, options_.gather,
                    [&] { return stopping_ || waiting_.size() >= kBatchSpans; });
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kBatchSpans));
  std::vector<Span> batch(std::make_move_iterator(waiting_.begin()),
                          std::make_move_iterator(waiting_.begin() + count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  return batch;
}

void Tracer::run() {
  for (auto batch = next_batch(); !batch.empty(); batch = next_batch()) deliver(batch);
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  ended_.notify_all();
}

Tracer::Delivery Tracer::attempt(const std::string& body, std::size_t spans, std::string& why,
                                 std::chrono::milliseconds& pause) {
  const auto answer = fetch_.post(url_, "application/json", body, options_.fields);
  if (!answer) {
    why = answer.error().text();
    return Delivery::Later;
  }
  if (answer->status == 200) {
    const auto rejected = std::min<std::uint64_t>(rejected_in(answer->body), spans);
    sent_.fetch_add(spans - rejected, std::memory_order_relaxed);
    if (rejected > 0) give_up(rejected, "the collector did not take all of them");
    return Delivery::Taken;
  }
  why = fmt::format("the collector answers {}", answer->status);
  pause = std::max<std::chrono::milliseconds>(pause, answer->retry_after);
  return is_worth_another(answer->status) ? Delivery::Later : Delivery::Refused;
}

void Tracer::deliver(const std::vector<Span>& batch) {
  const auto body =
      otlp_json(batch, options_.service, {std::chrono::steady_clock::now(), clock_->now()});
  std::string why;
  auto pause = options_.try_again;
  for (int attempts = 1;; ++attempts, pause *= 2) {
    const auto delivery = attempt(body, batch.size(), why, pause);
    if (delivery == Delivery::Taken) return;
    if (delivery == Delivery::Refused || attempts == kAttempts) break;
    std::unique_lock lock(mutex_);
    const auto patience = std::min(pause, kMostPause);
    if (changed_.wait_for(lock, patience, [&] { return stopping_; })) break;
  }
  give_up(batch.size(), why);
}

void Tracer::give_up(std::size_t spans, const std::string& why) {
  dropped_.fetch_add(spans, std::memory_order_relaxed);
  const auto now = std::chrono::steady_clock::now();
  if (told_ != Time() && now - told_ < kTellAgain) return;
  told_ = now;
  log::warn("traces do not arrive", {{"collector", url_}, {"spans", spans}, {"why", why}});
}

}  // namespace winnow::trace
