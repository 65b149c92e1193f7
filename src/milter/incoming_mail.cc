#include "milter/incoming_mail.h"

#include <algorithm>

#include "base/utf8.h"
#include "milter/handling.h"

namespace winnow::milter {
namespace {

constexpr std::size_t kStep = 64UL << 10;  // memory is taken in steps of at least this

bool begins_as_ours(std::string_view text) {
  return equal_ignoring_ascii_case(text.substr(0, kFieldPrefix.size()), kFieldPrefix);
}

// A line of ours behind a CR or LF that is not the fold of a field.
bool hides_one_of_ours(std::string_view value) {
  for (auto at = value.find_first_of("\r\n"); at != std::string_view::npos;
       at = value.find_first_of("\r\n", at + 1)) {
    if (begins_as_ours(value.substr(at + 1))) return true;
  }
  return false;
}

}  // namespace

bool Room::take(std::size_t bytes) {
  const auto wanted = static_cast<std::int64_t>(bytes);
  if (free_.fetch_sub(wanted, std::memory_order_relaxed) >= wanted) return true;
  give_back(bytes);
  return false;
}

void Room::give_back(std::size_t bytes) {
  free_.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

void IncomingMail::field(std::string_view name, std::string_view value) {
  watch(name, value);
  append(name);
  append(":");
  while (!value.empty()) {
    const auto line = value.substr(0, value.find('\n'));
    const bool ended = line.size() < value.size();
    append(ended && line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    if (ended) append("\r\n");
    value.remove_prefix(line.size() + (ended ? 1 : 0));
  }
  append("\r\n");
}

void IncomingMail::end_of_fields() {
  if (in_fields_) append("\r\n");
  in_fields_ = false;
}

void IncomingMail::body(std::string_view chunk) {
  end_of_fields();
  append(chunk);
}

std::string_view IncomingMail::with_trace(std::string_view trace) {
  end_of_fields();
  append(trace);
  if (state_ != State::Whole) return {};
  // To the front, in place.
  std::ranges::rotate(text_, text_.end() - static_cast<std::ptrdiff_t>(trace.size()));
  return text_;
}

void IncomingMail::clear() {
  let_go(State::Whole);
  bytes_ = 0;
  in_fields_ = true;
  counts_.clear();
  forged_.clear();
  beyond_repair_ = false;
}

void IncomingMail::append(std::string_view bytes) {
  bytes_ += bytes.size();
  if (state_ != State::Whole) return;
  const auto size = text_.size() + bytes.size();
  if (size > limit_) return let_go(State::TooLarge);
  if (size > taken_) {
    const auto wanted = std::min(limit_, std::max({size, taken_ + taken_ / 2, taken_ + kStep}));
    if (!room_->take(wanted - taken_)) return let_go(State::NoRoom);
    taken_ = wanted;
    text_.reserve(wanted);
  }
  text_.append(bytes);
}

void IncomingMail::watch(std::string_view name, std::string_view value) {
  const bool is_ours = begins_as_ours(name);
  const bool is_one_too_many =
      is_ours && (forged_.size() == kMostForged || name.size() > kLongestForged);
  beyond_repair_ = beyond_repair_ || is_one_too_many || hides_one_of_ours(value);
  if (is_ours && !beyond_repair_)
    forged_.push_back({std::string(name), ++counts_[ascii_lower(name)]});
}

void IncomingMail::let_go(State why) {
  text_ = std::string();
  room_->give_back(taken_);
  taken_ = 0;
  state_ = why;
}

}  // namespace winnow::milter
