#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "ingest/mail/mail_date.h"
#include "simulate/detail/letter.h"

namespace winnow::simulate {
namespace {

constexpr std::size_t kBase64Line = 76;

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' && !out.ends_with('\r')) out.push_back('\r');
    out.push_back(c);
  }
  return out;
}

// Encoded words (RFC 2047), cut so that each stays below 75 characters and no letter is torn.
std::string header_text(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const auto piece = utf8_prefix(text, 42);
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + to_base64(piece) + "?=";
    text.remove_prefix(piece.size());
  }
  return out;
}

std::string mailbox(std::string_view name, std::string_view address) {
  if (name.empty()) return std::string(address);
  if (!is_ascii(name)) return header_text(name) + " <" + std::string(address) + ">";
  return fmt::format("\"{}\" <{}>", name, address);
}

std::string quoted_printable(std::string_view text) {  // RFC 2045 section 6.7
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool before_break = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = byte >= 32 && byte < 127 && byte != '=' && !(byte == ' ' && before_break);
    if (column + (plain ? 1 : 3) > 75) {
      out += "=\r\n";
      column = 0;
    }
    out += plain ? std::string(1, text[i]) : fmt::format("={:02X}", byte);
    column += plain ? 1 : 3;
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  const auto encoded = to_base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); at += kBase64Line) {
    out += encoded.substr(at, kBase64Line) + "\r\n";
  }
  return out;
}

std::string text_part(std::string_view type, const std::string& text, const Letter& letter) {
  if (letter.client == Client::Webmail && !is_ascii(text)) {
    return fmt::format(
        "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", type,
        base64_lines(text));
  }
  if (letter.client == Client::Script) {
    return fmt::format(
        "Content-Type: {}; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n", type,
        with_crlf(text));
  }
  return fmt::format(
      "Content-Type: {}; charset=\"utf-8\"\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\n{}\r\n",
      type, quoted_printable(text));
}

std::string file_part(const Attachment& file) {
  const bool shown = !file.content_id.empty();
  return fmt::format(
      "Content-Type: {0}; name=\"{1}\"\r\nContent-Transfer-Encoding: base64\r\n{2}"
      "Content-Disposition: {3}; filename=\"{1}\"\r\n\r\n{4}",
      file.type, file.name, shown ? fmt::format("Content-ID: <{}>\r\n", file.content_id) : "",
      shown ? "inline" : "attachment", base64_lines(file.bytes));
}

