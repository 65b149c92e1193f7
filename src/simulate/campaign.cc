#include "simulate/detail/campaign.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::simulate {
namespace {

constexpr int kGroups = 8;
constexpr double kChanges = 0.4;  // of a group's habits from one campaign to the next
constexpr double kFashionDays = 180;

// A habit's weight at the beginning, and half a year later.
struct Fashion {
  double early, late;
};

template <std::size_t N>
std::size_t draw(const std::array<Fashion, N>& fashions, double age, Rng& rng) {
  std::array<double, N> weights{};
  std::ranges::transform(fashions, weights.begin(), [&](const Fashion& fashion) {
    return fashion.early + (fashion.late - fashion.early) * age;
  });
  return rng.weighted(weights);
}

// By Topic: what is imitated to get credentials.
constexpr std::array<Fashion, kTopics> kTopicFashions = {{{0, 0},
                                                          {0, 0},
                                                          {1, 0.8},
                                                          {0.2, 0.6},
                                                          {0.6, 2},
                                                          {0, 0.2},
                                                          {3, 1},
                                                          {1.5, 1.2},
                                                          {2, 0.4},
                                                          {1.5, 0.6},
                                                          {0.3, 1.5},
                                                          {0, 0},
                                                          {0, 0},
                                                          {0, 0.2},
                                                          {0.4, 1.4},
                                                          {0.2, 2},
                                                          {0, 0}}};
constexpr std::array<Fashion, 4> kAimFashions = {{{7, 6}, {1.4, 1.6}, {0.6, 1.4}, {1, 0.5}}};
constexpr std::array<Fashion, 5> kOriginFashions = {
    {{3, 2.5}, {2, 2.6}, {0.7, 0.8}, {1.6, 0.5}, {0.3, 1.2}}};
constexpr std::array<Fashion, 4> kLureFashions = {{{6, 3.6}, {0.6, 1.2}, {1, 0.2}, {0.1, 1.8}}};
constexpr std::array<Fashion, 4> kLandingFashions = {{{3, 2}, {2.2, 1.8}, {1, 1.8}, {0.2, 1.2}}};

OrganisationKind kind_behind(Topic topic) {
  switch (topic) {
    case Topic::Parcel:
      return OrganisationKind::Carrier;
    case Topic::Bank:
      return OrganisationKind::Bank;
    case Topic::Newsletter:
      return OrganisationKind::Newsletter;
    case Topic::Invoice:
      return OrganisationKind::Supplier;
    default:
      return OrganisationKind::Service;
  }
}

std::size_t draw_imitated(const Company& company, Topic topic, Rng& rng) {
  const Organisation& one = company.pick(kind_behind(topic), rng);
  return static_cast<std::size_t>(&one - company.organisations.data());
}

Disguise draw_disguise(double age, Rng& rng) {
  Disguise disguise;
  if (rng.chance(0.18)) disguise.foreign_letters = 0.02 + 0.1 * rng.unit();
  if (rng.chance(0.08 + 0.1 * age)) disguise.invisible = 0.02 + 0.06 * rng.unit();
  if (rng.chance(0.35 - 0.25 * age)) disguise.typos = 0.03 * rng.unit();
  disguise.hidden_text = rng.chance(0.25);
  return disguise;
}

void choose_aim(Campaign& campaign, double age, Rng& rng) {
  campaign.aim = static_cast<Aim>(draw(kAimFashions, age, rng));
  campaign.origin = static_cast<Origin>(draw(kOriginFashions, age, rng));
  campaign.lure = static_cast<Lure>(draw(kLureFashions, age, rng));
  switch (campaign.aim) {
    case Aim::Credentials:
      campaign.topic = static_cast<Topic>(draw(kTopicFashions, age, rng));
      break;
    case Aim::Payment:
      campaign.topic = rng.chance(0.75) ? Topic::Request : Topic::Hr;
      campaign.origin = rng.chance(0.7) ? Origin::Freemail : Origin::LookalikeDomain;
      campaign.lure = Lure::Answer;
      break;
    case Aim::Hijack:
      campaign.topic = Topic::Invoice;
      campaign.origin = rng.chance(0.6) ? Origin::Compromised : Origin::LookalikeDomain;
      campaign.lure = Lure::Answer;
      break;
    case Aim::Advance:
      campaign.topic = Topic::Advance;
      campaign.origin = rng.chance(0.6) ? Origin::Freemail : Origin::Compromised;
      campaign.lure = Lure::Answer;
      break;
  }
}

Campaign first_campaign(const Company& company, double age, Rng& rng) {
  Campaign campaign;
  choose_aim(campaign, age, rng);
  campaign.landing = static_cast<Landing>(draw(kLandingFashions, age, rng));
  campaign.disguise = draw_disguise(age, rng);
  campaign.imitated = draw_imitated(company, campaign.topic, rng);
  campaign.presses = 0.3 + 0.6 * rng.unit();
  campaign.demands = 0.7 * rng.unit();
  return campaign;
}

// The same group again: it keeps what works, and changes the rest.
Campaign next_campaign(const Campaign& last, const Company& company, double age, Rng& rng) {
  const Campaign fresh = first_campaign(company, age, rng);
  Campaign campaign = last;
  if (rng.chance(kChanges)) {
    campaign.aim = fresh.aim;
    campaign.topic = fresh.topic;
    campaign.origin = fresh.origin;
    campaign.lure = fresh.lure;
    campaign.imitated = fresh.imitated;
  } else if (campaign.aim == Aim::Credentials && rng.chance(kChanges)) {
    campaign.lure = fresh.lure == Lure::Answer ? Lure::Link : fresh.lure;
    campaign.imitated = draw_imitated(company, campaign.topic, rng);
  }
  if (rng.chance(kChanges)) campaign.landing = fresh.landing;
  if (rng.chance(kChanges)) campaign.disguise = fresh.disguise;
  if (rng.chance(kChanges)) {
    campaign.presses = fresh.presses;
    campaign.demands = fresh.demands;
  }
  return campaign;
}

void set_details(Campaign& campaign, Rng& rng) {
  const bool desk = campaign.topic == Topic::It || campaign.topic == Topic::Hr ||
                    campaign.topic == Topic::Voicemail;
  campaign.imitates_company = desk && rng.chance(0.6);
  campaign.mails_a_wave = campaign.aim == Aim::Credentials ? 2 + rng.exponential(7) : 1;
  campaign.waves_a_domain = static_cast<int>(rng.between(1, 5));
  campaign.language.reset();
  if (rng.chance(0.3)) campaign.language = Language::En;
}

}  // namespace

