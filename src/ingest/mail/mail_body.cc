#include "ingest/mail/mail_body.h"

#include <algorithm>

#include "base/utf8.h"
#include "ingest/mail/charset.h"
#include "ingest/mail/mime_decode.h"
#include "ingest/mail/mime_header.h"
#include "ingest/mail/text_sink.h"

namespace winnow {
namespace {

bool has_name(const MimePart& part) {
  return !parameter_of(part.content_disposition, "filename").empty() ||
         !parameter_of(part.content_type, "name").empty();
}

class BodyReader {
 public:
  BodyReader(const MimeMessage& message, const MailLimits& limits, MailProblems& problems)
      : message_(message), limits_(limits), problems_(problems), ends_(message.parts.size()) {
    // Parts lie in document order, so what a part contains follows it without a gap.
    for (std::size_t i = ends_.size(); i > 0; --i) {
      ends_[i - 1] = std::max(ends_[i - 1], i);
      const auto parent = message_.parts[i - 1].parent;
      if (parent < 0) continue;
      auto& end = ends_[static_cast<std::size_t>(parent)];
      end = std::max(end, ends_[i - 1]);
    }
  }

  MailBody read() {
    if (!message_.parts.empty()) read_part(0);
    return std::move(body_);
  }

  void read_html_text(std::string_view html, bool nested);
  void read_plain_text(std::string_view text, bool nested);
  MailBody take() { return std::move(body_); }

 private:
  const MimePart& part(std::size_t i) const { return message_.parts[i]; }
  bool is_text(std::size_t i) const;
  int worth(std::size_t i) const;
  void read_part(std::size_t i);
  void read_alternatives(std::size_t i);
  void pass_over(std::size_t i);
  void read_text(std::size_t i);
  std::string_view decoded(const MimePart& part, bool html);  // valid until the next call
  void add_links(std::vector<MailLink> links, std::uint64_t count, bool nested);
  static void append(std::string& to, std::string text);

