// The one way out: a request to the identity provider, bounded in time and size, by libcurl.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "names/url.h"

namespace winnow::oidc {

struct Fetched {
  long status = 0;
  std::string body;
};

// One thread at a time, but for stop().
class Fetch {
 public:
  static constexpr std::size_t kMaxBytes = 256UL << 10;

  Fetch();
  ~Fetch();
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  // Follows no redirection. Takes at most ten seconds. Errors: Unavailable, Exhausted (the answer
  // is too large).
  Result<Fetched> get(const Url& url);
  // `authorization` is a field's value, empty for none.
  Result<Fetched> post_form(const Url& url, const std::string& form,
                            std::string_view authorization);
  void stop() { stopped_ = true; }  // what is under way fails soon, and all that follows

 private:
  Result<Fetched> perform(const Url& url);
  std::unique_ptr<void, void (*)(void*)> handle_;  // CURL
  std::atomic<bool> stopped_{false};               // relaxed would do: it guards nothing
};

}  // namespace winnow::oidc
