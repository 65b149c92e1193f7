#include "ingest/mail/mail_attachment.h"

#include "base/utf8.h"
#include "ingest/mail/file_type.h"
#include "ingest/mail/mime_decode.h"
#include "ingest/mail/mime_header.h"

namespace winnow {
namespace {

constexpr std::size_t kLongestName = 255;

// The names of streams in an OLE file stand in its directory as UTF-16 (MS-CFB section 2.6.1).
bool has_ole_name(std::string_view bytes, std::string_view name) {
  std::string wide;
  for (const char c : name) {
    wide.push_back(c);
    wide.push_back('\0');
  }
  return bytes.find(wide) != std::string_view::npos;
}

void look_into(std::string_view bytes, std::size_t archive_entries, MailAttachment& attachment) {
  const auto& type = attachment.detected_type;
  if (type == "application/x-ole-storage") {
    attachment.macro = has_ole_name(bytes, "_VBA_PROJECT");
    attachment.encrypted = has_ole_name(bytes, "EncryptedPackage");
  } else if (type == "application/pdf") {
    attachment.encrypted = bytes.find("/Encrypt") != std::string_view::npos;
  } else {
    attachment.archive = list_archive(bytes, type, {.entries = archive_entries});
    attachment.macro = attachment.archive.macro;
    attachment.encrypted = attachment.archive.encrypted;
  }
}

bool is_html_extension(std::string_view extension) {
  return extension == "html" || extension == "htm" || extension == "shtml" ||
         extension == "xhtml" || extension == "svg" || extension == "hta" || extension == "mht" ||
         extension == "mhtml";
}

}  // namespace

MailAttachment read_attachment(const MimePart& part, std::size_t archive_entries,
                               std::string& buffer) {
  MailAttachment attachment;
  auto name = parameter_of(part.content_disposition, "filename");
  if (name.empty()) name = parameter_of(part.content_type, "name");
  attachment.name = utf8_prefix(trim_ascii(name), kLongestName);
  attachment.extension = extension_of(attachment.name);
  attachment.declared_type = to_valid_utf8(part.type);
  attachment.is_message = part.kind == MimePart::Kind::Message;
  attachment.is_nested = part.in_message;
  attachment.is_inline = disposition_of(part.content_disposition) == "inline";
  attachment.double_extension = has_double_extension(attachment.name);
  attachment.direction_override = has_direction_override(attachment.name);

  std::string_view bytes = part.body;
  if (part.encoding != TransferEncoding::Identity) {
    buffer.clear();
    DecodeFlaws flaws;
    if (part.encoding == TransferEncoding::Base64) {
      decode_base64(part.body, buffer, flaws);
    } else {
      decode_quoted_printable(part.body, buffer, flaws);
    }
    attachment.damaged = flaws.foreign || flaws.truncated;
    bytes = buffer;
  }
  attachment.size = bytes.size();
  attachment.sha256 = sha256(bytes);
  attachment.detected_type = type_by_content(bytes);
  attachment.type_mismatch = contradicts_extension(attachment.detected_type, attachment.extension);
  attachment.executable =
      is_executable_extension(attachment.extension) || is_executable_type(attachment.detected_type);
  attachment.html =
      is_html_extension(attachment.extension) || attachment.declared_type == "text/html" ||
      attachment.detected_type == "text/html" || attachment.detected_type == "image/svg+xml";
  look_into(bytes, archive_entries, attachment);
  return attachment;
}

}  // namespace winnow
