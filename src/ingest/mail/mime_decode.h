// Transfer encodings of MIME (RFC 2045 section 6), read leniently: what cannot be decoded is passed
// over (base64) or kept as it stands (quoted-printable), as mail programs do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/mail/mime.h"

namespace winnow {

// By its name, case ignored; absent, 7bit, 8bit and binary are Identity. Nothing for unknown names.
std::optional<TransferEncoding> transfer_encoding_of(std::string_view name);

struct DecodeFlaws {
  bool foreign = false;    // characters outside the alphabet, other than blanks and line ends
  bool truncated = false;  // base64 whose last group is incomplete
};

// Appends the decoded bytes. Linear; the output is never longer than the input.
void decode_base64(std::string_view text, std::string& out, DecodeFlaws& flaws);
void decode_quoted_printable(std::string_view text, std::string& out, DecodeFlaws& flaws);
// The Q encoding of header fields (RFC 2047 section 4.2): '_' is a blank.
void decode_q_word(std::string_view text, std::string& out);

std::string decode_transfer(std::string_view text, TransferEncoding encoding);

}  // namespace winnow
