// The milter protocol as an MTA speaks it, version 6: packets of a length, a command and its data.
// There is no standard; this is what Sendmail's libmilter (mfdef.h) and Postfix (milter8.c) agree
// on. Why not libmilter itself: README.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow::milter {

enum class Command : char {
  Negotiate = 'O',
  Macros = 'D',
  Connect = 'C',
  Helo = 'H',
  Mail = 'M',
  Recipient = 'R',
  Data = 'T',
  Header = 'L',
  EndOfHeaders = 'N',
  Body = 'B',
  EndOfMail = 'E',
  Abort = 'A',
  Unknown = 'U',  // an SMTP command that the MTA does not know
  QuitConnection = 'K',
  Quit = 'Q',
};

struct Packet {
  Command command;
  std::string_view data;
};

// A header field of 100 KiB (Postfix's header_size_limit) and a body chunk of 64 KiB fit easily.
inline constexpr std::size_t kMaxPacketBytes = 1UL << 20;

// The packet at the front of `bytes`, a view into them, and how many bytes it takes; nothing while
// it is not there as a whole. Errors: InvalidArgument (a command that is none, a packet without
// one), Exhausted (longer than kMaxPacketBytes).
struct FramedPacket {
  Packet packet;
  std::size_t bytes;
};
Result<std::optional<FramedPacket>> first_packet(std::string_view bytes);

// What the MTA offers and what is asked of it: the words of a Negotiate packet.
struct Terms {
  std::uint32_t version = 0, actions = 0, steps = 0;
  static Result<Terms> read(std::string_view data);  // Errors: InvalidArgument
};

namespace actions {  // what may be done to a mail
inline constexpr std::uint32_t kAddFields = 0x01, kChangeFields = 0x10, kQuarantine = 0x20;
}
namespace steps {  // what the MTA may leave out, or need not wait for an answer to
inline constexpr std::uint32_t kNoUnknown = 0x100, kNoData = 0x200, kNoFieldReply = 0x80,
                               kNoConnectReply = 0x1000, kNoHeloReply = 0x2000,
                               kNoRecipientReply = 0x8000, kNoEndOfHeadersReply = 0x40000,
                               kNoBodyReply = 0x80000, kLeadingSpace = 0x100000;
}

// The texts that a packet's data begins with, each ended by a NUL; the last one may lack it. What
// is missing is empty.
template <std::size_t N>
std::array<std::string_view, N> texts_in(std::string_view data) {
  std::array<std::string_view, N> texts;
  for (auto& text : texts) {
    text = data.substr(0, data.find('\0'));
    data.remove_prefix(text.size() == data.size() ? data.size() : text.size() + 1);
  }
  return texts;
}

// Replies, appended to `out`. Texts must be without NUL.
void agree(const Terms& terms, std::string& out);
void carry_on(std::string& out);
void refuse_for_now(std::string& out);                            // 4xx, in the MTA's words
void refuse_with(std::string_view smtp_reply, std::string& out);  // "550 5.7.1 because"
void insert_field(std::string_view name, std::string_view value, std::string& out);  // on top
// The `index`-th field of that name, from 1, as they were before any change.
void remove_field(std::string_view name, std::uint32_t index, std::string& out);
void quarantine(std::string_view reason, std::string& out);

}  // namespace winnow::milter
