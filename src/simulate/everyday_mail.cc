#include "simulate/detail/everyday_mail.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "simulate/detail/composition.h"

namespace winnow::simulate {
namespace {

struct Habit {
  Topic topic;
  double weight;   // how often
  double presses;  // how often it is urgent
};
constexpr std::array<Habit, kTopics> kHabits = {{
    {Topic::Talk, 26, 0},
    {Topic::Request, 4, 0.4},
    {Topic::Invoice, 6, 0.2},
    {Topic::Newsletter, 12, 0},
    {Topic::Share, 7, 0.08},
    {Topic::Ticket, 9, 0},
    {Topic::It, 4, 0.35},
    {Topic::SignIn, 4, 0.15},
    {Topic::Parcel, 3, 0.12},
    {Topic::Bank, 2.5, 0.12},
    {Topic::Hr, 4, 0.1},
    {Topic::Private, 4, 0},
    {Topic::Application, 2.5, 0},
    {Topic::Travel, 3, 0},
    {Topic::Voicemail, 2.5, 0.05},
    {Topic::Signature, 3, 0.2},
    {Topic::Advance, 0, 0},
}};

const Habit& habit_of(Topic topic) { return kHabits[static_cast<std::size_t>(topic)]; }

bool presses(Topic topic, Rng& rng) { return rng.chance(habit_of(topic).presses); }

// Some honest desks have not learned how their mails look.
bool demands(Topic topic, Rng& rng) {
  const bool about_access = topic == Topic::It || topic == Topic::SignIn || topic == Topic::Bank ||
                            topic == Topic::Parcel;
  return about_access && rng.chance(0.07);
}

Shape robot_shape(Rng& rng) {
  constexpr std::array shapes = {Shape::Banner, Shape::Banner, Shape::PlainAndHtml, Shape::HtmlOnly,
                                 Shape::Plain};
  return rng.pick(shapes);
}

std::string robot_address(Topic topic, const Organisation& sender, Rng& rng) {
  constexpr std::array<std::string_view, 6> kLocals = {"noreply", "notifications", "service",
                                                       "info",    "no-reply",      "mail"};
  const auto local = topic == Topic::Invoice ? "billing" : rng.pick(kLocals);
  const bool below = rng.chance(0.3);
  return fmt::format("{}@{}{}", local, below ? "mail." : "", sender.domain);
}

void forget_authentication(Letter& letter, Rng& rng) {
  constexpr std::array<std::string_view, 4> kSpf = {"none", "softfail", "fail", "pass"};
  constexpr std::array<std::string_view, 3> kDkim = {"none", "none", "fail"};
  letter.authentication.spf = rng.pick(kSpf);
  letter.authentication.dkim = rng.pick(kDkim);
  letter.authentication.dmarc = rng.chance(0.5) ? "none" : "fail";
}

}  // namespace

Topic EverydayMail::draw_topic(Rng& rng) {
  std::array<double, kTopics> weights{};
  std::ranges::transform(kHabits, weights.begin(), &Habit::weight);
  return static_cast<Topic>(rng.weighted(weights));
}

std::string EverydayMail::link_of(const Organisation& sender, bool in_bulk, Rng& rng) const {
  constexpr std::array<std::string_view, 6> kHosts = {"app.", "portal.", "www.",
                                                      "my.",  "files.",  ""};
  if (in_bulk && sender.mailer >= 0 && rng.chance(0.7)) {
    const auto& mailer = company_.organisations[static_cast<std::size_t>(sender.mailer)];
    return fmt::format("https://links.{}/ls/click?upn={}", mailer.domain, hex_digits(32, rng));
  }
  const auto host = rng.pick(kHosts);
  return fmt::format("https://{}{}{}", host, sender.domain, link_path(rng));
}

void EverydayMail::send_from(const Organisation& sender, bool in_bulk, Letter& letter,
                             Rng& rng) const {
  letter.route = {"mail." + sender.domain, sender.address};
  letter.message_id = message_id(sender.domain, rng);
  if (in_bulk && sender.mailer >= 0) {
    const auto& mailer = company_.organisations[static_cast<std::size_t>(sender.mailer)];
    letter.route = {fmt::format("o{}.{}", rng.between(1, 40), mailer.domain), mailer.address};
    letter.return_path = fmt::format("bounce-{}@em.{}", hex_digits(8, rng), mailer.domain);
    letter.client = Client::Bulk;
    // Whether the mailer may sign in the sender's name is a matter of care.
    if (!rng.chance(sender.orderly)) {
      letter.authentication.dkim_domain = mailer.domain;
      letter.authentication.dmarc = rng.chance(0.5) ? "none" : "fail";
    }
  } else if (!rng.chance(sender.orderly)) {
    forget_authentication(letter, rng);
  }
  letter.route.has_reverse_name = rng.chance(0.95);
}

void EverydayMail::send_from_inside(const std::string& address, Letter& letter, Rng& rng) const {
  letter.from = address;
  letter.route = {"mail." + company_.domain, "192.0.2.11"};
  letter.message_id = message_id(company_.domain, rng);
}

Letter EverydayMail::from_colleague(Topic topic, Timestamp sent, Rng& rng) const {
  const Person& writer = topic == Topic::Request ? company_.people[rng.below(kDepartments)]
                                                 : company_.pick_person(rng);
  const Person& reader = writer.colleagues.empty() || rng.chance(0.15)
                             ? company_.pick_person(rng)
                             : company_.people[rng.pick(writer.colleagues)];
  const bool same = writer.language == reader.language;
  Letter letter = compose(company_,
                          {.topic = topic,
                           .language = same ? writer.language : Language::En,
                           .recipient = &reader,
                           .sent = sent,
                           .sender = writer.full_name(),
                           .brand = company_.name,
                           .presses = presses(topic, rng)},
                          rng);
  letter.from_name = writer.full_name();
  letter.client = person_client(rng);
  letter.shape = person_shape(rng);
  send_from_inside(writer.mailbox, letter, rng);
  // Chiefs do write from their private mailbox, and that is what makes it believable.
  if (topic == Topic::Request && rng.chance(0.12)) {
    const auto& freemail = company_.pick(OrganisationKind::Freemail, rng);
    letter.from = mailbox_name(writer.given_name, writer.family_name) + "@" + freemail.domain;
    send_from(freemail, false, letter, rng);
    letter.client = Client::Phone;
  }
  while (topic == Topic::Talk && letter.to.size() < 4 && rng.chance(0.3)) {
    letter.to.push_back(company_.pick_person(rng).mailbox);
  }
  if (rng.chance(0.12)) letter.attachments.push_back(pdf_file("notes.pdf", rng));
  if (topic == Topic::Talk && rng.chance(0.1)) {
    letter.attachments.push_back(
        calendar_entry(letter.subject, sent + std::chrono::hours(26), writer.mailbox));
  }
  return letter;
}

Letter EverydayMail::from_partner(Topic topic, OrganisationKind kind, Timestamp sent,
                                  Rng& rng) const {
  const Organisation& partner = company_.pick(kind, rng);
  const Person& reader = topic == Topic::Invoice && rng.chance(0.7)
                             ? company_.pick_from(Department::Finance, rng)
                             : company_.pick_person(rng);
  const auto contact = rng.pick(partner.contacts);
  const bool same = partner.language == reader.language;
  const Composition wanted{.topic = topic,
                           .language = same ? reader.language : Language::En,
                           .recipient = &reader,
                           .sent = sent,
                           .sender = contact,
                           .brand = partner.name,
                           .presses = presses(topic, rng)};
  Letter letter = compose(company_, wanted, rng);
  const auto blank = contact.find(' ');
  letter.from_name = contact;
  letter.from =
      mailbox_name(contact.substr(0, blank), contact.substr(blank + 1)) + "@" + partner.domain;
  letter.client = person_client(rng);
  letter.shape = person_shape(rng);
  letter.urls = {link_of(partner, false, rng)};
  send_from(partner, false, letter, rng);
  if (topic == Topic::Invoice) {
    letter.attachments.push_back(pdf_file(fmt::format("invoice_{}.pdf", rng.below(90'000)), rng));
    // Honest suppliers move to another bank too.
    if (rng.chance(0.03)) {
      const auto slots = slots_of(company_, wanted, rng);
      letter.body += "\n\n" + phrases(wanted.language).expand(kBankChange, slots, rng);
    }
  }
  return letter;
}

Letter EverydayMail::from_robot(Topic topic, OrganisationKind kind, Timestamp sent,
                                Rng& rng) const {
  const Organisation& robot = company_.pick(kind, rng);
  const Person& reader = company_.pick_person(rng);
  const Person& cause = company_.pick_person(rng);  // who shared, commented, asked to sign
  const bool foreign = rng.chance(0.3);
  const Composition wanted{.topic = topic,
                           .language = foreign ? Language::En : reader.language,
                           .recipient = &reader,
                           .sent = sent,
                           .sender = cause.full_name(),
                           .brand = robot.name,
                           .presses = presses(topic, rng),
                           .demands = demands(topic, rng)};
  Letter letter = compose(company_, wanted, rng);
  const bool for_somebody = topic == Topic::Share || topic == Topic::Signature;
  letter.from_name = for_somebody ? cause.full_name() + " (" + robot.name + ")" : robot.name;
  letter.from = robot_address(topic, robot, rng);
  letter.client = rng.chance(0.5) ? Client::Script : Client::Office;
  letter.shape = robot_shape(rng);
  letter.is_automatic = rng.chance(0.4);
  const bool in_bulk = topic == Topic::Newsletter || rng.chance(0.4);
  for (int links = 0; links < 3; ++links) letter.urls.push_back(link_of(robot, in_bulk, rng));
  send_from(robot, in_bulk, letter, rng);
  if (topic == Topic::Newsletter) letter.unsubscribe = letter.urls.back();
  if (rng.chance(0.6)) {
    const auto slots = slots_of(company_, wanted, rng);
    letter.footer = phrases(wanted.language).expand(kFooter, slots, rng);
    if (rng.chance(0.4)) letter.preview = letter.subject + " " + wanted.brand;
  }
  if (letter.shape == Shape::Banner && rng.chance(0.3)) {
    letter.attachments.push_back(png_image("logo.png", 300, rng));
    letter.attachments.back().content_id = "logo";
  }
  return letter;
}

Letter EverydayMail::from_stranger(Topic topic, Timestamp sent, Rng& rng) const {
  const auto& freemail = company_.pick(OrganisationKind::Freemail, rng);
  const Person& reader = topic == Topic::Application ? company_.pick_from(Department::People, rng)
                                                     : company_.pick_person(rng);
  const auto given = given_name(reader.language, rng);
  const auto family = family_name(reader.language, rng);
  Letter letter = compose(company_,
                          {.topic = topic,
                           .language = reader.language,
                           .recipient = &reader,
                           .sent = sent,
                           .sender = given + " " + family,
                           .brand = "",
                           .presses = false},
                          rng);
  letter.from_name = given + " " + family;
  letter.from =
      fmt::format("{}{}@{}", mailbox_name(given, family), rng.between(1, 99), freemail.domain);
  letter.client = rng.chance(0.5) ? Client::Webmail : Client::Phone;
  letter.shape = person_shape(rng);
  letter.urls = {link_of(company_.pick(OrganisationKind::Hosting, rng), false, rng)};
  send_from(freemail, false, letter, rng);
  if (topic == Topic::Application) {
    letter.attachments.push_back(pdf_file("cv_" + family.substr(0, 1) + ".pdf", rng));
  }
  return letter;
}

// The company's own service desks, which write as urgently as those who imitate them.
Letter EverydayMail::from_own_desk(Topic topic, Timestamp sent, Rng& rng) const {
  const Person& reader = company_.pick_person(rng);
  const bool people_desk = topic == Topic::Hr;
  const Person& clerk = company_.pick_from(people_desk ? Department::People : Department::It, rng);
  const std::string desk = people_desk                 ? "hr"
                           : topic == Topic::Voicemail ? "voicemail"
                                                       : "it-service";
  Letter letter = compose(company_,
                          {.topic = topic,
                           .language = rng.chance(0.35) ? Language::En : reader.language,
                           .recipient = &reader,
                           .sent = sent,
                           .sender = clerk.full_name(),
                           .brand = company_.name,
                           .presses = presses(topic, rng),
                           .demands = demands(topic, rng)},
                          rng);
  const bool as_person = rng.chance(0.4);
  letter.from_name = as_person ? clerk.full_name() : company_.name + " " + desk;
  letter.shape = rng.chance(0.3) ? Shape::Banner : person_shape(rng);
  letter.urls = {fmt::format("https://portal.{}{}", company_.domain, link_path(rng))};
  // Surveys, payslips and sign-in pages are often somebody else's service.
  if (rng.chance(0.35)) {
    letter.urls = {link_of(company_.pick(OrganisationKind::Service, rng), false, rng)};
  }
  send_from_inside(as_person ? clerk.mailbox : desk + "@" + company_.domain, letter, rng);
  if (topic == Topic::It && rng.chance(0.1)) {
    letter.attachments.push_back(png_image("enrol.png", 900, rng));
    letter.attachments.back().content_id = "enrol";
  }
  return letter;
}

Letter EverydayMail::write(Topic topic, Timestamp sent, Rng& rng) const {
  using enum OrganisationKind;
  switch (topic) {
    case Topic::Talk:
      if (rng.chance(0.65)) return from_colleague(topic, sent, rng);
      return from_partner(topic, rng.chance(0.5) ? Customer : Supplier, sent, rng);
    case Topic::Request:
      return from_colleague(topic, sent, rng);
    case Topic::Invoice:
      return rng.chance(0.8) ? from_partner(topic, Supplier, sent, rng)
                             : from_robot(topic, Service, sent, rng);
    case Topic::Newsletter:
      return from_robot(topic, Newsletter, sent, rng);
    case Topic::Parcel:
      return from_robot(topic, Carrier, sent, rng);
    case Topic::Bank:
      return from_robot(topic, Bank, sent, rng);
    case Topic::It:
    case Topic::Hr:
    case Topic::Voicemail:
      if (rng.chance(0.65)) return from_own_desk(topic, sent, rng);
      return from_robot(topic, Service, sent, rng);
    case Topic::Private:
    case Topic::Application:
      return from_stranger(topic, sent, rng);
    case Topic::Share:
    case Topic::Ticket:
    case Topic::SignIn:
    case Topic::Travel:
    case Topic::Signature:
    case Topic::Advance:
      break;
  }
  return from_robot(topic, Service, sent, rng);
}

}  // namespace winnow::simulate
