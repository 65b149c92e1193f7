// How often which value was observed, in bounded memory: what makes a value rare for an entity, and
// how its values are spread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace winnow {

// A Count-Min sketch (Cormode & Muthukrishnan 2005) of 4 rows by 256 columns, of which the cells
// above 0 are kept. A count is never too low; with probability 98 % (1 - e^-4) it is too high by at
// most 1.1 % (e / 256) of all observations, and up to 30 different values nearly always exact.
// 8 bytes a cell: 32 for a value while few, at most 8 KiB. Adding and merging sum cells: the order
// does not matter. (Space-Saving is as small, but what it holds depends on the order.)
class Frequencies {
 public:
  static constexpr std::uint32_t kRows = 4, kColumns = 256;

  void add(std::string_view value);
  Status merge(const Frequencies& other);

  std::uint64_t total() const { return total_; }
  std::uint64_t count(std::string_view value) const;
  // Log2 of (total + 1) / (count + 1): 0 for what is always so, high for what never was.
  double rarity(std::string_view value) const;
  // Shannon entropy of the values in bits. Values that fall into one column count as one: it is
  // never too high, and at most 8 bits.
  double entropy() const;

  std::size_t heap_bytes() const { return cells_.capacity() * sizeof(Cell); }
  void write(ByteWriter& out) const;
  static Result<Frequencies> read(ByteReader& in);  // Errors: Corrupt
  friend bool operator==(const Frequencies&, const Frequencies&) = default;

 private:
  struct Cell {
    std::uint32_t place;  // row * 256 + column
    std::uint32_t count;  // above 0
    friend bool operator==(const Cell&, const Cell&) = default;
  };
  std::uint64_t total_ = 0;
  std::vector<Cell> cells_;  // ascending
};

}  // namespace winnow
