// The structure of a mail (RFC 5322, RFC 2045, RFC 2046): header fields and parts as views into the
// bytes they were read from. Reading never fails; what is damaged or beyond a limit is reported.
#pragma once

#include <cstdint>
#include <forward_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

struct MimeLimits {
  std::size_t depth = 32;
  std::size_t parts = 1000;
  std::size_t headers = 1000;  // a part
  std::size_t header_bytes = 64UL << 10;
};

enum class MimeProblem : std::uint8_t {
  NoHeaders,          // the mail begins with its body
  BadHeaderLine,      // a line in the header section that is no header field; skipped
  NoBlankLine,        // the header section ends without an empty line
  NulByte,            // in a header field
  TooManyHeaders,     // the rest is not read
  HeaderTooLong,      // the field is cut
  NoBoundary,         // a multipart without the parameter; read as text
  BoundaryNotFound,   // likewise
  UnclosedMultipart,  // the closing delimiter is missing
  TooDeep,            // a container is read as a leaf
  TooManyParts,       // the rest is not read
  UnknownEncoding,    // a Content-Transfer-Encoding that does not exist; read as it stands
  EncodedContainer,   // base64 around a multipart, which RFC 2045 section 6.4 forbids; decoded
};
std::string_view text_of(MimeProblem problem);  // a phrase for people

struct HeaderField {
  std::string_view name;
  std::string_view value;  // still folded and encoded; without outer blanks
};

enum class TransferEncoding : std::uint8_t { Identity, Base64, QuotedPrintable };

struct MimePart {
  enum class Kind : std::uint8_t { Leaf, Multipart, Message };
  Kind kind = Kind::Leaf;
  TransferEncoding encoding = TransferEncoding::Identity;
  bool in_message = false;  // below a message/rfc822 part
  std::uint32_t depth = 0;
  std::int32_t parent = -1;  // position in MimeMessage::parts
  std::uint32_t first_header = 0;
  std::uint32_t header_count = 0;
  std::string type;  // "text/plain": lower case; the default where absent or unreadable
  std::string_view content_type;         // the header's value as written, empty when absent
  std::string_view content_disposition;  // likewise
  std::string_view body;                 // still encoded
};

// A mail's parts in document order: a container comes before what it contains. The first is the
// mail itself. Views point into the mail's bytes, which outlive it, or into `decoded`.
struct MimeMessage {
  std::vector<HeaderField> headers;  // of all parts
  std::vector<MimePart> parts;
  std::vector<MimeProblem> problems;       // each once, in order of appearance
  std::forward_list<std::string> decoded;  // containers that came encoded

  std::span<const HeaderField> headers_of(const MimePart& part) const {
    return std::span(headers).subspan(part.first_header, part.header_count);
  }
};

// Takes time linear in the size, times the depth of the multiparts.
MimeMessage read_mime(std::string_view raw, const MimeLimits& limits);
MimeMessage read_mime(std::string&& raw, const MimeLimits& limits) = delete;  // it would dangle

}  // namespace winnow