  const MimeMessage& message_;
  const MailLimits& limits_;
  MailProblems& problems_;
  std::vector<std::size_t> ends_;  // where what a part contains ends
  std::string bytes_, text_;       // of the part that is read
  MailBody body_;
};

// Text to be read in the mail, rather than a file that holds text.
bool BodyReader::is_text(std::size_t i) const {
  const auto& p = part(i);
  if (p.kind != MimePart::Kind::Leaf || !p.type.starts_with("text/")) return false;
  if (disposition_of(p.content_disposition) == "attachment") return false;
  const bool plain_kind = p.type == "text/html" || p.type == "text/plain";
  if (!plain_kind)
    return p.type == "text/enriched" || p.type == "text/markdown" || p.type == "text/x-amp-html";
  // The first text is shown whatever it is called; later ones with a name are files.
  const bool first = body_.text.empty() && !body_.html_present;
  return first || !has_name(p);
}

// How much a program would rather show it: HTML over plain text over what it cannot show.
int BodyReader::worth(std::size_t i) const {
  int best = 0;
  for (auto j = i; j < ends_[i]; ++j) {
    if (!is_text(j)) continue;
    best = std::max(best, part(j).type == "text/html"         ? 2
                          : part(j).type == "text/x-amp-html" ? 0
                                                              : 1);
  }
  return best;
}

void BodyReader::read_part(std::size_t i) {
  const auto& p = part(i);
  switch (p.kind) {
    case MimePart::Kind::Multipart:
      if (p.type == "multipart/alternative") return read_alternatives(i);
      for (auto child = i + 1; child < ends_[i]; child = ends_[child]) read_part(child);
      return;
    case MimePart::Kind::Message:
      body_.attachments.push_back(i);
      for (auto child = i + 1; child < ends_[i]; child = ends_[child]) read_part(child);
      return;
    case MimePart::Kind::Leaf:
      if (is_text(i)) return read_text(i);
      body_.attachments.push_back(i);
      return;
  }
}

// RFC 2046 section 5.1.4: the last of the best is shown.
void BodyReader::read_alternatives(std::size_t i) {
  std::size_t chosen = 0;
  int best = -1;
  for (auto child = i + 1; child < ends_[i]; child = ends_[child]) {
    const int value = worth(child);
    if (value < best) continue;
    best = value;
    chosen = child;
  }
  for (auto child = i + 1; child < ends_[i]; child = ends_[child]) {
    if (child != chosen) pass_over(child);
  }
  if (best >= 0) read_part(chosen);
}

// An alternative that is not shown: its text counts only in size, its files are files.
void BodyReader::pass_over(std::size_t i) {
  for (auto j = i; j < ends_[i]; ++j) {
    const auto& p = part(j);
    if (p.kind == MimePart::Kind::Multipart) continue;
    if (p.kind == MimePart::Kind::Leaf && p.type.starts_with("text/") && !has_name(p)) {
      if (p.type == "text/plain" && !p.in_message) {
        body_.text_part_present = true;
        body_.plain_bytes += decoded(p, false).size();
      }
    } else {
      body_.attachments.push_back(j);
    }
  }
}

std::string_view BodyReader::decoded(const MimePart& p, bool html) {
  // Quoted-printable takes up to three bytes for one; what lies beyond the limit is not decoded.
  const auto enough = limits_.text_part_bytes * 3;
  auto bytes = p.body.substr(0, enough);
  if (p.encoding != TransferEncoding::Identity) {
    bytes_ = decode_transfer(bytes, p.encoding);
    bytes = bytes_;
  }
  if (bytes.size() > limits_.text_part_bytes || p.body.size() > enough) {
    problems_.note("text part too long");
    bytes = bytes.substr(0, limits_.text_part_bytes);
  }
  auto charset = parameter_of(p.content_type, "charset");
  if (charset.empty() && html) charset = declared_charset(bytes);
  CharsetFlaws flaws;
  const auto text = as_utf8(bytes, charset, text_, flaws);
  if (flaws.unknown) problems_.note("unknown character set");
  if (flaws.ill_formed) problems_.note("text that its character set does not allow");
  return text;
}

void BodyReader::append(std::string& to, std::string text) {
  if (to.empty()) {
    to = std::move(text);
  } else if (!text.empty()) {
    to.append("\n\n").append(text);
  }
}

void BodyReader::add_links(std::vector<MailLink> links, std::uint64_t count, bool nested) {
  body_.link_count += count;
  for (auto& link : links) {
    if (body_.links.size() >= limits_.links) {
      problems_.note("too many links");
      return;
    }
    link.nested = nested;
    body_.links.push_back(std::move(link));
  }
}

void BodyReader::read_html_text(std::string_view html, bool nested) {
  auto content = read_html(html, {.text_bytes = limits_.text_part_bytes, .links = limits_.links});
  auto links = resolve_links(content);
  const auto beyond = content.link_count - content.links.size();
  const auto count = links.size() + beyond;
  add_links(std::move(links), count, nested);
  if (beyond > 0) problems_.note("too many links");
  auto in_text = find_links(content.text, limits_.links, content.anchors);
  const auto text_count = in_text.size();
  add_links(std::move(in_text), text_count, nested);
  if (nested) return;
  body_.html_present = true;
  body_.html_bytes += html.size();
  body_.visible_bytes += content.text.size();
  body_.hidden_bytes += content.hidden_text.size();
  body_.invisible += content.counts.invisible_characters;
  body_.counts += content.counts;
  if (body_.base_href.empty()) body_.base_href = std::move(content.base_href);
  append(body_.text, std::move(content.text));
  append(body_.hidden_text, std::move(content.hidden_text));
}

void BodyReader::read_plain_text(std::string_view text, bool nested) {
  std::size_t invisible = 0;
  auto clean = clean_plain_text(text, invisible);
  auto links = find_links(clean, limits_.links);
  const auto count = links.size();
  add_links(std::move(links), count, nested);
  if (nested) return;
  body_.text_part_present = true;
  body_.plain_bytes += text.size();
  body_.invisible += invisible;
  clean.resize(clean.find_last_not_of('\n') + 1);
  append(body_.text, std::move(clean));
}

void BodyReader::read_text(std::size_t i) {
  const auto& p = part(i);
  const bool html = p.type == "text/html" || p.type == "text/x-amp-html";
  const auto text = decoded(p, html);
  if (html) {
    read_html_text(text, p.in_message);
  } else {
    read_plain_text(text, p.in_message);
  }
}

bool has_html_tags(std::string_view text) {
  const auto lower = ascii_lower(text.substr(0, 4096));
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"<html", "<body", "<div", "<table", "<br", "<p>",
                                              "<a href", "<!doctype html"},
      [&](std::string_view tag) { return lower.find(tag) != std::string::npos; });
}

}  // namespace

MailBody read_body(const MimeMessage& message, const MailLimits& limits, MailProblems& problems) {
  return BodyReader(message, limits, problems).read();
}

MailBody read_bare_body(std::string_view text, const MailLimits& limits, MailProblems& problems) {
  const MimeMessage none;
  BodyReader reader(none, limits, problems);
  if (text.size() > limits.text_part_bytes) problems.note("text part too long");
  std::string valid;
  CharsetFlaws flaws;
  append_as_utf8(text.substr(0, limits.text_part_bytes), "", valid, flaws);
  if (has_html_tags(valid)) {
    reader.read_html_text(valid, false);
  } else {
    reader.read_plain_text(valid, false);
  }
  return reader.take();
}

}  // namespace winnow
