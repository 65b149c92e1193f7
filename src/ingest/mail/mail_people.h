// Who a mail says it is from and to.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mail/mail_problems.h"
#include "ingest/mail/mime.h"
#include "names/mail_address.h"

namespace winnow {

struct MailPerson {
  std::string key;           // names' normal form of the mailbox; empty when there is none
  std::string display_name;  // UTF-8, as a mail program shows it
  std::string host;          // of the mailbox: a domain in normal form; empty for anything else
  std::string registrable;   // of the host; empty when it has none
};

struct MailPeople {
  std::optional<MailPerson> from;  // the first one; a display name alone counts
  std::size_t from_count = 0;
  std::optional<MailPerson> reply_to, sender, return_path;
  std::vector<std::string> reply_to_keys, to_keys, cc_keys, delivered_to_keys;
  std::size_t to_count = 0, cc_count = 0;  // those beyond the limit included
};

MailPerson person_of(const MailAddress& address);

// Reads the address fields of a header. Several fields of one name count as one list, except From,
// Sender and Return-Path, of which the first is what people are shown.
MailPeople read_people(std::span<const HeaderField> headers, std::size_t max_recipients,
                       MailProblems& problems);

// The addresses in a field's value, encoded words decoded.
AddressList read_addresses(std::string_view value, std::size_t max_addresses,
                           MailProblems& problems);

// Whether OCSF's email_t holds for it: local@host.tld, in ASCII.
bool is_ocsf_email(std::string_view mailbox);

}  // namespace winnow
