#include "trace/span.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace winnow::trace {
namespace {

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
constexpr std::size_t kTraceAt = 3, kSpanAt = 36, kFlagsAt = 53, kSize = 55;
constexpr std::size_t kMostBytes = 512;  // of a version to come

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

// False for anything but lower-case hexadecimal digits.
bool read_hex(std::string_view digits, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = value_of(digits[2 * i]), low = value_of(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

bool is_zero(std::span<const std::uint8_t> id) {
  return std::ranges::all_of(id, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::optional<SpanContext> context_in(std::string_view text) {
  if (text.size() < kSize || text.size() > kMostBytes) return std::nullopt;
  if (text[kTraceAt - 1] != '-' || text[kSpanAt - 1] != '-' || text[kFlagsAt - 1] != '-')
    return std::nullopt;
  std::array<std::uint8_t, 1> version{}, flags{};
  SpanContext context;
  if (!read_hex(text, version) || !read_hex(text.substr(kTraceAt), context.trace) ||
      !read_hex(text.substr(kSpanAt), context.span) || !read_hex(text.substr(kFlagsAt), flags))
    return std::nullopt;
  if (version[0] == 0xFF || (version[0] == 0 && text.size() != kSize)) return std::nullopt;
  if (text.size() > kSize && text[kSize] != '-') return std::nullopt;
  if (is_zero(context.trace) || is_zero(context.span)) return std::nullopt;
  context.sampled = (flags[0] & 1) != 0;
  return context;
}

std::string traceparent_of(const SpanContext& context) {
  return fmt::format("00-{}-{}-{}", hex_of(context.trace), hex_of(context.span),
                     context.sampled ? "01" : "00");
}

}  // namespace winnow::trace
