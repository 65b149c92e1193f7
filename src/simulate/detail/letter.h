// A mail before it is bytes: who writes what to whom, by which road.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "base/timestamp.h"
#include "simulate/company.h"

namespace winnow::simulate {

struct Attachment {
  std::string name, type, bytes;
  std::string content_id;  // shown within the text where it has one
};
Attachment pdf_file(const std::string& name, Rng& rng);
Attachment png_image(const std::string& name, std::size_t bytes, Rng& rng);
Attachment login_page(const std::string& name, const std::string& brand, const std::string& url);
Attachment zip_of(const Attachment& inside, const std::string& name);
Attachment calendar_entry(const std::string& title, Timestamp start, const std::string& organiser);

// The program that wrote a mail, by its habits. Honest people and attackers use the same ones.
enum class Client : std::uint8_t { Office, Phone, Webmail, Bulk, Script };

// What the receiving gateway found (RFC 8601 words).
struct Authentication {
  std::string spf = "pass", dkim = "pass", dmarc = "pass";
  std::string dkim_domain;  // empty: that of the From header
};

// The server that handed the mail over.
struct Route {
  std::string host, address;
  bool has_reverse_name = true;
};

// How the text is shown.
enum class Shape : std::uint8_t { Plain, PlainAndHtml, HtmlOnly, Banner, ImageOnly };

struct Letter {
  Timestamp sent;
  std::string from_name, from;
  std::vector<std::string> to;  // addresses; the first one is whose copy this is
  std::string reply_to;         // empty: none
  std::string return_path;      // empty: that of From
  std::string subject;
  std::string body;               // paragraphs apart by empty lines; <text> is a link
  std::string footer;             // likewise
  std::string quoted;             // earlier mails of the thread, as plain lines
  std::vector<std::string> urls;  // of the links in order; the last one serves all that follow
  std::string preview;            // text in the HTML that nobody sees
  std::string message_id, in_reply_to;
  std::vector<std::string> references;
  Client client = Client::Office;
  Shape shape = Shape::PlainAndHtml;
  Authentication authentication;
  Route route;
  bool is_automatic = false;  // says so in its header
  std::string unsubscribe;    // URL of List-Unsubscribe; empty: none
  std::vector<Attachment> attachments;
};

// The text a plain reader sees, with "text: URL" for each link.
std::string plain_text_of(const Letter& letter);

// RFC 5322 bytes with CRLF line ends, as the gateway of `company` delivered them.
std::string write_mail(const Letter& letter, const Company& company, Rng& rng);

}  // namespace winnow::simulate
