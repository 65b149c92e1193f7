// What people and machines write, by language. Honest mail and phishing draw on the same sentences:
// what sets them apart is who sends, where links lead and what is asked, seldom a word.
//
// Each topic has the symbols TOPIC_subject and TOPIC_body. Slots: name, full, sender, given,
// company, brand, number, amount, date, days, project, file, pressure, account; which may be empty
// is up to the caller. `pressure` is a symbol too, for those who fill the slot of that name.
#pragma once

#include "simulate/company.h"
#include "simulate/detail/grammar.h"

namespace winnow::simulate {

enum class Topic : std::uint8_t {
  Talk,     // colleagues and partners about their work
  Request,  // somebody asks somebody for a favour, shortly
  Invoice,
  Newsletter,
  Share,   // a file was shared
  Ticket,  // a tracker tells
  It,      // passwords, quotas, maintenance
  SignIn,  // a new device signed in
  Parcel,
  Bank,
  Hr,  // pay, leave, policies
  Private,
  Application,  // for a job
  Travel,
  Voicemail,
  Signature,  // a document waits to be signed
  Advance,    // a fortune, for a small fee
};
inline constexpr std::size_t kTopics = 17;
std::string_view name_of(Topic topic);  // "talk", "request", ...

const Grammar& phrases(Language language);

// A short reply in a thread, a line that money goes elsewhere from now on, the line above a
// quotation.
inline constexpr std::string_view kReply = "reply";
inline constexpr std::string_view kBankChange = "bank_change";
inline constexpr std::string_view kQuoteLine = "quote_line";
inline constexpr std::string_view kPressure = "pressure";
inline constexpr std::string_view kDemand = "demand";  // what one should do at once, with a link
inline constexpr std::string_view kFooter = "footer";

// The grammars as written.
extern const std::string_view kEnglish, kGerman, kFrench, kSpanish, kPortuguese, kItalian;

}  // namespace winnow::simulate