std::vector<Campaign> plan_campaigns(const Company& company, Timestamp from, Timestamp until,
                                     const Rng& rng) {
  using std::chrono::hours;
  std::vector<Campaign> campaigns;
  for (int group = 0; group < kGroups; ++group) {
    Rng draws = rng.fork(fmt::format("group {}", group));
    std::optional<Campaign> last;
    // The first ones are on when the span begins.
    auto at = from - hours(24 * draws.between(0, 20));
    for (int number = 1; at < until; ++number) {
      const double days = std::chrono::duration<double>(at - from).count() / 86'400;
      const double age = std::clamp(days / kFashionDays, 0.0, 1.0);
      Campaign campaign =
          last ? next_campaign(*last, company, age, draws) : first_campaign(company, age, draws);
      set_details(campaign, draws);
      campaign.id = fmt::format("c{:02}-{}", group + 1, number);
      campaign.seed = draws.next();
      campaign.begins = at;
      campaign.ends = at + hours(24 * draws.between(6, 30));
      at = campaign.ends + hours(24 * draws.between(0, 8));
      last = campaign;
      campaigns.push_back(std::move(campaign));
    }
  }
  std::ranges::stable_sort(campaigns, {}, &Campaign::begins);
  return campaigns;
}

std::string lookalike_of(const std::string& name, const std::string& domain, Rng& rng) {
  constexpr std::array<std::string_view, 9> kWords = {
      "secure", "login", "account", "service", "mail", "team", "online", "cloud", "billing"};
  constexpr std::array<std::string_view, 7> kSuffixes = {"com", "net",  "info", "online",
                                                         "top", "site", "app"};
  std::string word = ascii_lower(name);
  const auto extra = rng.pick(kWords);
  const auto suffix = rng.pick(kSuffixes);
  const auto at = 1 + rng.below(word.size() - 1);
  switch (rng.below(6)) {
    case 0:
      return fmt::format("{}-{}.{}", word, extra, suffix);
    case 1:
      return fmt::format("{}.{}", word, suffix);
    case 2:
      word.insert(at, 1, word[at - 1]);  // a letter twice
      return fmt::format("{}.{}", word, domain.substr(domain.find('.') + 1));
    case 3:
      word.erase(at, 1);  // a letter lost
      return fmt::format("{}.{}", word, suffix);
    case 4:
      return fmt::format("{}.{}-{}.{}", domain, extra, ascii_lower(invented_word(rng, 3)), suffix);
    default:
      std::ranges::replace(word, 'l', '1');
      std::ranges::replace(word, 'o', '0');
      return fmt::format("{}{}.{}", word, extra, suffix);
  }
}

std::string disguised(std::string_view text, const Disguise& disguise, Rng& rng) {
  struct Twin {
    char plain;
    std::string_view foreign;  // Cyrillic
  };
  constexpr std::array kTwins = {Twin{'a', "\u0430"}, Twin{'e', "\u0435"}, Twin{'o', "\u043E"},
                                 Twin{'c', "\u0441"}, Twin{'p', "\u0440"}, Twin{'x', "\u0445"}};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter = c >= 'a' && c <= 'z';
    const bool next_letter = i + 1 < text.size() && text[i + 1] >= 'a' && text[i + 1] <= 'z';
    const auto* twin = std::ranges::find(kTwins, c, &Twin::plain);
    if (twin != kTwins.end() && rng.chance(disguise.foreign_letters)) {
      out += twin->foreign;
    } else if (letter && next_letter && rng.chance(disguise.typos / 5)) {
      out.push_back(text[++i]);
      out.push_back(c);
    } else {
      out.push_back(c);
      if (letter && rng.chance(disguise.invisible)) out += "\u200B";
    }
  }
  return out;
}

}  // namespace winnow::simulate
