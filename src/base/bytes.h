// Binary records: little-endian integers, variable-length counts, length-prefixed text. Reading is
// bounded by the buffer and never throws; check ok() once at the end.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow {

static_assert(std::endian::native == std::endian::little, "binary formats are little-endian");

class ByteWriter {
 public:
  template <typename T>
    requires std::is_arithmetic_v<T>
  ByteWriter& put(T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof value);
    return *this;
  }
  ByteWriter& put_count(std::uint64_t value) {  // LEB128: 1 to 10 bytes
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
    return *this;
  }
  ByteWriter& put_text(std::string_view text) {
    put_count(text.size());
    out_.append(text);
    return *this;
  }
  ByteWriter& put_raw(std::string_view bytes) {
    out_.append(bytes);
    return *this;
  }
  const std::string& bytes() const& { return out_; }
  std::string bytes() && { return std::move(out_); }

 private:
  std::string out_;
};

// Borrows the buffer. After the first read past its end every read gives zero and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
    requires std::is_arithmetic_v<T>
  T get() {
    T value{};
    const auto bytes = get_raw(sizeof value);
    if (ok_) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  // In its shortest form only, so that what is read has one spelling.
  std::uint64_t get_count() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = get<std::uint8_t>();
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80) != 0) continue;
      if ((byte == 0 && shift > 0) || (byte > 1 && shift == 63)) break;
      return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view get_text() { return get_raw(get_count()); }
  std::string_view get_raw(std::uint64_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const auto bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  // A count of items that take at least `min_item_bytes` each: refuses what cannot follow, so that
  // a hostile count never becomes an allocation.
  std::uint64_t get_item_count(std::uint64_t min_item_bytes) {
    const auto count = get_count();
    if (ok_ && min_item_bytes > 0 && count > rest_.size() / min_item_bytes) ok_ = false;
    return ok_ ? count : 0;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }
  // Errors: Corrupt, unless everything was read and nothing is left.
  Status finish(std::string_view what) const {
    if (ok_ && at_end()) return {};
    return Error(Code::Corrupt,
                 std::string(what) + (ok_ ? " has bytes after its end" : " ends too early"));
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace winnow
