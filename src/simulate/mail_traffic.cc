#include "simulate/mail_traffic.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/contract.h"
#include "simulate/detail/campaign.h"
#include "simulate/detail/composition.h"
#include "simulate/detail/everyday_mail.h"
#include "simulate/detail/phishing_mail.h"

namespace winnow::simulate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// A thread gets this many further mails on average; the day's plan leaves room for them.
constexpr double kRepliesAMail = 0.3;
constexpr double kReplies = 0.55;  // how often a mail of a thread is answered
constexpr std::size_t kMaxOpenThreads = 2000;
constexpr std::size_t kMaxPartnerThreads = 100;  // that a hijacker chooses from

// One mail still to be written, at a time of the day.
struct Planned {
  Timestamp time;
  std::uint64_t number = 0;
  Topic topic = Topic::Talk;  // of everyday mail
  std::size_t campaign = 0;   // else
  int wave = -1;
};

struct FollowUp {
  Timestamp time;
  std::uint64_t number = 0;
  Thread thread;
};

bool is_weekend(Timestamp day) {
  const auto weekday = civil(day).weekday;
  return weekday == 0 || weekday == 6;
}

// Mostly in the hours of the offices, some robots and attackers at night.
Timestamp time_in(Timestamp day, bool by_people, Rng& rng) {
  if (!by_people || rng.chance(0.08)) return day + seconds(rng.between(0, 86'399));
  const double around = 12 + 2.6 * rng.normal();
  const double hour = around + (rng.chance(0.5) ? 2 : -2);
  return day + seconds(static_cast<std::int64_t>(std::clamp(hour, 0.0, 23.99) * 3600));
}

bool by_people(Topic topic) {
  return topic == Topic::Talk || topic == Topic::Request || topic == Topic::Private ||
         topic == Topic::Hr || topic == Topic::It;
}

}  // namespace

struct MailTraffic::State {
  const Company& company;
  MailTrafficConfig config;
  Rng root;
  EverydayMail everyday;
  PhishingMail phishing;
  std::vector<Campaign> campaigns;
  std::vector<int> waves;  // that each campaign has sent

  unsigned day;
  std::vector<Planned> plan;  // of the day, in order
  std::size_t planned_at = 0;
  std::vector<FollowUp> follow_ups;  // a heap, the earliest first
  std::deque<Thread> partner_threads;
  std::uint64_t next_number = 0;
  std::uint64_t honest = 0, phish = 0;  // written so far

  State(const Company& simulated, const MailTrafficConfig& wanted)
      : company(simulated),
        config(wanted),
        root(Rng(wanted.seed).fork("mail traffic")),
        everyday(simulated),
        phishing(simulated, everyday),
        campaigns(plan_campaigns(simulated, wanted.from, wanted.from + hours(24 * wanted.days),
                                 root.fork("campaigns"))),
        waves(campaigns.size(), 0),
        day(wanted.first ? static_cast<unsigned>((*wanted.first - wanted.from) / hours(24)) : 0) {}

  Timestamp today() const { return config.from + hours(24 * day); }
  void plan_day();
  void plan_waves(Rng& rng, double budget);
  std::size_t plan_wave(std::size_t campaign, Rng& rng);
  std::optional<std::size_t> active_campaign(Rng& rng) const;
  bool follow_up_is_next() const;
  void remember(const std::optional<Thread>& thread, Rng& rng);
  void write_planned(const Planned& planned, SimulatedMail& out);
  void write_follow_up(SimulatedMail& out);
  void finish(const Letter& letter, Rng& rng, SimulatedMail& out) const;
  const Thread* thread_to_hijack(Rng& rng) const;
};

std::optional<std::size_t> MailTraffic::State::active_campaign(Rng& rng) const {
  std::vector<std::size_t> active;
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    if (campaigns[i].begins <= today() && today() < campaigns[i].ends) active.push_back(i);
  }
  if (active.empty()) return std::nullopt;
  return rng.pick(active);
}

