// The mails of a campaign.
#pragma once

#include <optional>
#include <string>

#include "simulate/detail/campaign.h"
#include "simulate/detail/everyday_mail.h"
#include "simulate/detail/letter.h"

namespace winnow::simulate {

class PhishingMail {
 public:
  PhishingMail(const Company& company, const EverydayMail& everyday)
      : company_(company), everyday_(everyday) {}

  // The mail of wave `wave` to `victim`. Mails of one wave share their text's choices and their
  // infrastructure, which are drawn from `wave_rng` (the same state for each of them); `rng` draws
  // what differs. `thread` is one to hijack, where there is one.
  Letter write(const Campaign& campaign, int wave, const Person& victim, Timestamp sent,
               const Thread* thread, Rng wave_rng, Rng& rng) const;

 private:
  struct Imitated {
    std::string name, domain;
  };
  Imitated imitated_by(const Campaign& campaign) const;
  void choose_sender(const Campaign& campaign, const Imitated& imitated, Letter& letter,
                     Rng& infrastructure, Rng& rng) const;
  std::string landing_of(const Campaign& campaign, const Imitated& imitated, Rng& infrastructure,
                         Rng& rng) const;
  void set_trap(const Campaign& campaign, const Imitated& imitated, Letter& letter, Rng& rng) const;
  void hide(const Campaign& campaign, const Person& victim, Letter& letter, Rng& rng) const;
  void hijack(const Thread& thread, const Campaign& campaign, Letter& letter, Rng& rng) const;

  const Company& company_;
  const EverydayMail& everyday_;
};

}  // namespace winnow::simulate
