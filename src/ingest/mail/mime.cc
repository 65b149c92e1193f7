#include "ingest/mail/mime.h"

#include <algorithm>
#include <cstring>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "ingest/mail/mime_decode.h"
#include "ingest/mail/mime_header.h"

namespace winnow {
namespace {

constexpr ByteSet kBlankAfterBoundary(" \t\r");

// A line without its end, and where the next one begins.
struct Line {
  std::string_view text;
  std::size_t next;
};

Line line_at(std::string_view text, std::size_t at) {
  const auto newline = text.find('\n', at);
  if (newline == std::string_view::npos) return {text.substr(at), text.size()};
  const auto end = newline > at && text[newline - 1] == '\r' ? newline - 1 : newline;
  return {text.substr(at, end - at), newline + 1};
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The position of the colon of a header field, or npos: one or more printable characters
// (RFC 5322 section 2.2) and perhaps blanks before the colon (section 4.5, obsolete).
std::size_t colon_of(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && line[at] > ' ' && line[at] < 0x7F && line[at] != ':') ++at;
  if (at == 0) return std::string_view::npos;
  while (at < line.size() && is_blank(line[at])) ++at;
  return at < line.size() && line[at] == ':' ? at : std::string_view::npos;
}

// Where `delimiter`, a line end with "--" and a boundary, stands next from `at` on; npos when it
// does not. Boundaries are long and lines are short: looking for the whole leaves most bytes
// unread. A line end stands at its beginning only, so the search stays linear.
std::size_t find_delimiter(std::string_view text, std::string_view delimiter, std::size_t at) {
  if (at >= text.size()) return std::string_view::npos;
  const void* const found =
      ::memmem(text.data() + at, text.size() - at, delimiter.data(), delimiter.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// What a delimiter line says: RFC 2046 section 5.1.1, with blanks at its end.
enum class Delimiter { None, Next, Close };

Delimiter delimiter_in(std::string_view line, std::string_view boundary) {
  if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return Delimiter::None;
  const auto rest = line.substr(2 + boundary.size());
  if (kBlankAfterBoundary.holds_all_of(rest)) return Delimiter::Next;
  return rest.starts_with("--") ? Delimiter::Close : Delimiter::None;
}

class MimeReader {
 public:
  explicit MimeReader(const MimeLimits& limits) : limits_(limits) {}

  MimeMessage read(std::string_view raw) {
    message_.headers.reserve(kUsualHeaders);
    read_part(raw, -1, 0, "text/plain", false);
    return std::move(message_);
  }

 private:
  void note(MimeProblem problem) {
    auto& problems = message_.problems;
    if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(problem);
  }

  // Reads the header section of `text` into the message; returns what follows it.
  std::string_view read_headers(std::string_view text, MimePart& part);
  void add_field(MimePart& part, std::string_view name, std::string_view value);
  void read_part(std::string_view text, std::int32_t parent, std::uint32_t depth,
                 std::string_view default_type, bool in_message);
  void describe(MimePart& part, std::string_view default_type);
  bool read_multipart(std::int32_t position);
  std::string_view decoded_container(const MimePart& part);

  static constexpr std::size_t kUsualHeaders = 64;  // in all parts

  const MimeLimits& limits_;
  MimeMessage message_;
};

void MimeReader::add_field(MimePart& part, std::string_view name, std::string_view value) {
  if (part.header_count >= limits_.headers) return note(MimeProblem::TooManyHeaders);
  if (value.size() > limits_.header_bytes) {
    note(MimeProblem::HeaderTooLong);
    value = value.substr(0, limits_.header_bytes);
  }
  if (value.find('\0') != std::string_view::npos) note(MimeProblem::NulByte);
  message_.headers.push_back({name, trim_ascii(value)});
  ++part.header_count;
}

std::string_view MimeReader::read_headers(std::string_view text, MimePart& part) {
  std::size_t at = 0;
  if (part.depth == 0 && (text.starts_with("From ") || text.starts_with(">From "))) {
    at = line_at(text, 0).next;  // the separator line of an mbox, which is no header field
  }
  while (at < text.size()) {
    auto line = line_at(text, at);
    if (line.text.empty()) return text.substr(line.next);
    const auto colon = colon_of(line.text);
    if (colon == std::string_view::npos) {
      // One odd line among fields is skipped; anything else is a body without its blank line.
      const auto after = line_at(text, line.next).text;
      const bool goes_on = part.header_count > 0 && line.next < text.size() &&
                           (after.empty() || colon_of(after) != std::string_view::npos);
      if (!goes_on) {
        note(part.header_count > 0 ? MimeProblem::NoBlankLine : MimeProblem::NoHeaders);
        return text.substr(at);
      }
      note(MimeProblem::BadHeaderLine);
      at = line.next;
      continue;
    }
    const auto name = trim_ascii(line.text.substr(0, colon));
    const auto value_at = at + colon + 1;
    std::size_t end = at + line.text.size();
    at = line.next;
    // Folded lines. A line of blanks alone goes on folding (RFC 5322 section 4.2).
    while (at < text.size() && is_blank(text[at])) {
      line = line_at(text, at);
      end = at + line.text.size();
      at = line.next;
    }
    add_field(part, name, text.substr(value_at, end - value_at));
  }
  return {};
}

void MimeReader::describe(MimePart& part, std::string_view default_type) {
  std::string_view encoding;
  for (const auto& field : message_.headers_of(part)) {
    // The first of each counts, as in the mail programs that the text is meant for.
    if (!field.name.starts_with('C') && !field.name.starts_with('c')) continue;
    if (equal_ignoring_ascii_case(field.name, "Content-Type")) {
      if (part.content_type.empty()) part.content_type = field.value;
    } else if (equal_ignoring_ascii_case(field.name, "Content-Transfer-Encoding")) {
      if (encoding.empty()) encoding = field.value;
    } else if (equal_ignoring_ascii_case(field.name, "Content-Disposition")) {
      if (part.content_disposition.empty()) part.content_disposition = field.value;
    }
  }
  part.type = media_type_of(part.content_type);
  if (part.type.empty()) part.type = default_type;
  const auto known = transfer_encoding_of(encoding);
  if (!known) note(MimeProblem::UnknownEncoding);
  part.encoding = known.value_or(TransferEncoding::Identity);
}

std::string_view MimeReader::decoded_container(const MimePart& part) {
  if (part.encoding == TransferEncoding::Identity) return part.body;
  if (part.kind == MimePart::Kind::Multipart) note(MimeProblem::EncodedContainer);
  return message_.decoded.emplace_front(decode_transfer(part.body, part.encoding));
}

void MimeReader::read_part(std::string_view text, std::int32_t parent, std::uint32_t depth,
                           std::string_view default_type, bool in_message) {
  if (message_.parts.size() >= limits_.parts) return note(MimeProblem::TooManyParts);
  const auto position = static_cast<std::int32_t>(message_.parts.size());
  MimePart part;
  part.depth = depth;
  part.parent = parent;
  part.in_message = in_message;
  part.first_header = static_cast<std::uint32_t>(message_.headers.size());
  part.body = read_headers(text, part);
  describe(part, default_type);
  message_.parts.push_back(part);

  const bool multipart = part.type.starts_with("multipart/");
  const bool message = part.type == "message/rfc822" || part.type == "message/global";
  if (!multipart && !message) return;
  if (depth >= limits_.depth) return note(MimeProblem::TooDeep);
  if (message) {
    message_.parts[static_cast<std::size_t>(position)].kind = MimePart::Kind::Message;
    read_part(decoded_container(part), position, depth + 1, "text/plain", true);
  } else if (!read_multipart(position)) {
    // Shown as text by mail programs, which is what such a mail counts on.
    message_.parts[static_cast<std::size_t>(position)].type = "text/plain";
  }
}

bool MimeReader::read_multipart(std::int32_t position) {
  const auto index = static_cast<std::size_t>(position);
  const MimePart part = message_.parts[index];  // a copy: reading the children moves the vector
  const auto boundary = parameter_of(part.content_type, "boundary");
  if (boundary.empty()) {
    note(MimeProblem::NoBoundary);
    return false;
  }
  message_.parts[index].kind = MimePart::Kind::Multipart;
  const auto body = decoded_container(part);
  // RFC 2046 section 5.1.5: in a digest the parts are mails unless they say otherwise.
  const std::string_view default_type =
      part.type == "multipart/digest" ? "message/rfc822" : "text/plain";

  bool found = false;
  bool closed = false;
  std::size_t begin = 0;  // of the part that is open, once found
  const auto delimiter_line = "\n--" + boundary;
  for (std::size_t at = body.starts_with("--") ? 0 : find_delimiter(body, delimiter_line, 0);
       at < body.size() && !closed; at = find_delimiter(body, delimiter_line, at)) {
    if (body[at] == '\n') ++at;
    const auto line = line_at(body, at);
    const auto delimiter = delimiter_in(line.text, boundary);
    if (delimiter == Delimiter::None) continue;
    if (found) {
      // The line end before a delimiter belongs to the delimiter.
      auto end = at > begin ? at - 1 : begin;
      if (end > begin && body[end - 1] == '\r') --end;
      read_part(body.substr(begin, end - begin), position, part.depth + 1, default_type,
                part.in_message);
    }
    found = true;
    closed = delimiter == Delimiter::Close;
    begin = line.next;
    if (message_.parts.size() >= limits_.parts) {
      note(MimeProblem::TooManyParts);
      return true;
    }
    if (line.next >= body.size()) break;
    at = line.next - 1;  // its line end may begin the next delimiter
  }
  if (!found) {
    note(MimeProblem::BoundaryNotFound);
    message_.parts[index].kind = MimePart::Kind::Leaf;
    return false;
  }
  if (!closed) {
    note(MimeProblem::UnclosedMultipart);
    if (begin < body.size()) {
      read_part(body.substr(begin), position, part.depth + 1, default_type, part.in_message);
    }
  }
  return true;
}

}  // namespace

std::string_view text_of(MimeProblem problem) {
  switch (problem) {
    case MimeProblem::NoHeaders:
      return "no header fields";
    case MimeProblem::BadHeaderLine:
      return "a line in the header is no header field";
    case MimeProblem::NoBlankLine:
      return "no blank line after the header";
    case MimeProblem::NulByte:
      return "NUL byte in a header field";
    case MimeProblem::TooManyHeaders:
      return "too many header fields";
    case MimeProblem::HeaderTooLong:
      return "header field too long";
    case MimeProblem::NoBoundary:
      return "multipart without boundary";
    case MimeProblem::BoundaryNotFound:
      return "multipart whose boundary does not occur";
    case MimeProblem::UnclosedMultipart:
      return "multipart not closed";
    case MimeProblem::TooDeep:
      return "parts nested too deeply";
    case MimeProblem::TooManyParts:
      return "too many parts";
    case MimeProblem::UnknownEncoding:
      return "unknown transfer encoding";
    case MimeProblem::EncodedContainer:
      return "multipart inside a transfer encoding";
  }
  return "";
}

MimeMessage read_mime(std::string_view raw, const MimeLimits& limits) {
  return MimeReader(limits).read(raw);
}

}  // namespace winnow
