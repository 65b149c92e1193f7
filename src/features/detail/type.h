// The types of the expression language, and the cell that holds a value of any of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace winnow::features {

enum class Type : std::uint8_t {
  Number,
  Bool,
  Text,
  Texts,    // a list of texts
  Words,    // a text, normalised and scanned for lexicons and brands (words.h)
  Letters,  // the characters of a text, counted (letters.h)
  List,     // records, perhaps filtered
  Seen,     // accumulators of a history (entity_state.h)
  Counts,
  Distinct,
  Window,
  DistinctWindow,
  FrequencyCounts,
  ArrivalTimes,
  Lexicon,  // names that the feature set declares, written without quotes
  DomainList,
  Token,  // a kind of normalised token: url, address, domain, number, money, recipient
};
std::string_view name_of(Type type);  // "number", "yes/no", "text", ...

// Numbers and yes/no are `number` with NaN for missing, yes is 1; everything else is `data` with a
// null pointer for missing, which an empty text is not. Views point into the event or the
// evaluation's arena.
struct Cell {
  union {
    double number;
    const void* data;
  };
  std::uint64_t size = 0;

  Cell() : data(nullptr) {}
  static Cell of(double value) {
    Cell cell;
    cell.number = value;
    return cell;
  }
  static Cell of(bool value) { return of(value ? 1.0 : 0.0); }
  static Cell of(std::string_view text) {
    Cell cell;
    cell.data = text.data() == nullptr ? "" : text.data();
    cell.size = text.size();
    return cell;
  }
  template <typename T>
  static Cell of_object(const T* object, std::uint64_t size = 1) {
    Cell cell;
    cell.data = object;
    cell.size = size;
    return cell;
  }
  static Cell missing_number() { return of(std::numeric_limits<double>::quiet_NaN()); }
  static Cell missing_text() { return {}; }

  std::string_view text() const { return {static_cast<const char*>(data), size}; }
  std::span<const std::string_view> texts() const {
    return {static_cast<const std::string_view*>(data), size};
  }
  bool is_missing_number() const { return std::isnan(number); }
  bool is_missing() const { return data == nullptr; }  // of everything but numbers
  bool is_yes() const { return number == 1; }          // missing is not yes
  template <typename T>
  const T& as() const {
    return *static_cast<const T*>(data);
  }
};

inline Cell missing_of(Type type) {
  return type == Type::Number || type == Type::Bool ? Cell::missing_number() : Cell::missing_text();
}

}  // namespace winnow::features
