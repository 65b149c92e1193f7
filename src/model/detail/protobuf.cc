#include "model/detail/protobuf.h"

#include <bit>
#include <cstring>
#include <optional>

namespace winnow {
namespace {

// At most ten bytes of seven bits; what lies above 64 bits is dropped, as every reader does.
std::optional<std::uint64_t> take_varint(std::string_view& rest) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 70 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(rest.front());
    rest.remove_prefix(1);
    if (shift < 64) value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> take(std::string_view& rest, std::uint64_t size) {
  if (size > rest.size()) return std::nullopt;
  const auto taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

}  // namespace

bool ProtobufFields::take_value() {
  if (wire_ == kVarint) {
    const auto value = take_varint(rest_);
    value_ = value.value_or(0);
    return value.has_value();
  }
  if (wire_ == kFixed64 || wire_ == kFixed32) {
    const auto raw = take(rest_, wire_ == kFixed64 ? 8 : 4);
    if (raw) std::memcpy(&value_, raw->data(), raw->size());
    return raw.has_value();
  }
  if (wire_ != kBytes) return false;  // groups, which nobody writes any more
  const auto size = take_varint(rest_);
  const auto raw = size ? take(rest_, *size) : std::nullopt;
  bytes_ = raw.value_or(std::string_view());
  return raw.has_value();
}

bool ProtobufFields::next() {
  if (broken_ || rest_.empty()) return false;
  const auto tag = take_varint(rest_);
  value_ = 0;
  bytes_ = {};
  number_ = tag ? static_cast<std::uint32_t>(*tag >> 3) : 0;
  wire_ = tag ? static_cast<std::uint32_t>(*tag & 7) : 0;
  if (number_ == 0 || *tag >> 32 != 0 || !take_value()) fail();
  return !broken_;
}

Status ProtobufFields::finish() const {
  if (!broken_) return {};
  return Error(Code::InvalidArgument, "not valid Protocol Buffers");
}

float ProtobufFields::single() const {
  return wire_ == kFixed32 ? std::bit_cast<float>(static_cast<std::uint32_t>(value_)) : 0;
}

void ProtobufFields::append_integers(std::vector<std::int64_t>& to) {
  if (wire_ == kVarint) to.push_back(integer());
  for (auto packed = bytes_; !packed.empty();) {
    const auto value = take_varint(packed);
    if (!value) return fail();
    to.push_back(static_cast<std::int64_t>(*value));
  }
}

template <typename Number>
void ProtobufFields::append_fixed(std::uint32_t wire, std::vector<Number>& to) {
  if (wire_ == wire) {
    Number value;
    std::memcpy(&value, &value_, sizeof value);  // the machine is little-endian: base/bytes.h
    to.push_back(value);
  }
  if (bytes_.size() % sizeof(Number) != 0) return fail();
  if (bytes_.empty()) return;
  const auto before = to.size();
  to.resize(before + bytes_.size() / sizeof(Number));
  std::memcpy(to.data() + before, bytes_.data(), bytes_.size());
}

void ProtobufFields::append_singles(std::vector<float>& to) { append_fixed(kFixed32, to); }
void ProtobufFields::append_doubles(std::vector<double>& to) { append_fixed(kFixed64, to); }

}  // namespace winnow
