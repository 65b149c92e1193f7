// Small numbers of a binary record, gathered and then put into a ByteWriter as one: where there are
// tens of them, to append each by itself takes longer than to make it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace winnow {

// At most kMost bytes, for which the caller vouches.
template <std::size_t kMost>
class FewBytes {
 public:
  template <typename T>
    requires std::is_arithmetic_v<T>
  FewBytes& put(T value) {
    std::memcpy(&bytes_[size_], &value, sizeof value);
    size_ += sizeof value;
    return *this;
  }
  FewBytes& put_count(std::uint64_t value) {  // as ByteWriter does: 1 to 10 bytes
    for (; value >= 0x80; value >>= 7) bytes_[size_++] = static_cast<char>(value | 0x80);
    bytes_[size_++] = static_cast<char>(value);
    return *this;
  }
  FewBytes& put_raw(std::string_view bytes) {
    std::memcpy(&bytes_[size_], bytes.data(), bytes.size());
    size_ += bytes.size();
    return *this;
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, kMost> bytes_;
  std::size_t size_ = 0;
};

}  // namespace winnow
