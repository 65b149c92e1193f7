// What grouping is worth, and what it costs.
//   cases_bench campaigns [DAYS [SEED]]  how cases agree with the campaigns of simulated attackers
//   cases_bench speed [FINDINGS]         time a finding, and of a page of the queue
//   cases_bench mails FILE...            how many cases real mails make
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/contract.h"
#include "bench/cases/agreement.h"
#include "bench/cases/decided_mails.h"
#include "cases/case_reader.h"
#include "cases/ground.h"
#include "ingest/records/record_source.h"
#include "simulate/mail_traffic.h"

namespace winnow::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void catch_up(cases::CaseBook& book) {
  while (book.catch_up(10'000).value() == 10'000) {
  }
}

// A number for each different text.
class Numbers {
 public:
  std::uint32_t of(const std::string& text) {
    return known_.emplace(text, static_cast<std::uint32_t>(known_.size())).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> known_;
};

// The rows of case_findings, in their order: the event and its case's number.
std::vector<std::pair<std::string, std::uint32_t>> grouping(const Path& database) {
  auto sqlite = Sqlite::open(database, Access::ReadOnly).value();
  auto select =
      sqlite.prepare("SELECT event, case_number FROM case_findings ORDER BY place").value();
  std::vector<std::pair<std::string, std::uint32_t>> rows;
  while (select.next().value()) {
    std::uint64_t number = 0;
    const auto read = select.read(rows.emplace_back().first, number);
    ensure(read.has_value(), "the query's columns are those that are read");
    rows.back().second = static_cast<std::uint32_t>(number);
  }
  return rows;
}

struct Truth {
  std::string campaign, sender, subject;
  Timestamp time;
};

// What a spreadsheet would do: the same sender and subject within the window.
std::vector<std::uint32_t> by_sender_and_subject(const std::vector<Truth>& findings) {
  std::map<std::string, std::pair<std::uint32_t, Timestamp>> open;
  std::vector<std::uint32_t> groups;
  std::uint32_t next = 0;
  for (const auto& finding : findings) {
    auto [found, fresh] = open.try_emplace(
        finding.sender + " " + cases::plain_subject(finding.subject), next, finding.time);
    auto& [group, last] = found->second;
    if (fresh || finding.time - last > std::chrono::hours(24 * 7)) group = next++;
    last = finding.time;
    groups.push_back(group);
  }
  return groups;
}

void tell(std::string_view name, const std::vector<std::uint32_t>& truth,
          const std::vector<std::uint32_t>& groups) {
  const auto found = agreement(truth, groups);
  const std::set<std::uint32_t> different(groups.begin(), groups.end());
  fmt::print("{:<22} {:>6} groups  homogeneity {:.3f}  completeness {:.3f}  adjusted Rand {:.3f}\n",
             name, different.size(), found.homogeneity, found.completeness, found.adjusted_rand);
}

// Every attack is a finding, and so is one honest mail in 100, which belongs to nobody's campaign.
void campaigns(unsigned days, std::uint64_t seed) {
  simulate::CompanyConfig company_config;
  company_config.seed = seed;
  const auto company = simulate::Company::build(company_config);
  simulate::MailTrafficConfig config;
  config.seed = seed;
  config.days = days;
  simulate::MailTraffic traffic(company, config);
  DecidedMails mails;
  Rng rng(seed);
  std::vector<Truth> findings;
  Numbers numbers;
  std::vector<std::uint32_t> truth;
  simulate::SimulatedMail mail;
  while (traffic.next(mail)) {
    const bool attack = !mail.campaign.empty();
    const bool finding = attack || rng.chance(0.01);
    mails.add(mail.raw, mail.time, finding ? Route::Queue : Route::Close, attack ? 0.9 : 0.6);
    if (!finding) continue;
    findings.push_back({mail.campaign, mail.sender, mail.subject, mail.time});
    truth.push_back(numbers.of(attack ? mail.campaign : fmt::format("honest {}", findings.size())));
  }
  auto book = mails.book();
  catch_up(book);
  std::vector<std::uint32_t> groups;
  for (const auto& [event, number] : grouping(mails.database())) groups.push_back(number);
  fmt::print("{} days, seed {}: {} findings\n", days, seed, findings.size());
  tell("cases", truth, groups);
  tell("sender and subject", truth, by_sender_and_subject(findings));
  std::vector<std::uint32_t> singles(truth.size());
  for (std::uint32_t i = 0; i < singles.size(); ++i) singles[i] = i;
  tell("each by itself", truth, singles);
}

void pages(const Path& database) {
  auto reader = cases::CaseReader::open(database).value();
  struct Asked {
    std::string_view name;
    cases::QueueFilter filter;
  };
  using Filter = cases::QueueFilter;
  for (const auto& [name, filter] :
       {Asked{"open, most urgent first", {}},
        Asked{"all, newest first", {.states = Filter::States::All, .order = Filter::Order::Newest}},
        Asked{"all, most urgent first", {.states = Filter::States::All}},
        Asked{"open, nobody's", {.owner = ""}}, Asked{"a word", {.text = "invoice"}}}) {
    std::vector<double> times;
    std::uint64_t total = 0;
    for (int i = 0; i < 21; ++i) {
      const auto start = Clock::now();
      total = reader.queue(filter, "").value().total;
      times.push_back(seconds_since(start) * 1000);
    }
    std::ranges::sort(times);
    fmt::print("page of 100, {:<26} {:6.2f} ms median, {:6.2f} ms worst of 21 ({} cases)\n", name,
               times[10], times.back(), total);
  }
  const auto start = Clock::now();
  reader.counts("ann", Timestamp::from_civil(2026, 6, 1)).value();
  fmt::print("counts {:.2f} ms\n", seconds_since(start) * 1000);
}

void speed(std::size_t wanted) {
  const auto company = simulate::Company::build({});
  simulate::MailTrafficConfig config;
  config.days = 3'000;
  config.mails_a_day = 2'000;
  config.phish_share = 0.3;
  simulate::MailTraffic traffic(company, config);
  DecidedMails mails;
  simulate::SimulatedMail mail;
  for (std::size_t i = 0; i < wanted && traffic.next(mail); ++i)
    mails.add(mail.raw, mail.time, i % 20 == 0 ? Route::Escalate : Route::Queue, 0.8);
  auto book = mails.book();
  const auto cpu = std::clock();
  const auto start = Clock::now();
  catch_up(book);
  const auto n = static_cast<double>(wanted);
  fmt::print("{} findings: {:.0f} us each ({:.0f} us of CPU)\n", wanted,
             seconds_since(start) / n * 1e6,
             static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC / n * 1e6);
  std::error_code ignored;
  fmt::print("database {} MiB\n", std::filesystem::file_size(mails.database(), ignored) >> 20);
  pages(mails.database());
}

// In the order in which they were sent; those without a date tell no time and are left out.
void real(int count, char** files) {
  std::multimap<Timestamp, std::string> by_time;
  std::set<Digest> seen;
  for (int i = 0; i < count; ++i) {
    const auto source = open_record_source(files[i], std::nullopt).value();
    for (RawRecord record; source->next(record).value();) {
      const bool usable = !record.problem && record.form == RecordForm::Mail;
      if (!usable || !seen.insert(record.digest).second) continue;
      const auto event = RecordMapping().apply(RecordForm::Mail, record.raw);
      if (event && event->time() > Timestamp()) by_time.emplace(event->time(), record.raw);
    }
  }
  DecidedMails mails;
  for (const auto& [time, raw] : by_time) mails.add(raw, time, Route::Queue, 0.9);
  const auto findings = by_time.size();
  auto book = mails.book();
  catch_up(book);
  std::map<std::uint32_t, std::uint64_t> sizes;
  for (const auto& [event, number] : grouping(mails.database())) ++sizes[number];
  std::uint64_t largest = 0;
  for (const auto& [number, size] : sizes) largest = std::max(largest, size);
  fmt::print("{} mails: {} cases, {:.0f} a 1000; the largest has {}\n", findings, sizes.size(),
             1000.0 * static_cast<double>(sizes.size()) / static_cast<double>(findings), largest);
}

int run(int count, char** words) {
  const std::string_view what = count > 1 ? words[1] : "";
  const auto number = [&](int at, long otherwise) {
    return count > at ? std::strtol(words[at], nullptr, 10) : otherwise;
  };
  if (what == "campaigns") {
    campaigns(static_cast<unsigned>(number(2, 90)), static_cast<std::uint64_t>(number(3, 1)));
  } else if (what == "speed") {
    speed(static_cast<std::size_t>(number(2, 100'000)));
  } else if (what == "mails" && count > 2) {
    real(count - 2, words + 2);
  } else {
    fmt::print(stderr, "cases_bench campaigns [DAYS [SEED]] | speed [FINDINGS] | mails FILE...\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** words) { return winnow::bench::run(count, words); }
