// Whatever comes to a milter's port: replies that are whole, or a closed connection; never more
// memory than it may have, and all of it given back. The first byte says what the server answers.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/log.h"
#include "milter/session.h"

namespace {

using namespace winnow::milter;  // NOLINT(google-build-using-namespace)

constexpr std::size_t kMailBytes = 4096, kRoomBytes = 6000;

Outcome outcome_for(std::uint8_t choice) {
  if (choice % 4 == 3) return static_cast<Unscored>(choice / 4 % 3);
  return Scored{"d-1f", static_cast<winnow::Route>(choice % 4), 0.5};
}

void check_whole(std::string_view replies) {
  while (!replies.empty()) {
    if (replies.size() < 5) std::abort();
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<std::uint8_t>(replies[i]);
    if (size == 0 || replies.size() < 4 + size) std::abort();
    if (std::string_view("Octyimq").find(replies[4]) == std::string_view::npos) std::abort();
    replies.remove_prefix(4 + size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  [[maybe_unused]] static const bool kQuiet = [] {
    winnow::log::configure(winnow::log::Level::Error, winnow::log::Form::Text);
    return true;
  }();
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Room room(kRoomBytes);
  const winnow::FixedClock clock(winnow::Timestamp::from_civil(2026, 3, 4));
  const auto score = [&](std::string_view mail) {
    if (mail.size() > kMailBytes || !mail.starts_with("Return-Path: <")) std::abort();
    return outcome_for(data[0]);
  };
  const Surroundings around{
      .rules = {}, .score = score, .mail_bytes = kMailBytes, .room = room, .clock = clock};
  {
    Session session(around);
    std::string out;
    for (;;) {
      const auto framed = first_packet(bytes);
      if (!framed || !*framed) break;
      const auto next = session.take((*framed)->packet, out);
      if (!next || *next == Session::Next::Close) break;
      bytes.remove_prefix((*framed)->bytes);
    }
    check_whole(out);
  }
  if (!room.take(kRoomBytes)) std::abort();  // something was kept
  return 0;
}
