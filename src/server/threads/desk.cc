#include "server/threads/desk.h"

#include <chrono>

#include "base/log.h"
#include "base/thread.h"

namespace winnow::server {
namespace {

// How long a finding waits for its case when nothing else happens; after a failure nothing is tried
// for longer.
constexpr std::chrono::milliseconds kBetween(250), kAfterFailure(5'000), kSecond(1'000);
constexpr std::size_t kDecisionsATime = 64;  // about 30 ms, so that people hardly wait

}  // namespace

Result<std::unique_ptr<Desk>> Desk::start(Registry& registry, const ServiceFiles& files,
                                          const cases::CasePolicy& policy, Work each_second) {
  WINNOW_TRY(auto tokens, Tokens::open(registry, files.database));
  WINNOW_TRY(auto sessions, SessionTable::open(files.sessions));
  WINNOW_TRY(auto deployments, Deployments::open(registry, files.database, Access::ReadWrite));
  WINNOW_TRY(auto log, EventLog::open(files.events, Access::ReadOnly));
  auto events = std::make_unique<const EventLog>(std::move(log));
  WINNOW_TRY(auto cases, cases::CaseBook::open(registry, *events, files.database, policy));
  WINNOW_TRY(auto case_reader, cases::CaseReader::open(files.database));
  WINNOW_TRY(auto holds, Holds::open(registry, files.database));
  WINNOW_TRY(auto hold_reader, HoldReader::open(files.database));
  std::unique_ptr<Desk> desk(new Desk(
      {registry, std::move(tokens), std::move(sessions), std::move(deployments), std::move(events),
       std::move(cases), std::move(case_reader), std::move(holds), std::move(hold_reader)},
      std::move(each_second)));
  desk->thread_ = start_thread("desk", [raw = desk.get()] { raw->run(); });
  return desk;
}

void Desk::run() {
  using std::chrono::steady_clock;
  std::chrono::milliseconds patience(0);
  auto next = steady_clock::now();
  for (;;) {
    const auto taken = queue_.pop({.items = 1}, patience);
    if (!taken) return;
    for (const auto& work : *taken) work(stores_);
    // Between two changes there is always a step, so that neither waits for the end of the other.
    patience = make_cases() ? std::chrono::milliseconds(0) : kBetween;
    if (!each_second_ || steady_clock::now() < next) continue;
    each_second_(stores_);
    next = steady_clock::now() + kSecond;
  }
}

bool Desk::make_cases() {
  const auto now = std::chrono::steady_clock::now();
  if (now < rest_until_) return false;
  const auto done = stores_.cases.catch_up(kDecisionsATime);
  if (done && *done < kDecisionsATime) caught_up_.store(now, std::memory_order_relaxed);
  if (done) return *done == kDecisionsATime;
  log::error("making cases of what was decided failed; it is tried again",
             {{"error", done.error().text()}});
  rest_until_ = now + kAfterFailure;
  return false;
}

Desk::~Desk() { stop(); }

void Desk::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

}  // namespace winnow::server
