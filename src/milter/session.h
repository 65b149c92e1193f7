// One MTA's connection, packet by packet: what it says goes in, what it is told comes out. Knows
// nothing of sockets, and waits for nothing but the score.
#pragma once

#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "milter/envelope.h"
#include "milter/handling.h"
#include "milter/incoming_mail.h"
#include "milter/outcome.h"
#include "milter/packet.h"

namespace winnow::milter {

// What all connections share; outlives them.
struct Surroundings {
  Rules rules;
  Score score;
  std::size_t mail_bytes;  // of one mail; larger ones are not scored
  Room& room;              // of all
  const Clock& clock;
};

class Session {
 public:
  explicit Session(const Surroundings& around)
      : around_(around), mail_(around.mail_bytes, around.room) {}

  enum class Next : std::uint8_t { GoOn, Close };
  // Appends to `out` what is answered. Errors: InvalidArgument (the connection is of no further
  // use), Unsupported (an MTA that offers less than is needed).
  Result<Next> take(const Packet& packet, std::string& out);

  bool in_mail() const { return in_mail_; }
  void take_no_more_mail() { closing_ = true; }  // but end the one in progress

 private:
  Status negotiate(std::string_view data, std::string& out);
  void read_macros(std::string_view data);
  void connect(std::string_view data);
  void begin_mail(std::string_view data, std::string& out);
  Status read_field(std::string_view data);
  void finish(std::string& out);
  void answer(const Handling& handling, std::string& out) const;
  Outcome outcome();
  void end_mail();
  void reply(std::uint32_t unless, std::string& out) const;  // unless it was agreed not to

  const Surroundings& around_;
  IncomingMail mail_;
  Envelope envelope_;
  bool agreed_ = false, in_mail_ = false, closing_ = false;
  std::uint32_t steps_ = 0;  // as agreed
};

}  // namespace winnow::milter
