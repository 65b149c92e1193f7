#include "simulate/mail_traffic.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "ingest/record_mapping.h"
#include "ingest/records/record_source.h"
#include "simulate/mail_log.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

std::vector<SimulatedMail> simulate(const MailTrafficConfig& config) {
  const auto company = Company::build({.seed = config.seed});
  MailTraffic traffic(company, config);
  std::vector<SimulatedMail> mails;
  for (SimulatedMail mail; traffic.next(mail);) mails.push_back(mail);
  return mails;
}

Digest digest_of(const std::vector<SimulatedMail>& mails) {
  Sha256 digest;
  for (const auto& mail : mails) digest.update(mail.raw).update(name_of(mail.label));
  return digest.finish();
}

TEST(MailTraffic, TheSameSeedGivesTheSameBytes) {
  const MailTrafficConfig config{.seed = 5, .days = 6, .mails_a_day = 80};
  EXPECT_EQ(digest_of(simulate(config)), digest_of(simulate(config)));
  auto other = config;
  other.seed = 6;
  EXPECT_NE(digest_of(simulate(config)), digest_of(simulate(other)));
}

// One known digest: a change of the generator, or a machine that draws otherwise, is seen.
TEST(MailTraffic, GivesTheBytesItGaveBefore) {
  testing::expect_golden(
      digest_of(simulate({.seed = 1, .days = 5, .mails_a_day = 60})).hex() + "\n",
      "simulate/golden/mail_traffic.sha256");
}

TEST(MailTraffic, ComesInTheOrderOfTimeWithinTheSpan) {
  const MailTrafficConfig config{.days = 20, .mails_a_day = 100};
  const auto mails = simulate(config);
  EXPECT_TRUE(std::ranges::is_sorted(mails, {}, &SimulatedMail::time));
  EXPECT_GE(mails.front().time, config.from);
  EXPECT_LT(mails.back().time, config.from + std::chrono::hours(24 * 20));
}

TEST(MailTraffic, ThatBeginsLaterMeetsTheSameAttackers) {
  MailTrafficConfig config{.days = 60, .mails_a_day = 60, .phish_share = 0.2};
  const auto campaigns = [](const std::vector<SimulatedMail>& mails, Timestamp from) {
    std::set<std::string> found;
    for (const auto& mail : mails) {
      if (mail.time >= from && mail.truth == Label::Phish) found.insert(mail.campaign);
    }
    return found;
  };
  const auto later = config.from + std::chrono::hours(24 * 50);
  const auto whole = campaigns(simulate(config), later);
  config.first = later + std::chrono::hours(1);
  config.mails_a_day = 300;
  config.weekend = 1;
  const auto part = simulate(config);
  EXPECT_GE(part.front().time, *config.first);
  EXPECT_GT(part.size(), 2500U) << "ten days, all of them working days";
  EXPECT_TRUE(std::ranges::includes(campaigns(part, later), whole));
}

TEST(MailTraffic, HasTheVolumeAndShareThatWereAskedFor) {
  for (const double share : {0.02, 0.1, 0.3}) {
    const auto mails = simulate({.days = 28, .mails_a_day = 100, .phish_share = share});
    const auto phish = std::ranges::count(mails, Label::Phish, &SimulatedMail::truth);
    EXPECT_NEAR(static_cast<double>(phish) / static_cast<double>(mails.size()), share, 0.01);
    EXPECT_NEAR(static_cast<double>(mails.size()), 100 * (20 + 8 * 0.18), 450);
  }
}

TEST(MailTraffic, LabelsAreWrongAsOftenAsAskedFor) {
  const auto mails = simulate({.days = 28, .mails_a_day = 100, .label_noise = 0.1});
  const auto wrong =
      std::ranges::count_if(mails, [](const auto& mail) { return mail.label != mail.truth; });
  EXPECT_NEAR(static_cast<double>(wrong) / static_cast<double>(mails.size()), 0.1, 0.02);
}

