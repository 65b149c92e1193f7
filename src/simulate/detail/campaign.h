// Phishing campaigns: a few groups attack for months, each from campaign to campaign a little
// different in lure, infrastructure and tricks, as the fashion of the time goes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "simulate/company.h"
#include "simulate/detail/phrases.h"

namespace winnow::simulate {

enum class Aim : std::uint8_t { Credentials, Payment, Hijack, Advance };

// Where its mails come from.
enum class Origin : std::uint8_t {
  LookalikeDomain,  // of their own, well authenticated
  Compromised,      // a mailbox of some other organisation
  Freemail,
  Forged,       // the imitated address itself, badly authenticated
  RealService,  // sent through the imitated service
};

// How the victim gets to the trap.
enum class Lure : std::uint8_t { Link, HtmlFile, ZipFile, Image, Answer };

// Where links lead.
enum class Landing : std::uint8_t { LookalikeDomain, CompromisedSite, FreeHosting, RealService };

struct Disguise {
  double foreign_letters = 0;  // share of letters replaced by others that look alike
  double invisible = 0;        // share of letters followed by a character without width
  double typos = 0;            // share of words with two letters swapped
  bool hidden_text = false;    // honest words that nobody sees
};

struct Campaign {
  std::string id;          // "c03-2": the second campaign of group 3
  std::uint64_t seed = 0;  // of its infrastructure
  Timestamp begins, ends;
  Aim aim = Aim::Credentials;
  Topic topic = Topic::It;
  Origin origin = Origin::LookalikeDomain;
  Lure lure = Lure::Link;
  Landing landing = Landing::LookalikeDomain;
  Disguise disguise;
  std::size_t imitated = 0;       // position in Company::organisations
  bool imitates_company = false;  // its own desks instead
  double presses = 0.5;           // how often a mail is urgent
  double demands = 0.4;           // how often it says what to do at once
  double mails_a_wave = 6;
  int waves_a_domain = 3;            // after so many the infrastructure moves on
  std::optional<Language> language;  // absent: that of the recipient
};

// All campaigns of the span, ordered by begin.
std::vector<Campaign> plan_campaigns(const Company& company, Timestamp from, Timestamp until,
                                     const Rng& rng);

// A domain that could be taken for `domain` of `name`.
std::string lookalike_of(const std::string& name, const std::string& domain, Rng& rng);

// `text` in disguise; the texts of links too, their marks stay.
std::string disguised(std::string_view text, const Disguise& disguise, Rng& rng);

}  // namespace winnow::simulate
