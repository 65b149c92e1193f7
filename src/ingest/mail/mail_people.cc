#include "ingest/mail/mail_people.h"

#include "base/utf8.h"
#include "ingest/mail/mime_header.h"
#include "names/domain.h"

namespace winnow {
namespace {

constexpr std::size_t kLongestDisplayName = 512;

std::string key_of(const MailAddress& address) {
  auto key = to_valid_utf8(address.key());
  std::erase_if(key, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
  return key;
}

void add_keys(const AddressList& list, std::size_t limit, std::vector<std::string>& keys,
              std::size_t& count, MailProblems& problems) {
  for (const auto& address : list.addresses) {
    if (!address.has_domain()) continue;
    ++count;
    if (keys.size() < limit) keys.push_back(key_of(address));
  }
  if (count > limit || list.has(AddressProblem::TooMany)) problems.note("too many recipients");
}

// The first mailbox of the list; when there is none, what else a program would show as the name.
std::optional<MailPerson> first_person(const AddressList& list, std::string_view value) {
  for (const auto& address : list.addresses) {
    if (address.has_domain()) return person_of(address);
  }
  CharsetFlaws ignored;
  MailPerson person;
  const auto text = decode_header_text(value, ignored);
  person.display_name = utf8_prefix(trim_ascii(text), kLongestDisplayName);
  if (person.display_name.empty()) return std::nullopt;
  return person;
}

}  // namespace

MailPerson person_of(const MailAddress& address) {
  MailPerson person;
  person.key = key_of(address);
  const auto& name = address.display_name.empty() ? address.comment : address.display_name;
  person.display_name = utf8_prefix(to_valid_utf8(name), kLongestDisplayName);
  std::erase_if(person.display_name, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
  if (auto host = to_ascii_domain(address.domain)) {
    person.host = std::move(*host);
    person.registrable = registrable_domain(person.host);
  }
  return person;
}

AddressList read_addresses(std::string_view value, std::size_t max_addresses,
                           MailProblems& problems) {
  CharsetFlaws flaws;
  const bool encoded = value.find("=?") != std::string_view::npos || !is_valid_utf8(value);
  const AddressListLimits limits{.max_addresses = max_addresses};
  auto list = encoded ? read_address_list(decode_encoded_words(value, Quote::Double, flaws), limits)
                      : read_address_list(value, limits);
  if (flaws.unknown) problems.note("unknown character set");
  if (flaws.ill_formed) problems.note("text that its character set does not allow");
  return list;
}

MailPeople read_people(std::span<const HeaderField> headers, std::size_t max_recipients,
                       MailProblems& problems) {
  MailPeople people;
  std::size_t delivered = 0;
  std::size_t reply_to_count = 0;
  for (const auto& header : headers) {
    const std::string_view name = header.name, value = header.value;
    const auto is = [&](std::string_view wanted) {
      return equal_ignoring_ascii_case(name, wanted);
    };
    const auto read = [&] { return read_addresses(value, max_recipients + 1, problems); };
    switch (name[0] | 0x20) {
      case 'f':
        if (is("From")) {
          const auto list = read();
          people.from_count += list.addresses.size();
          if (!people.from) people.from = first_person(list, value);
        }
        break;
      case 't':
        if (is("To")) add_keys(read(), max_recipients, people.to_keys, people.to_count, problems);
        break;
      case 'c':
        if (is("Cc")) add_keys(read(), max_recipients, people.cc_keys, people.cc_count, problems);
        break;
      case 'd':
        if (is("Delivered-To")) {
          add_keys(read(), max_recipients, people.delivered_to_keys, delivered, problems);
        }
        break;
      case 's':
        if (is("Sender") && !people.sender) people.sender = first_person(read(), value);
        break;
      case 'r':
        if (is("Reply-To")) {
          const auto list = read();
          add_keys(list, max_recipients, people.reply_to_keys, reply_to_count, problems);
          if (!people.reply_to) people.reply_to = first_person(list, value);
        } else if (is("Return-Path") && !people.return_path) {
          if (trim_ascii(value) == "<>") {
            people.return_path.emplace();  // the null path of bounces
          } else {
            const auto list = read();
            if (!list.addresses.empty() && list.addresses.front().has_domain()) {
              people.return_path = person_of(list.addresses.front());
            }
          }
        }
        break;
      default:
        break;
    }
  }
  return people;
}

bool is_ocsf_email(std::string_view mailbox) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  const auto at = mailbox.rfind('@');
  if (at == 0 || at == std::string_view::npos) return false;
  for (const char c : mailbox.substr(0, at)) {
    if (!letter(c) && std::string_view("!#$%&'*+,/=?^_`{|}~.").find(c) == std::string_view::npos)
      return false;
  }
  const auto host = mailbox.substr(at + 1);
  const auto dot = host.find('.');
  if (dot == 0 || dot == std::string_view::npos || dot + 1 == host.size()) return false;
  for (const char c : host) {
    if (!letter(c) && c != '.') return false;
  }
  return true;
}

}  // namespace winnow
