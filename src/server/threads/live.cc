#include "server/threads/live.h"

#include "base/thread.h"

namespace winnow::server {
namespace {

constexpr std::chrono::seconds kCheck{15};  // whether all who watch still may
// To whom so much happened that it is not told one by one.
const std::pair<std::string, std::string> kBeginAgain = {"resync", ""};

}  // namespace

Live::Live(Gate& gate) : gate_(&gate) {
  thread_ = start_thread("live", [this] { run(); });
}

Live::~Live() { stop(); }

bool Live::is_full() const {
  const std::lock_guard lock(mutex_);
  return watchers_.size() >= kMostStreams;
}

void Live::add(http::EventStream stream, Identity who) {
  const std::lock_guard lock(mutex_);
  watchers_.push_back({std::move(stream), std::move(who)});
}

void Live::tell(std::string_view event, std::string_view key, std::string data) {
  {
    const std::lock_guard lock(mutex_);
    if (watchers_.empty() || news_.contains(kBeginAgain)) return;
    news_.insert_or_assign({std::string(event), std::string(key)}, std::move(data));
    if (news_.size() > kMostNews) news_ = {{kBeginAgain, "{}"}};
  }
  changed_.notify_one();
}

void Live::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  for (const auto& watcher : watchers_) watcher.stream.close();
  watchers_.clear();
}

void Live::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    changed_.wait_for(lock, kCheck, [&] { return stopped_ || !news_.empty(); });
    const auto news = std::exchange(news_, {});
    lock.unlock();
    turn(news);
    lock.lock();
    changed_.wait_for(lock, kTurn, [&] { return stopped_; });
  }
}

// Pushing waits for nobody: bytes go to the streams' loops.
void Live::turn(const News& news) {
  std::vector<Watcher> watchers;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(watchers_, [](const Watcher& watcher) { return !watcher.stream.is_open(); });
    watchers = watchers_;
  }
  for (const auto& [stream, who] : watchers) {
    if (!gate_->is_still(who)) {
      stream.close();
      continue;
    }
    for (const auto& [name, data] : news) {
      if (!stream.push(name.first, data)) break;
    }
  }
}

}  // namespace winnow::server
