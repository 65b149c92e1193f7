// A mail as it comes in, field by field and chunk by chunk, put together as the MTA has it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::milter {

// The memory that all mails in progress share. Thread-safe.
class Room {
 public:
  explicit Room(std::size_t bytes) : free_(static_cast<std::int64_t>(bytes)) {}
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes);

 private:
  std::atomic<std::int64_t> free_;  // relaxed: a count, that orders nothing
};

// A field that calls itself ours.
struct ForgedField {
  std::string name;     // as written
  std::uint32_t index;  // among those of its name, from 1
};

class IncomingMail {
 public:
  static constexpr std::size_t kMostForged = 100;
  static constexpr std::size_t kLongestForged = 200;  // bytes of its name

  // Keeps at most `limit` bytes. `room` outlives it.
  IncomingMail(std::size_t limit, Room& room) : limit_(limit), room_(&room) {}
  ~IncomingMail() { clear(); }
  IncomingMail(const IncomingMail&) = delete;
  IncomingMail& operator=(const IncomingMail&) = delete;

  // `value` begins behind the colon, and has LF where its lines end. Kept as it is, but CRLF.
  void field(std::string_view name, std::string_view value);
  void end_of_fields();
  void body(std::string_view chunk);

  enum class State : std::uint8_t { Whole, TooLarge, NoRoom };
  State state() const { return state_; }
  std::uint64_t bytes() const { return bytes_; }  // that came, kept or not
  // The mail with `trace` before it, within the limit while it is Whole.
  std::string_view with_trace(std::string_view trace);

  const std::vector<ForgedField>& forged() const { return forged_; }
  // What no MTA is asked to take out: more than kMostForged fields, one with a name longer than
  // kLongestForged, or one behind a lone CR in another field, where some readers see a line begin.
  // Nobody writes that by accident.
  bool is_beyond_repair() const { return beyond_repair_; }

  void clear();  // as new; gives its memory back

 private:
  void append(std::string_view bytes);
  void watch(std::string_view name, std::string_view value);
  void let_go(State why);

  std::size_t limit_;
  Room* room_;
  State state_ = State::Whole;
  std::string text_;
  std::size_t taken_ = 0;  // of the room
  std::uint64_t bytes_ = 0;
  bool in_fields_ = true;
  std::map<std::string, std::uint32_t, std::less<>> counts_;  // of forged fields, by lower name
  std::vector<ForgedField> forged_;
  bool beyond_repair_ = false;
};

}  // namespace winnow::milter
