// Scores mails by a running `winnow serve`.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/timestamp.h"
#include "fetch/fetch.h"
#include "milter/outcome.h"

namespace winnow::milter {

struct ScoringServer {
  std::string url;                            // "http://127.0.0.1:8420"
  std::string token;                          // of a sensor
  Path token_file{};                          // where a new one will be; empty: nowhere
  std::string authorities{};                  // as in FetchOptions
  std::chrono::milliseconds timeout{10'000};  // for a mail's whole way
};

// What the file holds, without its end of line. Errors: those of read_file().
Result<std::string> token_in(const Path& file);

// Thread-safe. Connections are kept: as many as mails were once under way at the same time.
class ScoringClient {
 public:
  explicit ScoringClient(ScoringServer server);

  // One request, no second one: who sent the mail asks again where that is wanted. Only with a
  // token that was refused, and is another one in its file by now, nothing was asked yet. What the
  // server refuses for reasons of its own or of the configuration is Unavailable, and logged.
  Outcome score(std::string_view mail);

  // What the operator should know of the server and the token before mails have to wait for it:
  // the server is away, the token is refused, has another role, or ends within two weeks.
  std::vector<std::string> concerns(Timestamp now);

 private:
  std::unique_ptr<Fetch> take();
  void put_back(std::unique_ptr<Fetch> fetch);
  Result<Fetched> post(std::string_view mail, const std::string& token);
  std::string token();
  bool has_new_token(const std::string& refused);

  const ScoringServer server_;
  std::mutex mutex_;
  std::string token_;                         // guarded by mutex_
  std::vector<std::unique_ptr<Fetch>> idle_;  // guarded by mutex_
};

// What an answer of POST /v1/score/mail says.
Outcome outcome_of(long status, std::string_view body);

}  // namespace winnow::milter
