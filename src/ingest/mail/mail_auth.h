// Authentication results (RFC 8601) and Received-SPF (RFC 7208 section 9.1), and which of them were
// written by a receiver that can be believed. Anyone can write such a field into a mail he sends.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mail/mail_received.h"
#include "ingest/mail/mime.h"

namespace winnow {

struct AuthProperty {
  std::string name;   // "smtp.mailfrom", "header.d", ...: lower case
  std::string value;  // without quotes
};

// One "method=result" with what belongs to it.
struct AuthMethod {
  std::string method;  // "spf", "dkim", ...: lower case
  std::string result;  // "pass", "fail", ...: lower case
  std::vector<AuthProperty> properties;
  std::string comment;  // its comments, joined by a blank, without parentheses
  std::string_view property(std::string_view name) const;  // empty when absent
};

struct AuthResults {
  std::string server;  // the authserv-id, lower case; empty where the writer leaves it out
  std::vector<AuthMethod> methods;
};

// Reads one Authentication-Results field. Linear; never fails: what is unreadable is passed over.
AuthResults read_auth_results(std::string_view value);

// What a trusted receiver found out; words of RFC 8601 section 2.7, empty where it said nothing.
struct MailAuth {
  bool trusted = false;
  std::string server;
  std::size_t ignored = 0;  // fields with results that were not believed
  std::string spf, spf_domain;
  std::string dkim;                       // pass when any signature passed
  std::vector<std::string> dkim_domains;  // of the signatures that passed, as written, lower case
  std::string dmarc, dmarc_policy;
  std::string arc;
};

// A Received field with its place among the header fields.
struct PlacedHop {
  std::size_t position;
  ReceivedHop hop;
};

// `headers` are those of the mail itself, `hops` its Received fields in the same order (those that
// were read). With `trusted_ids` the fields of these servers count; else those in the part of the
// header that the receiving organisation wrote: docs/formats/mail-event.md.
MailAuth judge_auth(std::span<const HeaderField> headers, std::span<const PlacedHop> hops,
                    std::span<const std::string> trusted_ids);

}  // namespace winnow
