// What is attached to a mail: facts about its name, type and content; nothing is opened or kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "ingest/mail/archive_listing.h"
#include "ingest/mail/mime.h"

namespace winnow {

struct MailAttachment {
  std::string name;  // UTF-8, at most 255 bytes; empty when it has none
  std::string extension;
  std::string declared_type;
  std::string detected_type;  // empty when unknown
  std::uint64_t size = 0;     // decoded
  Digest sha256;
  bool is_inline = false;
  bool is_nested = false;  // in a mail within the mail
  bool is_message = false;
  bool type_mismatch = false;
  bool double_extension = false;
  bool direction_override = false;
  bool executable = false;
  bool html = false;
  bool macro = false;
  bool encrypted = false;
  bool damaged = false;    // its transfer encoding is
  ArchiveListing archive;  // an empty format: it is none
};

// Decodes the part into `buffer` (reused from one to the next) and looks at it. Takes time linear
// in the part's size, plus the bounded work of listing an archive.
MailAttachment read_attachment(const MimePart& part, std::size_t archive_entries,
                               std::string& buffer);

}  // namespace winnow
