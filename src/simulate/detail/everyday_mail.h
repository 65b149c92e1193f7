// The honest mail of a company: colleagues, partners, services, shops and friends. Much of it looks
// like what phishing imitates: urgent, with links to trackers, from robots, from strangers, badly
// authenticated.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulate/company.h"
#include "simulate/detail/letter.h"
#include "simulate/detail/phrases.h"

namespace winnow::simulate {

// A conversation that may go on.
struct Thread {
  std::string subject;                      // without "Re: "
  std::uint32_t person = 0;                 // of the company
  std::uint32_t colleague = 0;              // the other side, where `organisation` is absent
  std::optional<std::size_t> organisation;  // position in Company::organisations
  std::string partner_name, partner_address;
  Language language = Language::En;
  std::vector<std::string> references;  // Message-IDs, oldest first
  std::string text;                     // of the last mail
  Timestamp last;
};

class EverydayMail {
 public:
  explicit EverydayMail(const Company& company) : company_(company) {}

  // A topic, drawn as often as it occurs.
  static Topic draw_topic(Rng& rng);
  Letter write(Topic topic, Timestamp sent, Rng& rng) const;
  // The thread that a letter of the topic Talk or Invoice begins.
  std::optional<Thread> thread_of(const Letter& letter) const;
  // The next mail of the thread, and the thread with it.
  Letter reply(Thread& thread, Timestamp sent, Rng& rng) const;

  // What an organisation's server, links and authentication look like; phishing that misuses real
  // services and partners takes them from here.
  void send_from(const Organisation& sender, bool in_bulk, Letter& letter, Rng& rng) const;
  std::string link_of(const Organisation& sender, bool in_bulk, Rng& rng) const;

 private:
  Letter from_colleague(Topic topic, Timestamp sent, Rng& rng) const;
  Letter from_partner(Topic topic, OrganisationKind kind, Timestamp sent, Rng& rng) const;
  Letter from_robot(Topic topic, OrganisationKind kind, Timestamp sent, Rng& rng) const;
  Letter from_stranger(Topic topic, Timestamp sent, Rng& rng) const;
  Letter from_own_desk(Topic topic, Timestamp sent, Rng& rng) const;
  void send_from_inside(const std::string& address, Letter& letter, Rng& rng) const;

  const Company& company_;
};

std::string quoted_lines(std::string_view text);  // "> " before each line, bounded

}  // namespace winnow::simulate
