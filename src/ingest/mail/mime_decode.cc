#include "ingest/mail/mime_decode.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/byte_set.h"
#include "base/utf8.h"

namespace winnow {
namespace {

constexpr ByteSet kEncodingEnd(";(");
constexpr ByteSet kBlankAtLineEnd(" \t\r");

constexpr std::uint8_t kForeign = 0xFF;
constexpr std::uint8_t kSpace = 0xFE;
constexpr std::uint8_t kPadding = 0xFD;

constexpr std::array<std::uint8_t, 256> base64_table() {
  std::array<std::uint8_t, 256> table{};
  table.fill(kForeign);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  for (const unsigned char c : std::string_view(" \t\r\n\f\v")) table[c] = kSpace;
  table['='] = kPadding;
  return table;
}

constexpr std::uint8_t kNoDigit = 16;
constexpr std::array<std::uint8_t, 256> hex_table() {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNoDigit);
  constexpr std::string_view kUpper = "0123456789ABCDEF", kLower = "0123456789abcdef";
  for (std::uint8_t i = 0; i < 16; ++i) {
    table[static_cast<unsigned char>(kUpper[i])] = i;
    table[static_cast<unsigned char>(kLower[i])] = i;
  }
  return table;
}

constexpr auto kBase64 = base64_table();
constexpr auto kHex = hex_table();

// The byte of two hexadecimal digits at `at`, or -1.
int escaped_byte(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return -1;
  const int high = kHex[static_cast<unsigned char>(text[at])];
  const int low = kHex[static_cast<unsigned char>(text[at + 1])];
  return high == kNoDigit || low == kNoDigit ? -1 : high << 4 | low;
}

void put_last_group(std::uint32_t bits, int digits, char*& out) {
  if (digits >= 2) *out++ = static_cast<char>(bits >> (6 * digits - 8));
  if (digits == 3) *out++ = static_cast<char>(bits >> 2);
}

}  // namespace

std::optional<TransferEncoding> transfer_encoding_of(std::string_view name) {
  name = trim_ascii(name.substr(0, kEncodingEnd.find_in(name)));
  if (equal_ignoring_ascii_case(name, "base64")) return TransferEncoding::Base64;
  if (equal_ignoring_ascii_case(name, "quoted-printable")) return TransferEncoding::QuotedPrintable;
  for (const std::string_view identity : {"", "7bit", "8bit", "binary", "7-bit", "8-bit"}) {
    if (equal_ignoring_ascii_case(name, identity)) return TransferEncoding::Identity;
  }
  return std::nullopt;
}

void decode_base64(std::string_view text, std::string& out, DecodeFlaws& flaws) {
  const auto start = out.size();
  out.resize(start + text.size() / 4 * 3 + 3);
  char* to = out.data() + start;
  std::uint32_t bits = 0;
  int digits = 0;
  const auto digit = [&](std::size_t i) { return kBase64[static_cast<unsigned char>(text[i])]; };
  for (std::size_t at = 0; at < text.size();) {
    if (digits == 0 && at + 4 <= text.size()) {  // whole groups, which is nearly all there is
      const auto a = digit(at), b = digit(at + 1), c = digit(at + 2), d = digit(at + 3);
      if ((a | b | c | d) < 64) {
        const std::uint32_t group = static_cast<std::uint32_t>(a << 18 | b << 12 | c << 6 | d);
        *to++ = static_cast<char>(group >> 16);
        *to++ = static_cast<char>(group >> 8);
        *to++ = static_cast<char>(group);
        at += 4;
        continue;
      }
    }
    const auto value = digit(at++);
    if (value < 64) {
      bits = bits << 6 | value;
      if (++digits < 4) continue;
      *to++ = static_cast<char>(bits >> 16);
      *to++ = static_cast<char>(bits >> 8);
      *to++ = static_cast<char>(bits);
      bits = 0;
      digits = 0;
    } else if (value == kPadding) {
      // Ends a group, not the text: encoded pieces are glued together in the wild.
      put_last_group(bits, digits, to);
      bits = 0;
      digits = 0;
    } else if (value == kForeign) {
      flaws.foreign = true;
    }
  }
  if (digits > 0) flaws.truncated = true;
  put_last_group(bits, digits, to);
  out.resize(static_cast<std::size_t>(to - out.data()));
}

void decode_quoted_printable(std::string_view text, std::string& out, DecodeFlaws& flaws) {
  const auto start = out.size();
  out.resize(start + text.size());
  char* to = out.data() + start;
  for (std::size_t at = 0; at < text.size();) {
    const auto equals = std::min(text.find('=', at), text.size());
    to = std::copy(text.begin() + at, text.begin() + equals, to);
    if (equals == text.size()) break;
    at = equals + 1;
    if (const int byte = escaped_byte(text, at); byte >= 0) {
      *to++ = static_cast<char>(byte);
      at += 2;
      continue;
    }
    // A soft line break: '=' and perhaps blanks before the line end (RFC 2045 section 6.7, rule 3).
    const auto end = kBlankAtLineEnd.find_not_in(text, at);
    if (end == text.size() || text[end] == '\n') {
      at = end == text.size() ? end : end + 1;
    } else {
      flaws.foreign = true;
      *to++ = '=';
    }
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

void decode_q_word(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int byte = text[at] == '=' ? escaped_byte(text, at + 1) : -1;
    if (byte >= 0) {
      out.push_back(static_cast<char>(byte));
      at += 2;
    } else {
      out.push_back(text[at] == '_' ? ' ' : text[at]);
    }
  }
}

std::string decode_transfer(std::string_view text, TransferEncoding encoding) {
  std::string out;
  DecodeFlaws flaws;
  switch (encoding) {
    case TransferEncoding::Identity:
      out.assign(text);
      break;
    case TransferEncoding::Base64:
      decode_base64(text, out, flaws);
      break;
    case TransferEncoding::QuotedPrintable:
      decode_quoted_printable(text, out, flaws);
      break;
  }
  return out;
}

}  // namespace winnow
