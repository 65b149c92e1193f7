#include "simulate/detail/phishing_mail.h"

#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "simulate/detail/composition.h"

namespace winnow::simulate {
namespace {

// Some organisation that nobody here has heard of, with a mailbox or site that was broken into.
std::string broken_into_domain(Rng& rng) {
  constexpr std::array<std::string_view, 8> kSuffixes = {"com", "com", "org", "net",
                                                         "de",  "fr",  "es",  "co.uk"};
  const auto word = ascii_lower(invented_word(rng, 3));
  return word + "." + std::string(rng.pick(kSuffixes));
}

std::string local_part(Rng& rng) {
  constexpr std::array<std::string_view, 8> kLocals = {
      "noreply", "service", "support", "info", "notifications", "mail", "no-reply", "office"};
  return std::string(rng.pick(kLocals));
}

void send_from_domain(const std::string& domain, const std::string& address, Letter& letter,
                      Rng& rng) {
  letter.route = {"mail." + domain, address};
  letter.message_id = message_id(domain, rng);
}

Shape robot_shape(Rng& rng) {
  constexpr std::array shapes = {Shape::Banner, Shape::Banner, Shape::PlainAndHtml, Shape::HtmlOnly,
                                 Shape::HtmlOnly};
  return rng.pick(shapes);
}

}  // namespace

PhishingMail::Imitated PhishingMail::imitated_by(const Campaign& campaign) const {
  if (campaign.imitates_company || campaign.aim == Aim::Payment) {
    return {company_.name, company_.domain};
  }
  const auto& organisation = company_.organisations[campaign.imitated];
  return {organisation.name, organisation.domain};
}

void PhishingMail::choose_sender(const Campaign& campaign, const Imitated& imitated, Letter& letter,
                                 Rng& infrastructure, Rng& rng) const {
  const auto address = public_ipv4(infrastructure);
  const auto local = local_part(infrastructure);
  switch (campaign.origin) {
    case Origin::LookalikeDomain: {
      const auto domain = lookalike_of(imitated.name, imitated.domain, infrastructure);
      letter.from = local + "@" + domain;
      send_from_domain(domain, address, letter, rng);
      if (infrastructure.chance(0.3)) {
        letter.authentication.dkim = "none";
        letter.authentication.dmarc = "none";
      }
      break;
    }
    case Origin::Compromised: {
      const auto domain = broken_into_domain(infrastructure);
      letter.from = local + "@" + domain;
      send_from_domain(domain, address, letter, rng);
      if (infrastructure.chance(0.3)) letter.authentication = {"softfail", "none", "none", ""};
      break;
    }
    case Origin::Freemail: {
      const auto& freemail = company_.pick(OrganisationKind::Freemail, infrastructure);
      const auto word = ascii_lower(invented_word(infrastructure, 2));
      letter.from = fmt::format("{}{}@{}", word, infrastructure.between(1, 999), freemail.domain);
      everyday_.send_from(freemail, false, letter, rng);
      break;
    }
    case Origin::Forged:
      letter.from = local + "@" + imitated.domain;
      send_from_domain(broken_into_domain(infrastructure), address, letter, rng);
      letter.authentication = {infrastructure.chance(0.5) ? "fail" : "softfail", "none",
                               infrastructure.chance(0.6) ? "fail" : "none", ""};
      break;
    case Origin::RealService: {
      const auto& service = company_.pick(OrganisationKind::Service, infrastructure);
      letter.from = local + "@" + service.domain;
      everyday_.send_from(service, true, letter, rng);
      break;
    }
  }
  letter.route.has_reverse_name = rng.chance(0.85);
}

std::string PhishingMail::landing_of(const Campaign& campaign, const Imitated& imitated,
                                     Rng& infrastructure, Rng& rng) const {
  const auto path = link_path(rng);
  switch (campaign.landing) {
    case Landing::LookalikeDomain: {
      const auto domain = lookalike_of(imitated.name, imitated.domain, infrastructure);
      const bool below = infrastructure.chance(0.4);
      return fmt::format("https://{}{}{}", below ? "portal." : "", domain, path);
    }
    case Landing::CompromisedSite: {
      const auto domain = broken_into_domain(infrastructure);
      const auto folder = ascii_lower(invented_word(infrastructure, 2));
      return fmt::format("https://www.{}/{}{}", domain, folder, path);
    }
    case Landing::FreeHosting: {
      const auto& hosting = company_.pick(OrganisationKind::Hosting, infrastructure);
      const auto page = ascii_lower(invented_word(infrastructure, 2));
      return fmt::format("https://{}.{}{}", page, hosting.domain, path);
    }
    case Landing::RealService:
      break;
  }
  return everyday_.link_of(company_.pick(OrganisationKind::Service, infrastructure), true, rng);
}

void PhishingMail::set_trap(const Campaign& campaign, const Imitated& imitated, Letter& letter,
                            Rng& rng) const {
  const auto name = fmt::format("document_{}", rng.below(10'000));
  switch (campaign.lure) {
    case Lure::Link:
    case Lure::Answer:
      return;
    case Lure::HtmlFile:
      letter.attachments.push_back(login_page(name + ".html", imitated.name, letter.urls.front()));
      break;
    case Lure::ZipFile:
      letter.attachments.push_back(
          zip_of(login_page(name + ".html", imitated.name, letter.urls.front()), name + ".zip"));
      break;
    case Lure::Image:
      letter.attachments.push_back(png_image("code.png", 1800, rng));
      letter.attachments.back().content_id = "code";
      letter.shape = rng.chance(0.5) ? Shape::ImageOnly : Shape::HtmlOnly;
      break;
  }
  // The trap is in the file: what links are left lead where honest ones would.
  if (rng.chance(0.7)) letter.urls = {"https://www." + imitated.domain + "/"};
}

void PhishingMail::hide(const Campaign& campaign, const Person& victim, Letter& letter,
                        Rng& rng) const {
  if (campaign.disguise.hidden_text) {
    const Letter honest = compose(company_,
                                  {.topic = Topic::Newsletter,
                                   .language = victim.language,
                                   .recipient = &victim,
                                   .sent = letter.sent,
                                   .sender = "",
                                   .brand = "",
                                   .presses = false},
                                  rng);
    for (const char c : honest.body) {
      if (c != '<' && c != '>') letter.preview.push_back(c);
    }
  }
  letter.body = disguised(letter.body, campaign.disguise, rng);
  if (rng.chance(0.5)) letter.subject = disguised(letter.subject, campaign.disguise, rng);
}

void PhishingMail::hijack(const Thread& thread, const Campaign& campaign, Letter& letter,
                          Rng& rng) const {
  const auto& partner = company_.organisations[*thread.organisation];
  const Composition wanted{.topic = Topic::Invoice,
                           .language = thread.language,
                           .recipient = &company_.people[thread.person],
                           .sent = letter.sent,
                           .sender = thread.partner_name,
                           .brand = partner.name,
                           .presses = rng.chance(campaign.presses)};
  const auto slots = slots_of(company_, wanted, rng);
  const Grammar& grammar = phrases(thread.language);
  letter.from_name = thread.partner_name;
  letter.to = {company_.people[thread.person].mailbox};
  letter.subject = "Re: " + thread.subject;
  letter.body = grammar.expand(kReply, slots, rng) + "\n\n";
  letter.body += grammar.expand(kBankChange, slots, rng);
  letter.quoted = grammar.expand(kQuoteLine, slots, rng) + "\n" + quoted_lines(thread.text);
  letter.in_reply_to = thread.references.back();
  letter.references = thread.references;
  letter.urls.clear();
  letter.attachments.clear();
  if (rng.chance(0.5)) letter.attachments.push_back(pdf_file("invoice_new.pdf", rng));
  letter.shape = Shape::PlainAndHtml;
  if (campaign.origin ==
      Origin::Compromised) {  // the partner's own mailbox: nothing is wrong with it
    letter.from = thread.partner_address;
    letter.authentication = {};
    everyday_.send_from(partner, false, letter, rng);
  } else {
    const auto domain = lookalike_of(partner.name, partner.domain, rng);
    letter.from = thread.partner_address.substr(0, thread.partner_address.find('@') + 1) + domain;
    send_from_domain(domain, public_ipv4(rng), letter, rng);
  }
}

Letter PhishingMail::write(const Campaign& campaign, int wave, const Person& victim, Timestamp sent,
                           const Thread* thread, Rng wave_rng, Rng& rng) const {
  const Imitated imitated = imitated_by(campaign);
  // Infrastructure outlives a wave, by as many waves as the group thinks safe.
  Rng infrastructure =
      Rng(campaign.seed).fork(fmt::format("domains {}", wave / campaign.waves_a_domain));
  Rng text = wave_rng.fork("text");
  const bool payment = campaign.aim == Aim::Payment;
  const Person& boss = company_.people[wave_rng.fork("boss").below(kDepartments)];
  const auto language = campaign.language.value_or(victim.language);
  Rng names = wave_rng.fork("name");
  const auto stranger = full_name(language, names);
  const auto name = payment ? boss.full_name() : stranger;
  const bool robot = campaign.lure != Lure::Answer;
  Letter letter = compose(company_,
                          {.topic = campaign.topic,
                           .language = language,
                           .recipient = &victim,
                           .sent = sent,
                           .sender = name,
                           .brand = imitated.name,
                           .presses = text.chance(campaign.presses),
                           .demands = robot && text.chance(campaign.demands)},
                          text);
  letter.from_name = robot ? imitated.name : name;
  if (robot && campaign.topic == Topic::Share) letter.from_name = name + " (" + imitated.name + ")";
  letter.client = static_cast<Client>(wave_rng.fork("client").below(5));
  letter.shape = robot ? robot_shape(rng) : rng.chance(0.4) ? Shape::Plain : Shape::PlainAndHtml;
  choose_sender(campaign, imitated, letter, infrastructure, rng);
  if (robot) {
    letter.urls = {landing_of(campaign, imitated, infrastructure, rng)};
    if (rng.chance(0.4)) letter.urls.push_back("https://www." + imitated.domain + "/");
    set_trap(campaign, imitated, letter, rng);
    if (rng.chance(0.4)) {
      const Composition wanted{.topic = campaign.topic,
                               .language = language,
                               .recipient = &victim,
                               .sent = sent,
                               .sender = name,
                               .brand = imitated.name};
      const auto slots = slots_of(company_, wanted, rng);
      letter.footer = phrases(language).expand(kFooter, slots, rng);
    }
  } else if (rng.chance(0.25)) {
    letter.reply_to = fmt::format("{}@{}", ascii_lower(invented_word(rng, 2)),
                                  company_.pick(OrganisationKind::Freemail, infrastructure).domain);
  }
  hide(campaign, victim, letter, rng);
  if (campaign.aim == Aim::Hijack && thread != nullptr) hijack(*thread, campaign, letter, rng);
  return letter;
}

}  // namespace winnow::simulate
