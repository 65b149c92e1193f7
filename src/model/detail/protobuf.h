// The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding): a message is a
// row of numbered fields. Borrowed, bounded by the buffer, never throws.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

// Walks the fields of one message: while (fields.next()) switch (fields.number()) ...; finish().
class ProtobufFields {
 public:
  explicit ProtobufFields(std::string_view message) : rest_(message) {}

  // The next field, or false: at the end, or where the bytes are malformed.
  bool next();
  // Errors: InvalidArgument, if the bytes were malformed.
  Status finish() const;

  std::uint32_t number() const { return number_; }
  // The value as the schema calls it; a field of another wire type reads as zero or empty.
  std::int64_t integer() const { return static_cast<std::int64_t>(wire_ == kVarint ? value_ : 0); }
  float single() const;
  std::string_view bytes() const { return bytes_; }

  // Appends the values of a repeated field, packed or one by one. A packed one that does not come
  // out even makes the message malformed.
  void append_integers(std::vector<std::int64_t>& to);
  void append_singles(std::vector<float>& to);
  void append_doubles(std::vector<double>& to);

 private:
  static constexpr std::uint32_t kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5;

  template <typename Number>
  void append_fixed(std::uint32_t wire, std::vector<Number>& to);
  bool take_value();  // of the field whose tag was read
  void fail() { broken_ = true; }

  std::string_view rest_;
  std::uint32_t number_ = 0;
  std::uint32_t wire_ = 0;
  std::uint64_t value_ = 0;
  std::string_view bytes_;
  bool broken_ = false;
};

}  // namespace winnow
