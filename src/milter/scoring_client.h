// Scores mails by a running `winnow serve`.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fetch/fetch.h"
#include "milter/outcome.h"

namespace winnow::milter {

struct ScoringServer {
  std::string url;                            // "http://127.0.0.1:8420"
  std::string token;                          // of a sensor
  std::string authorities{};                  // as in FetchOptions
  std::chrono::milliseconds timeout{10'000};  // for a mail's whole way
};

// Thread-safe. Connections are kept: as many as mails were once under way at the same time.
class ScoringClient {
 public:
  explicit ScoringClient(ScoringServer server);

  // One request, no second one: who sent the mail asks again where that is wanted. What the server
  // refuses for reasons of its own or of the configuration is Unavailable, and logged.
  Outcome score(std::string_view mail);

 private:
  std::unique_ptr<Fetch> take();
  void put_back(std::unique_ptr<Fetch> fetch);

  ScoringServer server_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Fetch>> idle_;  // guarded by mutex_
};

// What an answer of POST /v1/score/mail says.
Outcome outcome_of(long status, std::string_view body);

}  // namespace winnow::milter
