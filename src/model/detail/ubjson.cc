#include "model/detail/ubjson.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include <fmt/format.h>

namespace winnow {
namespace {

Error malformed(std::string_view what, std::size_t at) {
  return Error(Code::InvalidArgument, fmt::format("not valid UBJSON: {} at byte {}", what, at));
}

// Numbers are big-endian.
template <typename T>
T from_big_endian(const char* bytes) {
  unsigned char reversed[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    reversed[i] = static_cast<unsigned char>(bytes[sizeof(T) - 1 - i]);
  }
  return std::bit_cast<T>(reversed);
}

std::size_t bytes_of_number(char type) {  // 0: not a number
  switch (type) {
    case 'i':
    case 'U':
      return 1;
    case 'I':
      return 2;
    case 'l':
    case 'd':
      return 4;
    case 'L':
    case 'D':
      return 8;
    default:
      return 0;
  }
}

Json number_of(char type, const char* bytes) {
  switch (type) {
    case 'i':
      return Json(std::int64_t{from_big_endian<std::int8_t>(bytes)});
    case 'U':
      return Json(std::int64_t{from_big_endian<std::uint8_t>(bytes)});
    case 'I':
      return Json(std::int64_t{from_big_endian<std::int16_t>(bytes)});
    case 'l':
      return Json(std::int64_t{from_big_endian<std::int32_t>(bytes)});
    case 'L':
      return Json(from_big_endian<std::int64_t>(bytes));
    case 'd':
      return Json(double{from_big_endian<float>(bytes)});
    default:
      return Json(from_big_endian<double>(bytes));
  }
}

class UbjsonReader {
 public:
  UbjsonReader(std::string_view bytes, const UbjsonLimits& limits)
      : bytes_(bytes), limits_(limits) {}

  Result<Json> document() {
    WINNOW_TRY(const char type, marker());
    WINNOW_TRY(Json value, read(type, 1));
    if (at_ != bytes_.size()) return malformed("bytes after the end", at_);
    return value;
  }

 private:
  // What `$` and `#` after an opening bracket say about the content.
  struct Shape {
    std::optional<char> type;
    std::optional<std::size_t> count;
  };

  Result<std::string_view> take(std::size_t count) {
    if (count > bytes_.size() - at_) return malformed("ends too early", at_);
    const auto taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }

  Result<char> marker() {
    do {
      WINNOW_TRY(const auto byte, take(1));
      if (byte[0] != 'N') return byte[0];  // N is padding
    } while (true);
  }

  bool next_is(char type) {
    if (at_ >= bytes_.size() || bytes_[at_] != type) return false;
    ++at_;
    return true;
  }

  Result<std::size_t> length() {
    WINNOW_TRY(const char type, marker());
    const auto size = type == 'd' || type == 'D' ? 0 : bytes_of_number(type);
    if (size == 0) return malformed("a length that is no integer", at_);
    WINNOW_TRY(const auto raw, take(size));
    const auto value = number_of(type, raw.data()).as_int();
    if (value < 0) return malformed("a negative length", at_);
    return static_cast<std::size_t>(value);
  }

  Result<std::string> text() {
    WINNOW_TRY(const auto size, length());
    WINNOW_TRY(const auto raw, take(size));
    return std::string(raw);
  }

  Status count_values(std::size_t count) {
    if (count > limits_.max_values - values_) {
      return Error(Code::Exhausted,
                   fmt::format("UBJSON of more than {} values", limits_.max_values));
    }
    values_ += count;
    return {};
  }

  Result<Json> read(char type, unsigned depth) {
    WINNOW_TRY(count_values(1));
    switch (type) {
      case 'Z':
        return Json();
      case 'T':
        return Json(true);
      case 'F':
        return Json(false);
      case 'S': {
        WINNOW_TRY(auto value, text());
        return Json(std::move(value));
      }
      case 'C': {
        WINNOW_TRY(const auto value, take(1));
        return Json(value);
      }
      case '[':
        return read_array(depth);
      case '{':
        return read_object(depth);
      default:
        break;
    }
    const auto size = bytes_of_number(type);
    if (size == 0) return malformed("an unknown type", at_ - 1);
    WINNOW_TRY(const auto raw, take(size));
    return number_of(type, raw.data());
  }

  Result<Shape> shape(unsigned depth) {
    if (depth > limits_.max_depth) {
      return Error(Code::Exhausted, fmt::format("UBJSON nested deeper than {}", limits_.max_depth));
    }
    Shape shape;
    if (next_is('$')) {
      WINNOW_TRY(shape.type, marker());
      if (at_ >= bytes_.size() || bytes_[at_] != '#')
        return malformed("a type without a count", at_);
    }
    if (next_is('#')) {
      WINNOW_TRY(shape.count, length());
      // Each value takes at least one byte, so a count can be no larger than what is left.
      if (*shape.count > bytes_.size() - at_) return malformed("a count larger than the file", at_);
    }
    return shape;
  }

  Result<Json> read_item(const Shape& shape, unsigned depth) {
    if (!shape.type) {
      WINNOW_TRY(const char type, marker());
      return read(type, depth + 1);
    }
    if (*shape.type == 'Z' || *shape.type == 'T' || *shape.type == 'F') {
      return malformed("a container of values without content", at_);
    }
    return read(*shape.type, depth + 1);
  }

  Result<Json> read_numbers(char type, std::size_t count) {
    const auto size = bytes_of_number(type);
    WINNOW_TRY(count_values(count));
    WINNOW_TRY(const auto raw,
               take(count * size));  // count is at most the file's size: no overflow
    std::vector<Json> items;
    items.reserve(count);
    for (std::size_t i = 0; i < count; ++i) items.push_back(number_of(type, raw.data() + i * size));
    return Json::array(std::move(items));
  }

  Result<Json> read_array(unsigned depth) {
    WINNOW_TRY(const auto form, shape(depth));
    if (form.type && bytes_of_number(*form.type) > 0) return read_numbers(*form.type, *form.count);
    std::vector<Json> items;
    while (form.count ? items.size() < *form.count : !next_is(']')) {
      WINNOW_TRY(Json item, read_item(form, depth));
      items.push_back(std::move(item));
    }
    return Json::array(std::move(items));
  }

  Result<Json> read_object(unsigned depth) {
    WINNOW_TRY(const auto form, shape(depth));
    Json::Object members;
    while (form.count ? members.size() < *form.count : !next_is('}')) {
      WINNOW_TRY(auto key, text());
      WINNOW_TRY(Json item, read_item(form, depth));
      members.emplace_back(std::move(key), std::move(item));
    }
    std::vector<std::string_view> keys;
    for (const auto& member : members) keys.push_back(member.first);
    std::sort(keys.begin(), keys.end());
    if (std::adjacent_find(keys.begin(), keys.end()) != keys.end())
      return malformed("a key that occurs twice", at_);
    return Json::object_of(std::move(members));
  }

  std::string_view bytes_;
  UbjsonLimits limits_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

Result<Json> parse_ubjson(std::string_view bytes, const UbjsonLimits& limits) {
  return UbjsonReader(bytes, limits).document();
}

}  // namespace winnow
