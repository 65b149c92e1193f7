// The one way out: requests to other servers, bounded in time and size, by libcurl.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

struct Fetched {
  long status = 0;
  std::string body;
  std::chrono::seconds retry_after{0};  // as the answer asks for, a day at most; 0: it does not
};

struct FetchOptions {
  std::chrono::milliseconds connect{4'000};  // at most, to connect
  std::chrono::milliseconds total{10'000};   // and until the whole answer is there
  std::string authorities{};  // PEM file of those whose certificates count; empty: the system's
};

// One thread at a time, but for stop(). Connections are kept for further requests. No redirection
// is followed, and no proxy taken from the environment on the way to this machine.
//
// Errors: Unavailable (no answer in time, or stopped), Exhausted (a larger answer).
class Fetch {
 public:
  static constexpr std::size_t kMaxBytes = 256UL << 10;  // of an answer

  Fetch() : Fetch(FetchOptions()) {}
  explicit Fetch(FetchOptions options);
  ~Fetch();
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  // `url` is http or https, and no other; `authorization` is a field's value, empty for none.
  Result<Fetched> get(const std::string& url, std::string_view authorization = {});
  Result<Fetched> post(const std::string& url, std::string_view content_type, std::string_view body,
                       std::string_view authorization);
  // `fields` are whole lines: "x-api-key: ...".
  Result<Fetched> post(const std::string& url, std::string_view content_type, std::string_view body,
                       std::span<const std::string> fields);
  void stop() { stopped_ = true; }  // what is under way fails soon, and all that follows

 private:
  Result<Fetched> perform(const std::string& url, std::span<const std::string> fields);
  FetchOptions options_;
  std::unique_ptr<void, void (*)(void*)> handle_;  // CURL
  std::atomic<bool> stopped_{false};
};

}  // namespace winnow
