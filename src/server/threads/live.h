// What open pages are told as it happens, as server-sent events. What comes faster than twice a
// second is told once, as it is then.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "http/server.h"
#include "server/access/gate.h"

namespace winnow::server {

// Thread-safe. A stream ends when its client reads too slowly (http::EventStream), and when whoever
// opened it may no longer: his token or session ended.
class Live {
 public:
  static constexpr std::size_t kMostStreams = 1000;
  static constexpr std::size_t kMostNews = 1000;  // a turn; beyond, pages are told to begin again
  static constexpr std::chrono::milliseconds kTurn{500};

  explicit Live(Gate& gate);  // outlives it
  ~Live();                    // as stop()

  bool is_full() const;
  void add(http::EventStream stream, Identity who);

  // Told to all within kTurn. Of several with the same event and key only the newest is told.
  void tell(std::string_view event, std::string_view key, std::string data);
  void stop();  // ends all streams

 private:
  using News = std::map<std::pair<std::string, std::string>, std::string>;  // event, key -> data
  struct Watcher {
    http::EventStream stream;
    Identity who;
  };
  void run();
  void turn(const News& news);

  Gate* gate_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::vector<Watcher> watchers_;
  News news_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace winnow::server
