#include "model/detail/envelope.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/digest.h"

namespace winnow {

std::string seal(std::string_view magic, std::uint32_t version, std::string_view payload) {
  ByteWriter out;
  out.put_raw(magic).put(version).put(std::uint64_t{payload.size()}).put_raw(payload);
  const auto sum = hash64(out.bytes());
  return std::move(out.put(sum)).bytes();
}

Result<std::string_view> unseal(std::string_view magic, std::uint32_t version,
                                std::string_view bytes) {
  ByteReader in(bytes);
  if (in.get_raw(magic.size()) != magic) {
    return Error(Code::InvalidArgument, fmt::format("does not begin with '{}'", magic));
  }
  const auto found = in.get<std::uint32_t>();
  const auto size = in.get<std::uint64_t>();
  const auto payload = in.get_raw(size);
  const auto sum = in.get<std::uint64_t>();
  WINNOW_TRY(in.finish(magic));
  if (sum != hash64(bytes.substr(0, bytes.size() - sizeof sum))) {
    return Error(Code::Corrupt, fmt::format("the check sum of '{}' does not match", magic));
  }
  if (found != version) {
    return Error(Code::Unsupported,
                 fmt::format("version {} of '{}', known is {}", found, magic, version));
  }
  return payload;
}

}  // namespace winnow