std::string multipart(std::string_view kind, const std::vector<std::string>& parts, Rng& rng) {
  const auto boundary = fmt::format("----=_{:016x}", rng.next());
  std::string out =
      fmt::format("Content-Type: multipart/{}; boundary=\"{}\"\r\n\r\n", kind, boundary);
  for (const auto& part : parts) out += fmt::format("--{}\r\n{}\r\n", boundary, part);
  return out + fmt::format("--{}--\r\n", boundary);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// Calls `text` and `link` for the pieces of a marked text in order.
template <typename OnText, typename OnLink>
void split_links(std::string_view marked, std::size_t& used, const std::vector<std::string>& urls,
                 OnText text, OnLink link) {
  while (!marked.empty()) {
    const auto open = marked.find('<');
    const auto close = marked.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    const auto label = marked.substr(open + 1, close - open - 1);
    text(marked.substr(0, open));
    if (urls.empty()) {
      text(label);
    } else {
      link(label, urls[std::min(used, urls.size() - 1)]);
    }
    ++used;
    marked.remove_prefix(close + 1);
  }
  text(marked);
}

std::string html_text(std::string_view marked, std::size_t& used,
                      const std::vector<std::string>& urls, std::string_view link_style) {
  std::string out = "<p>";
  const auto text = [&](std::string_view plain) {
    for (const char c : escaped(plain)) {
      if (c != '\n') {
        out.push_back(c);
      } else if (out.ends_with("<br>\n")) {
        out.replace(out.size() - 5, 5, "</p>\n<p>");
      } else {
        out += "<br>\n";
      }
    }
  };
  const auto link = [&](std::string_view label, const std::string& url) {
    out += fmt::format("<a href=\"{}\"{}>{}</a>", escaped(url), link_style, escaped(label));
  };
  split_links(marked, used, urls, text, link);
  return out + "</p>";
}

std::string html_of(const Letter& letter) {
  std::size_t used = 0;
  std::string out = "<html><head><meta charset=\"utf-8\"></head><body>\n";
  if (!letter.preview.empty()) {
    out +=
        fmt::format("<div style=\"display:none;max-height:0\">{}</div>\n", escaped(letter.preview));
  }
  for (const auto& file : letter.attachments) {
    if (!file.content_id.empty()) out += fmt::format("<img src=\"cid:{}\">\n", file.content_id);
  }
  if (letter.shape == Shape::Banner) {
    constexpr std::string_view kButton = " style=\"background:#1a4f8b;color:#fff;padding:8px\"";
    out += "<table width=\"600\"><tr><td>";
    out += html_text(letter.body, used, letter.urls, kButton) + "</td></tr></table>\n";
  } else if (letter.shape != Shape::ImageOnly) {
    out += html_text(letter.body, used, letter.urls, "") + "\n";
  }
  if (!letter.footer.empty()) {
    out += "<hr><small>" + html_text(letter.footer, used, letter.urls, "") + "</small>\n";
  }
  if (!letter.unsubscribe.empty() && !letter.urls.empty()) {
    out += fmt::format("<img src=\"{}&o=1\" width=\"1\" height=\"1\">\n",
                       escaped(letter.urls.front()));
  }
  if (!letter.quoted.empty()) {
    out += "<blockquote>" + html_text(letter.quoted, used, {}, "") + "</blockquote>\n";
  }
  return out + "</body></html>\n";
}

std::string content_of(const Letter& letter, Rng& rng) {
  std::vector<std::string> texts;
  if (letter.shape != Shape::HtmlOnly && letter.shape != Shape::ImageOnly) {
    texts.push_back(text_part("text/plain", plain_text_of(letter), letter));
  }
  if (letter.shape != Shape::Plain)
    texts.push_back(text_part("text/html", html_of(letter), letter));
  std::string content = texts.size() == 1 ? texts[0] : multipart("alternative", texts, rng);
  std::vector<std::string> shown = {content}, apart;
  for (const auto& file : letter.attachments) {
    (file.content_id.empty() ? apart : shown).push_back(file_part(file));
  }
  if (shown.size() > 1) content = multipart("related", shown, rng);
  if (apart.empty()) return content;
  apart.insert(apart.begin(), content);
  return multipart("mixed", apart, rng);
}

std::string domain_of(std::string_view address) {
  return std::string(address.substr(address.find('@') + 1));
}

// The trace the gateway and the sender's server left, newest first (RFC 5321 section 4.4).
std::string trace_of(const Letter& letter, const Company& company, Rng& rng) {
  const auto sender = letter.return_path.empty() ? letter.from : letter.return_path;
  const auto& found = letter.authentication;
  const auto received = mail_date(letter.sent + std::chrono::seconds(rng.between(1, 20)));
  const auto id = fmt::format("{:012X}", rng.next() >> 16);
  const auto reverse = letter.route.has_reverse_name ? letter.route.host : "unknown";
  std::string out = fmt::format("Return-Path: <{}>\r\nDelivered-To: {}\r\n", sender, letter.to[0]);
  out +=
      fmt::format("Received: from {} ({} [{}])\r\n\tby {} with ESMTPS id {}\r\n\tfor <{}>; {}\r\n",
                  letter.route.host, reverse, letter.route.address, company.gateway, id,
                  letter.to[0], received);
  out += fmt::format(
      "Authentication-Results: {}; spf={} smtp.mailfrom={};\r\n\tdkim={}{}; dmarc={} "
      "header.from={}\r\n",
      company.gateway, found.spf, sender, found.dkim,
      found.dkim == "none"
          ? ""
          : " header.d=" + (found.dkim_domain.empty() ? domain_of(letter.from) : found.dkim_domain),
      found.dmarc, domain_of(letter.from));
  out +=
      fmt::format("Received: from [10.{}.4.9] by {} with ESMTPSA id {}; {}\r\n",
                  rng.between(0, 250), letter.route.host, id.substr(0, 9), mail_date(letter.sent));
  return out;
}

std::string thread_headers(const Letter& letter) {
  std::string out;
  if (!letter.in_reply_to.empty()) out += "In-Reply-To: <" + letter.in_reply_to + ">\r\n";
  for (std::size_t i = 0; i < letter.references.size(); ++i) {
    out += (i == 0 ? "References: <" : "\r\n <") + letter.references[i] + ">";
  }
  return out + (letter.references.empty() ? "" : "\r\n");
}

std::string client_headers(const Letter& letter) {
  constexpr std::array<std::string_view, 5> kHeaders = {
      "X-Mailer: Quillbox 16.2\r\nContent-Language: en-US\r\n",
      "X-Mailer: Quillbox for phones 4\r\n", "User-Agent: Harborlight Webmail/3.1\r\n",
      "Feedback-ID: 8812:live\r\n", ""};
  std::string out(kHeaders[static_cast<std::size_t>(letter.client)]);
  if (letter.is_automatic) out += "Auto-Submitted: auto-generated\r\n";
  if (!letter.unsubscribe.empty()) {
    out += fmt::format("List-Unsubscribe: <{}>\r\nPrecedence: bulk\r\n", letter.unsubscribe);
  }
  return out;
}

}  // namespace

std::string plain_text_of(const Letter& letter) {
  std::string out;
  std::size_t used = 0;
  const auto text = [&](std::string_view plain) { out += plain; };
  const auto link = [&](std::string_view label, const std::string& url) {
    out += label;
    out += ": " + url;
  };
  if (letter.shape != Shape::ImageOnly) split_links(letter.body, used, letter.urls, text, link);
  if (!letter.footer.empty()) {
    out += "\n\n-- \n";
    split_links(letter.footer, used, letter.urls, text, link);
  }
  if (!letter.quoted.empty()) out += "\n\n" + letter.quoted;
  return out + "\n";
}

std::string write_mail(const Letter& letter, const Company& company, Rng& rng) {
  std::string out = trace_of(letter, company, rng);
  std::string to;
  for (const auto& address : letter.to) to += (to.empty() ? "" : ",\r\n ") + address;
  const auto offset = static_cast<int>(rng.below(3));
  out += "From: " + mailbox(letter.from_name, letter.from) + "\r\n";
  out += "To: " + to + "\r\n";
  if (!letter.reply_to.empty()) out += "Reply-To: " + letter.reply_to + "\r\n";
  out += "Subject: " + header_text(letter.subject) + "\r\n";
  out += "Date: " + mail_date(letter.sent, offset) + "\r\n";
  out += "Message-ID: <" + letter.message_id + ">\r\n";
  out += thread_headers(letter) + client_headers(letter) + "MIME-Version: 1.0\r\n";
  return out + content_of(letter, rng);
}

}  // namespace winnow::simulate
