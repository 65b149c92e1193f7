#include "milter/packet.h"

#include <fmt/format.h>

namespace winnow::milter {
namespace {

constexpr std::size_t kWord = 4;
constexpr std::string_view kCommands("ODCHMRTLNBEAUKQ");
constexpr std::uint32_t kBelowOurReceived =
    1;  // where inserted fields stand: the top one is the MTA's

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < kWord; ++i)
    word = word << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return word;
}

void append_word(std::uint32_t word, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(word >> shift & 0xFF));
}

void append_text(std::string_view text, std::string& out) {
  out.append(text);
  out.push_back('\0');
}

void begin(char reply, std::size_t data_bytes, std::string& out) {
  append_word(static_cast<std::uint32_t>(data_bytes + 1), out);
  out.push_back(reply);
}

}  // namespace

Result<std::optional<FramedPacket>> first_packet(std::string_view bytes) {
  using Found = std::optional<FramedPacket>;
  if (bytes.size() < kWord) return Found();
  const std::size_t size = word_at(bytes, 0);
  if (size == 0) return Error(Code::InvalidArgument, "a milter packet without a command");
  if (size > kMaxPacketBytes) {
    return Error(Code::Exhausted, fmt::format("a milter packet of {} bytes, and {} are read", size,
                                              kMaxPacketBytes));
  }
  if (bytes.size() < kWord + size) return Found();
  const char command = bytes[kWord];
  if (kCommands.find(command) == std::string_view::npos) {
    return Error(Code::InvalidArgument, fmt::format("no milter command: byte {:#04x}",
                                                    static_cast<std::uint8_t>(command)));
  }
  return Found({{static_cast<Command>(command), bytes.substr(kWord + 1, size - 1)}, kWord + size});
}

Result<Terms> Terms::read(std::string_view data) {
  if (data.size() < 3 * kWord)
    return Error(Code::InvalidArgument, "a milter negotiation that ends early");
  return Terms{word_at(data, 0), word_at(data, kWord), word_at(data, 2 * kWord)};
}

void agree(const Terms& terms, std::string& out) {
  begin('O', 3 * kWord, out);
  append_word(terms.version, out);
  append_word(terms.actions, out);
  append_word(terms.steps, out);
}

void carry_on(std::string& out) { begin('c', 0, out); }

void refuse_for_now(std::string& out) { begin('t', 0, out); }

void refuse_with(std::string_view smtp_reply, std::string& out) {
  begin('y', smtp_reply.size() + 1, out);
  append_text(smtp_reply, out);
}

void insert_field(std::string_view name, std::string_view value, std::string& out) {
  begin('i', kWord + name.size() + value.size() + 2, out);
  append_word(kBelowOurReceived, out);
  append_text(name, out);
  append_text(value, out);
}

void remove_field(std::string_view name, std::uint32_t index, std::string& out) {
  begin('m', kWord + name.size() + 2, out);
  append_word(index, out);
  append_text(name, out);
  append_text("", out);
}

void quarantine(std::string_view reason, std::string& out) {
  begin('q', reason.size() + 1, out);
  append_text(reason, out);
}

}  // namespace winnow::milter
