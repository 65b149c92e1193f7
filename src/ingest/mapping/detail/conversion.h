// From the text of a cell to a value of an event.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/json_scan.h"
#include "base/timestamp.h"
#include "ingest/mapping/detail/program.h"
#include "ocsf/event.h"

namespace winnow::mapping {

// Makes the texts of an event its own: those that lie in the record's bytes, which the event copies
// once, without a copy of each.
class EventTexts {
 public:
  static constexpr std::size_t kMaxText = 64UL << 10;     // of one value; longer ones are cut
  static constexpr std::size_t kMaxCopied = 256UL << 10;  // a larger record is not copied whole

  EventTexts(ocsf::EventBuilder& builder, std::string_view record);
  std::string_view own(std::string_view text) {
    const std::less_equal<const char*> not_after;
    const bool is_within = text.size() <= kMaxText && !copy_.empty() &&
                           not_after(record_.data(), text.data()) &&
                           not_after(text.data() + text.size(), record_.data() + record_.size());
    if (!is_within) return own_copy(text);
    return {copy_.data() + (text.data() - record_.data()), text.size()};
  }
  // A copy of what is not of the record.
  std::string_view keep(std::string_view text) { return builder_->keep(text); }
  std::span<const std::string_view> own_list(std::span<const std::string_view> own_texts) {
    return builder_->keep_list(own_texts);
  }
  bool has_cut() const { return has_cut_; }

 private:
  std::string_view own_copy(std::string_view text);

  ocsf::EventBuilder* builder_;
  std::string_view record_, copy_;
  bool has_cut_ = false;
};

// The value of a cell that has one; absent where its text is none of the kind.
ocsf::Value convert(const JsonCell& cell, Conversion conversion, bool as_millis, EventTexts& texts);
// As an attribute that holds times has it: in milliseconds, or as a text.
ocsf::Value time_value(Timestamp time, bool as_millis, EventTexts& texts);
bool is_lower(std::string_view text);                         // no ASCII capitals
std::optional<std::int64_t> read_int(std::string_view text);  // decimal, or 0x and hexadecimal
// A time; `conversion` is one of those that read times.
std::optional<Timestamp> read_time(std::string_view text, Conversion conversion);

ocsf::Value value_of(const Constant& constant, EventTexts& texts);
std::string_view name_of(Conversion conversion);  // as mappings write it: "int", "ip", ...
std::optional<Conversion> conversion_named(std::string_view name);
std::vector<std::string> conversion_names();

}  // namespace winnow::mapping
