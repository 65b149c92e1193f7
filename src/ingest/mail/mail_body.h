// What a mail's parts say to its reader: text, links, and what the HTML does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mail/html.h"
#include "ingest/mail/mail.h"
#include "ingest/mail/mail_links.h"
#include "ingest/mail/mail_problems.h"
#include "ingest/mail/mime.h"

namespace winnow {

struct MailBody {
  std::string text;  // visible; the HTML's where a mail program would show that
  std::string hidden_text;
  bool html_present = false;
  bool text_part_present = false;
  std::uint64_t html_bytes = 0;     // decoded
  std::uint64_t visible_bytes = 0;  // of the HTML
  std::uint64_t hidden_bytes = 0;
  std::uint64_t plain_bytes = 0;  // of the text/plain parts, decoded
  std::uint64_t invisible = 0;    // zero-width and like characters
  HtmlCounts counts;
  std::string base_href;
  std::vector<MailLink> links;
  std::uint64_t link_count = 0;
  std::vector<std::size_t> attachments;  // positions of the parts that are no text to read
};

MailBody read_body(const MimeMessage& message, const MailLimits& limits, MailProblems& problems);

// The same for a text without MIME around it: HTML when it has HTML tags.
MailBody read_bare_body(std::string_view text, const MailLimits& limits, MailProblems& problems);

}  // namespace winnow
