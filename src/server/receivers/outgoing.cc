#include "server/receivers/outgoing.h"

#include <algorithm>
#include <utility>

namespace winnow::server {
namespace {

constexpr std::chrono::milliseconds kQueueIsFull{50};  // until it is tried again
constexpr std::chrono::milliseconds kDiskIsFull{250};
constexpr std::size_t kLeastBatch = 64UL << 10, kMostBatch = 4UL << 20;

}  // namespace

class Outgoing::Waiting final : public Sender {
 public:
  explicit Waiting(std::shared_ptr<Answers> answers) : answers_(std::move(answers)) {}
  void stored(Time) override { answer(true, {}); }
  void refused(const Error&, std::vector<Delivery> deliveries) override {
    answer(false, std::move(deliveries));
  }

 private:
  void answer(bool stored, std::vector<Delivery> back) {
    {
      const std::lock_guard lock(answers_->mutex);
      answers_->came = true;
      answers_->stored = stored;
      answers_->back = std::move(back);
    }
    answers_->wake();
  }
  std::shared_ptr<Answers> answers_;
};

std::size_t Outgoing::batch_bytes(const Intake& intake) {
  return std::clamp<std::size_t>(intake.use().max_bytes / 16, kLeastBatch, kMostBatch);
}

Outgoing::Outgoing(Intake& intake, std::function<void()> wake)
    : intake_(&intake), answers_(std::make_shared<Answers>()) {
  answers_->wake = std::move(wake);
}

void Outgoing::send(std::vector<Delivery> deliveries, Time now) {
  ensure(is_free(), "one batch is on its way at a time");
  deliveries_ = std::move(deliveries);
  offer(now);
}

void Outgoing::offer(Time now) {
  Arrival arrival{std::make_unique<Waiting>(answers_), std::move(deliveries_)};
  if (intake_->offer(arrival)) {
    state_ = State::Offered;
    return;
  }
  deliveries_ = std::move(arrival.deliveries);
  state_ = State::Refused;
  next_offer_ = now + kQueueIsFull;
}

void Outgoing::look(Time now) {
  if (state_ == State::Offered) {
    const std::lock_guard lock(answers_->mutex);
    if (!std::exchange(answers_->came, false)) return;
    state_ = answers_->stored ? State::Free : State::Refused;
    deliveries_ = std::move(answers_->back);
    next_offer_ = now + kDiskIsFull;
  } else if (state_ == State::Refused && now >= next_offer_) {
    offer(now);
  }
}

}  // namespace winnow::server