// A wave reaches its victims within an hour. Returns how many.
std::size_t MailTraffic::State::plan_wave(std::size_t campaign, Rng& rng) {
  const auto begins = time_in(today(), rng.chance(0.7), rng);
  const auto size = std::max<std::size_t>(1, rng.poisson(campaigns[campaign].mails_a_wave));
  const int wave = waves[campaign]++;
  for (std::size_t i = 0; i < size; ++i) {
    const auto time = std::min(begins + seconds(rng.between(0, 3600)), today() + seconds(86'399));
    plan.push_back({.time = time, .number = next_number++, .campaign = campaign, .wave = wave});
  }
  return size;
}

void MailTraffic::State::plan_waves(Rng& rng, double budget) {
  while (budget >= 1) {
    const auto campaign = active_campaign(rng);
    if (!campaign) return;  // what is not sent today is sent when a group is active again
    budget -= static_cast<double>(plan_wave(*campaign, rng));
  }
}

void MailTraffic::State::plan_day() {
  Rng rng = root.fork(fmt::format("day {}", day));
  plan.clear();
  planned_at = 0;
  const double volume = config.mails_a_day * (is_weekend(today()) ? config.weekend : 1);
  const double fresh = volume * (1 - config.phish_share) / (1 + kRepliesAMail);
  for (auto left = rng.poisson(fresh); left > 0; --left) {
    const Topic topic = EverydayMail::draw_topic(rng);
    plan.push_back(
        {.time = time_in(today(), by_people(topic), rng), .number = next_number++, .topic = topic});
  }
  // The share is kept over the span: today's waves make up for what former days sent too little.
  const double share = config.phish_share / (1 - config.phish_share);
  const double due = static_cast<double>(honest + plan.size()) * share - static_cast<double>(phish);
  plan_waves(rng, due);
  if (config.first)
    std::erase_if(plan, [&](const Planned& one) { return one.time < *config.first; });
  std::ranges::sort(plan, {}, [](const Planned& one) { return std::pair(one.time, one.number); });
}

bool MailTraffic::State::follow_up_is_next() const {
  return !follow_ups.empty() &&
         (planned_at == plan.size() || follow_ups.front().time < plan[planned_at].time);
}

void MailTraffic::State::remember(const std::optional<Thread>& thread, Rng& rng) {
  if (!thread) return;
  if (thread->organisation) {
    partner_threads.push_back(*thread);
    if (partner_threads.size() > kMaxPartnerThreads) partner_threads.pop_front();
  }
  if (follow_ups.size() >= kMaxOpenThreads || !rng.chance(kReplies)) return;
  auto time =
      thread->last + minutes(5) + seconds(static_cast<std::int64_t>(rng.exponential(8 * 3600)));
  while (is_weekend(time)) time = time + hours(24);
  follow_ups.push_back({time, next_number++, *thread});
  std::ranges::push_heap(follow_ups, std::greater(),
                         [](const FollowUp& one) { return std::pair(one.time, one.number); });
}

const Thread* MailTraffic::State::thread_to_hijack(Rng& rng) const {
  if (partner_threads.empty()) return nullptr;
  return &partner_threads[rng.below(partner_threads.size())];
}

void MailTraffic::State::finish(const Letter& letter, Rng& rng, SimulatedMail& out) const {
  out.time = letter.sent;
  out.raw = write_mail(letter, company, rng);
  const bool wrong = rng.chance(config.label_noise);
  const bool says_phish = (out.truth == Label::Phish) != wrong;
  out.label = says_phish ? Label::Phish : Label::Benign;
  out.sender = letter.from_name.empty() ? letter.from : letter.from_name + " <" + letter.from + ">";
  out.receiver = letter.to[0];
  out.subject = letter.subject;
  out.body = plain_text_of(letter);
  for (const auto& url : letter.urls) out.urls += (out.urls.empty() ? "" : " ") + url;
}

void MailTraffic::State::write_planned(const Planned& planned, SimulatedMail& out) {
  Rng rng = root.fork(fmt::format("mail {}", planned.number));
  if (planned.wave < 0) {
    const Letter letter = everyday.write(planned.topic, planned.time, rng);
    out.topic = name_of(planned.topic);
    out.truth = Label::Benign;
    ++honest;
    if (planned.topic == Topic::Talk || planned.topic == Topic::Invoice) {
      remember(everyday.thread_of(letter), rng);
    }
    finish(letter, rng, out);
    return;
  }
  const Campaign& campaign = campaigns[planned.campaign];
  const bool payment = campaign.aim == Aim::Payment;
  const Person& victim = payment && rng.chance(0.6) ? company.pick_from(Department::Finance, rng)
                                                    : company.pick_person(rng);
  const auto wave_rng = root.fork(fmt::format("{} wave {}", campaign.id, planned.wave));
  const Thread* thread = campaign.aim == Aim::Hijack ? thread_to_hijack(rng) : nullptr;
  const Letter letter =
      phishing.write(campaign, planned.wave, victim, planned.time, thread, wave_rng, rng);
  out.topic = name_of(campaign.topic);
  out.campaign = campaign.id;
  out.truth = Label::Phish;
  ++phish;
  finish(letter, rng, out);
}

void MailTraffic::State::write_follow_up(SimulatedMail& out) {
  std::ranges::pop_heap(follow_ups, std::greater(),
                        [](const FollowUp& one) { return std::pair(one.time, one.number); });
  FollowUp next = std::move(follow_ups.back());
  follow_ups.pop_back();
  Rng rng = root.fork(fmt::format("mail {}", next.number));
  const Letter letter = everyday.reply(next.thread, next.time, rng);
  remember(next.thread, rng);
  out.topic = name_of(Topic::Talk);
  out.truth = Label::Benign;
  ++honest;
  finish(letter, rng, out);
}

MailTraffic::MailTraffic(const Company& company, const MailTrafficConfig& config)
    : state_(std::make_unique<State>(company, config)) {
  ensure(config.phish_share >= 0 && config.phish_share <= 0.5, "phishing is a share of mail");
  ensure(config.label_noise >= 0 && config.label_noise <= 0.5, "more noise would be the truth");
  ensure(!config.first || *config.first >= config.from, "the first mail is not before the span");
  if (state_->day < config.days) state_->plan_day();
}

MailTraffic::~MailTraffic() = default;
MailTraffic::MailTraffic(MailTraffic&&) noexcept = default;
MailTraffic& MailTraffic::operator=(MailTraffic&&) noexcept = default;

bool MailTraffic::next(SimulatedMail& out) {
  State& state = *state_;
  while (state.day < state.config.days) {
    const auto tomorrow = state.today() + hours(24);
    out = SimulatedMail();
    if (state.follow_up_is_next() && state.follow_ups.front().time < tomorrow) {
      state.write_follow_up(out);
      return true;
    }
    if (state.planned_at < state.plan.size()) {
      const Planned planned = state.plan[state.planned_at++];
      state.write_planned(planned, out);
      return true;
    }
    if (++state.day < state.config.days) state.plan_day();
  }
  return false;
}

}  // namespace winnow::simulate