TEST(MailTraffic, EveryMailReadsAsTheMailItWas) {
  const auto mails = simulate({.seed = 2, .days = 10, .mails_a_day = 120, .phish_share = 0.2});
  const RecordMapping mapping;
  for (const auto& mail : mails) {
    const auto event = mapping.apply(RecordForm::Mail, mail.raw);
    ASSERT_OK(event);
    const auto text = [&](const char* path) {
      return std::string(event->get(ocsf::Attribute::of(path)).as_text());
    };
    EXPECT_EQ(text("email.subject"), mail.subject);
    EXPECT_THAT(mail.sender, ::testing::HasSubstr(text("unmapped.mail.from")));
    EXPECT_FALSE(text("unmapped.mail.auth.spf").empty()) << mail.raw;
    EXPECT_LT(std::chrono::abs(event->time() - mail.time), std::chrono::minutes(1));
  }
}

TEST(MailTraffic, TheLogsHoldWhatTheMailsSay) {
  testing::TemporaryFolder folder;
  const auto mails = simulate({.days = 3, .mails_a_day = 50, .phish_share = 0.2});
  for (const auto format : {MailLogFormat::Mbox, MailLogFormat::Csv, MailLogFormat::NdJson}) {
    const Path path = folder / name_of(format);
    {
      std::ofstream file(path, std::ios::binary);
      file << mail_log_header(format);
      for (const auto& mail : mails) file << mail_log_entry(format, mail);
    }
    auto source = open_record_source(path, {});
    ASSERT_OK(source);
    std::size_t read = 0;
    for (RawRecord record; (*source)->next(record).value(); ++read) {
      ASSERT_LT(read, mails.size());
      EXPECT_FALSE(record.problem) << record.problem->message;
      if (format == MailLogFormat::Mbox) {
        EXPECT_EQ(record.raw, mails[read].raw);
      } else {
        EXPECT_EQ(record.label, mails[read].label);
      }
    }
    EXPECT_EQ(read, mails.size()) << name_of(format);
  }
}

// The words and link hosts of the phishing mails of some weeks.
struct Habits {
  std::set<std::string> hosts;
  std::map<std::string, double> topics;
};

Habits habits_of(const std::vector<SimulatedMail>& mails, Timestamp from, Timestamp until) {
  Habits habits;
  double count = 0;
  for (const auto& mail : mails) {
    if (mail.truth != Label::Phish || mail.time < from || mail.time >= until) continue;
    const auto host = mail.urls.substr(0, mail.urls.find('/', 8));
    if (!host.empty()) habits.hosts.insert(host);
    habits.topics[mail.topic] += 1;
    ++count;
  }
  for (auto& [topic, share] : habits.topics) share /= count;
  return habits;
}

double shared(const std::set<std::string>& a, const std::set<std::string>& b) {
  double both = 0;
  for (const auto& item : a) both += b.contains(item) ? 1 : 0;
  return both / static_cast<double>(a.size() + b.size() - static_cast<std::size_t>(both));
}

double distance(const std::map<std::string, double>& a, std::map<std::string, double> b) {
  for (const auto& [topic, share] : a) b[topic] -= share;
  double sum = 0;
  for (const auto& [topic, difference] : b) sum += std::abs(difference);
  return sum / 2;
}

TEST(Campaigns, ChangeTheirLuresAndInfrastructureOverTheMonths) {
  const auto mails = simulate({.days = 180, .mails_a_day = 60, .phish_share = 0.3});
  const auto from = mails.front().time;
  const auto weeks = [&](int first, int last) {
    return habits_of(mails, from + std::chrono::hours(168 * first),
                     from + std::chrono::hours(168 * last));
  };
  const auto first = weeks(0, 5), later = weeks(20, 25);
  EXPECT_LT(shared(first.hosts, later.hosts), 0.15);
  EXPECT_GT(distance(first.topics, later.topics), 0.3);
  std::set<std::string> campaigns;
  for (const auto& mail : mails) campaigns.insert(mail.campaign);
  EXPECT_GT(campaigns.size(), 30U);
}

}  // namespace
}  // namespace winnow::simulate
