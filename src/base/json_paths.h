// Which members a JSON record has, without building a document of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

// Reads record after record in the same memory. One thread at a time.
class JsonPaths {
 public:
  // Of a record; the others are not looked at. Each repeats the keys above it: a long one above
  // many members would be multiplied.
  static constexpr std::size_t kMost = 20'000;
  static constexpr std::size_t kMostBytes = 256UL << 10;  // of all, the last one beyond it
  static constexpr std::size_t kMostLength = 1024;        // of one

  JsonPaths();
  JsonPaths(JsonPaths&&) noexcept;
  JsonPaths& operator=(JsonPaths&&) noexcept;
  ~JsonPaths();

  // Turns to another record. Errors: as parse_json(); a member that occurs twice is none.
  Status read(std::string_view record);

  // The paths that lead to a value, in the record's order: "alert.signature"; "*" for the items of
  // a list, which may come again. An object without members is a value, null and a list without
  // items are none. Valid until the next read().
  std::vector<std::string_view> paths() const;
  // The same of all records that have the same paths in the same order, and rarely of others.
  std::uint64_t shape() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow
