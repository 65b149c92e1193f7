// The front door: a milter that an MTA connects to, which has each mail scored and says what to do
// with it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "milter/handling.h"
#include "milter/listen_address.h"
#include "milter/outcome.h"

namespace winnow::milter {

struct MilterOptions {
  ListenAddress listen;
  Rules rules{};
  std::size_t connections = 200;         // at once; what comes then is hung up on
  std::size_t mail_bytes = 50UL << 20;   // of one mail; larger ones are not scored
  std::size_t room_bytes = 512UL << 20;  // of all mails in progress
  std::chrono::milliseconds idle{std::chrono::minutes(10)};  // for a packet, or to take a reply
};

// A thread for each connection, as an MTA makes one for each client of its own.
class Milter {
 public:
  // `clock` outlives it. Errors: as ListeningSocket::open().
  static Result<std::unique_ptr<Milter>> start(const MilterOptions& options, Score score,
                                               const Clock& clock);
  ~Milter();  // drain() without patience
  Milter(const Milter&) = delete;
  Milter& operator=(const Milter&) = delete;

  const ListenAddress& address() const;
  std::size_t connections() const;  // open now
  // Takes no more connections and no more mails, lets mails in progress end for at most `grace`,
  // then closes. Waits for scores under way in any case. Once.
  void drain(std::chrono::milliseconds grace);

 private:
  struct State;
  explicit Milter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow::milter
