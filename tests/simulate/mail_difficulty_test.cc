// The simulated task is neither trivial nor hopeless: a plain classifier of words, trained on the
// past, finds much of the phishing of the future and far from all of it.
#include <gtest/gtest.h>

#include "simulate/mail_traffic.h"
#include "tests/simulate/word_classifier.h"

namespace winnow::simulate {
namespace {

// What a mail says, or also who sends it and where its links lead.
std::string seen_in(const SimulatedMail& mail, bool with_names) {
  return mail.subject + " " + mail.body + (with_names ? " " + mail.sender + " " + mail.urls : "");
}

double average_precision_of_mail(std::uint64_t seed, bool with_names) {
  const auto company = Company::build({.seed = seed});
  const MailTrafficConfig config{.seed = seed, .days = 150, .mails_a_day = 80, .phish_share = 0.06};
  MailTraffic traffic(company, config);
  std::vector<Example> past, future;
  const auto split = config.from + std::chrono::hours(24 * 100);
  for (SimulatedMail mail; traffic.next(mail);) {
    (mail.time < split ? past : future)
        .push_back({words_of(seen_in(mail, with_names)), mail.truth == Label::Phish});
  }
  return average_precision_of_words(past, future);
}

TEST(MailDifficulty, WordsAloneFindMuchAndNotAll) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const double text = average_precision_of_mail(seed, false);
    const double names = average_precision_of_mail(seed, true);
    RecordProperty("average_precision_" + std::to_string(seed),
                   std::to_string(text) + " " + std::to_string(names));
    EXPECT_GT(text, 0.3) << "seed " << seed;
    EXPECT_LT(text, 0.9) << "seed " << seed;
    EXPECT_GT(names, text) << "seed " << seed;
    EXPECT_LT(names, 0.98) << "seed " << seed;
  }
}

}  // namespace
}  // namespace winnow::simulate
