// Conversations that go on: who answers, and what is quoted.
#include <algorithm>

#include "base/utf8.h"
#include "simulate/detail/composition.h"
#include "simulate/detail/everyday_mail.h"

namespace winnow::simulate {
namespace {

constexpr std::size_t kMaxQuoted = 1500;
constexpr std::size_t kMaxReferences = 6;

}  // namespace

std::string quoted_lines(std::string_view text) {
  std::string out = "> ";
  for (const char c : utf8_prefix(text, kMaxQuoted)) {
    out.push_back(c);
    if (c == '\n') out += "> ";
  }
  return out;
}

std::optional<Thread> EverydayMail::thread_of(const Letter& letter) const {
  const auto person_with = [&](std::string_view address) {
    return std::ranges::find(company_.people, address, &Person::mailbox);
  };
  const auto reader = person_with(letter.to[0]);
  if (reader == company_.people.end()) return std::nullopt;
  Thread thread{.subject = letter.subject,
                .person = reader->id,
                .organisation = {},
                .partner_name = letter.from_name,
                .partner_address = letter.from,
                .language = reader->language,
                .references = {letter.message_id},
                .text = plain_text_of(letter),
                .last = letter.sent};
  const auto writer = person_with(letter.from);
  if (writer != company_.people.end()) {
    thread.colleague = writer->id;
    if (writer->language != reader->language) thread.language = Language::En;
    return thread;
  }
  const auto domain = std::string_view(letter.from).substr(letter.from.find('@') + 1);
  const auto organisation =
      std::ranges::find(company_.organisations, domain, &Organisation::domain);
  if (organisation == company_.organisations.end()) return std::nullopt;
  if (organisation->language != reader->language) thread.language = Language::En;
  thread.organisation = static_cast<std::size_t>(organisation - company_.organisations.begin());
  return thread;
}

// Only what arrives at the gateway is seen: in a thread with a partner always the partner's turn.
Letter EverydayMail::reply(Thread& thread, Timestamp sent, Rng& rng) const {
  const Person& person = company_.people[thread.person];
  Composition wanted{.topic = Topic::Talk,
                     .language = thread.language,
                     .recipient = &person,
                     .sent = sent,
                     .sender = thread.partner_name,
                     .brand = company_.name};
  if (!thread.organisation && rng.chance(0.5)) {
    wanted.recipient = &company_.people[thread.colleague];
    wanted.sender = person.full_name();
  }
  const bool turned = wanted.recipient != &person;
  const auto slots = slots_of(company_, wanted, rng);
  const Grammar& grammar = phrases(thread.language);
  Letter letter;
  letter.sent = sent;
  letter.to = {wanted.recipient->mailbox};
  letter.from_name = wanted.sender;
  letter.subject = "Re: " + thread.subject;
  letter.body = grammar.expand(kReply, slots, rng);
  letter.quoted = grammar.expand(kQuoteLine, slots, rng) + "\n" + quoted_lines(thread.text);
  letter.client = person_client(rng);
  letter.shape = person_shape(rng);
  if (thread.organisation) {
    letter.from = thread.partner_address;
    send_from(company_.organisations[*thread.organisation], false, letter, rng);
  } else {
    send_from_inside(turned ? person.mailbox : thread.partner_address, letter, rng);
  }
  letter.in_reply_to = thread.references.back();
  letter.references = thread.references;
  thread.references.push_back(letter.message_id);
  if (thread.references.size() > kMaxReferences) {
    thread.references.erase(thread.references.begin() + 1);
  }
  thread.text = plain_text_of(letter);
  thread.last = sent;
  return letter;
}

}  // namespace winnow::simulate
