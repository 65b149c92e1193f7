#include "simulate/detail/composition.h"

#include <array>

#include <fmt/format.h>

#include "base/digest.h"

namespace winnow::simulate {
namespace {

constexpr std::size_t kProjects = 12;

std::string project_of(const Company& company, std::string_view brand, Rng& rng) {
  const auto number = rng.below(kProjects);
  // The projects and products of an organisation stay the same from mail to mail.
  Rng names = Rng(hash64(company.domain)).fork(fmt::format("project {} {}", brand, number));
  return invented_word(names, 2);
}

std::string file_name(std::string_view project, Rng& rng) {
  constexpr std::array<std::string_view, 8> kStems = {"Offer", "Report", "Contract",  "Plan",
                                                      "Scan",  "Budget", "Agreement", "Minutes"};
  constexpr std::array<std::string_view, 4> kEndings = {".pdf", ".docx", ".xlsx", ".pptx"};
  const auto stem = rng.pick(kStems);
  return fmt::format("{}_{}{}", stem, project, rng.pick(kEndings));
}

std::string date_text(Timestamp time, Language language) {
  const auto c = civil(time);
  return language == Language::En ? fmt::format("{}-{:02}-{:02}", c.year, c.month, c.day)
                                  : fmt::format("{}.{}.{}", c.day, c.month, c.year);
}

}  // namespace

std::string hex_digits(std::size_t count, Rng& rng) {
  std::string digits;
  while (digits.size() < count) digits.push_back("0123456789abcdef"[rng.below(16)]);
  return digits;
}

std::string message_id(std::string_view domain, Rng& rng) {
  return hex_digits(24, rng) + "@" + std::string(domain);
}

std::string link_path(Rng& rng) {
  constexpr std::array<std::string_view, 7> kStarts = {
      "/d/", "/login?id=", "/account/", "/view/", "/s/", "/portal/start?c=", "/r/"};
  const auto start = rng.pick(kStarts);
  const auto length = static_cast<std::size_t>(rng.between(6, 24));
  return std::string(start) + hex_digits(length, rng);
}

Slots slots_of(const Company& company, const Composition& wanted, Rng& rng) {
  const Person& reader = *wanted.recipient;
  const auto project = project_of(company, wanted.brand, rng);
  const auto euros = static_cast<int>(20 + rng.exponential(1800));
  Slots slots = {
      {"name", reader.given_name},
      {"full", reader.full_name()},
      {"mailbox", reader.mailbox},
      {"sender", wanted.sender},
      {"given", wanted.sender.substr(0, wanted.sender.find(' '))},
      {"company", company.name},
      {"brand", wanted.brand},
      {"project", project},
      {"amount", fmt::format("{}.{:02} EUR", euros, rng.below(100))},
      {"pressure", ""},
  };
  slots["number"] = std::to_string(rng.between(10'000, 999'999));
  slots["days"] = std::to_string(rng.between(2, 14));
  slots["file"] = file_name(project, rng);
  slots["account"] = fmt::format("XX{} {:04} {:04} {:04}", rng.between(10, 99),
                                 wanted.brand.size() * 37, euros % 10'000, project.size() * 411);
  slots["date"] =
      date_text(wanted.sent + std::chrono::hours(24 * rng.between(1, 20)), wanted.language);
  if (wanted.presses) {
    slots["pressure"] = phrases(wanted.language).expand(kPressure, slots, rng);
  }
  return slots;
}

Client person_client(Rng& rng) {
  constexpr std::array<double, 3> kWeights = {0.6, 0.2, 0.2};
  return static_cast<Client>(rng.weighted(kWeights));
}

Shape person_shape(Rng& rng) { return rng.chance(0.25) ? Shape::Plain : Shape::PlainAndHtml; }

Letter compose(const Company& company, const Composition& wanted, Rng& rng) {
  const Grammar& grammar = phrases(wanted.language);
  const Slots slots = slots_of(company, wanted, rng);
  const std::string topic(name_of(wanted.topic));
  Letter letter;
  letter.sent = wanted.sent;
  letter.to = {wanted.recipient->mailbox};
  letter.subject = grammar.expand(topic + "_subject", slots, rng);
  letter.body = grammar.expand(topic + "_body", slots, rng);
  if (wanted.demands) letter.body += "\n\n" + grammar.expand(kDemand, slots, rng);
  return letter;
}

}  // namespace winnow::simulate
